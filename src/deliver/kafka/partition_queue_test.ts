import { assertEquals, assertThrows } from "@std/assert";
import { FIRST, provenQueue, SECOND, send, takeAll } from "../../../tests/support/partition_sends.ts";
import { InvariantError } from "../../core/assert.ts";
import { PartitionQueue, type QueuedBatch } from "./partition_queue.ts";

const OUT_OF_ORDER = 45;
const DUPLICATE = 46;
const UNKNOWN_PRODUCER_ID = 59;
const TOO_LARGE = 10;
const NOT_LEADER = 6;
const CORRUPT = 2;
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
  queue.begin(FIRST);
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
  queue.begin(FIRST);
  assertEquals(sequences(takeAll(queue)), [1, 11, 31]);
  assertEquals(taken.map((batch) => batch.attempts), [2, 2, 2]);
});

Deno.test("after a retriable error nothing is sent until every older request is answered", () => {
  const queue = provenQueue([10, 20, 5]);
  const taken = takeAll(queue);
  assertEquals(queue.answered(taken[0], NOT_LEADER), "retry");
  assertEquals(takeAll(queue), []);
  assertThrows(() => queue.begin(FIRST), InvariantError, "unanswered");
  assertEquals(queue.answered(taken[1], OUT_OF_ORDER), "retry");
  assertEquals(queue.answered(taken[2], OUT_OF_ORDER), "retry");
  assertEquals(queue.refusedIdentity, undefined);
  queue.begin(FIRST);
  assertEquals(sequences(takeAll(queue)), [1, 11, 31]);
});

Deno.test("a batch that was acknowledged between failures is not sent again, and the others keep their numbers", () => {
  const queue = provenQueue([10, 20, 5]);
  const taken = takeAll(queue);
  queue.answered(taken[0], NOT_LEADER);
  assertEquals(queue.answered(taken[1], 0), "acknowledged");
  queue.answered(taken[2], NOT_LEADER);
  queue.begin(FIRST);
  assertEquals(sequences(takeAll(queue)), [1, 31]);
});

Deno.test("nothing overtakes an unacknowledged batch so far that the broker would forget it", () => {
  const queue = provenQueue([1, 1, 1, 1, 1, 1, 1]);
  const [oldest, ...others] = takeAll(queue);
  queue.answered(oldest, NOT_LEADER);
  for (const batch of others) queue.answered(batch, 0);
  queue.begin(FIRST);
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
  assertEquals(queue.refusedIdentity, FIRST);
  queue.begin(SECOND);
  assertEquals(queue.refusedIdentity, undefined);
  const [head] = takeAll(queue);
  assertEquals([head.baseSequence, head.identity], [0, SECOND]);
  queue.answered(head, 0);
  assertEquals(sequences(takeAll(queue)), [10]);
});

Deno.test("a producer id that the broker forgot is replaced, and what is unacknowledged numbered anew", () => {
  const queue = provenQueue([10]);
  queue.answered(takeAll(queue)[0], UNKNOWN_PRODUCER_ID);
  assertEquals(queue.refusedIdentity, FIRST);
  queue.begin(SECOND);
  assertEquals(sequences(takeAll(queue)), [0]);
});

Deno.test("the numbers behind an undeliverable batch close up, since the broker will never see its numbers", () => {
  const queue = provenQueue([10, 20, 5]);
  const taken = takeAll(queue);
  assertEquals(queue.answered(taken[0], TOO_LARGE), "undeliverable");
  assertEquals(queue.answered(taken[1], OUT_OF_ORDER), "retry");
  assertEquals(queue.answered(taken[2], OUT_OF_ORDER), "retry");
  assertEquals(queue.refusedIdentity, undefined);
  queue.begin(FIRST);
  queue.add(send(1));
  assertEquals(sequences(takeAll(queue)), [1, 21, 26]);
});

Deno.test("the numbers behind an undeliverable batch stay where the broker took a later one nevertheless", () => {
  const queue = provenQueue([10, 20, 5]);
  const taken = takeAll(queue);
  queue.answered(taken[0], TOO_LARGE);
  queue.answered(taken[1], 0);
  queue.answered(taken[2], NOT_LEADER);
  queue.begin(FIRST);
  assertEquals(sequences(takeAll(queue)), [31]);
});

Deno.test("two undeliverable batches close two gaps", () => {
  const queue = provenQueue([10, 20, 5, 7]);
  const taken = takeAll(queue);
  queue.answered(taken[0], TOO_LARGE);
  queue.answered(taken[1], OUT_OF_ORDER);
  queue.answered(taken[2], TOO_LARGE);
  queue.answered(taken[3], OUT_OF_ORDER);
  queue.begin(FIRST);
  queue.add(send(1));
  assertEquals(sequences(takeAll(queue)), [1, 21, 28]);
});

Deno.test("a gap is not closed where a lost request may still arrive: it would be taken for what has its number then", () => {
  const queue = provenQueue([10, 20, 5]);
  for (const _ of takeAll(queue)) queue.lost();
  queue.begin(FIRST);
  const [older, refused, later] = takeAll(queue);
  queue.answered(older, NOT_LEADER);
  assertEquals(queue.answered(refused, TOO_LARGE), "undeliverable");
  queue.answered(later, OUT_OF_ORDER);
  assertEquals(queue.goodIdentity, FIRST);
  queue.begin(FIRST);
  const again = takeAll(queue);
  assertEquals(sequences(again), [1], "what is older than the gap goes out as it was, alone");
  queue.answered(again[0], 0);
  assertEquals([queue.goodIdentity, queue.refusedIdentity], [undefined, FIRST]);
  queue.begin(SECOND);
  assertEquals(sequences(takeAll(queue)), [0]);
});

Deno.test("bytes that the broker finds damaged are given up after some retries", () => {
  const queue = provenQueue([10]);
  const consequences: string[] = [];
  for (let round = 0; round < 6; round++) {
    queue.begin(FIRST);
    consequences.push(queue.answered(takeAll(queue)[0], CORRUPT));
  }
  assertEquals(consequences, ["retry", "retry", "retry", "retry", "retry", "undeliverable"]);
});

Deno.test("evicting hands everything back in order and starts anew under another identity", () => {
  const queue = provenQueue([10, 20]);
  assertEquals(queue.evict().map((item) => item.slot.recordCount), [10, 20]);
  assertEquals([queue.size, queue.refusedIdentity], [0, FIRST]);
});
