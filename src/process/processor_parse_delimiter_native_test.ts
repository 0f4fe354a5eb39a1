import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import {
  ProcessorParseDelimiterNative,
  processorParseDelimiterNativeOptions,
} from "./processor_parse_delimiter_native.ts";

function trial(given: object) {
  const defaults = { SourceKey: "c", Separator: ",", Keys: ["x", "y"], KeepingSourceWhenParseFail: "true" };
  return new ProcessorTrial(ProcessorParseDelimiterNative, processorParseDelimiterNativeOptions, {
    ...defaults,
    ...given,
  });
}

Deno.test("columns are named in turn, and surplus ones treated as told", () => {
  const cases: readonly [string, object, Pairs][] = [
    ["a,b", {}, [["x", "a"], ["y", "b"]]],
    ["a,b,c,d", {}, [["x", "a"], ["y", "b"], ["__column2__", "c"], ["__column3__", "d"]]],
    ["a,b,c,d", { OverflowedFieldsTreatment: "keep" }, [["x", "a"], ["y", "b"], ["__column2__", ",c,d"]]],
    ["a,b,c,d", { OverflowedFieldsTreatment: "discard" }, [["x", "a"], ["y", "b"]]],
    ["a,b", { Keys: ["_", "y"], OverflowedFieldsTreatment: "discard" }, [["y", "b"]]],
    ["a,b", { Keys: ["_", "y"] }, [["_", "a"], ["y", "b"]]],
    ["a", {}, [["x", "a"]]],
    ["a", { AllowingShortenedFields: "false" }, [["c", "a"]]],
    ["a,", {}, [["x", "a"], ["y", ""]]],
    ["  a,b \r ", {}, [["x", "a"], ["y", "b"]]],
    ["a||b|c", { Separator: "||" }, [["x", "a"], ["y", "b|c"]]],
    ["a\tb", { Separator: "\\t" }, [["x", "a"], ["y", "b"]]],
    ['"a,1",b', {}, [["x", "a,1"], ["y", "b"]]],
    ['"say ""hi""",""', {}, [["x", 'say "hi"'], ["y", ""]]],
    ["'a,1',b", { Quote: "'" }, [["x", "a,1"], ["y", "b"]]],
    ['a,"b,c"', { OverflowedFieldsTreatment: "keep" }, [["x", "a"], ["y", "b,c"]]],
    ['"a"||b', { Separator: "||" }, [["x", '"a"'], ["y", "b"]]],
    ['"a,b', {}, [["c", '"a,b']]],
    ['"a"b,c', {}, [["c", '"a"b,c']]],
  ];
  for (const [value, given, expected] of cases) {
    assertEquals(trial(given).run([["c", value]]), [expected], JSON.stringify([value, given]));
  }
});

Deno.test("many blanks take no longer than they are", () => {
  const blanks = " ".repeat(1_000_000);
  assertEquals(trial({}).run([["c", `a,${blanks}b${blanks}`]]), [[["x", "a"], ["y", `${blanks}b`]]]);
});

Deno.test("options that cannot be are refused", () => {
  assertEquals(refusals(processorParseDelimiterNativeOptions, { SourceKey: "c", Separator: "12345", Quote: "ab" }), [
    "Separator: must have at most 4 characters",
    "Quote: must be one character",
    "Keys: missing: must be a list of field names",
  ]);
});
