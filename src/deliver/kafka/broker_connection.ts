/**
 * One live connection to one broker: sends ready-made requests in order, matches the answers, and notices when the broker
 * hangs. It is used once: what is lost stays lost, and `cluster.ts` opens another. The library has connected it and logged in; from
 * then on it has no part in it.
 *
 * @module
 */
import { invariant } from "../../core/assert.ts";
import { AnswerFrames } from "./answer_frames.ts";
import type { DenoSocket } from "./deno_socket.ts";
import { HangWatch } from "./hang_watch.ts";
import { ConnectionClosedError } from "./hang_up.ts";
import type { Broker, Connection } from "./kafkajs_internals.ts";
import { PRODUCE } from "./produce_request.ts";
import type { KafkaRequest } from "./request.ts";

/** What delivery needs of a connection; the real one is `BrokerConnection`. */
export interface RequestChannel {
  /** False once the connection is lost. It never becomes true again. */
  readonly usable: boolean;
  /**
   * Sends a request at once, behind those sent before; the broker works them off in this order.
   *
   * @returns the answer behind its correlation id. Rejects when the connection is lost or the broker hangs; the request may
   * then have been carried out or not.
   */
  request(request: KafkaRequest): Promise<Uint8Array>;
  /** Gives the connection up: every unanswered request rejects with `reason`. */
  drop(reason: string): void;
}

interface Unanswered {
  readonly correlationId: number;
  readonly resolve: (payload: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/** Correlation ids are int32. */
const CORRELATION_ID_MAX = 2 ** 31 - 1;

/** A connection that is up. */
export class BrokerConnection implements RequestChannel {
  readonly #socket: DenoSocket;
  readonly #options: { readonly clientId: string; readonly requestTimeoutMs: number };
  /** Over a slow link a request may wait long behind others without the broker hanging: whatever goes out or comes in is a move. */
  readonly #watch: HangWatch;
  /** In the order in which they were sent, which is that of the answers. */
  readonly #unanswered: Unanswered[] = [];
  #correlationId = 0;

  /**
   * @param broker connected already.
   * @param options `requestTimeoutMs`: how long nothing may move while an answer is owed.
   * @throws {Error} when the broker does not know the Produce request that we send.
   */
  constructor(
    broker: Broker,
    { socket }: Connection,
    options: { readonly clientId: string; readonly requestTimeoutMs: number },
  ) {
    const versionMax = broker.versions?.[PRODUCE.apiKey]?.maxVersion ?? 0;
    if (versionMax < PRODUCE.apiVersion) throw new Error("the broker is older than Kafka 2.1");
    invariant(socket !== undefined, "a connection without a socket");
    this.#socket = socket;
    this.#options = options;
    const { requestTimeoutMs } = options;
    this.#watch = new HangWatch(requestTimeoutMs, () => this.drop(`no answer for ${requestTimeoutMs} ms`));
    const frames = new AnswerFrames((correlationId, payload) => this.#answered(correlationId, payload));
    socket.handOver({ onBytes: (bytes) => frames.add(bytes), onSent: () => this.#watch.moved() });
    socket.on("close", () => this.#lost());
  }

  get usable(): boolean {
    return !this.#socket.destroyed;
  }

  request(request: KafkaRequest): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (!this.usable) throw new Error("the connection is closed");
      const correlationId = this.#correlationId;
      this.#correlationId = correlationId < CORRELATION_ID_MAX ? correlationId + 1 : 0;
      const bytes = request.encode(correlationId, this.#options.clientId);
      this.#unanswered.push({ correlationId, resolve, reject });
      this.#watch.start();
      this.#socket.write(bytes);
    });
  }

  drop(reason: string): void {
    this.#socket.destroy(new Error(reason));
  }

  /** @throws {RangeError} where it is not the answer to the oldest request: nothing on this connection can be trusted any more. */
  #answered(correlationId: number, payload: Uint8Array): void {
    const asked = this.#unanswered.shift();
    if (asked?.correlationId !== correlationId) {
      if (asked !== undefined) this.#unanswered.unshift(asked);
      throw new RangeError("the broker answers something else than it was asked");
    }
    this.#watch.moved();
    if (this.#unanswered.length === 0) this.#watch.rest();
    asked.resolve(payload);
  }

  #lost(): void {
    this.#watch.stop();
    const error = this.#socket.failure ?? new ConnectionClosedError();
    for (const { reject } of this.#unanswered.splice(0)) reject(error);
  }
}
