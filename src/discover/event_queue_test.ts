/** @module */
import { assertEquals, assertRejects } from "@std/assert";
import { EventQueue } from "./event_queue.ts";

Deno.test("values come in order, those that were there and those that come later", async () => {
  const queue = new EventQueue<number>();
  const abort = new AbortController();
  queue.push(1);
  queue.push(2);
  queueMicrotask(() => queue.push(3));
  const taken: number[] = [];
  for await (const value of queue.take(abort.signal)) {
    taken.push(value);
    if (value === 3) queue.push(0);
    if (value === 0) abort.abort();
  }
  assertEquals(taken, [1, 2, 3, 0]);
});

Deno.test("the reader leaves when the signal aborts, also while it waits", async () => {
  const queue = new EventQueue<number>();
  const abort = new AbortController();
  queueMicrotask(() => abort.abort());
  assertEquals(await Array.fromAsync(queue.take(abort.signal)), []);
});

Deno.test("a bug reaches the reader after what was there", async () => {
  const queue = new EventQueue<number>();
  const taken: number[] = [];
  queue.push(1);
  queue.fail(new Error("bug"));
  await assertRejects(
    async () => {
      for await (const value of queue.take(new AbortController().signal)) taken.push(value);
    },
    Error,
    "bug",
  );
  assertEquals(taken, [1]);
});
