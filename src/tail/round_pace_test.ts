import { assertEquals } from "@std/assert";
import { RoundPace } from "./round_pace.ts";

/** The interval after so many bytes have come every 10 ms for a while. */
function settled(bytes: number, pace = new RoundPace(0), fromMs = 0): number {
  for (let ms = fromMs; ms < fromMs + 2000; ms += 10) pace.read(bytes, ms);
  return pace.intervalMs;
}

Deno.test("the more comes, the longer a round", () => {
  assertEquals([1, 9000, 21_000, 49_000, 100_000].map((bytes) => settled(bytes)), [10, 10, 20, 20, 100]);
});

Deno.test("where much comes of many sources, rounds are long as long as a read would find little", () => {
  const pace = new RoundPace(0);
  const readAll = (sources: number, bytesPerMs: number) => {
    for (let ms = 0; ms < 3000; ms += pace.intervalMs) {
      for (let source = 0; source < sources; source++) pace.read(bytesPerMs * pace.intervalMs / sources, ms + clockMs);
    }
    clockMs += 3000;
    return pace.intervalMs;
  };
  let clockMs = 0;
  assertEquals(readAll(50, 10_000), 500);
  assertEquals(readAll(10, 10_000), 100);
  assertEquals(readAll(50, 4000), 20);
  assertEquals(readAll(50, 10_000), 500);
});

Deno.test("when little comes again, or the clock is set back, rounds are short again", () => {
  const pace = new RoundPace(0);
  assertEquals(settled(100_000, pace), 100);
  assertEquals(settled(10, pace, 2000), 10);
  assertEquals(settled(100_000, pace, 100), 100);
});
