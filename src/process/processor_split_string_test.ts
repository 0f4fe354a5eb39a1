import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorSplitString, processorSplitStringOptions } from "./processor_split_string.ts";

function trial(given: object) {
  return new ProcessorTrial(ProcessorSplitString, processorSplitStringOptions(), given);
}

Deno.test("pieces are named in turn, and what is left over is kept", () => {
  const expand = { ExpandOthers: "true", ExpandKeyPrefix: "e_" };
  const cases: readonly [string, object, Pairs][] = [
    ["a|#|b", { SplitKeys: ["x", "y"] }, [["x", "a"], ["y", "b"]]],
    ["a|#|b|#|c|#|d", { SplitKeys: ["x", "y"] }, [["x", "a"], ["y", "b"], ["_split_preserve_", "c|#|d"]]],
    ["a|#|b|#|c|#|d", { SplitKeys: ["x"], ...expand }, [["x", "a"], ["e_1", "b"], ["e_2", "c"], ["e_3", "d"]]],
    ["a|#|b|#|c", { SplitKeys: ["x"], PreserveOthers: "false" }, [["x", "a"]]],
    ["a|#|b|#|c", { SplitKeys: ["x"], PreserveOthers: "false", ...expand }, [["x", "a"]]],
    ["a|#|b", { SplitKeys: ["x", "y", "z"] }, [["x", "a"], ["y", "b"]]],
    ["a|#|", { SplitKeys: ["x", "y"] }, [["x", "a"], ["y", ""]]],
    ["", { SplitKeys: ["x"] }, [["x", ""]]],
    ["a|#|b", {}, [["_split_preserve_", "a|#|b"]]],
    ["a|#|b", expand, [["e_1", "a"], ["e_2", "b"]]],
    ["a|#|b", { PreserveOthers: "false" }, []],
    ["a", { SplitKeys: ["x"], KeepSource: "true" }, [["c", "a"], ["x", "a"]]],
    ["a|#|b", { SplitKeys: ["c", "c"] }, [["c", "a"], ["c", "b"]]],
    ["a\nb", { SplitKeys: ["x", "y"], SplitSep: "\n" }, [["x", "a"], ["y", "b"]]],
  ];
  for (const [value, given, expected] of cases) {
    const result = trial({ SplitSep: "|#|", SourceKey: "c", ...given }).run([["c", value]]);
    assertEquals(result, [expected], JSON.stringify([value, given]));
  }
});

Deno.test("by default lines of the first field are split", () => {
  assertEquals(trial({ SplitKeys: ["x"] }).run([["a", "1\n2\n3"], ["b", "4"]]), [[
    ["b", "4"],
    ["x", "1"],
    ["_split_preserve_", "2\n3"],
  ]]);
});

Deno.test("NoKeyError, NoMatchError: what is wrong is counted, and told where they ask for it", () => {
  for (const [isTold, lines] of [["true", 2], ["false", 0]] as const) {
    const one = trial({ SourceKey: "c", SplitKeys: ["x", "y"], NoKeyError: isTold, NoMatchError: isTold });
    one.run([["c", "a"]], [["d", "a"]]);
    assertEquals([one.processor.counts, one.log.lines.length], [
      { processed: 2, missing: 1, failed: 1, dropped: 0 },
      lines,
    ]);
  }
});

Deno.test("an empty separator is refused", () => {
  assertEquals(refusals(processorSplitStringOptions(), { SplitSep: "" }), ["SplitSep: must not be empty"]);
});

processorCases("processor_split_string", ProcessorSplitString, processorSplitStringOptions(), {
  defaults: { SourceKey: "c", SplitSep: ",", SplitKeys: ["x", "y"] },
}, {
  "SplitKeys: pieces are named in turn": [{}, [["c", "1,2"]], [["x", "1"], ["y", "2"]]],
  "SplitKeys: with fewer pieces the last names have no field": [{}, [["c", "1"]], [["x", "1"]]],
  "SplitSep newline, the default": [{ SplitSep: "\n" }, [["c", "1\n2"]], [["x", "1"], ["y", "2"]]],
  "SplitSep: several characters": [{ SplitSep: "||" }, [["c", "1||2|3"]], [["x", "1"], ["y", "2|3"]]],
  "PreserveOthers on, the default: what is left over becomes _split_preserve_": [{}, [["c", "1,2,3,4"]], [
    ["x", "1"],
    ["y", "2"],
    ["_split_preserve_", "3,4"],
  ]],
  "PreserveOthers off: what is left over goes": [{ PreserveOthers: "false" }, [["c", "1,2,3"]], [
    ["x", "1"],
    ["y", "2"],
  ]],
  "ExpandOthers and ExpandKeyPrefix: what is left over becomes fields, numbered from 1": [
    { ExpandOthers: "true", ExpandKeyPrefix: "e_" },
    [["c", "1,2,3,4"]],
    [["x", "1"], ["y", "2"], ["e_1", "3"], ["e_2", "4"]],
  ],
  "KeepSource on: the source stays": [{ KeepSource: "true" }, [["c", "1"]], [["c", "1"], ["x", "1"]]],
  "KeepSource off, the default: the source goes": [{}, [["c", "1"]], [["x", "1"]]],
  "SourceKey: empty stands for the first field": [{ SourceKey: "" }, [["any", "1"]], [["x", "1"]]],
});
