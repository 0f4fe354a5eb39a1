import { assertEquals } from "@std/assert";
import { epochSecondsOf } from "./civil_time.ts";
import { GoLayout } from "./go_layout.ts";

function parsedMs(layout: string, text: string): number | undefined {
  const time = new GoLayout(layout).tryParse(text);
  return time && epochSecondsOf(time, { year: 2022, offsetSeconds: 0 }) * 1000 + (time.nanoseconds ?? 0) / 1e6;
}

Deno.test("a written time names its moment", () => {
  const cases: readonly [string, string, string][] = [
    ["2006-01-02 15:04:05", "2022-07-13 23:45:54", "2022-07-13T23:45:54Z"],
    ["2006-01-02T15:04:05Z07:00", "2022-07-13T23:45:54+08:00", "2022-07-13T15:45:54Z"],
    ["2006-01-02T15:04:05Z07:00", "2022-07-13T23:45:54.25Z", "2022-07-13T23:45:54.250Z"],
    ["2006-01-02T15:04:05.999999999Z07:00", "2022-07-13T23:45:54Z", "2022-07-13T23:45:54Z"],
    ["2006-01-02 15:04:05.000", "2022-07-13 23:45:54.123", "2022-07-13T23:45:54.123Z"],
    ["2006-01-02 15:04:05,000", "2022-07-13 23:45:54,123", "2022-07-13T23:45:54.123Z"],
    ["02/Jan/2006:15:04:05 -0700", "13/Jul/2022:15:45:54 +0800", "2022-07-13T07:45:54Z"],
    ["Mon Jan _2 15:04:05 2006", "wed jul  3 01:02:03 2022", "2022-07-03T01:02:03Z"],
    ["Monday, 02-Jan-06 15:04:05 MST", "Wednesday, 13-Jul-22 01:02:03 UTC", "2022-07-13T01:02:03Z"],
    ["January 2, 2006 3:04PM", "July 4, 2022 12:05AM", "2022-07-04T00:05:00Z"],
    ["1/2/06 3:4:5 pm", "7/4/22 1:2:3 pm", "2022-07-04T13:02:03Z"],
    ["Jan  2 15:04", "Jul 4 5:06", "2022-07-04T05:06:00Z"],
    ["20060102150405", "20220713234554", "2022-07-13T23:45:54Z"],
    ["2006 002", "2022 032", "2022-02-01T00:00:00Z"],
    ["[2006_01]", "[2022_07]", "2022-07-01T00:00:00Z"],
    ["_2006", "_2022", "2022-01-01T00:00:00Z"],
    ["2006 -07:00:00", "2022 -01:00:30", "2022-01-01T01:00:30Z"],
  ];
  for (const [layout, text, expected] of cases) {
    assertEquals(parsedMs(layout, text), Date.parse(expected), `${layout} ${text}`);
  }
});

Deno.test("what is no time of the layout is none", () => {
  const cases: readonly [string, string][] = [
    ["2006-01-02", "2022-07-13 rest"],
    ["2006-01-02", "2022-7-13"],
    ["2006-01-02", "2022-02-30"],
    ["2006-01-02", "2022-13-01"],
    ["2006-01-02", "2022-00-01"],
    ["15:04", "24:00"],
    ["15:04", "23:60"],
    ["3PM", "13PM"],
    ["3PM", "1pm"],
    ["05.000", "01.12"],
    ["Jan", "Foo"],
    ["2006", ""],
  ];
  for (const [layout, text] of cases) assertEquals(parsedMs(layout, text), undefined, `${layout} ${text}`);
});

Deno.test("a moment is written after the layout", () => {
  const moment = { seconds: 1657674305, nanoseconds: 120_000_000, offsetSeconds: 28800, zoneName: "CST" };
  const cases: readonly [string, string][] = [
    ["2006-01-02 15:04:05", "2022-07-13 09:05:05"],
    ["06/1/2 3:4:5 PM pm", "22/7/13 9:5:5 AM am"],
    ["Mon Monday Jan January", "Wed Wednesday Jul July"],
    ["_2|__2|002|03|04|MST", "13|194|194|09|05|CST"],
    [".000|.999999|,00|.99", ".120|.12|,12|.12"],
    ["-0700|-07:00|-07|Z07:00|Z0700|-07:00:00", "+0800|+08:00|+08|+08:00|+0800|+08:00:00"],
    ["no layout", "no layout"],
  ];
  for (const [layout, expected] of cases) assertEquals(new GoLayout(layout).format(moment), expected, layout);
  const utc = { seconds: 0, nanoseconds: 0, offsetSeconds: 0, zoneName: "UTC" };
  assertEquals(new GoLayout("2006-01-02T15:04:05.999Z07:00 3PM _2").format(utc), "1970-01-01T00:00:00Z 12AM  1");
  assertEquals(new GoLayout("-0700").format({ ...utc, offsetSeconds: -12600 }), "-0330");
});
