import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorSplitChar, processorSplitCharOptions } from "./processor_split_char.ts";

function trial(given: object) {
  return new ProcessorTrial(ProcessorSplitChar, processorSplitCharOptions(), given);
}

const QUOTED = { Quote: '"', QuoteFlag: "true" };

Deno.test("SourceKey, SplitSep, SplitKeys: pieces are named in turn, and what is left over is kept", () => {
  const cases: readonly [string, object, Pairs][] = [
    ["a,b", { SplitKeys: ["x", "y"] }, [["x", "a"], ["y", "b"]]],
    ["a,b,c,d", { SplitKeys: ["x", "y"] }, [["x", "a"], ["y", "b"], ["_split_preserve_", "c,d"]]],
    ["a,b,c", { SplitKeys: ["x"], PreserveOthers: "false" }, [["x", "a"]]],
    ["a", { SplitKeys: ["x", "y"] }, [["x", "a"]]],
    ["a,", { SplitKeys: ["x", "y"] }, [["x", "a"]]],
    ["a,", { SplitKeys: ["x"] }, [["x", "a"]]],
    ["a,,", { SplitKeys: ["x"] }, [["x", "a"], ["_split_preserve_", ","]]],
    [",b", { SplitKeys: ["x", "y"] }, [["x", ""], ["y", "b"]]],
    ["", { SplitKeys: ["x"] }, []],
    ["a,b", {}, [["_split_preserve_", "a,b"]]],
    ["", {}, [["_split_preserve_", ""]]],
    ["a,b", { PreserveOthers: "false" }, []],
    ['"a,b"', { SplitKeys: ["x"], Quote: '"' }, [["x", '"a'], ["_split_preserve_", 'b"']]],
    ["a,b", { SplitKeys: ["x", "y"], KeepSource: "true" }, [["c", "a,b"], ["x", "a"], ["y", "b"]]],
  ];
  for (const [value, given, expected] of cases) {
    const result = trial({ SplitSep: ",", SourceKey: "c", ...given }).run([["c", value]]);
    assertEquals(result, [expected], JSON.stringify([value, given]));
  }
});

Deno.test("in quotes a separator is a character", () => {
  const cases: readonly [string, Pairs][] = [
    ['"a,b",c', [["x", "a,b"], ["y", "c"]]],
    ['a,"b"', [["x", "a"], ["y", "b"]]],
    ['"say ""hi""",c', [["x", 'say "hi"'], ["y", "c"]]],
    ['"",c', [["x", ""], ["y", "c"]]],
    ['""""', [["x", '"']]],
    ['a"b,c"', [["x", 'a"b'], ["y", 'c"']]],
    ['"a","b",c', [["x", "a"], ["y", "b"], ["_split_preserve_", "c"]]],
    ['"a","b","c"', [["x", "a"], ["y", "b"], ["_split_preserve_", '"c"']]],
    [",c", [["x", ""], ["y", "c"]]],
  ];
  for (const [value, expected] of cases) {
    const result = trial({ SplitSep: ",", SplitKeys: ["x", "y"], ...QUOTED }).run([["c", value]]);
    assertEquals(result, [expected], value);
  }
});

Deno.test("a wrong quote keeps the source and the pieces before it", () => {
  for (const value of ['a,"b', 'a,"b"c', 'a,"', 'a,"b"" ']) {
    const given = { SplitSep: ",", SplitKeys: ["x", "y"], ...QUOTED };
    const kept = trial(given);
    assertEquals(kept.run([["c", value]]), [[["c", value], ["x", "a"]]], value);
    assertEquals([kept.processor.counts.failed, kept.log.lines.length], [1, 1]);
    assertEquals(trial({ ...given, KeepSourceIfParseError: "false" }).run([["c", value]]), [[["x", "a"]]], value);
  }
});

Deno.test("NoKeyError, NoMatchError: what is wrong is counted, and told where they ask for it", () => {
  for (const [isTold, lines] of [["true", 2], ["false", 0]] as const) {
    const given = { SplitSep: " ", SourceKey: "c", SplitKeys: ["x", "y"], NoKeyError: isTold, NoMatchError: isTold };
    const one = trial(given);
    one.run([["c", "a"]], [["d", "a"]]);
    assertEquals([one.processor.counts, one.log.lines.length], [
      { processed: 2, missing: 1, failed: 1, dropped: 0 },
      lines,
    ]);
  }
});

Deno.test("SplitSep must be one character", () => {
  for (const SplitSep of ["", "ab", "é"]) {
    assertEquals(refusals(processorSplitCharOptions(), { SplitSep }), [
      `SplitSep: must be one ASCII character, not "${SplitSep}"`,
    ]);
  }
});

processorCases("processor_split_char", ProcessorSplitChar, processorSplitCharOptions(), {
  defaults: { SourceKey: "c", SplitSep: ",", SplitKeys: ["x", "y"] },
}, {
  "SplitKeys: pieces are named in turn": [{}, [["c", "1,2"]], [["x", "1"], ["y", "2"]]],
  "PreserveOthers on, the default: what is left over becomes _split_preserve_": [{}, [["c", "1,2,3,4"]], [
    ["x", "1"],
    ["y", "2"],
    ["_split_preserve_", "3,4"],
  ]],
  "PreserveOthers off: what is left over goes": [{ PreserveOthers: "false" }, [["c", "1,2,3"]], [
    ["x", "1"],
    ["y", "2"],
  ]],
  "QuoteFlag off, the default: a quote is a character": [{ Quote: '"' }, [["c", '"1,2"']], [["x", '"1'], ["y", '2"']]],
  "QuoteFlag and Quote: in quotes a separator is a character": [{ QuoteFlag: "true", Quote: '"' }, [["c", '"1,2",3']], [
    ["x", "1,2"],
    ["y", "3"],
  ]],
  "QuoteFlag and Quote: a quote doubled is a quote": [{ QuoteFlag: "true", Quote: "'" }, [["c", "'1''2',3"]], [
    ["x", "1'2"],
    ["y", "3"],
  ]],
  "KeepSourceIfParseError on, the default: a quote in the wrong place keeps the source": [
    { QuoteFlag: "true", Quote: '"' },
    [["c", '1,"2"3']],
    [["c", '1,"2"3'], ["x", "1"]],
  ],
  "KeepSourceIfParseError off: a quote in the wrong place loses the source": [
    { QuoteFlag: "true", Quote: '"', KeepSourceIfParseError: "false" },
    [["c", '1,"2"3']],
    [["x", "1"]],
  ],
  "KeepSource on: the source stays": [{ KeepSource: "true" }, [["c", "1"]], [["c", "1"], ["x", "1"]]],
});
