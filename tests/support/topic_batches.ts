/**
 * The record batches of a topic as the broker keeps them: what clients do not show, such as how many records came together and how they
 * were compressed.
 *
 * @module
 */
import { KafkaWire } from "./kafka_wire.ts";
import { type DecodedRecordBatch, decodeRecordBatch } from "./record_batch.ts";

/** Reads all batches of a topic, partition by partition. @throws {Error} when one of them is not valid. */
export async function readBatches(port: number, topic: string): Promise<DecodedRecordBatch[]> {
  using wire = await KafkaWire.connect(port);
  const batches: DecodedRecordBatch[] = [];
  for (const partition of (await wire.metadata(topic)).leaders.keys()) {
    for (let next = 0n;;) {
      const read = decodeAll((await wire.fetch(topic, partition, next, false)).records);
      const last = read.at(-1);
      if (last === undefined) break;
      batches.push(...read);
      next = last.baseOffset + BigInt(last.lastOffsetDelta) + 1n;
    }
  }
  return batches;
}

/** The whole batches at the beginning of `bytes`. */
function decodeAll(bytes: Uint8Array): DecodedRecordBatch[] {
  const batches: DecodedRecordBatch[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 12 <= bytes.length && at + 12 + view.getInt32(at + 8) <= bytes.length;) {
    const batch = decodeRecordBatch(bytes.subarray(at));
    batches.push(batch);
    at += batch.bytes;
  }
  return batches;
}
