import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { ProcessorParseJsonNative, processorParseJsonNativeOptions } from "./processor_parse_json_native.ts";

function run(value: string, given: object = {}): Pairs[] {
  const trial = new ProcessorTrial(ProcessorParseJsonNative, processorParseJsonNativeOptions, {
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
  assertEquals(refusals(processorParseJsonNativeOptions, {}), ["SourceKey: missing: must be text"]);
});
