import { assertEquals } from "@std/assert";
import { pairsOf, ProcessorTrial, recordOf, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { localOffsetSeconds } from "./civil_time.ts";
import { ProcessorStrptime, processorStrptimeOptions } from "./processor_strptime.ts";

const NOW_MS = Date.parse("2022-07-20T00:00:00Z");

function trial(given: object) {
  const one = new ProcessorTrial(ProcessorStrptime, processorStrptimeOptions(), given);
  one.nowMs = NOW_MS;
  return one;
}

function run(text: string, given: object): { seconds: number; fields: unknown } {
  const [record] = trial(given).runRecords(recordOf([["time", text]], 5));
  return { seconds: record.seconds, fields: pairsOf(record) };
}

Deno.test("the record's time is what the field says", () => {
  const local = localOffsetSeconds(NOW_MS);
  const cases: readonly [string, object, number][] = [
    ["2022-07-13 15:45:54", { Format: "%Y-%m-%d %H:%M:%S" }, 1657727154 - local],
    ["2022-07-13 15:45:54", { Format: "%Y-%m-%d %H:%M:%S", UTCOffset: "3600" }, 1657727154 - local],
    ["2022-07-13 15:45:54", { Format: "%F %T", AdjustUTCOffset: "true" }, 1657727154],
    ["2022-07-13 15:45:54", { Format: "%F %T", AdjustUTCOffset: "true", UTCOffset: "-28800" }, 1657727154 + 28800],
    ["2022-07-13 15:45:54 +0800", { Format: "%F %T %z" }, 1657727154 - 28800],
    [
      "2022-07-13 15:45:54 +0800",
      { Format: "%F %T %z", AdjustUTCOffset: "true", UTCOffset: "3600" },
      1657727154 - 28800,
    ],
    ["1657727154", { Format: "%s" }, 1657727154],
    ["1657727154123", { Format: "%s" }, 1657727154],
    ["Jul 13 15:45:54 UTC", { Format: "%b %d %T %Z" }, 1657727154],
  ];
  for (const [text, given, seconds] of cases) {
    assertEquals(run(text, given), { seconds, fields: [["time", text]] }, JSON.stringify([text, given]));
  }
});

Deno.test("an unreadable time changes nothing, and is told unless AlarmIfFail is off", () => {
  for (const [text, Format] of [["", "%s"], ["12:99", "%H:%M"], ["1969", "%Y"], ["x", "%Y"]]) {
    for (const [AlarmIfFail, lines] of [["true", 1], ["false", 0]] as const) {
      const one = trial({ Format, KeepSource: "false", AlarmIfFail, EnablePreciseTimestamp: "true" });
      assertEquals(one.runRecords(recordOf([["time", text]], 5)), [recordOf([["time", text]], 5)], text);
      assertEquals([one.processor.counts.failed, one.log.lines.length], [1, lines]);
    }
  }
});

Deno.test("the source may go, and the exact time may come", () => {
  const text = "2022-07-13T15:45:54.123456789Z";
  const given = { Format: "%FT%T.%f%z", KeepSource: "false", EnablePreciseTimestamp: "true" };
  const cases: readonly [object, string, string][] = [
    [{}, "precise_timestamp", "1657727154123"],
    [{ PreciseTimestampUnit: "us" }, "precise_timestamp", "1657727154123456"],
    [{ PreciseTimestampUnit: "ns", PreciseTimestampKey: "n" }, "n", "1657727154123456789"],
    [{ PreciseTimestampUnit: "" }, "precise_timestamp", "1657727154123"],
  ];
  for (const [more, name, value] of cases) {
    assertEquals(run(text, { ...given, ...more }), { seconds: 1657727154, fields: [[name, value]] });
  }
});

Deno.test("a record without the field stays as it is", () => {
  const one = trial({ Format: "%s", SourceKey: "t" });
  assertEquals(one.runRecords(recordOf([["time", "1657727154"]], 5))[0].seconds, 5);
  assertEquals([one.processor.counts.missing, one.log.lines], [1, []]);
});

Deno.test("options that cannot be are refused", () => {
  assertEquals(refusals(processorStrptimeOptions(), {}), ["Format: missing: must be text"]);
  assertEquals(refusals(processorStrptimeOptions(), { Format: "%Q" }), ["Format: has an unknown % directive"]);
  assertEquals(refusals(processorStrptimeOptions(), { Format: "%s", UTCOffset: "99999" }), [
    'UTCOffset: must be a whole number from -43200 to 50400, not "99999"',
  ]);
});

processorCases("processor_strptime", ProcessorStrptime, processorStrptimeOptions(), {
  defaults: { Format: "%F %T", AdjustUTCOffset: "true" },
  nowMs: NOW_MS,
  showsTime: true,
}, {
  "Format: sets the record's time": [{}, [["time", "2022-07-13 15:45:54"]], [["Time", "1657727154"], [
    "time",
    "2022-07-13 15:45:54",
  ]]],
  "Format: a time that does not follow it changes nothing": [{ KeepSource: "false" }, [["time", "x"]], [["Time", "1"], [
    "time",
    "x",
  ]]],
  "Format %s: the first ten digits are seconds, and fewer do no harm": [
    { Format: "%s", KeepSource: "false" },
    [["time", "1657727154999"]],
    [["Time", "1657727154"]],
  ],
  "Format %s: less than ten digits are seconds, too": [{ Format: "%s", KeepSource: "false" }, [["time", "12"]], [
    ["Time", "12"],
  ]],
  "Format: a year that it does not tell is the present one": [
    { Format: "%m-%d", KeepSource: "false" },
    [["time", "07-13"]],
    [["Time", "1657670400"]],
  ],
  "SourceKey: another name": [{ SourceKey: "t", KeepSource: "false" }, [["t", "2022-07-13 15:45:54"]], [
    ["Time", "1657727154"],
  ]],
  "SourceKey time, the default: a record without it stays as it is": [{}, [["t", "2022"]], [["Time", "1"], [
    "t",
    "2022",
  ]]],
  "KeepSource off: the source goes": [{ KeepSource: "false" }, [["time", "2022-07-13 15:45:54"]], [
    ["Time", "1657727154"],
  ]],
  "AdjustUTCOffset and UTCOffset: a time without an offset is so far ahead of UTC": [
    { UTCOffset: "28800", KeepSource: "false" },
    [["time", "2022-07-13 15:45:54"]],
    [["Time", "1657698354"]],
  ],
  "EnablePreciseTimestamp: milliseconds in precise_timestamp": [
    { Format: "%F %T.%f", KeepSource: "false", EnablePreciseTimestamp: "true" },
    [["time", "2022-07-13 15:45:54.123456"]],
    [["Time", "1657727154"], ["precise_timestamp", "1657727154123"]],
  ],
  "PreciseTimestampKey and PreciseTimestampUnit: another name and unit": [
    {
      Format: "%F %T.%f",
      KeepSource: "false",
      EnablePreciseTimestamp: "true",
      PreciseTimestampKey: "p",
      PreciseTimestampUnit: "us",
    },
    [["time", "2022-07-13 15:45:54.123456"]],
    [["Time", "1657727154"], ["p", "1657727154123456"]],
  ],
});
