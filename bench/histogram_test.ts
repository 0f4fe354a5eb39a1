import { assertEquals } from "@std/assert";
import { Histogram } from "./histogram.ts";

Deno.test("a percentile is the smallest duration that so many do not exceed", () => {
  const histogram = new Histogram(Array.from({ length: 100 }, (_, index) => 100 - index));
  assertEquals([0, 0.5, 0.99, 1].map((share) => histogram.percentile(share)), [1, 50, 99, 100]);
  assertEquals(histogram.count, 100);
});

Deno.test("without durations there is no percentile", () => {
  assertEquals(new Histogram([]).percentile(0.5), NaN);
});

Deno.test("bars end with the longest duration", () => {
  const text = new Histogram([1, 1, 1, 30]).draw();
  assertEquals(text.split("\n").map((line) => line.trim().split(/ +/).slice(1, 4).join(" ")), [
    "2 ms 75.00",
    "5 ms 0.00",
    "10 ms 0.00",
    "15 ms 0.00",
    "20 ms 0.00",
    "30 ms 25.00",
  ]);
});
