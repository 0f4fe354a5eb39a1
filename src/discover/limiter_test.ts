/** @module */
import { assertEquals, assertRejects } from "@std/assert";
import { Limiter } from "./limiter.ts";

Deno.test("at most so many tasks run at once, in order, and a failing one makes room too", async () => {
  const limiter = new Limiter(2);
  const started: number[] = [];
  let running = 0;
  let runningMost = 0;
  const task = (number: number) => async () => {
    started.push(number);
    runningMost = Math.max(runningMost, ++running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running--;
    if (number % 3 === 0) throw new Error(`task ${number}`);
    return number;
  };
  const results = await Promise.allSettled(Array.from({ length: 9 }, (_, number) => limiter.run(task(number))));
  assertEquals(started, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assertEquals(runningMost, 2);
  assertEquals(results.map(({ status }) => status === "fulfilled"), started.map((number) => number % 3 !== 0));
  await assertRejects(() => limiter.run(task(0)), Error, "task 0");
});
