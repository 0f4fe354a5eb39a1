/**
 * Batches for a `PartitionQueue` in tests: made of nothing but their number of records.
 *
 * @module
 */
import type { ProducerIdentity } from "../../src/deliver/kafka/init_producer_id_request.ts";
import type { PendingSend } from "../../src/deliver/kafka/outcome.ts";
import { PartitionQueue, type QueuedBatch } from "../../src/deliver/kafka/partition_queue.ts";

export const FIRST: ProducerIdentity = { producerId: 1n, epoch: 0 };
export const SECOND: ProducerIdentity = { producerId: 2n, epoch: 0 };

/** A batch to be sent. */
export function send(recordCount: number): PendingSend {
  const slot = { recordCount, batchBytes: 100, seal() {}, frame: (header: Uint8Array) => header, release() {} };
  return { slot, placement: "random", settle() {} };
}

/** A queue with `recordCounts` in it whose identity has proved good by one acknowledged batch of one record. */
export function provenQueue(recordCounts: readonly number[]): PartitionQueue {
  const queue = new PartitionQueue(5);
  queue.add(send(1));
  queue.begin(FIRST);
  const [batch] = takeAll(queue);
  queue.answered(batch, 0);
  for (const count of recordCounts) queue.add(send(count));
  return queue;
}

/** Takes what may be sent now. */
export function takeAll(queue: PartitionQueue): QueuedBatch[] {
  const taken: QueuedBatch[] = [];
  for (let batch = queue.take(); batch !== undefined; batch = queue.take()) taken.push(batch);
  return taken;
}
