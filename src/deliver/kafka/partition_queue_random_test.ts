import { assert, assertEquals } from "@std/assert";
import { FIRST, provenQueue, SECOND, send, takeAll } from "../../../tests/support/partition_sends.ts";
import { Random, seededRandom } from "../../../tests/support/random.ts";
import { PartitionQueue, type QueuedBatch } from "./partition_queue.ts";

const OUT_OF_ORDER = 45;
const TOO_LARGE = 10;
const NOT_LEADER = 6;

/** One partition of a broker as far as sequence numbers go: remembers an identity's last five batches, finds some too large. */
class ModelPartition {
  readonly log: number[] = [];
  readonly #states = new Map<bigint, { next: number; recent: number[] }>();

  append({ identity, baseSequence, send, order }: QueuedBatch): number {
    if (send.slot.recordCount % 17 === 0) return TOO_LARGE;
    const state = this.#states.get(identity.producerId);
    if (state?.recent.includes(baseSequence)) return 0;
    if (state !== undefined && baseSequence !== state.next) return OUT_OF_ORDER;
    const recent = [...(state?.recent ?? []), baseSequence].slice(-5);
    this.#states.set(identity.producerId, { next: (baseSequence + send.slot.recordCount) % 2 ** 31, recent });
    this.log.push(order);
    return 0;
  }

  forget(): void {
    this.#states.clear();
  }
}

/** Runs a queue against the model with errors and lost connections. @returns the orders given up. */
function runAgainstModel(random: Random, partition: ModelPartition, batchCount: number): Set<number> {
  const queue = new PartitionQueue(1 + Math.floor(random.next() * 5));
  const givenUp = new Set<number>();
  let identity = FIRST;
  let added = 0;
  while (added < batchCount || queue.size > 0) {
    if (queue.refusedIdentity === identity) identity = { producerId: identity.producerId + 1n, epoch: 0 };
    queue.begin(identity);
    const onTheWire: QueuedBatch[] = [];
    let isConnectionLost = false;
    do {
      if (added < batchCount && random.next() < 0.7) added++, queue.add(send(1 + Math.floor(random.next() * 2 ** 27)));
      onTheWire.push(...takeAll(queue));
      if (onTheWire.length === 0) continue;
      const batch = onTheWire.shift() as QueuedBatch;
      isConnectionLost ||= random.next() < 0.1;
      // What was on the wire when the connection went may have arrived or not, but if one did not, none behind it did.
      if (isConnectionLost) {
        let arrives = random.next() < 0.5;
        for (const lost of [batch, ...onTheWire.splice(0)]) {
          if (arrives) partition.append(lost);
          arrives &&= random.next() < 0.7;
          queue.lost();
        }
      } else {
        const code = random.next() < 0.1 ? NOT_LEADER : partition.append(batch);
        if (queue.answered(batch, code) === "undeliverable") givenUp.add(batch.order);
      }
    } while (queue.inFlight > 0);
  }
  return givenUp;
}

Deno.test("whatever fails, a partition gets every batch once and in order", () => {
  const random = seededRandom("a partition's queue");
  for (let run = 0; run < 300; run++) {
    const partition = new ModelPartition();
    const givenUp = runAgainstModel(random, partition, 60);
    const expected = Array.from({ length: 60 }, (_, order) => order).filter((order) => !givenUp.has(order));
    assertEquals(partition.log, expected, `run ${run}`);
  }
});

Deno.test("a broker that forgets its producers costs duplicates at worst, no record", () => {
  const random = new Random(7);
  const partition = new ModelPartition();
  const queue = provenQueue([]);
  for (let order = 1; order <= 100; order++) {
    if (random.next() < 0.1) partition.forget();
    queue.add(send(3));
    queue.begin(queue.refusedIdentity === undefined ? FIRST : SECOND);
    for (const batch of takeAll(queue)) queue.answered(batch, partition.append(batch));
  }
  assertEquals(queue.size, 0);
  assert(new Set(partition.log).size === 100);
});
