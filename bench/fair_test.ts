import { assertEquals, assertThrows } from "@std/assert";
import { quantile } from "./fair.ts";

Deno.test("a quantile is the value below which that share of the others is", () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  assertEquals([quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1), quantile([7], 0.5)], [
    51,
    100,
    100,
    7,
  ]);
  assertThrows(() => quantile([], 0.5), Error, "no quiet line");
});
