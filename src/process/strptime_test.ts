import { assertEquals } from "@std/assert";
import { epochSecondsOf } from "./civil_time.ts";
import { Strptime } from "./strptime.ts";

function seconds(format: string, text: string): number | undefined {
  const time = Strptime.tryMake(format)?.tryParse(text);
  return time && epochSecondsOf(time, { year: 2022, offsetSeconds: 0 }) + (time.nanoseconds ?? 0) / 1e9;
}

Deno.test("a written time names its moment", () => {
  const cases: readonly [string, string, string][] = [
    ["%Y-%m-%d %H:%M:%S", "2022-07-13 23:45:54", "2022-07-13T23:45:54Z"],
    ["%Y-%m-%d %H:%M:%S", "2022-7-3 3:4:5 rest", "2022-07-03T03:04:05Z"],
    ["%d/%b/%Y:%H:%M:%S %z", "13/Jul/2022:15:45:54 +0800", "2022-07-13T07:45:54Z"],
    ["%a, %d %B %y %I:%M %p", "Wed, 13 july 22 12:05 am", "2022-07-13T00:05:00Z"],
    ["%A %I%p", "Monday 1PM", "2022-01-01T13:00:00Z"],
    ["%FT%T.%f%z", "2022-07-13T23:45:54.5Z", "2022-07-13T23:45:54.500Z"],
    ["%F %T,%f", "2022-07-13 23:45:54,123456789123", "2022-07-13T23:45:54.123Z"],
    ["%Y%m%d%H%M%S", "20220713234554", "2022-07-13T23:45:54Z"],
    ["%b %e %H:%M:%S", "Jul  3 01:02:03", "2022-07-03T01:02:03Z"],
    ["%D %R", "07/13/22 01:02", "2022-07-13T01:02:00Z"],
    ["%c", "Wed Jul 13 01:02:03 2022", "2022-07-13T01:02:03Z"],
    ["%r", "01:02:03 PM", "2022-01-01T13:02:03Z"],
    ["%s", "1657727154", "2022-07-13T15:45:54Z"],
    ["%Y %j", "2024 366", "2024-12-31T00:00:00Z"],
    ["%y", "70", "1970-01-01T00:00:00Z"],
    ["%Y-%m-%d", "2022-02-30", "2022-03-02T00:00:00Z"],
    ["%Y %Z", "2022 GMT", "2022-01-01T00:00:00Z"],
    ["%Y%%%n%m", "2022% 5", "2022-05-01T00:00:00Z"],
    ["[%Y.%m]", "[2022.05]", "2022-05-01T00:00:00Z"],
    ["%Y-%m-%dT%H:%M:%S%z", "2022-07-13T00:00:00-03:30", "2022-07-13T03:30:00Z"],
  ];
  for (const [format, text, expected] of cases) {
    assertEquals(Math.floor((seconds(format, text) ?? NaN) * 1000), Date.parse(expected), `${format} ${text}`);
  }
});

Deno.test("what is no time of the format is none", () => {
  const cases: readonly [string, string][] = [
    ["%Y-%m-%d", ""],
    ["%Y-%m-%d", "x2022-07-13"],
    ["%m", "13"],
    ["%d", "0"],
    ["%d", "32"],
    ["%H", "24"],
    ["%M", "60"],
    ["%S", "61"],
    ["%I", "0"],
    ["%b", "Foo"],
    ["%p", "xm"],
    ["%z", "0800"],
    ["%Z", "CST"],
    ["%Y.%m", "2022-07"],
  ];
  for (const [format, text] of cases) assertEquals(seconds(format, text), undefined, `${format} ${text}`);
});

Deno.test("an unknown directive is refused", () => {
  for (const format of ["%Q", "%", "%Y %", "%E", "%é"]) assertEquals(Strptime.tryMake(format), undefined, format);
});
