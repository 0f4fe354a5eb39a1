/**
 * How many records may come twice in the default mode. A kill repeats what was in flight, and what was acknowledged and not yet noted: that of
 * the last moment, or, while a partition hung, what the others took meanwhile.
 *
 * @module
 */
import type { TestKafkaCluster } from "../kafka_cluster.ts";

/** Six record batches of a megabyte in the walk-through's form, with some 480 bytes a message. */
const IN_FLIGHT_RECORDS = 13_000;
/** The checkpoint follows after a tenth of a second; on a machine with much to do, later. */
const NOTED_AFTER_MS = 1500;
/** How long after a disturbance has ended its consequences last. */
const RECOVERED_AFTER_MS = 5000;

/** Watches a run. */
export class RepeatBound {
  /** So many records may have come twice by now. */
  records = 0;
  readonly #cluster: TestKafkaCluster;
  readonly #topic: string;
  /** Number of records in the topic at moments, in order. */
  readonly #samples: { readonly atMs: number; readonly count: number }[] = [{ atMs: 0, count: 0 }];
  readonly #hangs: { readonly fromMs: number; untilMs: number }[] = [];

  constructor(cluster: TestKafkaCluster, topic: string) {
    this.#cluster = cluster;
    this.#topic = topic;
  }

  /** Counts what is in the topic; to be called now and then. */
  async sample(): Promise<void> {
    const atMs = Date.now();
    const count = await this.#cluster.tryCount(this.#topic);
    if (count !== undefined) this.#samples.push({ atMs, count });
  }

  /** A partition hangs, as long as `action` takes. */
  async during(action: () => Promise<void>): Promise<void> {
    const hang = { fromMs: Date.now(), untilMs: Infinity };
    this.#hangs.push(hang);
    try {
      await action();
    } finally {
      hang.untilMs = Date.now() + RECOVERED_AFTER_MS;
    }
  }

  /** The agent was killed at a moment; to be called once what had been sent then has arrived. */
  async killed(atMs: number): Promise<void> {
    await this.sample();
    const hanging = this.#hangs.filter(({ untilMs }) => untilMs >= atMs).map(({ fromMs }) => fromMs);
    const sinceMs = Math.min(atMs - NOTED_AFTER_MS, ...hanging);
    const before = this.#samples.findLast((sample) => sample.atMs <= sinceMs)!;
    this.records += IN_FLIGHT_RECORDS + this.#samples.at(-1)!.count - before.count;
  }
}
