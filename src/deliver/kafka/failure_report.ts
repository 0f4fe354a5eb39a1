/**
 * Tells the user, once a minute for each situation, why records wait and what would help.
 *
 * @module
 */
import type { Log } from "../../core/log.ts";
import { BrokerError } from "./broker_error.ts";
import { describeFailure } from "./describe_failure.ts";
import { SecurityError } from "./security_error.ts";
import { CompressedBatch } from "./exactly_once/fetched_batches.ts";
import { errorCode, UNKNOWN_TOPIC_OR_PARTITION } from "./error_codes.ts";

/** Writes the producer's throttled lines. */
export class FailureReport {
  readonly #log: Log;
  readonly #brokers: string;

  constructor(log: Log, brokers: readonly string[]) {
    this.#log = log;
    this.#brokers = brokers.join(",");
  }

  /** Delivery to a topic failed and will be tried again. */
  waiting(topic: string, cause: unknown): void {
    if (cause instanceof SecurityError) this.#insecure(cause);
    else if (!(cause instanceof BrokerError)) this.#unreachable(cause);
    else if (cause.code === UNKNOWN_TOPIC_OR_PARTITION) this.#missing(topic);
    else this.#refused(topic, cause);
  }

  /** The coordinator of a transactional id, or the topic of positions, cannot be used and will be tried again. */
  waitingForTransactions(what: string, cause: unknown): void {
    if (cause instanceof SecurityError) this.#insecure(cause);
    else if (cause instanceof CompressedBatch) this.#unreadable(what);
    else if (!(cause instanceof BrokerError)) this.#unreachable(cause);
    else {
      this.#log.throttled(
        `kafka transactions ${this.#brokers} ${what} ${errorCode(cause.code).name}`,
        `Kafka at ${this.#brokers} does not let ${what} deliver exactly once now: ${cause.message}. Records wait and none is lost`,
      );
    }
  }

  #unreachable(cause: unknown): void {
    this.#log.throttled(
      `kafka unreachable ${this.#brokers}`,
      `Kafka at ${this.#brokers} does not answer: ${
        describeFailure(cause)
      }. Records wait and none is lost; delivery goes on ` +
        `by itself when Kafka is back. If it does not, check Brokers and the network`,
    );
  }

  #insecure(cause: SecurityError): void {
    this.#log.throttled(
      `kafka security ${this.#brokers}`,
      `Kafka at ${this.#brokers} cannot be used: ${cause.message}. Records wait and none is lost; delivery goes on by itself when ` +
        `this is put right`,
    );
  }

  #unreadable(what: string): void {
    this.#log.throttled(
      `kafka compresses ${this.#brokers} ${what}`,
      `Kafka at ${this.#brokers} compresses what is written to ${what}, so that positions in it cannot be read. Records wait and ` +
        `none is lost: name another topic as PositionsTopic, which is made as it must be, or remove this one and what it holds`,
    );
  }

  #missing(topic: string): void {
    this.#log.throttled(
      `kafka missing ${this.#brokers} ${topic}`,
      `Topic ${topic} does not exist at Kafka ${this.#brokers}: create it or enable auto.create.topics.enable; records wait`,
    );
  }

  #refused(topic: string, cause: BrokerError): void {
    this.#log.throttled(
      `kafka refuses ${this.#brokers} ${topic} ${errorCode(cause.code).name}`,
      `Kafka at ${this.#brokers} does not take records for topic ${topic} now: ${cause.message}. Records wait and none is lost`,
    );
  }
}
