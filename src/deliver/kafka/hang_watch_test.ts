import { assert, assertEquals } from "@std/assert";
import { HangWatch } from "./hang_watch.ts";

const PERIOD_MS = 200;

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

Deno.test("what stands still is told of once, after a period", async () => {
  let hangs = 0;
  const startedMs = performance.now();
  await new Promise<void>((resolve) => {
    const watch = new HangWatch(PERIOD_MS, () => {
      hangs++;
      resolve();
    });
    watch.start();
    watch.start();
  });
  assert(performance.now() - startedMs >= PERIOD_MS - 5);
  await sleep(2 * PERIOD_MS);
  assertEquals(hangs, 1);
});

Deno.test("what rests does not hang, and leaves no timer; after that it is watched for a whole period", async () => {
  let hangs = 0;
  const watch = new HangWatch(PERIOD_MS, () => hangs++);
  watch.start();
  watch.rest();
  await sleep(2 * PERIOD_MS);
  assertEquals(hangs, 0);
  watch.start();
  watch.rest();
  watch.start();
  await sleep(PERIOD_MS - 30);
  assertEquals(hangs, 0);
  await sleep(PERIOD_MS);
  assertEquals(hangs, 1);
});

Deno.test("what moves, or is watched no more, does not hang", async () => {
  let hangs = 0;
  const moving = new HangWatch(PERIOD_MS, () => hangs++);
  const stopped = new HangWatch(PERIOD_MS, () => hangs++);
  moving.start();
  stopped.start();
  stopped.stop();
  const mover = setInterval(() => moving.moved(), 1);
  await sleep(3 * PERIOD_MS);
  clearInterval(mover);
  moving.stop();
  moving.stop();
  assertEquals(hangs, 0);
});
