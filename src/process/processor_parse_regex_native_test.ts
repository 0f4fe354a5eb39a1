import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorParseRegexNative, processorParseRegexNativeOptions } from "./processor_parse_regex_native.ts";

function trial(given: object) {
  return new ProcessorTrial(ProcessorParseRegexNative, processorParseRegexNativeOptions(), {
    SourceKey: "c",
    ...given,
  });
}

Deno.test("the groups of a match of the whole value become fields", () => {
  const cases: readonly [string, object, Pairs[]][] = [
    ["k=v", { Regex: "(\\w)=(\\w)", Keys: ["a", "b"] }, [[["a", "k"], ["b", "v"]]]],
    ["k=v", { Regex: "(\\w)=(\\w)", Keys: ["a,b"] }, [[["a", "k"], ["b", "v"]]]],
    ["-k=v", { Regex: "(\\w)=(\\w)", Keys: ["a", "b"] }, []],
    // Another way through the pattern may span the whole value.
    ["ab", { Regex: "(a|ab)", Keys: ["x"] }, [[["x", "ab"]]]],
    ["one\ntwo", { Regex: "(.*)", Keys: ["x"] }, [[["x", "one\ntwo"]]]],
    ["b", { Regex: "(a)?(b)", Keys: ["x", "y"] }, [[["x", ""], ["y", "b"]]]],
    ["12", { Regex: "(\\d)(\\d)", Keys: ["x"] }, [[["x", "1"]]]],
    ["1", { Regex: "(\\d)", Keys: ["x", "y"] }, []],
    ["A", { Regex: "(?i)(a)", Keys: ["x"] }, [[["x", "A"]]]],
    ["a\nb", { Regex: "(?m)(a$\\nb)", Keys: ["x"] }, [[["x", "a\nb"]]]],
    ["a\nb", { Regex: "(?m)(a|b)", Keys: ["x"] }, []],
    ["a\n", { Regex: "(a)", Keys: ["x"] }, []],
  ];
  for (const [value, given, expected] of cases) {
    assertEquals(trial(given).run([["c", value]]), expected, JSON.stringify([value, given]));
  }
});

Deno.test("the source is kept, renamed or copied as the options say", () => {
  const given = { Regex: "(\\d)", Keys: ["x"] };
  const cases: readonly [string, object, Pairs[]][] = [
    ["1", {}, [[["x", "1"]]]],
    ["1", { KeepingSourceWhenParseSucceed: "true" }, [[["x", "1"], ["c", "1"]]]],
    ["1", { KeepingSourceWhenParseSucceed: "true", RenamedSourceKey: "raw" }, [[["x", "1"], ["raw", "1"]]]],
    ["1", { KeepingSourceWhenParseSucceed: "true", RenamedSourceKey: "x" }, [[["x", "1"]]]],
    ["1", { CopingRawLog: "true" }, [[["x", "1"]]]],
    ["?", {}, []],
    ["?", { CopingRawLog: "true" }, []],
    ["?", { KeepingSourceWhenParseFail: "true" }, [[["c", "?"]]]],
    ["?", { KeepingSourceWhenParseFail: "true", RenamedSourceKey: "raw" }, [[["raw", "?"]]]],
    ["?", { KeepingSourceWhenParseFail: "true", CopingRawLog: "true" }, [[["c", "?"], ["__raw_log__", "?"]]]],
    ["1", { Keys: ["c"] }, [[["c", "1"]]]],
  ];
  for (const [value, more, expected] of cases) {
    assertEquals(trial({ ...given, ...more }).run([["c", value]]), expected, JSON.stringify([value, more]));
  }
});

Deno.test("a broken record is dropped when nothing but its time and stream is left", () => {
  const given = { Regex: "(\\d)", Keys: ["x"] };
  assertEquals(trial(given).run([["c", "?"], ["_time_", "t"], ["_source_", "stdout"]]), []);
  assertEquals(trial(given).run([["c", "?"], ["_time_", "t"], ["tag", "1"]]), [[["_time_", "t"], ["tag", "1"]]]);
});

Deno.test("fields of the same name are replaced where they stand", () => {
  assertEquals(trial({ Regex: "(\\d)(\\d)", Keys: ["x", "x"] }).run([["x", "0"], ["c", "12"], ["y", "3"]]), [[
    ["x", "2"],
    ["y", "3"],
  ]]);
});

Deno.test("what is wrong is counted", () => {
  const one = trial({ Regex: "(\\d)", Keys: ["x"] });
  assertEquals(one.run([["d", "1"]], [["c", "?"]]), [[["d", "1"]]]);
  assertEquals(one.processor.counts, { processed: 2, missing: 1, failed: 1, dropped: 1 });
  assertEquals(one.log.lines.length, 1);
});

Deno.test("options that cannot be are refused", () => {
  assertEquals(refusals(processorParseRegexNativeOptions(), { Regex: "(" }), [
    "SourceKey: missing: must be text",
    "Regex: not a usable regular expression: Unterminated group",
    "Keys: missing: must be a list of field names",
  ]);
});

processorCases("processor_parse_regex_native", ProcessorParseRegexNative, processorParseRegexNativeOptions(), {
  defaults: { SourceKey: "c", Regex: "(\\d+)-(\\d+)", Keys: ["x", "y"] },
}, {
  "KeepingSourceWhenParseFail off, the default: a broken record is dropped": [{}, [["c", "?"]]],
  "KeepingSourceWhenParseFail off: a broken record with nothing but its time, stream and tags is dropped": [{}, [
    ["c", "?"],
    ["_time_", "t"],
    ["_source_", "stdout"],
    ["_pod_name_", "p"],
    ["__tag__:__path__", "/a"],
  ]],
  "KeepingSourceWhenParseFail off: a broken record with another field goes on with that": [{}, [["c", "?"], [
    "k",
    "v",
  ]], [["k", "v"]]],
  "KeepingSourceWhenParseFail on: the source stays": [{ KeepingSourceWhenParseFail: "true" }, [["c", "?"]], [
    ["c", "?"],
  ]],
  "KeepingSourceWhenParseSucceed off, the default: the source goes": [{}, [["c", "1-2"]], [["x", "1"], ["y", "2"]]],
  "KeepingSourceWhenParseSucceed on: the source stays": [{ KeepingSourceWhenParseSucceed: "true" }, [["c", "1-2"]], [
    ["x", "1"],
    ["y", "2"],
    ["c", "1-2"],
  ]],
  "RenamedSourceKey: names a source that stays": [
    { KeepingSourceWhenParseSucceed: "true", RenamedSourceKey: "raw" },
    [["c", "1-2"]],
    [["x", "1"], ["y", "2"], ["raw", "1-2"]],
  ],
  "CopingRawLog: a source that stays after a failure is __raw_log__, too": [
    { KeepingSourceWhenParseFail: "true", CopingRawLog: "true" },
    [["c", "?"]],
    [["c", "?"], ["__raw_log__", "?"]],
  ],
  "SourceKey: a record without it stays as it is": [{}, [["k", "v"]], [["k", "v"]]],

  "Regex: must match the whole value": [{ KeepingSourceWhenParseFail: "true" }, [["c", "a1-2"]], [["c", "a1-2"]]],
  "Keys: fewer groups than names is a failure": [
    { Keys: ["x", "y", "z"], KeepingSourceWhenParseFail: "true" },
    [["c", "1-2"]],
    [["c", "1-2"]],
  ],
  "Keys: a field of the same name is replaced": [{}, [["x", "0"], ["c", "1-2"]], [["x", "1"], ["y", "2"]]],
  "Keys: a group that took no part is an empty field": [{ Regex: "(\\d)?-(\\d)" }, [["c", "-2"]], [["x", ""], [
    "y",
    "2",
  ]]],
});
