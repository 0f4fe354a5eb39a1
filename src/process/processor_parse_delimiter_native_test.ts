import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import {
  ProcessorParseDelimiterNative,
  processorParseDelimiterNativeOptions,
} from "./processor_parse_delimiter_native.ts";

function trial(given: object) {
  const defaults = { SourceKey: "c", Separator: ",", Keys: ["x", "y"], KeepingSourceWhenParseFail: "true" };
  return new ProcessorTrial(ProcessorParseDelimiterNative, processorParseDelimiterNativeOptions(), {
    ...defaults,
    ...given,
  });
}

Deno.test("Keys: columns are named in turn, and surplus ones treated as told", () => {
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
  assertEquals(refusals(processorParseDelimiterNativeOptions(), { SourceKey: "c", Separator: "12345", Quote: "ab" }), [
    "Separator: must have at most 4 characters",
    "Quote: must be one character",
    "Keys: missing: must be a list of field names",
  ]);
});

processorCases(
  "processor_parse_delimiter_native",
  ProcessorParseDelimiterNative,
  processorParseDelimiterNativeOptions(),
  { defaults: { SourceKey: "c", Separator: ",", Keys: ["x", "y"] } },
  {
    "KeepingSourceWhenParseFail off, the default: a broken record is dropped": [{}, [["c", '"1']]],
    "KeepingSourceWhenParseFail off: a broken record with nothing but its time, stream and tags is dropped": [{}, [
      ["c", '"1'],
      ["_time_", "t"],
      ["_source_", "stdout"],
      ["_pod_name_", "p"],
      ["__tag__:__path__", "/a"],
    ]],
    "KeepingSourceWhenParseFail off: a broken record with another field goes on with that": [{}, [["c", '"1'], [
      "k",
      "v",
    ]], [["k", "v"]]],
    "KeepingSourceWhenParseFail on: the source stays": [{ KeepingSourceWhenParseFail: "true" }, [["c", '"1']], [
      ["c", '"1'],
    ]],
    "KeepingSourceWhenParseSucceed off, the default: the source goes": [{}, [["c", "1,2"]], [["x", "1"], ["y", "2"]]],
    "KeepingSourceWhenParseSucceed on: the source stays": [{ KeepingSourceWhenParseSucceed: "true" }, [["c", "1,2"]], [
      ["x", "1"],
      ["y", "2"],
      ["c", "1,2"],
    ]],
    "RenamedSourceKey: names a source that stays": [
      { KeepingSourceWhenParseSucceed: "true", RenamedSourceKey: "raw" },
      [["c", "1,2"]],
      [["x", "1"], ["y", "2"], ["raw", "1,2"]],
    ],
    "CopingRawLog: a source that stays after a failure is __raw_log__, too": [
      { KeepingSourceWhenParseFail: "true", CopingRawLog: "true" },
      [["c", '"1']],
      [["c", '"1'], ["__raw_log__", '"1']],
    ],
    "SourceKey: a record without it stays as it is": [{}, [["k", "v"]], [["k", "v"]]],

    "Separator: up to four characters": [{ Separator: "||" }, [["c", "1||2"]], [["x", "1"], ["y", "2"]]],
    "Quote, by default a double one: a separator in quotes is a character": [{}, [["c", '"1,0",2']], [["x", "1,0"], [
      "y",
      "2",
    ]]],
    "Quote: another character": [{ Quote: "'" }, [["c", "'1,0',2"]], [["x", "1,0"], ["y", "2"]]],
    "AllowingShortenedFields on, the default: the last names have no field": [{}, [["c", "1"]], [["x", "1"]]],
    "AllowingShortenedFields off: fewer columns than names is a failure": [{ AllowingShortenedFields: "false" }, [
      ["c", "1"],
    ]],
    "OverflowedFieldsTreatment extend, the default: surplus columns are __column<i>__ each": [{}, [["c", "1,2,3,4"]], [
      ["x", "1"],
      ["y", "2"],
      ["__column2__", "3"],
      ["__column3__", "4"],
    ]],
    "OverflowedFieldsTreatment keep: surplus columns are one field": [
      { OverflowedFieldsTreatment: "keep" },
      [["c", "1,2,3,4"]],
      [["x", "1"], ["y", "2"], ["__column2__", ",3,4"]],
    ],
    "OverflowedFieldsTreatment discard: surplus columns go": [{ OverflowedFieldsTreatment: "discard" }, [[
      "c",
      "1,2,3",
    ]], [
      ["x", "1"],
      ["y", "2"],
    ]],
    "values: a record whose value is blank stays as it is": [{}, [["c", "  \r"]], [["c", "  \r"]]],
    "values: a record whose value is empty stays as it is": [{}, [["c", ""]], [["c", ""]]],
  },
);
