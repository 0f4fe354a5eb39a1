import { assert, assertEquals, assertThrows } from "@std/assert";
import { InvariantError } from "../../core/assert.ts";
import type { ProducerIdentity } from "./init_producer_id_request.ts";
import type { PendingSend } from "./outcome.ts";
import { PartitionQueue, type QueuedBatch } from "./partition_queue.ts";

const OUT_OF_ORDER = 45;
const DUPLICATE = 46;
const UNKNOWN_PRODUCER_ID = 59;
const TOO_LARGE = 10;
const NOT_LEADER = 6;
const CORRUPT = 2;
const first: ProducerIdentity = { producerId: 1n, epoch: 0 };
const second: ProducerIdentity = { producerId: 2n, epoch: 0 };

function send(recordCount: number): PendingSend {
  const slot = { recordCount, batchBytes: 100, seal() {}, frame: (header: Uint8Array) => header, release() {} };
  return { slot, placement: "random", settle() {} };
}

/** A queue with `recordCounts` in it whose identity has proved good by one acknowledged batch of one record. */
function provenQueue(recordCounts: readonly number[]): PartitionQueue {
  const queue = new PartitionQueue(5);
  queue.add(send(1));
  queue.begin(first);
  const [batch] = takeAll(queue);
  queue.answered(batch, 0);
  for (const count of recordCounts) queue.add(send(count));
  return queue;
}

function takeAll(queue: PartitionQueue): QueuedBatch[] {
  const taken: QueuedBatch[] = [];
  for (let batch = queue.take(); batch !== undefined; batch = queue.take()) taken.push(batch);
  return taken;
}

function sequences(batches: readonly QueuedBatch[]): number[] {
  return batches.map((batch) => batch.baseSequence);
}

Deno.test("sequence numbers advance by the number of records", () => {
  assertEquals(sequences(takeAll(provenQueue([10, 20, 5]))), [1, 11, 31]);
});

Deno.test("sequence numbers wrap from the largest int32 to 0", () => {
  const queue = provenQueue([2 ** 31 - 3, 3, 4]);
  assertEquals(sequences(takeAll(queue)), [1, 2 ** 31 - 2, 1]);
});

Deno.test("no more than the allowed number of batches is in flight", () => {
  const queue = provenQueue([1, 1, 1, 1, 1, 1, 1]);
  const taken = takeAll(queue);
  assertEquals(taken.length, 5);
  queue.answered(taken[0], 0);
  assertEquals(takeAll(queue).length, 1);
});

Deno.test("more than five in flight cannot be asked for, since a broker remembers five", () => {
  assertThrows(() => new PartitionQueue(6), InvariantError);
  assertThrows(() => new PartitionQueue(0), InvariantError);
});

Deno.test("under a new identity one batch travels alone until it is acknowledged", () => {
  const queue = new PartitionQueue(5);
  for (let count = 0; count < 3; count++) queue.add(send(1));
  queue.begin(first);
  const [alone, ...others] = takeAll(queue);
  assertEquals(others, []);
  queue.answered(alone, 0);
  assertEquals(takeAll(queue).length, 2);
});

Deno.test("after a lost connection all is sent again in order with the same numbers", () => {
  const queue = provenQueue([10, 20, 5]);
  const taken = takeAll(queue);
  taken.forEach(() => queue.lost());
  assertEquals(takeAll(queue), []);
  queue.begin(first);
  assertEquals(sequences(takeAll(queue)), [1, 11, 31]);
  assertEquals(taken.map((batch) => batch.attempts), [2, 2, 2]);
});

Deno.test("after a retriable error nothing is sent until every older request is answered", () => {
  const queue = provenQueue([10, 20, 5]);
  const taken = takeAll(queue);
  assertEquals(queue.answered(taken[0], NOT_LEADER), "retry");
  assertEquals(takeAll(queue), []);
  assertThrows(() => queue.begin(first), InvariantError, "unanswered");
  assertEquals(queue.answered(taken[1], OUT_OF_ORDER), "retry");
  assertEquals(queue.answered(taken[2], OUT_OF_ORDER), "retry");
  assertEquals(queue.refusedIdentity, undefined);
  queue.begin(first);
  assertEquals(sequences(takeAll(queue)), [1, 11, 31]);
});

Deno.test("a batch that was acknowledged between failures is not sent again, and the others keep their numbers", () => {
  const queue = provenQueue([10, 20, 5]);
  const taken = takeAll(queue);
  queue.answered(taken[0], NOT_LEADER);
  assertEquals(queue.answered(taken[1], 0), "acknowledged");
  queue.answered(taken[2], NOT_LEADER);
  queue.begin(first);
  assertEquals(sequences(takeAll(queue)), [1, 31]);
});

Deno.test("nothing overtakes an unacknowledged batch so far that the broker would forget it", () => {
  const queue = provenQueue([1, 1, 1, 1, 1, 1, 1]);
  const [oldest, ...others] = takeAll(queue);
  queue.answered(oldest, NOT_LEADER);
  for (const batch of others) queue.answered(batch, 0);
  queue.begin(first);
  assertEquals(takeAll(queue), [oldest]);
  queue.answered(oldest, 0);
  assertEquals(takeAll(queue).length, 2);
});

Deno.test("a batch that the broker has already counts as acknowledged", () => {
  const queue = provenQueue([10]);
  assertEquals(queue.answered(takeAll(queue)[0], DUPLICATE), "acknowledged");
  assertEquals(queue.size, 0);
});

Deno.test("out of order at the head of the line means that the broker lost state: a new identity, numbered from 0", () => {
  const queue = provenQueue([10, 20]);
  const taken = takeAll(queue);
  assertEquals(queue.answered(taken[0], OUT_OF_ORDER), "retry");
  assertEquals(queue.answered(taken[1], OUT_OF_ORDER), "retry");
  assertEquals(queue.refusedIdentity, first);
  queue.begin(second);
  assertEquals(queue.refusedIdentity, undefined);
  const [head] = takeAll(queue);
  assertEquals([head.baseSequence, head.identity], [0, second]);
  queue.answered(head, 0);
  assertEquals(sequences(takeAll(queue)), [10]);
});

Deno.test("a producer id that the broker forgot is replaced, and what is unacknowledged numbered anew", () => {
  const queue = provenQueue([10]);
  queue.answered(takeAll(queue)[0], UNKNOWN_PRODUCER_ID);
  assertEquals(queue.refusedIdentity, first);
  queue.begin(second);
  assertEquals(sequences(takeAll(queue)), [0]);
});

Deno.test("the numbers behind an undeliverable batch close up, since the broker will never see its numbers", () => {
  const queue = provenQueue([10, 20, 5]);
  const taken = takeAll(queue);
  assertEquals(queue.answered(taken[0], TOO_LARGE), "undeliverable");
  assertEquals(queue.answered(taken[1], OUT_OF_ORDER), "retry");
  assertEquals(queue.answered(taken[2], OUT_OF_ORDER), "retry");
  assertEquals(queue.refusedIdentity, undefined);
  queue.begin(first);
  queue.add(send(1));
  assertEquals(sequences(takeAll(queue)), [1, 21, 26]);
});

Deno.test("the numbers behind an undeliverable batch stay where the broker took a later one nevertheless", () => {
  const queue = provenQueue([10, 20, 5]);
  const taken = takeAll(queue);
  queue.answered(taken[0], TOO_LARGE);
  queue.answered(taken[1], 0);
  queue.answered(taken[2], NOT_LEADER);
  queue.begin(first);
  assertEquals(sequences(takeAll(queue)), [31]);
});

Deno.test("two undeliverable batches close two gaps", () => {
  const queue = provenQueue([10, 20, 5, 7]);
  const taken = takeAll(queue);
  queue.answered(taken[0], TOO_LARGE);
  queue.answered(taken[1], OUT_OF_ORDER);
  queue.answered(taken[2], TOO_LARGE);
  queue.answered(taken[3], OUT_OF_ORDER);
  queue.begin(first);
  queue.add(send(1));
  assertEquals(sequences(takeAll(queue)), [1, 21, 28]);
});

Deno.test("a gap is not closed where a lost request may still arrive: it would be taken for what has its number then", () => {
  const queue = provenQueue([10, 20, 5]);
  for (const _ of takeAll(queue)) queue.lost();
  queue.begin(first);
  const [older, refused, later] = takeAll(queue);
  queue.answered(older, NOT_LEADER);
  assertEquals(queue.answered(refused, TOO_LARGE), "undeliverable");
  queue.answered(later, OUT_OF_ORDER);
  assertEquals(queue.goodIdentity, first);
  queue.begin(first);
  const again = takeAll(queue);
  assertEquals(sequences(again), [1], "what is older than the gap goes out as it was, alone");
  queue.answered(again[0], 0);
  assertEquals([queue.goodIdentity, queue.refusedIdentity], [undefined, first]);
  queue.begin(second);
  assertEquals(sequences(takeAll(queue)), [0]);
});

Deno.test("bytes that the broker finds damaged are given up after some retries", () => {
  const queue = provenQueue([10]);
  const consequences: string[] = [];
  for (let round = 0; round < 6; round++) {
    queue.begin(first);
    consequences.push(queue.answered(takeAll(queue)[0], CORRUPT));
  }
  assertEquals(consequences, ["retry", "retry", "retry", "retry", "retry", "undeliverable"]);
});

Deno.test("evicting hands everything back in order and starts anew under another identity", () => {
  const queue = provenQueue([10, 20]);
  assertEquals(queue.evict().map((item) => item.slot.recordCount), [10, 20]);
  assertEquals([queue.size, queue.refusedIdentity], [0, first]);
});

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

/** A small, seeded generator of numbers in [0, 1). https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
function seeded(seed: number): () => number {
  return () => {
    seed = seed + 0x6d2b79f5 | 0;
    let mixed = Math.imul(seed ^ seed >>> 15, 1 | seed);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}

/** Runs a queue against the model with errors and lost connections. @returns the orders given up. */
function runAgainstModel(random: () => number, partition: ModelPartition, batchCount: number): Set<number> {
  const queue = new PartitionQueue(1 + Math.floor(random() * 5));
  const givenUp = new Set<number>();
  let identity = first;
  let added = 0;
  while (added < batchCount || queue.size > 0) {
    if (queue.refusedIdentity === identity) identity = { producerId: identity.producerId + 1n, epoch: 0 };
    queue.begin(identity);
    const onTheWire: QueuedBatch[] = [];
    let isConnectionLost = false;
    do {
      if (added < batchCount && random() < 0.7) added++, queue.add(send(1 + Math.floor(random() * 2 ** 27)));
      onTheWire.push(...takeAll(queue));
      if (onTheWire.length === 0) continue;
      const batch = onTheWire.shift() as QueuedBatch;
      isConnectionLost ||= random() < 0.1;
      // What was on the wire when the connection went may have arrived or not, but if one did not, none behind it did.
      if (isConnectionLost) {
        let arrives = random() < 0.5;
        for (const lost of [batch, ...onTheWire.splice(0)]) {
          if (arrives) partition.append(lost);
          arrives &&= random() < 0.7;
          queue.lost();
        }
      } else {
        const code = random() < 0.1 ? NOT_LEADER : partition.append(batch);
        if (queue.answered(batch, code) === "undeliverable") givenUp.add(batch.order);
      }
    } while (queue.inFlight > 0);
  }
  return givenUp;
}

Deno.test("whatever fails, a partition gets every batch once and in order", () => {
  const seed = Number(Deno.env.get("SEED") ?? Math.floor(Math.random() * 2 ** 32));
  console.log(`SEED=${seed}`);
  const random = seeded(seed);
  for (let run = 0; run < 300; run++) {
    const partition = new ModelPartition();
    const givenUp = runAgainstModel(random, partition, 60);
    const expected = Array.from({ length: 60 }, (_, order) => order).filter((order) => !givenUp.has(order));
    assertEquals(partition.log, expected, `run ${run} of SEED=${seed}`);
  }
});

Deno.test("a broker that forgets its producers costs duplicates at worst, no record", () => {
  const random = seeded(7);
  const partition = new ModelPartition();
  const queue = provenQueue([]);
  for (let order = 1; order <= 100; order++) {
    if (random() < 0.1) partition.forget();
    queue.add(send(3));
    queue.begin(queue.refusedIdentity === undefined ? first : second);
    for (const batch of takeAll(queue)) queue.answered(batch, partition.append(batch));
  }
  assertEquals(queue.size, 0);
  assert(new Set(partition.log).size === 100);
});
