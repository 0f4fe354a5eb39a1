import { assertEquals } from "@std/assert";
import { ProcessorTrial, recordOf, refusals } from "../../tests/support/processing.ts";
import {
  ProcessorTimestampFilterNative,
  processorTimestampFilterNativeOptions,
} from "./processor_timestamp_filter_native.ts";

function trial(given: object) {
  return new ProcessorTrial(ProcessorTimestampFilterNative, processorTimestampFilterNativeOptions(), given);
}

/** The times that are kept. */
function keptTimes(given: object, ...times: number[]): number[] {
  return trial(given).runRecords(...times.map((seconds) => recordOf([["a", "1"]], seconds))).map((one) => one.seconds);
}

/** The values of the field `t` that are kept. */
function keptValues(given: object, ...values: string[]): string[] {
  return trial({ SourceKey: "t", ...given }).run(...values.map((value) => [["t", value]] as const))
    .map(([[, value]]) => value);
}

Deno.test("LowerBound and UpperBound: both are kept, what lies beyond is not", () => {
  assertEquals(keptTimes({ LowerBound: "10", UpperBound: "20" }, 9, 10, 15, 20, 21), [10, 15, 20]);
});

Deno.test("LowerBound 0 and UpperBound 0, the defaults: no bound", () => {
  assertEquals(keptTimes({}, 0, 4_000_000_000), [0, 4_000_000_000]);
  assertEquals(keptTimes({ LowerBound: "5" }, 4, 4_000_000_000), [4_000_000_000]);
  assertEquals(keptValues({}, "-1", "0"), ["0"]);
  assertEquals(keptValues({ LowerBound: "-5" }, "-6", "-5"), ["-5"]);
});

Deno.test("SourceKey: the time is a Unix time in that field", () => {
  assertEquals(keptValues({ LowerBound: "10", UpperBound: "20" }, "9", "10", "+20", "21"), ["10", "+20"]);
});

Deno.test("TimestampPrecision: the unit of the bounds and of the field", () => {
  const bounds = { LowerBound: "1657727154123", UpperBound: "1657727154123" };
  const values = ["1657727154122", "1657727154123", "1657727154124"];
  assertEquals(keptValues({ TimestampPrecision: "millisecond", ...bounds }, ...values), [values[1]]);
  const nanoseconds = ["1657727154123456788", "1657727154123456789", "1657727154123456790"];
  const given = { TimestampPrecision: "Nanosecond", LowerBound: nanoseconds[1], UpperBound: nanoseconds[1] };
  assertEquals(keptValues(given, ...nanoseconds), [nanoseconds[1]]);
  assertEquals(keptTimes({ TimestampPrecision: "millisecond", LowerBound: "5001" }, 5, 6), [6]);
});

Deno.test("a record without a readable time is kept, counted and told", () => {
  const one = trial({ SourceKey: "t", LowerBound: "10" });
  const records = [[["k", "v"]], [["t", "soon"]], [["t", "1.5"]], [["t", "9".repeat(19)]], [["t", "9"]]] as const;
  assertEquals(one.run(...records).length, 4);
  assertEquals(one.processor.counts, { processed: 5, missing: 1, failed: 3, dropped: 1 });
  assertEquals(one.log.lines.length, 3);
});

Deno.test("options that cannot be are refused", () => {
  const given = { TimestampPrecision: "hour", LowerBound: "x", UpperBound: "1e9" };
  assertEquals(refusals(processorTimestampFilterNativeOptions(), given), [
    'TimestampPrecision: must be second or millisecond or nanosecond, not "hour"',
    'LowerBound: must be a Unix time, a whole number, not "x"',
    'UpperBound: must be a Unix time, a whole number, not "1e9"',
  ]);
});
