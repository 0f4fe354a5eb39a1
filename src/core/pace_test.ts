import { assertEquals } from "@std/assert";
import { msToWholeSecond } from "./pace.ts";

Deno.test("those that wait for a second, from whenever on, wake up together", () => {
  const cases = [[5000, 1, 1000], [5001, 1, 999], [5999, 1, 1], [5000, 1000, 1000], [5001, 1000, 1999], [
    5300,
    500,
    700,
  ]];
  for (const [now, msMin, ms] of cases) assertEquals(msToWholeSecond(now, msMin), ms, `${now}, ${msMin}`);
});
