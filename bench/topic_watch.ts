/**
 * Looks at a topic from outside: how many records it holds, and what they are.
 *
 * @module
 */
import { KafkaWire } from "../tests/support/kafka_wire.ts";
import { type DecodedRecordBatch, decodeRecordBatch } from "../tests/support/record_batch.ts";

const POLL_INTERVAL_MS = 20;
const BATCH_LENGTH_AT = 8;
const BATCH_HEAD_BYTES = 12;

/** A connection to the broker for looking at one topic, from which no record is ever deleted. */
export class TopicWatch implements Disposable {
  readonly #wire: KafkaWire;
  readonly #topic: string;

  private constructor(wire: KafkaWire, topic: string) {
    this.#wire = wire;
    this.#topic = topic;
  }

  /** Connects to the broker on this machine. */
  static async open(port: number, topic: string): Promise<TopicWatch> {
    return new TopicWatch(await KafkaWire.connect(port), topic);
  }

  /**
   * Waits until the topic holds at least `recordCount` records.
   *
   * @throws when it takes longer than `deadlineMs`, and when `ended` resolves first (the agent has died).
   */
  async waitForRecords(recordCount: number, deadlineMs: number, ended: Promise<unknown>): Promise<void> {
    const present = await this.waitForRecordsOrTime(recordCount, deadlineMs, ended);
    if (present < recordCount) throw new Error(`Only ${present} of ${recordCount} records arrived in time`);
  }

  /**
   * Waits as {@link waitForRecords}, but no longer than `durationMs`.
   *
   * @returns how many records there are.
   * @throws when `ended` resolves first (the agent has died).
   */
  async waitForRecordsOrTime(recordCount: number, durationMs: number, ended: Promise<unknown>): Promise<number> {
    let died = false;
    ended.then(() => died = true);
    const deadline = performance.now() + durationMs;
    for (;;) {
      const present = await this.recordCount();
      if (present >= recordCount || performance.now() > deadline) return present;
      if (died) throw new Error(`The agent ended when ${present} of ${recordCount} records had arrived`);
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
  }

  /** The number of records that are there now. */
  async recordCount(): Promise<number> {
    let count = 0;
    for (const partition of await this.#partitions()) count += Number(await this.#endOf(partition));
    return count;
  }

  /** The values of the records that are there now. */
  async *values(): AsyncGenerator<Uint8Array> {
    for await (const { records } of this.batches()) {
      for (const { value } of records) if (value !== null) yield value;
    }
  }

  /** The record batches that are there now. */
  async *batches(): AsyncGenerator<DecodedRecordBatch> {
    for (const partition of await this.#partitions()) {
      const end = await this.#endOf(partition);
      for (let offset = 0n; offset < end;) {
        const { errorCode, records } = await this.#wire.fetch(this.#topic, partition, offset, false);
        if (errorCode !== 0) throw new Error(`Fetching ${this.#topic}: error ${errorCode}`);
        for (const batch of batchesOf(records)) {
          yield batch;
          offset = batch.baseOffset + BigInt(batch.lastOffsetDelta) + 1n;
        }
      }
    }
  }

  async #partitions(): Promise<number[]> {
    return [...(await this.#wire.metadata(this.#topic)).leaders.keys()];
  }

  async #endOf(partition: number): Promise<bigint> {
    return await this.#wire.offset(this.#topic, partition, -1n) ?? 0n;
  }

  [Symbol.dispose](): void {
    this.#wire[Symbol.dispose]();
  }
}

/** The whole batches of a fetched piece; its last one may be cut short. */
function* batchesOf(records: Uint8Array) {
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  for (let at = 0; at + BATCH_HEAD_BYTES <= records.length;) {
    if (at + BATCH_HEAD_BYTES + view.getInt32(at + BATCH_LENGTH_AT) > records.length) return;
    const batch = decodeRecordBatch(records.subarray(at));
    yield batch;
    at += batch.bytes;
  }
}
