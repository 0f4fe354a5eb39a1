import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { ProcessorSplitLogRegex, processorSplitLogRegexOptions } from "./processor_split_log_regex.ts";

function trial(given: object) {
  return new ProcessorTrial(ProcessorSplitLogRegex, processorSplitLogRegexOptions, given);
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
  assertEquals(refusals(processorSplitLogRegexOptions, { SplitRegex: "(" }), [
    "SplitRegex: not a usable regular expression: Unterminated group",
  ]);
});
