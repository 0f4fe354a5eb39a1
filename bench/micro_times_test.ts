/** @module */
import { assertEquals, assertThrows } from "@std/assert";
import { checkReport } from "./micro_report.ts";
import { bestOf, compare, microTimesOf, typicalOf } from "./micro_times.ts";

function report(times: Readonly<Record<string, number>>): string {
  const benches = Object.entries(times).map(([name, min]) => ({ name, results: [{ ok: { min } }] }));
  return JSON.stringify({ benches });
}

const CALIBRATION = { "calibration: a": 2, "calibration: b": 8 };

Deno.test("times are in units of the calibrating work, whatever the machine's speed", () => {
  const times = microTimesOf(report({ ...CALIBRATION, decode: 12 }));
  assertEquals([...times], [["decode", 3]]);
  const twiceAsFast = microTimesOf(report({ "calibration: a": 1, "calibration: b": 4, decode: 6 }));
  assertEquals(twiceAsFast, times);
});

Deno.test("what V8 does beside is not compared, and a name has no figure at its end", () => {
  const times = microTimesOf(report({ ...CALIBRATION, "lz4, 1 MB of words to 1/2.26": 4, "java, V8 from text": 4 }));
  assertEquals([...times.keys()], ["lz4, 1 MB of words"]);
});

Deno.test("a bench that failed is an error, and so is a report without calibration", () => {
  const failed = { name: "decode", results: [{ failed: {} }] };
  assertThrows(() => microTimesOf(JSON.stringify({ benches: [failed] })), Error, '"decode"');
  assertThrows(() => microTimesOf(report({ decode: 1 })), Error, "calibrates");
});

Deno.test("of several runs, the best and the middle one", () => {
  const runs = [5, 3, 9].map((time) => new Map([["decode", time]]));
  assertEquals([bestOf(runs).get("decode"), typicalOf(runs).get("decode")], [3, 5]);
});

Deno.test("a speed below 0.8 of the baseline's is told, and what only one side has", () => {
  const baseline = new Map([["same", 1], ["slow", 1], ["bearable", 1], ["gone", 1]]);
  const times = new Map([["same", 1], ["slow", 1.3], ["bearable", 1.2], ["new", 1]]);
  const comparison = compare(baseline, times);
  const { slower, unknown, gone } = comparison;
  assertEquals([slower.map(({ name }) => name), unknown, gone], [["slow"], ["new"], ["gone"]]);
  assertEquals(checkReport(comparison, 3).split("\n"), [
    "too slow, 0.77 of the baseline's speed: slow",
    "not in the baseline: new",
    "only in the baseline: gone",
    "1 of 3 hot functions have less than 0.8 of the baseline's speed, after 3 rounds; the one in the middle has 0.83",
  ]);
});
