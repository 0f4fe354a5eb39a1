import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorSplitLogRegex, processorSplitLogRegexOptions } from "./processor_split_log_regex.ts";

function trial(given: object) {
  return new ProcessorTrial(ProcessorSplitLogRegex, processorSplitLogRegexOptions(), given);
}

Deno.test("a record begins with each line that matches as a whole", () => {
  const cases: readonly [string, string, string[]][] = [
    [".*", "a\nb", ["a", "b"]],
    ["\\d+ .*", "1 a\n  at x\n2 b\n  at y", ["1 a\n  at x", "2 b\n  at y"]],
    ["\\d+ .*", "  at x\n1 a", ["  at x", "1 a"]],
    // A part of the line is not enough.
    ["\\d+", "1\n2 b\n3", ["1\n2 b", "3"]],
    ["\\d+", "a\nb", ["a\nb"]],
    ["\\d+", "1\n", ["1\n"]],
    ["\\d+", "1\n2\n", ["1", "2\n"]],
    ["\\d+", "1", ["1"]],
    [".*", "", []],
    [".*", "\n", ["\n"]],
    [".*", "a\n\nb", ["a", "", "b"]],
    ["", "a\n\nb", ["a", "\nb"]],
  ];
  for (const [SplitRegex, value, expected] of cases) {
    const records = trial({ SplitRegex }).run([["c", value]]);
    assertEquals(records, expected.map((piece) => [["c", piece]]), JSON.stringify([SplitRegex, value]));
  }
});

Deno.test("the other fields go, unless PreserveOthers keeps them", () => {
  const record: Pairs = [["x", "1"], ["c", "a\nb"]];
  assertEquals(trial({ SplitKey: "c" }).run(record), [[["c", "a"]], [["c", "b"]]]);
  assertEquals(trial({ SplitKey: "c", PreserveOthers: "true" }).run(record), [
    [["x", "1"], ["c", "a"]],
    [["x", "1"], ["c", "b"]],
  ]);
  assertEquals(trial({ SplitKey: "z" }).run(record), []);
  assertEquals(trial({ SplitKey: "z", PreserveOthers: "true" }).run(record), [record]);
});

Deno.test("a broken pattern is refused", () => {
  assertEquals(refusals(processorSplitLogRegexOptions(), { SplitRegex: "(" }), [
    "SplitRegex: not a usable regular expression: Unterminated group",
  ]);
});

processorCases("processor_split_log_regex", ProcessorSplitLogRegex, processorSplitLogRegexOptions(), {
  defaults: { SplitKey: "c", SplitRegex: "\\d.*" },
}, {
  "SplitRegex: a line that matches as a whole begins a record": [{}, [["c", "1 a\n b\n2 d"]], [["c", "1 a\n b"]], [
    ["c", "2 d"],
  ]],
  "SplitRegex: a line that matches in part begins none": [{ SplitRegex: "\\d" }, [["c", "1\n2 d\n3"]], [
    ["c", "1\n2 d"],
  ], [["c", "3"]]],
  "SplitRegex: the first piece need not match": [{}, [["c", "a\n1"]], [["c", "a"]], [["c", "1"]]],
  "SplitRegex .*, the default: each line is a record": [{ SplitRegex: ".*" }, [["c", "a\nb"]], [["c", "a"]], [
    ["c", "b"],
  ]],
  "PreserveOthers off, the default: other fields go": [{}, [["k", "v"], ["c", "1\n2"]], [["c", "1"]], [["c", "2"]]],
  "PreserveOthers on: other fields are copied before each piece": [
    { PreserveOthers: "true" },
    [["c", "1\n2"], ["k", "v"]],
    [["k", "v"], ["c", "1"]],
    [["k", "v"], ["c", "2"]],
  ],
  "SplitKey: empty stands for the first field": [{ SplitKey: "" }, [["any", "1\n2"]], [["any", "1"]], [["any", "2"]]],
  "SplitKey: a record without it is dropped, because its other fields are not wanted": [{}, [["k", "v"]]],
  "SplitKey: a record without it stays with PreserveOthers": [{ PreserveOthers: "true" }, [["k", "v"]], [["k", "v"]]],
});

Deno.test("a missing field is counted, and told where NoKeyError asks for it", () => {
  for (const [NoKeyError, lines] of [["true", 1], ["false", 0]] as const) {
    const one = trial({ SplitKey: "z", NoKeyError });
    assertEquals(one.run([["c", "a"]]), []);
    assertEquals(one.processor.counts, { processed: 1, missing: 1, failed: 0, dropped: 1 });
    assertEquals(one.log.lines.length, lines);
  }
});

Deno.test("EnableLogPositionMeta is refused", () => {
  assertEquals(refusals(processorSplitLogRegexOptions(), { EnableLogPositionMeta: "true" }), [
    "EnableLogPositionMeta: not supported yet",
  ]);
});
