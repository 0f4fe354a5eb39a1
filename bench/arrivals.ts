/**
 * A consumer that waits at the end of each partition and notes when what arrived, which it reads only afterwards: a record can be
 * read when the broker has acknowledged it.
 *
 * @module
 */
import { KafkaWire } from "../tests/support/kafka_wire.ts";
import { decodeRecordBatch } from "../tests/support/record_batch.ts";

const WAIT_MS = 100;
const BATCH_LENGTH_AT = 8;
const BASE_OFFSET_BYTES = 8;
const BATCH_HEAD_BYTES = 12;

/** The bytes that one answer brought: whole record batches, the last perhaps cut short. */
interface Arrival {
  /** By `performance.now()`. */
  readonly atMs: number;
  readonly records: Uint8Array;
}

/** Follows a topic from its beginning. */
export class Arrivals implements AsyncDisposable {
  readonly #arrivals: Arrival[] = [];
  readonly #following: Promise<void>[];
  #isOver = false;

  constructor(port: number, topic: string, partitions: number) {
    this.#following = Array.from({ length: partitions }, (_, partition) => this.#follow(port, topic, partition));
  }

  /** Calls back for each record. What comes while this runs is not seen. */
  read(take: (value: Uint8Array, atMs: number) => void): void {
    for (const { atMs, records } of this.#arrivals) {
      for (let at = 0; isWhole(records, at); at += BATCH_HEAD_BYTES + lengthAt(records, at)) {
        for (const { value } of decodeRecordBatch(records.subarray(at)).records) if (value !== null) take(value, atMs);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#following);
  }

  async #follow(port: number, topic: string, partition: number): Promise<void> {
    using wire = await KafkaWire.connect(port);
    for (let offset = 0n; !this.#isOver;) {
      const { records } = await wire.fetch(topic, partition, offset, false, WAIT_MS);
      if (records.length === 0) continue;
      this.#arrivals.push({ atMs: performance.now(), records });
      offset = offsetAfter(records) ?? offset;
    }
  }
}

function offsetAfter(records: Uint8Array): bigint | undefined {
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  let offset: bigint | undefined;
  for (let at = 0; isWhole(records, at); at += BATCH_HEAD_BYTES + lengthAt(records, at)) {
    offset = view.getBigInt64(at) + BigInt(view.getInt32(at + LAST_OFFSET_DELTA_AT)) + 1n;
  }
  return offset;
}

/** https://kafka.apache.org/documentation/#recordbatch */
const LAST_OFFSET_DELTA_AT = 23;

function isWhole(records: Uint8Array, at: number): boolean {
  return at + BATCH_HEAD_BYTES <= records.length && at + BATCH_HEAD_BYTES + lengthAt(records, at) <= records.length;
}

function lengthAt(records: Uint8Array, at: number): number {
  return new DataView(records.buffer, records.byteOffset + at + BASE_OFFSET_BYTES).getInt32(
    BATCH_LENGTH_AT - BASE_OFFSET_BYTES,
  );
}
