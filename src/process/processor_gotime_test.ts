import { assertEquals } from "@std/assert";
import { pairsOf, ProcessorTrial, recordOf, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { localOffsetSeconds } from "./civil_time.ts";
import { ProcessorGotime, processorGotimeOptions } from "./processor_gotime.ts";

const NOW_MS = Date.parse("2022-07-20T00:00:00Z");
const LAYOUT = "2006-01-02 15:04:05";

function trial(given: object) {
  const defaults = { SourceKey: "s", SourceFormat: LAYOUT, DestKey: "d", DestFormat: "2006/01/02 15:04:05.000 -0700" };
  const one = new ProcessorTrial(ProcessorGotime, processorGotimeOptions(), { ...defaults, ...given });
  one.nowMs = NOW_MS;
  return one;
}

function run(value: string, given: object): [number, string] {
  const [record] = trial(given).runRecords(recordOf([["s", value]], 5));
  return [record.seconds, pairsOf(record)[1]?.[1]];
}

Deno.test("SourceKey, DestKey: a time is read in one zone and written in another", () => {
  const text = "2022-07-13 15:45:54";
  const local = localOffsetSeconds(NOW_MS);
  const cases: readonly [string, object, [number, string]][] = [
    [text, { SourceLocation: "0", DestLocation: "8" }, [1657727154, "2022/07/13 23:45:54.000 +0800"]],
    [text, { SourceLocation: "8", DestLocation: "0" }, [1657698354, "2022/07/13 07:45:54.000 +0000"]],
    [text, { DestLocation: "0", DestFormat: "05" }, [1657727154 - local, "54"]],
    [text, { SourceLocation: "0", DestFormat: "05 MST", DestLocation: "1" }, [1657727154, "54 SpecifiedTimezone"]],
    ["1657727154", { SourceFormat: "seconds", DestLocation: "0" }, [1657727154, "2022/07/13 15:45:54.000 +0000"]],
    ["1657727154123", { SourceFormat: "milliseconds", DestLocation: "0" }, [
      1657727154,
      "2022/07/13 15:45:54.123 +0000",
    ]],
    ["1657727154123456", { SourceFormat: "microseconds", DestLocation: "0" }, [
      1657727154,
      "2022/07/13 15:45:54.123 +0000",
    ]],
    ["1657727154123456789", { SourceFormat: "nanoseconds", DestFormat: ".000000000" }, [1657727154, ".123456789"]],
    ["-1", { SourceFormat: "milliseconds", DestLocation: "0" }, [5, "1969/12/31 23:59:59.999 +0000"]],
    [text, { SourceLocation: "0", DestLocation: "0", SetTime: "false" }, [5, "2022/07/13 15:45:54.000 +0000"]],
    ["13/07", { SourceFormat: "02/01", SourceLocation: "0", DestFormat: "2006", DestLocation: "0" }, [
      1657670400,
      "2022",
    ]],
  ];
  for (const [value, given, expected] of cases) {
    assertEquals(run(value, given), expected, JSON.stringify([value, given]));
  }
});

Deno.test("the source may go", () => {
  const given = { KeepSource: "false", SourceLocation: "0", DestFormat: "2006" };
  assertEquals(trial(given).run([["s", "2022-07-13 15:45:54"], ["x", "1"]]), [[["x", "1"], ["d", "2022"]]]);
});

Deno.test("an unreadable time changes nothing, and is told unless AlarmIfFail is off", () => {
  for (
    const [value, SourceFormat] of [["x", LAYOUT], ["1.5", "seconds"], ["", "seconds"], ["9".repeat(30), "seconds"], [
      "9".repeat(16),
      "seconds",
    ]]
  ) {
    for (const [AlarmIfFail, lines] of [["true", 1], ["false", 0]] as const) {
      const one = trial({ SourceFormat, AlarmIfFail, KeepSource: "false" });
      assertEquals(one.runRecords(recordOf([["s", value]], 5)), [recordOf([["s", value]], 5)]);
      assertEquals([one.processor.counts.failed, one.log.lines.length], [1, lines]);
    }
  }
});

Deno.test("options that cannot be are refused", () => {
  assertEquals(refusals(processorGotimeOptions(), { SourceLocation: "x" }), [
    "SourceKey: missing: must be text",
    "SourceFormat: missing: must be text",
    'SourceLocation: must be a whole number from -100 to 100, not "x"',
    "DestKey: missing: must be text",
    "DestFormat: missing: must be text",
  ]);
});

processorCases("processor_gotime", ProcessorGotime, processorGotimeOptions(), {
  defaults: {
    SourceKey: "s",
    SourceFormat: LAYOUT,
    SourceLocation: "0",
    DestKey: "d",
    DestFormat: "15:04 -0700",
    DestLocation: "0",
    KeepSource: "false",
  },
  nowMs: NOW_MS,
  showsTime: true,
}, {
  "SourceFormat and DestFormat: Go layouts": [{}, [["s", "2022-07-13 15:45:54"]], [["Time", "1657727154"], [
    "d",
    "15:45 +0000",
  ]]],
  "SourceFormat seconds: a Unix time": [{ SourceFormat: "seconds" }, [["s", "1657727154"]], [["Time", "1657727154"], [
    "d",
    "15:45 +0000",
  ]]],
  "SourceFormat milliseconds: a Unix time": [{ SourceFormat: "milliseconds" }, [["s", "1657727154999"]], [
    ["Time", "1657727154"],
    ["d", "15:45 +0000"],
  ]],
  "SourceFormat microseconds: a Unix time": [{ SourceFormat: "microseconds" }, [["s", "1657727154999999"]], [
    ["Time", "1657727154"],
    ["d", "15:45 +0000"],
  ]],
  "SourceFormat nanoseconds: a Unix time": [{ SourceFormat: "nanoseconds" }, [["s", "1657727154999999999"]], [
    ["Time", "1657727154"],
    ["d", "15:45 +0000"],
  ]],
  "SourceFormat: a time that does not follow it changes nothing": [{}, [["s", "x"]], [["Time", "1"], ["s", "x"]]],
  "SourceLocation: hours ahead of UTC": [{ SourceLocation: "8" }, [["s", "2022-07-13 15:45:54"]], [
    ["Time", "1657698354"],
    ["d", "07:45 +0000"],
  ]],
  "DestLocation: hours ahead of UTC": [{ DestLocation: "8" }, [["s", "2022-07-13 15:45:54"]], [["Time", "1657727154"], [
    "d",
    "23:45 +0800",
  ]]],
  "DestKey: one of the same name is another one": [{}, [["d", "0"], ["s", "2022-07-13 15:45:54"]], [
    ["Time", "1657727154"],
    ["d", "0"],
    ["d", "15:45 +0000"],
  ]],
  "SetTime off: the record keeps its time": [{ SetTime: "false" }, [["s", "2022-07-13 15:45:54"]], [["Time", "1"], [
    "d",
    "15:45 +0000",
  ]]],
  "KeepSource on: the source stays": [{ KeepSource: "true" }, [["s", "2022-07-13 15:45:54"]], [["Time", "1657727154"], [
    "s",
    "2022-07-13 15:45:54",
  ], ["d", "15:45 +0000"]]],
});

Deno.test("a missing field is counted, and told unless NoKeyError is off", () => {
  for (const [NoKeyError, lines] of [["true", 1], ["false", 0]] as const) {
    const one = trial({ NoKeyError });
    assertEquals(one.run([["k", "v"]]), [[["k", "v"]]]);
    assertEquals([one.processor.counts.missing, one.log.lines.length], [1, lines]);
  }
});
