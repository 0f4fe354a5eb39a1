/**
 * The idempotent producer: takes sealed-to-be record batches and promises an outcome for each. Acknowledged by all in-sync
 * replicas, retried for ever, in order within a partition, and not doubled by retries. Owns no bytes: the caller releases a
 * slot after its outcome.
 *
 * @module
 */
import { invariant } from "../../core/assert.ts";
import type { Env } from "../../core/env.ts";
import type { Log } from "../../core/log.ts";
import type { RecordSlot } from "../../core/slot.ts";
import type { BackoffOptions } from "./backoff.ts";
import type { BrokerDirectory, ClusterOptions } from "./cluster.ts";
import { FailureReport } from "./failure_report.ts";
import type { Placement } from "./partitioner.ts";
import { type PendingSend, ProducerCounters, type ProducerMetrics, type SendOutcome } from "./outcome.ts";
import type { Membership, SenderContext } from "./partition_sender.ts";
import { ProducerIdentities } from "./producer_identities.ts";
import { TopicDirectory } from "./topic_directory.ts";
import { TopicSender } from "./topic_sender.ts";

/** Where and how to deliver. Times in milliseconds. */
export interface ProducerOptions extends ClusterOptions, BackoffOptions {
  /** Batches of one partition that may be unanswered at a time: 1 to 5. */
  readonly inFlightPerPartitionMax: number;
  /** How long a broker may wait for its replicas before it answers; `requestTimeoutMs` by default. */
  readonly brokerTimeoutMs?: number;
  /** How old the knowledge of a topic's partitions may grow before it is asked for again. */
  readonly metadataMaxAgeMs: number;
}

/** Sends record batches to Kafka. */
export class KafkaProducer {
  readonly metrics: ProducerMetrics;
  readonly #options: ProducerOptions;
  readonly #env: Env;
  readonly #cluster: BrokerDirectory;
  readonly #context: SenderContext;
  readonly #topics = new Map<string, TopicSender>();
  readonly #pending = new Set<PendingSend>();
  readonly #abort = new AbortController();
  #stopping = false;
  #onIdle: () => void = () => {};

  /**
   * Connects to nothing yet.
   *
   * @param cluster is stopped with it.
   * @param membership where all that is sent is part of transactions.
   */
  constructor(options: ProducerOptions, env: Env, log: Log, cluster: BrokerDirectory, membership?: Membership) {
    const counters = new ProducerCounters();
    this.metrics = counters;
    this.#options = options;
    this.#env = env;
    this.#cluster = cluster;
    const identities = membership ?? new ProducerIdentities(cluster, counters);
    const report = new FailureReport(log, options.brokers);
    this.#context = { cluster, identities, membership, counters, report, env, options, signal: this.#abort.signal };
  }

  /** The number of a topic's partitions as far as it is known; undefined: see `partitions`. */
  knownPartitions(topic: string): number | undefined {
    return this.#topics.get(topic)?.knownPartitions;
  }

  /**
   * The number of a topic's partitions. It may take as long as Kafka is away; 1 where the topic is refused or the producer stops, so that
   * sending tells why.
   */
  partitions(topic: string): Promise<number> {
    return this.#stopping ? Promise.resolve(1) : this.#topic(topic).partitions();
  }

  /**
   * Delivers a slot to the partition that `placement` says. The slot's bytes must stay as they are until the outcome.
   *
   * @returns the outcome; never rejects. It may take as long as Kafka is away.
   */
  send(topic: string, slot: RecordSlot, placement: Placement = "random"): Promise<SendOutcome> {
    invariant(slot.recordCount > 0, "a slot without records was sent");
    if (this.#stopping) return Promise.resolve({ kind: "abandoned" });
    return new Promise((resolve) => {
      const send = { slot, placement, settle: (outcome: SendOutcome) => this.#settle(send, resolve, outcome) };
      this.#pending.add(send);
      this.#topic(topic).add(send);
    });
  }

  /**
   * Takes nothing more, waits up to `deadlineMs` from now for what is pending, then abandons the rest and disconnects. Does
   * not reject.
   */
  async stop(deadlineMs: number): Promise<void> {
    this.#stopping = true;
    if (this.#pending.size > 0 && deadlineMs > 0) await this.#drain(deadlineMs);
    this.#abort.abort();
    this.#cluster.stop();
    for (const send of this.#pending) send.settle({ kind: "abandoned" });
  }

  async #drain(deadlineMs: number): Promise<void> {
    const idle = new AbortController();
    this.#onIdle = () => idle.abort();
    await this.#env.sleep(deadlineMs, idle.signal);
  }

  #settle(send: PendingSend, resolve: (outcome: SendOutcome) => void, outcome: SendOutcome): void {
    if (!this.#pending.delete(send)) return;
    resolve(outcome);
    if (this.#pending.size === 0) this.#onIdle();
  }

  #topic(name: string): TopicSender {
    const known = this.#topics.get(name);
    if (known !== undefined) return known;
    const directory = new TopicDirectory(name, this.#cluster, this.#env, this.#options.metadataMaxAgeMs);
    const sender = new TopicSender(directory, this.#context);
    this.#topics.set(name, sender);
    return sender;
  }
}
