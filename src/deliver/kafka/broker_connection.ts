/**
 * One live connection to one broker: sends ready-made requests in order, matches the answers, and notices when the broker
 * hangs. It is used once: what is lost stays lost, and `cluster.ts` opens another. The library does the socket's work.
 *
 * @module
 */
import { invariant } from "../../core/assert.ts";
import type { DenoSocket } from "./deno_socket.ts";
import { HangWatch } from "./hang_watch.ts";
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

/** A connection of kafkajs that is up. */
export class BrokerConnection implements RequestChannel {
  readonly #connection: Connection;
  readonly #socket: DenoSocket;
  readonly #options: { readonly clientId: string; readonly requestTimeoutMs: number };
  /** Over a slow link a request may wait long behind others without the broker hanging: whatever goes out or comes in is a move. */
  readonly #watch: HangWatch;
  #unansweredCount = 0;

  /**
   * @param broker connected already.
   * @param options `requestTimeoutMs`: how long nothing may move while an answer is owed.
   * @throws {Error} when the broker does not know the Produce request that we send.
   */
  constructor(
    broker: Broker,
    connection: Connection,
    options: { readonly clientId: string; readonly requestTimeoutMs: number },
  ) {
    const versionMax = broker.versions?.[PRODUCE.apiKey]?.maxVersion ?? 0;
    if (versionMax < PRODUCE.apiVersion) throw new Error("the broker is older than Kafka 2.1");
    invariant(connection.socket !== undefined, "a connection without a socket");
    this.#connection = connection;
    this.#socket = connection.socket;
    this.#options = options;
    const { requestTimeoutMs } = options;
    this.#watch = new HangWatch(requestTimeoutMs, () => this.drop(`no answer for ${requestTimeoutMs} ms`));
  }

  get usable(): boolean {
    return this.#connection.isConnected() && !this.#socket.destroyed;
  }

  async request(request: KafkaRequest): Promise<Uint8Array> {
    this.#unansweredCount++;
    this.#watch.start();
    try {
      return await this.#exchange(request);
    } finally {
      this.#watch.moved();
      if (--this.#unansweredCount === 0) this.#watch.stop();
    }
  }

  drop(reason: string): void {
    this.#socket.destroy(new Error(reason));
  }

  #exchange(request: KafkaRequest): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (!this.usable) throw new Error("the connection is closed");
      const { apiKey, apiName, apiVersion } = request;
      const correlationId = this.#connection.nextCorrelationId();
      const bytes = request.encode(correlationId, this.#options.clientId);
      this.#connection.requestQueue.push({
        entry: { apiKey, apiName, apiVersion, correlationId, resolve: (answer) => resolve(answer.payload), reject },
        expectResponse: true,
        sendRequest: () => this.#socket.write(bytes, () => this.#watch.moved()),
      });
    });
  }
}
