/**
 * One epoch of a transactional id, over connections of its own: once it is broken nothing of it can do anything any more, and the next session
 * finds out what came of its transaction.
 *
 * @module
 */
import type { Env } from "../../../core/env.ts";
import type { Log } from "../../../core/log.ts";
import type { RecordSlot } from "../../../core/slot.ts";
import type { BrokerDirectory } from "../cluster.ts";
import { FailureReport } from "../failure_report.ts";
import type { ProducerIdentity } from "../init_producer_id_request.ts";
import type { SendOutcome } from "../outcome.ts";
import type { Placement } from "../partitioner.ts";
import { KafkaProducer, type ProducerOptions } from "../producer.ts";
import { type TransactionalId, TransactionCoordinator } from "./coordinator.ts";
import { PositionsTopic } from "./positions_topic.ts";
import type { TopicPartition } from "./transaction_requests.ts";
import { TransactionBroken } from "./until_done.ts";

/** How a session delivers. */
export interface SessionOptions extends TransactionalId {
  readonly producer: ProducerOptions;
  readonly positionsTopic: string;
}

/** A session. Sends within one transaction after the other. */
export class TransactionSession {
  readonly topic: PositionsTopic;
  readonly #options: SessionOptions;
  readonly #env: Env;
  readonly #log: Log;
  readonly #cluster: BrokerDirectory;
  readonly #coordinator: TransactionCoordinator;
  readonly #ended = new AbortController();
  readonly #onBroken: () => void;
  readonly #enlisted = new Set<string>();
  readonly #wanted = new Map<string, TopicPartition>();
  #enlisting: Promise<void> | undefined;
  #producer: KafkaProducer | undefined;
  #isBroken = false;

  /** @param onBroken called once, when the session turns out to be over. */
  constructor(cluster: BrokerDirectory, options: SessionOptions, env: Env, log: Log, onBroken: () => void) {
    const report = new FailureReport(log, options.producer.brokers);
    const { backoffInitMs, backoffMaxMs } = options.producer;
    const context = { env, backoff: { backoffInitMs, backoffMaxMs }, report, signal: this.#ended.signal };
    this.topic = new PositionsTopic(options.positionsTopic, cluster, context);
    this.#coordinator = new TransactionCoordinator(cluster, options, context);
    this.#cluster = cluster;
    this.#options = options;
    this.#env = env;
    this.#log = log;
    this.#onBroken = onBroken;
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Takes the epoch. @throws {TransactionBroken} */
  async begin(): Promise<void> {
    const identity = await this.#watched(this.#coordinator.begin());
    const { producer, transactionalId } = this.#options;
    this.#producer = new KafkaProducer(producer, this.#env, this.#log, this.#cluster, {
      transactionalId,
      current: (refused) => this.#current(identity, refused),
      enlist: (topic, partition) => this.#enlist({ topic, partition }),
    });
  }

  /** Delivers a batch within the transaction. Never rejects; see `KafkaProducer`. It is abandoned where the session is over. */
  send(topic: string, slot: RecordSlot, placement: Placement): Promise<SendOutcome> {
    return this.#producer?.send(topic, slot, placement) ?? Promise.resolve({ kind: "abandoned" });
  }

  /** Ends the transaction, of which everything must be acknowledged. @throws {TransactionBroken} where it is not certain that it is committed. */
  async commit(): Promise<void> {
    await this.#watched(this.#coordinator.end(true));
    this.#enlisted.clear();
  }

  /** Ends the transaction without result, where there is one. Does not reject. */
  async abort(): Promise<void> {
    if (this.#isBroken || this.#enlisted.size === 0) return;
    await this.#coordinator.end(false).catch(() => {});
  }

  /** Nothing of the session does anything any more. */
  stop(): void {
    this.#isBroken = true;
    this.#ended.abort();
    // What is on its way is abandoned at once; nothing is waited for.
    void this.#producer?.stop(0);
    this.#cluster.stop();
  }

  #current(identity: ProducerIdentity, refused: ProducerIdentity | undefined): Promise<ProducerIdentity> {
    if (refused === undefined) return Promise.resolve(identity);
    this.#break();
    return Promise.reject(new TransactionBroken("a broker refuses the epoch"));
  }

  /** Partitions that are wanted at the same time are added by one request. */
  async #enlist(place: TopicPartition): Promise<void> {
    const name = `${place.topic} ${place.partition}`;
    while (!this.#enlisted.has(name)) {
      if (this.#isBroken) throw new TransactionBroken("the session is over");
      this.#wanted.set(name, place);
      this.#enlisting ??= this.#watched(this.#addWanted()).finally(() => this.#enlisting = undefined);
      await this.#enlisting;
    }
  }

  async #addWanted(): Promise<void> {
    // Others that are about to ask come along.
    await Promise.resolve();
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    await this.#coordinator.addPartitions(wanted.map(([, place]) => place));
    for (const [name] of wanted) this.#enlisted.add(name);
  }

  async #watched<Result>(asked: Promise<Result>): Promise<Result> {
    try {
      return await asked;
    } catch (error) {
      if (error instanceof TransactionBroken) this.#break();
      throw error;
    }
  }

  #break(): void {
    if (this.#isBroken) return;
    this.stop();
    this.#onBroken();
  }
}
