import { assertEquals } from "@std/assert";
import { TokenBuckets } from "./token_buckets.ts";

Deno.test("full buckets are forgotten", () => {
  const buckets = new TokenBuckets(10, 1000);
  for (let i = 0; i < 9_999; i++) buckets.tryTake(`${i}`, 0);
  assertEquals(buckets.count, 9_999);
  buckets.tryTake("last", 1000);
  assertEquals(buckets.count, 1);
});

Deno.test("keys without end are bounded, the newest stay", () => {
  const buckets = new TokenBuckets(1, 3_600_000);
  for (let i = 0; i < 100_100; i++) buckets.tryTake(`${i}`, 0);
  assertEquals(buckets.count, 100_000);
  assertEquals([buckets.tryTake("100099", 0), buckets.tryTake("0", 0)], [false, true]);
});

Deno.test("a clock that is set back neither fills nor blocks", () => {
  const buckets = new TokenBuckets(1, 1000);
  assertEquals([5000, 0, 500, 1000].map((nowMs) => buckets.tryTake("a", nowMs)), [true, false, false, true]);
});
