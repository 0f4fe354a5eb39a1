import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { ProcessorCsv, processorCsvOptions } from "./processor_csv.ts";

function trial(given: object) {
  return new ProcessorTrial(ProcessorCsv, processorCsvOptions(), { SplitKeys: ["x", "y"], ...given });
}

Deno.test("the fields of a line are named in turn", () => {
  const cases: readonly [string, object, Pairs][] = [
    ['a,"b,c"', {}, [["x", "a"], ["y", "b,c"]]],
    ["a;b", { SplitSep: ";" }, [["x", "a"], ["y", "b"]]],
    [" a, b", { TrimLeadingSpace: "true" }, [["x", "a"], ["y", "b"]]],
    ["a,b", { KeepSource: "true" }, [["c", "a,b"], ["x", "a"], ["y", "b"]]],
    ["a", {}, [["x", "a"]]],
    ["", {}, [["x", ""]]],
    ["a,b,c,d", {}, [["x", "a"], ["y", "b"]]],
    ['a,b,c,"d,e"', { PreserveOthers: "true" }, [["x", "a"], ["y", "b"], ["_decode_preserve_", 'c,"d,e"']]],
    ['a,b,c,"d,e"', { PreserveOthers: "true", ExpandOthers: "true", ExpandKeyPrefix: "e" }, [
      ["x", "a"],
      ["y", "b"],
      ["e1", "c"],
      ["e2", "d,e"],
    ]],
    ["a,b", { SplitKeys: [], PreserveOthers: "true" }, [["_decode_preserve_", "a,b"]]],
    ["a,b", { SplitKeys: [] }, []],
    ['a,"b', {}, [["c", 'a,"b']]],
    ["a\nb", {}, [["c", "a\nb"]]],
  ];
  for (const [value, given, expected] of cases) {
    assertEquals(trial({ SourceKey: "c", ...given }).run([["c", value]]), [expected], JSON.stringify([value, given]));
  }
});

Deno.test("what is wrong is counted and told", () => {
  const one = trial({ SourceKey: "c", NoKeyError: "true" });
  one.run([["c", '"']], [["c", "a"]], [["d", "1"]]);
  assertEquals([one.processor.counts, one.log.lines.length], [{ processed: 3, missing: 1, failed: 2, dropped: 0 }, 3]);
});

Deno.test("the separator must be one character that is no quote", () => {
  for (const SplitSep of ["", ",,", '"', "\n"]) {
    assertEquals(refusals(processorCsvOptions(), { SplitSep }), [
      `SplitSep: must be one character, no quote, not "${SplitSep}"`,
    ]);
  }
});
