import { assert, assertEquals } from "@std/assert";
import { backoffMs, FailureStreak } from "./backoff.ts";

const options = { backoffInitMs: 100, backoffMaxMs: 1000 };

Deno.test("waits double up to the cap and are spread over their upper half", () => {
  const cases: [failures: number, random: number, expectedMs: number][] = [
    [1, 0, 50],
    [1, 0.5, 75],
    [2, 0, 100],
    [4, 0, 400],
    [5, 0, 500],
    [1_000_000, 0, 500],
    [1_000_000, 0.99, 995],
  ];
  for (const [failures, random, expectedMs] of cases) assertEquals(backoffMs(failures, options, random), expectedMs);
});

Deno.test("a wait never exceeds the cap, even when the first wait would", () => {
  assert(backoffMs(1, { backoffInitMs: 5000, backoffMaxMs: 1000 }, 0.999) <= 1000);
});

Deno.test("failures are told only when they go on for a second", () => {
  const streak = new FailureStreak();
  assertEquals([0, 500, 999, 1000, 5000].map((nowMs) => streak.failed(nowMs)), [false, false, false, true, true]);
  streak.succeeded();
  assertEquals(streak.failed(6000), false);
  assertEquals(streak.count, 1);
});
