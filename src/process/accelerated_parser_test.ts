import { assertEquals } from "@std/assert";
import type * as z from "zod";
import { refusals } from "../../tests/support/processing.ts";
import { processorDelimiterAccelerateOptions } from "./processor_delimiter_accelerate.ts";
import { processorJsonAccelerateOptions } from "./processor_json_accelerate.ts";
import { processorRegexAccelerateOptions } from "./processor_regex_accelerate.ts";

const SCHEMAS: readonly (readonly [schema: z.ZodType, needed: object])[] = [
  [processorRegexAccelerateOptions(), {}],
  [processorJsonAccelerateOptions(), {}],
  [processorDelimiterAccelerateOptions(), { Separator: ",", ColumnKeys: ["a"] }],
];

Deno.test("PreciseTimestampKey, PreciseTimestampUnit and MergeType have no effect", () => {
  const idle = { PreciseTimestampKey: "exact", PreciseTimestampUnit: "us", MergeType: "regex" };
  for (const [schema, needed] of SCHEMAS) assertEquals(schema.parse({ ...needed, ...idle }), schema.parse(needed));
});

Deno.test("LogContinueRegex, EnableTimestampNanosecond and what else would change records is refused", () => {
  const given = {
    LogBeginRegex: "\\d.*",
    LogContinueRegex: " .*",
    LogEndRegex: "end",
    EnableTimestampNanosecond: "true",
    EnablePreciseTimestamp: "true",
    SensitiveKeys: [{ key: "a" }],
  };
  for (const [schema, needed] of SCHEMAS) {
    const told = refusals(schema, { ...needed, ...given }).map((one) => one.slice(0, one.indexOf(":")));
    assertEquals(told.toSorted(), Object.keys(given).toSorted());
    assertEquals(refusals(schema, { ...needed, LogBeginRegex: ".*", LogContinueRegex: "", SensitiveKeys: [] }), []);
  }
});

Deno.test("SourceKey, TimeKey, AdjustTimezone, LogTimezone, EnableRawLog and RawLogTag are the same for all", () => {
  const given = {
    SourceKey: "line",
    TimeKey: "at",
    AdjustTimezone: "true",
    LogTimezone: "GMT+08:00",
    EnableRawLog: "true",
    RawLogTag: "raw",
  };
  for (const [schema, needed] of SCHEMAS) {
    assertEquals(refusals(schema, { ...needed, ...given }), []);
    for (const option of ["SourceKey", "RawLogTag"]) {
      assertEquals(refusals(schema, { ...needed, ...given, [option]: "" }).length, 1);
    }
  }
});
