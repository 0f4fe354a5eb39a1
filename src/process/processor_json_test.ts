import { assertEquals } from "@std/assert";
import { seededRandom } from "../../tests/support/random.ts";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { ProcessorJson, type ProcessorJsonOptions, processorJsonOptions } from "./processor_json.ts";

function trial(given: object = {}): ProcessorTrial<ProcessorJsonOptions> {
  return new ProcessorTrial(ProcessorJson, processorJsonOptions(), { SourceKey: "content", ...given });
}

/** The fields that come of one text, without the source. */
function expand(text: string, given: object = {}): Pairs {
  return trial({ KeepSource: "false", KeepSourceIfParseError: "false", ...given }).run([["content", text]])[0];
}

Deno.test("the walk-through's options give the walk-through's fields", () => {
  const given = { KeepSource: "false", ExpandDepth: "1", ExpandConnector: "" };
  const record: Pairs = [
    ["content", '{"time":"+2022-07-21 02:32:22","message":"Hello, iLogtail!"}'],
    ["_time_", "2022-07-21T02:32:22+08:00"],
  ];
  assertEquals(trial(given).run(record), [[
    ["_time_", "2022-07-21T02:32:22+08:00"],
    ["time", "+2022-07-21 02:32:22"],
    ["message", "Hello, iLogtail!"],
  ]]);
});

Deno.test("every option has its say in names and depth", () => {
  const text = '{"a":{"b":{"c":1},"d":2},"e":3}';
  const cases: readonly [object, Pairs][] = [
    [{}, [["_a_b_c", "1"], ["_a_d", "2"], ["_e", "3"]]],
    [{ ExpandDepth: "0" }, [["_a_b_c", "1"], ["_a_d", "2"], ["_e", "3"]]],
    [{ ExpandDepth: "1" }, [["_a", '{"b":{"c":1},"d":2}'], ["_e", "3"]]],
    [{ ExpandDepth: "2" }, [["_a_b", '{"c":1}'], ["_a_d", "2"], ["_e", "3"]]],
    [{ ExpandDepth: "9" }, [["_a_b_c", "1"], ["_a_d", "2"], ["_e", "3"]]],
    [{ ExpandConnector: "" }, [["abc", "1"], ["ad", "2"], ["e", "3"]]],
    [{ ExpandConnector: "--" }, [["--a--b--c", "1"], ["--a--d", "2"], ["--e", "3"]]],
    [{ IgnoreFirstConnector: "true" }, [["a_b_c", "1"], ["a_d", "2"], ["e", "3"]]],
    [{ Prefix: "j." }, [["j._a_b_c", "1"], ["j._a_d", "2"], ["j._e", "3"]]],
    [{ UseSourceKeyAsPrefix: "true" }, [["content_a_b_c", "1"], ["content_a_d", "2"], ["content_e", "3"]]],
    [
      { UseSourceKeyAsPrefix: "true", IgnoreFirstConnector: "true", Prefix: "p", ExpandDepth: "1" },
      [["pcontenta", '{"b":{"c":1},"d":2}'], ["pcontente", "3"]],
    ],
  ];
  for (const [given, expected] of cases) assertEquals(expand(text, given), expected, JSON.stringify(given));
});

Deno.test("values keep what they say", () => {
  const cases: readonly [string, Pairs][] = [
    ["{}", []],
    [" \t\r\n{ } \n", []],
    ['{"a":1.0}', [["_a", "1.0"]]],
    ['{"a":-1.50e+3}', [["_a", "-1.50e+3"]]],
    ['{"a":123456789012345678901234567890}', [["_a", "123456789012345678901234567890"]]],
    ['{"a":true,"b":false,"c":null}', [["_a", "true"], ["_b", "false"], ["_c", "null"]]],
    ['{"a":""}', [["_a", ""]]],
    ['{"":1}', [["_", "1"]]],
    ['{"a":{}}', []],
    ['{"a":[]}', [["_a", "[]"]]],
    ['{"a": [ 1 , {"b" : "]"} ] }', [["_a", '[ 1 , {"b" : "]"} ]']]],
    ['{"a":1,"a":2}', [["_a", "1"], ["_a", "2"]]],
    ['{"z":1,"a":2,"1":3}', [["_z", "1"], ["_a", "2"], ["_1", "3"]]],
    [String.raw`{"a":"\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00"}`, [["_a", '"\\/\b\f\n\r\tAé😀']]],
    [String.raw`{"k\u0065\"y":"v"}`, [['_ke"y', "v"]]],
    [String.raw`{"a":"\\"}`, [["_a", "\\"]]],
    [String.raw`{"a":"\\\"}"}`, [["_a", '\\"}']]],
    ['{"a":"line\nbreak\u0000tab\t"}', [["_a", "line\nbreak\u0000tab\t"]]],
    ['{"a":"\u0000"}', [["_a", "\u0000"]]],
    [String.raw`{"a":"\u0000"}`, [["_a", "\u0000"]]],
    ['{"日本":"語 😀"}', [["_日本", "語 😀"]]],
    ['{"__proto__":1,"constructor":2}', [["___proto__", "1"], ["_constructor", "2"]]],
  ];
  for (const [text, expected] of cases) assertEquals(expand(text), expected, text);
});

Deno.test("a string with a wrong escape stays as it is written", () => {
  for (const wrong of ["\\x41", "\\u12", "\\u12G4", "\\ud800", "\\ude00\\ud83d", "a\\ud83dz", "\\'", "\\q"]) {
    // With a newline as it is, another way is taken.
    for (const inside of [wrong, `\n${wrong}`, `${wrong}\n`]) {
      assertEquals(expand(`{"a":"${inside}","b":1}`), [["_a", inside], ["_b", "1"]], inside);
    }
  }
});

Deno.test("right escapes beside a newline as it is", () => {
  const text = String.raw`{"a":"X\"\\\/\b\f\n\r\t\u0041\ud83d\ude00"}`.replace("X", "\n");
  assertEquals(expand(text), [["_a", '\n"\\/\b\f\n\r\tA😀']]);
});

Deno.test("at the greatest depth objects and arrays keep their blanks", () => {
  const text = '{"o": { "x" : 1,\n "y":"}" } ,"l":[ {"x":[1 , 2]} ]}';
  assertEquals(expand(text, { ExpandDepth: "1" }), [
    ["_o", '{ "x" : 1,\n "y":"}" }'],
    ["_l", '[ {"x":[1 , 2]} ]'],
  ]);
});

Deno.test("arrays become fields where ExpandArray asks for it", () => {
  const cases: readonly [string, object, Pairs][] = [
    ['{"k":[1,"a",null,true]}', {}, [["_k[0]", "1"], ["_k[1]", "a"], ["_k[2]", "null"], ["_k[3]", "true"]]],
    ['{"k":[{"x":1,"y":{"z":2}}]}', {}, [["_k[0]_x", "1"], ["_k[0]_y_z", "2"]]],
    ['{"k":[[1, 2],[]]}', {}, [["_k[0]", "[1, 2]"], ["_k[1]", "[]"]]],
    ['{"k":[]}', {}, []],
    ['{"k":[{}]}', {}, []],
    ['{"k":[1]}', { ExpandDepth: "1" }, [["_k", "[1]"]]],
    ['{"k":[{"x":[1]}]}', { ExpandDepth: "2" }, [["_k[0]_x", "[1]"]]],
    ['{"k":[{"x":{"y":1}}]}', { ExpandDepth: "2" }, [["_k[0]_x", '{"y":1}']]],
    ['{"k":[1]}', { IgnoreFirstConnector: "true" }, [["k[0]", "1"]]],
    ['{"a":{"k":[1]}}', {}, [["_a_k[0]", "1"]]],
  ];
  for (const [text, given, expected] of cases) {
    assertEquals(expand(text, { ExpandArray: "true", ...given }), expected, text);
  }
});

Deno.test("the fields before a fault remain, and the source stays unless told otherwise", () => {
  const cases: readonly [string, Pairs][] = [
    ["", []],
    ["plain text", []],
    ["[1,2]", []],
    ['"a"', []],
    ["{", []],
    ['{"a"', []],
    ['{"a":', []],
    ['{"a":}', []],
    ['{"a":x}', []],
    ['{"a":+1}', []],
    ['{"a":nul}', []],
    ['{"a":"b', []],
    ['{"a":"b\\"}', []],
    ["{a:1}", []],
    ["{'a':1}", []],
    ['{"a":1', [["_a", "1"]]],
    ['{"a":1,', [["_a", "1"]]],
    ['{"a":1,}', [["_a", "1"]]],
    ['{"a":1 "b":2}', [["_a", "1"]]],
    ['{"a":1,,"b":2}', [["_a", "1"]]],
    ['{"a":1,"b":[1}', [["_a", "1"]]],
    ['{"a":1,"b":{"c":2', [["_a", "1"], ["_b_c", "2"]]],
    ['{"a":{"b":1 "c":2},"d":3}', [["_a_b", "1"]]],
    ['{"a":1} trailing', [["_a", "1"]]],
    ['{"a":1}{"b":2}', [["_a", "1"]]],
    [String.raw`{"a":1,"b\x":2}`, [["_a", "1"]]],
  ];
  for (const [text, expected] of cases) {
    assertEquals(expand(text), expected, text);
    const kept = trial({ KeepSource: "false" });
    assertEquals(kept.run([["content", text]]), [[["content", text], ...expected]], text);
    assertEquals(kept.processor.counts, { processed: 1, missing: 0, failed: 1, dropped: 0 });
  }
});

Deno.test("the source stays by default, and only the first of its name is parsed", () => {
  const record: Pairs = [["content", '{"a":1}'], ["x", "y"], ["content", '{"b":2}']];
  assertEquals(trial().run(record), [[...record, ["_a", "1"]]]);
  assertEquals(trial({ KeepSource: "false" }).run(record), [[["x", "y"], ["content", '{"b":2}'], ["_a", "1"]]]);
});

Deno.test("a field of an existing name is another one", () => {
  const given = { KeepSource: "false", ExpandConnector: "" };
  assertEquals(trial(given).run([["content", '{"content":"new","x":"1"}'], ["x", "0"]]), [[
    ["x", "0"],
    ["content", "new"],
    ["x", "1"],
  ]]);
});

Deno.test("NoKeyError: what is wrong is counted, and a missing field is told where it asks for it", () => {
  const told = trial();
  assertEquals(told.run([["other", "1"]], [["content", "{"]]), [[["other", "1"]], [["content", "{"]]]);
  assertEquals(told.processor.counts, { processed: 2, missing: 1, failed: 1, dropped: 0 });
  assertEquals(told.log.lines, [
    'throttled processor_json missing content: processor_json: a record without a field "content" was left as it is; ' +
    "check the field's name",
    "throttled processor_json a value is not a JSON object, or broken: processor_json: a value is not a JSON object, or " +
    'broken: "{"',
  ]);
  const silent = trial({ NoKeyError: "no" });
  silent.run([["other", "1"]]);
  assertEquals([silent.processor.counts.missing, silent.log.lines], [1, []]);
});

Deno.test("10,000 levels are no trouble, and 200,000 are refused without a crash", () => {
  const nested = (levels: number) => '{"a":'.repeat(levels) + "1" + "}".repeat(levels);
  assertEquals(expand(nested(10_000)), [["_a".repeat(10_000), "1"]]);
  assertEquals(expand(nested(200_000)), []);
  const brackets = '{"a":' + "[".repeat(200_000) + "]".repeat(200_000) + "}";
  assertEquals(expand(brackets, { ExpandArray: "true" }), [["_a[0]", "[".repeat(199_999) + "]".repeat(199_999)]]);
  assertEquals(expand(nested(10_000), { ExpandDepth: "1" })[0][1].length, nested(10_000).length - 6);
});

Deno.test("names that repeat without end are cut off, and the source stays", () => {
  const text = `{"${"k".repeat(1_000_000)}":{${Array.from({ length: 100 }, (_, i) => `"${i}":1`).join(",")}}}`;
  const [fields] = trial({ KeepSource: "false" }).run([["content", text]]);
  assertEquals([fields.length, fields[0][0]], [1 + 16, "content"]);
});

Deno.test("10 MB take a moment", () => {
  const value = "x\\n".repeat(2_500_000);
  assertEquals(expand(`{"a":"${value}","b":"${value}"}`)[1][1].length, 5_000_000);
  assertEquals(expand(`{"a":[${'{"x":"\\\\"},'.repeat(800_000)}1]}`).length, 1);
});

Deno.test("flat objects of any strings come back as they went in", () => {
  const random = seededRandom("processor_json");
  for (let round = 0; round < 300; round++) {
    const entries = Array.from({ length: random.integer(0, 5) }, (_, index) => {
      const codes = Array.from(
        { length: random.integer(0, 8) },
        () => random.pick([0, 9, 10, 34, 47, 92, 123, 125, 8232, 0x1f600]),
      );
      return [`${index}k`, String.fromCodePoint(...codes)] as const;
    });
    const text = JSON.stringify(Object.fromEntries(entries), null, random.integer(0, 2));
    assertEquals(expand(text, { ExpandConnector: "" }), entries, text);
  }
});

Deno.test("any bytes at all give fields or a count, never an error", () => {
  const random = seededRandom("processor_json any");
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: random.integer(0, 30) }, () => random.pick([...'{}[]",:\\u1tn \ud800é'])).join(
      "",
    );
    const one = trial({ ExpandArray: "yes" });
    assertEquals(one.run([["content", `{"a":${text}`]]).length, 1);
    assertEquals(one.processor.counts.processed, 1);
  }
});

Deno.test("options that cannot be are refused", () => {
  assertEquals(refusals(processorJsonOptions(), {}), ["SourceKey: missing: must be text"]);
  assertEquals(refusals(processorJsonOptions(), { SourceKey: "" }), ["SourceKey: must not be empty"]);
  assertEquals(refusals(processorJsonOptions(), { SourceKey: "a", ExpandDepth: "x", KeepSource: "maybe" }), [
    'ExpandDepth: must be a whole number, not "x"',
    'KeepSource: must be true or false, not "maybe"',
  ]);
});
