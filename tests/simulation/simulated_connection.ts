/**
 * A connection of one life of the agent to one broker: bytes take time, arrive in order or not at all, and may arrive after the one who
 * sent them has given up or is gone. A broker works the requests of a connection off one by one.
 *
 * @module
 */
import type { RequestChannel } from "../../src/deliver/kafka/broker_connection.ts";
import type { KafkaRequest } from "../../src/deliver/kafka/request.ts";
import type { Random } from "../support/random.ts";
import type { SimulatedCluster } from "./simulated_cluster.ts";
import type { SimulatedEnv } from "./simulated_env.ts";
import type { VirtualClock } from "./virtual_clock.ts";

/** As `src/deliver/kafka/cluster.ts` adds it to the time that the agent waits for an answer. */
const ANSWER_SLACK_MS = 500;

/** What connections are made of. */
export interface Network {
  readonly cluster: SimulatedCluster;
  readonly clock: VirtualClock;
  readonly random: Random;
  /** The longest way of a request or an answer, in the usual case. */
  readonly latencyMsMax: number;
  complain(problem: string): void;
}

/** Who has connected. */
export interface Caller {
  readonly env: SimulatedEnv;
  readonly lifeNumber: number;
  readonly requestTimeoutMs: number;
}

interface Exchange {
  readonly apiName: string;
  /** The memory that the request is written from. */
  readonly source: Uint8Array;
  readonly bytes: Uint8Array;
  readonly resolve: (answer: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** One connection. */
export class SimulatedConnection implements RequestChannel {
  readonly #network: Network;
  readonly #caller: Caller;
  readonly #nodeId: number;
  readonly #unanswered = new Set<Exchange>();
  readonly #arrived: Exchange[] = [];
  #isUsable = true;
  #isServing = false;
  /** What arrives later is lost. */
  #cutMs = Infinity;
  #lastArrivalMs = 0;
  #lastAnswerMs = 0;
  #correlationId = 0;
  #cancelTimeout: () => void = () => {};

  constructor(nodeId: number, network: Network, caller: Caller) {
    this.#nodeId = nodeId;
    this.#network = network;
    this.#caller = caller;
  }

  get usable(): boolean {
    return this.#isUsable;
  }

  /** Record batches that are not answered. */
  get unansweredBatches(): number {
    return [...this.#unanswered].filter(({ apiName }) => apiName === "Produce").length;
  }

  request(request: KafkaRequest): Promise<Uint8Array> {
    if (!this.#isUsable) return Promise.reject(new Error("the connection is closed"));
    const source = request.encode(++this.#correlationId, "sluice");
    return new Promise((resolve, reject) => {
      const exchange = { apiName: request.apiName, source, bytes: source.slice(), resolve, reject };
      this.#unanswered.add(exchange);
      this.#watch();
      const { clock } = this.#network;
      this.#lastArrivalMs = Math.max(this.#lastArrivalMs, clock.now() + this.#latencyMs());
      clock.in(this.#lastArrivalMs - clock.now(), () => this.#arrive(exchange));
    });
  }

  drop(reason: string): void {
    const { clock, random } = this.#network;
    this.#close(reason, random.pick([0, 3, 30, 3000]) + clock.now());
  }

  /** The broker or the network ends it. */
  cut(reason: string): void {
    this.#close(reason, this.#network.clock.now());
  }

  /** The caller is gone; what was on its way may still arrive. */
  orphan(): void {
    this.drop("the agent was killed");
  }

  #close(reason: string, cutMs: number): void {
    if (!this.#isUsable) return;
    this.#isUsable = false;
    this.#cutMs = cutMs;
    this.#cancelTimeout();
    this.#caller.env.in(0, () => {
      for (const { reject } of this.#unanswered) reject(new Error(reason));
      this.#unanswered.clear();
    });
  }

  #latencyMs(): number {
    const { random, latencyMsMax, cluster } = this.#network;
    const isSlow = !cluster.isCalm && random.next() < cluster.plan.faultChance;
    return random.integer(0, isSlow ? this.#caller.requestTimeoutMs * 1.5 : latencyMsMax);
  }

  #arrive(exchange: Exchange): void {
    const { clock, cluster, complain } = this.#network;
    if (clock.now() > this.#cutMs) return;
    const isSent = this.#isUsable && this.#caller.env.isAlive;
    if (isSent && !areEqual(exchange.source, exchange.bytes)) complain("a request changed while it was on its way");
    if (!cluster.isUp(this.#nodeId)) return this.cut("the broker is gone");
    this.#arrived.push(exchange);
    this.#serve();
  }

  #serve(): void {
    const { cluster, clock } = this.#network;
    const exchange = this.#arrived.at(0);
    if (this.#isServing || exchange === undefined || clock.now() > this.#cutMs) return;
    this.#arrived.shift();
    this.#isServing = true;
    cluster.handle(this.#nodeId, exchange.bytes, this.#caller.lifeNumber, (reaction) => {
      if (reaction === "silence") return;
      if (reaction === "hangs up") return this.cut("the broker hung up");
      this.#isServing = false;
      this.#answer(exchange, reaction);
      this.#serve();
    });
  }

  #answer(exchange: Exchange, answer: Uint8Array): void {
    const { clock } = this.#network;
    this.#lastAnswerMs = Math.max(this.#lastAnswerMs, clock.now() + this.#latencyMs());
    this.#caller.env.in(this.#lastAnswerMs - clock.now(), () => {
      if (!this.#isUsable) return;
      this.#unanswered.delete(exchange);
      this.#watch();
      exchange.resolve(answer);
    });
  }

  #watch(): void {
    this.#cancelTimeout();
    if (this.#unanswered.size === 0) return;
    const { env, requestTimeoutMs } = this.#caller;
    this.#cancelTimeout = env.in(requestTimeoutMs + ANSWER_SLACK_MS, () => this.drop("no answer in time"));
  }
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
