import { assertEquals } from "@std/assert";
import { ProcessorTrial, recordOf, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { localOffsetSeconds } from "./civil_time.ts";
import {
  ProcessorParseTimestampNative,
  processorParseTimestampNativeOptions,
} from "./processor_parse_timestamp_native.ts";

const NOW = "2022-07-13T16:00:00Z";

function trial(given: object, now = NOW) {
  const one = new ProcessorTrial(ProcessorParseTimestampNative, processorParseTimestampNativeOptions(), {
    SourceKey: "t",
    ...given,
  });
  one.nowMs = Date.parse(now);
  return one;
}

function seconds(text: string, given: object, now = NOW): number | undefined {
  return trial(given, now).runRecords(recordOf([["t", text]], 5)).at(0)?.seconds;
}

Deno.test("the record's time is what the field says", () => {
  const local = localOffsetSeconds(Date.parse(NOW));
  const cases: readonly [string, object, number][] = [
    ["2022-07-13 15:45:54", { SourceFormat: "%Y-%m-%d %H:%M:%S" }, 1657727154 - local],
    ["2022-07-13 15:45:54", { SourceFormat: "%F %T", SourceTimezone: "GMT+00:00" }, 1657727154],
    ["2022-07-13 23:45:54.123", { SourceFormat: "%F %T.%f", SourceTimezone: "GMT+08:00" }, 1657727154],
    ["2022-07-13 12:15:54", { SourceFormat: "%F %T", SourceTimezone: "GMT-03:30" }, 1657727154],
    ["1657727154123", { SourceFormat: "%s" }, 1657727154],
    ["13/07 15:45:54", { SourceFormat: "%d/%m %T", SourceTimezone: "GMT+00:00", SourceYear: "2022" }, 1657727154],
    ["13/07 15:45:54", { SourceFormat: "%d/%m %T", SourceTimezone: "GMT+00:00" }, 1657727154],
    ["unreadable", { SourceFormat: "%F" }, 5],
  ];
  for (const [text, given, expected] of cases) {
    assertEquals(seconds(text, given), expected, JSON.stringify([text, given]));
  }
});

Deno.test("without a year, December is last year's on New Year's Day", () => {
  const given = { SourceFormat: "%b %d %T", SourceTimezone: "GMT+00:00" };
  const now = "2023-01-01T01:00:00Z";
  assertEquals(seconds("Dec 31 23:00:00", given, now), Date.parse("2022-12-31T23:00:00Z") / 1000);
  assertEquals(seconds("Jan 1 02:00:00", given, now), Date.parse("2023-01-01T02:00:00Z") / 1000);
});

Deno.test("what is more than 12 hours old is dropped, counted and told", () => {
  const given = { SourceFormat: "%F %T", SourceTimezone: "GMT+00:00" };
  assertEquals(seconds("2022-07-13 04:00:00", given), 1657684800);
  for (const text of ["2022-07-13 03:59:59", "1970-01-01 00:00:00", "1960-01-01 00:00:00"]) {
    const one = trial(given);
    assertEquals(one.run([["t", text]]), [], text);
    assertEquals([one.processor.counts, one.log.lines.length], [
      { processed: 1, missing: 0, failed: 0, dropped: 1 },
      1,
    ]);
  }
});

Deno.test("options that cannot be are refused", () => {
  const given = { SourceKey: "t", SourceFormat: "%Q", SourceTimezone: "CST", SourceYear: "-2" };
  assertEquals(refusals(processorParseTimestampNativeOptions(), given), [
    "SourceFormat: has an unknown % directive",
    'SourceTimezone: must be a time zone such as GMT+08:00, not "CST"',
    'SourceYear: must be a whole number from -1 to 9999, not "-2"',
  ]);
});

processorCases(
  "processor_parse_timestamp_native",
  ProcessorParseTimestampNative,
  processorParseTimestampNativeOptions(),
  {
    defaults: { SourceKey: "t", SourceFormat: "%F %T", SourceTimezone: "GMT+00:00" },
    nowMs: Date.parse(NOW),
    showsTime: true,
  },
  {
    "SourceFormat: sets the record's time, and the field stays": [{}, [["t", "2022-07-13 15:45:54"]], [
      ["Time", "1657727154"],
      ["t", "2022-07-13 15:45:54"],
    ]],
    "SourceFormat: a record whose time does not follow it stays as it is": [{}, [["t", "x"]], [["Time", "1"], [
      "t",
      "x",
    ]]],
    "SourceKey: a record without it stays as it is": [{}, [["k", "v"]], [["Time", "1"], ["k", "v"]]],
    "SourceTimezone: hours and minutes ahead of GMT": [
      { SourceTimezone: "GMT+08:00" },
      [["t", "2022-07-13 23:45:54"]],
      [
        ["Time", "1657727154"],
        ["t", "2022-07-13 23:45:54"],
      ],
    ],
    "SourceYear: the year of a time without one": [
      { SourceFormat: "%m-%d %T", SourceYear: "2022" },
      [["t", "07-13 15:45:54"]],
      [["Time", "1657727154"], ["t", "07-13 15:45:54"]],
    ],
    "age: a record of more than 12 hours ago is dropped": [{}, [["t", "2022-07-13 03:59:59"]]],
  },
);
