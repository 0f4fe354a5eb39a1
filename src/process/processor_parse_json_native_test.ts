import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorParseJsonNative, processorParseJsonNativeOptions } from "./processor_parse_json_native.ts";

function run(value: string, given: object = {}): Pairs[] {
  const trial = new ProcessorTrial(ProcessorParseJsonNative, processorParseJsonNativeOptions(), {
    SourceKey: "content",
    ...given,
  });
  return trial.run([["content", value]]);
}

Deno.test("members become fields, one level deep", () => {
  const cases: readonly [string, Pairs][] = [
    ['{"a":"1","b":"x\\ny\\u00e9"}', [["a", "1"], ["b", "x\nyé"]]],
    [' { "a" : 1 , "b" : -2 } ', [["a", "1"], ["b", "-2"]]],
    ['{"t":true,"f":false,"n":null,"s":"null"}', [["t", "true"], ["f", "false"], ["n", ""], ["s", "null"]]],
    ['{"a":1.5,"b":1.0,"c":-2e3,"d":1e22}', [
      ["a", "1.500000"],
      ["b", "1.000000"],
      ["c", "-2000.000000"],
      ["d", "10000000000000000000000.000000"],
    ]],
    ['{"a":18446744073709551615,"b":-9223372036854775808}', [
      ["a", "18446744073709551615"],
      ["b", "-9223372036854775808"],
    ]],
    ['{"a":18446744073709551616}', [["a", "18446744073709551616.000000"]]],
    ['{"o": { "x" : [ 1 , "a b \\" c" ] } }', [["o", '{"x":[1,"a b \\" c"]}']]],
    ['{"o":["\\\\", " \\\\\\" " , 1 ]}', [["o", '["\\\\"," \\\\\\" ",1]']]],
    ['{"a":1,"a":2}', [["a", "2"]]],
    ['{"2":1,"1":2}', [["2", "1"], ["1", "2"]]],
    ['{"content":"new"}', [["content", "new"]]],
    ["{}", []],
  ];
  for (const [value, expected] of cases) assertEquals(run(value), [expected], value);
});

Deno.test("what is not strictly one object is broken", () => {
  const broken = [
    "",
    "x",
    "[1]",
    '"a"',
    "1",
    "null",
    '{"a":1',
    '{"a":1,}',
    '{"a":1} x',
    '{"a":"\n"}',
    '{"a":"\\ud800"}',
  ];
  for (const value of broken) {
    assertEquals(run(value), [], value);
    assertEquals(run(value, { KeepingSourceWhenParseFail: "true" }), [[["content", value]]], value);
  }
});

Deno.test("any depth and size is taken", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  assertEquals(run(`{"a":${deep}}`), [[["a", deep]]]);
  const long = '\\"'.repeat(1_000_000);
  assertEquals(run(`{"a":[ "${long}" ]}`)[0][0][1].length, long.length + 4);
});

Deno.test("SourceKey must be given", () => {
  assertEquals(refusals(processorParseJsonNativeOptions(), {}), ["SourceKey: missing: must be text"]);
});

processorCases("processor_parse_json_native", ProcessorParseJsonNative, processorParseJsonNativeOptions(), {
  defaults: { SourceKey: "c" },
}, {
  "KeepingSourceWhenParseFail off, the default: a broken record is dropped": [{}, [["c", "{"]]],
  "KeepingSourceWhenParseFail off: a broken record with nothing but its time, stream and tags is dropped": [{}, [
    ["c", "{"],
    ["_time_", "t"],
    ["_source_", "stdout"],
    ["_pod_name_", "p"],
    ["__tag__:__path__", "/a"],
  ]],
  "KeepingSourceWhenParseFail off: a broken record with another field goes on with that": [{}, [["c", "{"], [
    "k",
    "v",
  ]], [["k", "v"]]],
  "KeepingSourceWhenParseFail on: the source stays": [{ KeepingSourceWhenParseFail: "true" }, [["c", "{"]], [
    ["c", "{"],
  ]],
  "KeepingSourceWhenParseSucceed off, the default: the source goes": [{}, [["c", '{"x":1}']], [["x", "1"]]],
  "KeepingSourceWhenParseSucceed on: the source stays": [
    { KeepingSourceWhenParseSucceed: "true" },
    [["c", '{"x":1}']],
    [
      ["x", "1"],
      ["c", '{"x":1}'],
    ],
  ],
  "RenamedSourceKey: names a source that stays": [
    { KeepingSourceWhenParseSucceed: "true", RenamedSourceKey: "raw" },
    [["c", '{"x":1}']],
    [["x", "1"], ["raw", '{"x":1}']],
  ],
  "CopingRawLog: a source that stays after a failure is __raw_log__, too": [
    { KeepingSourceWhenParseFail: "true", CopingRawLog: "true" },
    [["c", "{"]],
    [["c", "{"], ["__raw_log__", "{"]],
  ],
  "SourceKey: a record without it stays as it is": [{}, [["k", "v"]], [["k", "v"]]],

  "values: null is empty, true and false are as written": [{}, [["c", '{"a":null,"b":true,"d":false}']], [
    ["a", ""],
    ["b", "true"],
    ["d", "false"],
  ]],
  "values: a number that is not whole has six decimals": [{}, [["c", '{"a":1.5,"b":2e0,"d":7}']], [
    ["a", "1.500000"],
    ["b", "2.000000"],
    ["d", "7"],
  ]],
  "values: objects and arrays are JSON text without blanks": [{}, [["c", '{"a":{ "b" : "x y" },"d":[ 1, 2 ]}']], [
    ["a", '{"b":"x y"}'],
    ["d", "[1,2]"],
  ]],
  "fields: one of the same name is replaced": [{}, [["x", "0"], ["c", '{"x":1}']], [["x", "1"]]],
});
