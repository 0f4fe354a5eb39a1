import { assertEquals } from "@std/assert";
import { msToBeat, msToWholeSecond } from "./pace.ts";

Deno.test("those that wait for a second, from whenever on, wake up together", () => {
  const cases = [[5000, 1, 1000], [5001, 1, 999], [5999, 1, 1], [5000, 1000, 1000], [5001, 1000, 1999], [
    5300,
    500,
    700,
  ]];
  for (const [now, msMin, ms] of cases) assertEquals(msToWholeSecond(now, msMin), ms, `${now}, ${msMin}`);
});

Deno.test("what is done every few seconds is done at the same moments, whenever it began, and whatever the interval", () => {
  for (const [interval, every] of [[2000, 2000], [5000, 4000], [7600, 8000], [10_000, 10_000]]) {
    let now = 60_123;
    const moments = Array.from({ length: 20 }, () => now += msToBeat(now, interval));
    assertEquals(moments.filter((moment) => moment % 2000 !== 0), []);
    assertEquals(
      moments.slice(1).map((moment, index) => moment - moments[index]),
      Array(19).fill(every),
      `${interval}`,
    );
    // Timers come a little late.
    assertEquals(msToBeat(now + 7, interval), every - 7);
  }
});
