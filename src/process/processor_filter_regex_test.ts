import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorFilterRegex, processorFilterRegexOptions } from "./processor_filter_regex.ts";

Deno.test("a record stays when its fields match all of Include and none of Exclude", () => {
  const cases: readonly [object, Pairs, boolean][] = [
    [{}, [["a", "1"]], true],
    [{ Include: { a: "1" } }, [["a", "213"]], true],
    [{ Include: { a: "^1$" } }, [["a", "213"]], false],
    [{ Include: { a: "1" } }, [["b", "1"]], false],
    [{ Include: { a: "1", b: "2" } }, [["a", "1"], ["b", "2"]], true],
    [{ Include: { a: "1", b: "2" } }, [["a", "1"], ["b", "3"]], false],
    [{ Include: { a: "1", b: "2" } }, [["a", "1"]], false],
    [{ Include: { a: "1" } }, [["a", "1"], ["a", "2"]], false],
    [{ Include: { a: "1", b: "2" } }, [["a", "1"], ["a", "1"]], false],
    [{ Exclude: { a: "1" } }, [["a", "1"]], false],
    [{ Exclude: { a: "1" } }, [["a", "2"], ["a", "1"]], false],
    [{ Exclude: { a: "1" } }, [["b", "1"]], true],
    [{ Exclude: { a: "" } }, [["a", "any"]], false],
    [{ Include: { a: "x" }, Exclude: { b: "y" } }, [["a", "x"], ["b", "y"]], false],
    [{ Include: { a: "x" }, Exclude: { b: "y" } }, [["a", "x"], ["b", "z"]], true],
    [{ Include: { a: "a.b" } }, [["a", "a\nb"]], false],
    [{ Include: { a: "(?i)error" } }, [["a", "an ERROR"]], true],
  ];
  for (const [given, record, isKept] of cases) {
    const trial = new ProcessorTrial(ProcessorFilterRegex, processorFilterRegexOptions(), given);
    assertEquals(trial.run(record), isKept ? [record] : [], JSON.stringify([given, record]));
  }
});

Deno.test("records that stay keep their order", () => {
  const trial = new ProcessorTrial(ProcessorFilterRegex, processorFilterRegexOptions(), { Include: { n: "[13]" } });
  assertEquals(trial.run([["n", "1"]], [["n", "2"]], [["n", "3"]]), [[["n", "1"]], [["n", "3"]]]);
  assertEquals(trial.processor.counts.processed, 3);
});

Deno.test("every broken pattern is named with its field", () => {
  const given = { Include: { a: "(", b: "ok" }, Exclude: { c: "[" } };
  assertEquals(refusals(processorFilterRegexOptions(), given), [
    "Include.a: not a usable regular expression: Unterminated group",
    "Exclude.c: not a usable regular expression: missing closing ]",
  ]);
});

processorCases("processor_filter_regex", ProcessorFilterRegex, processorFilterRegexOptions(), {}, {
  "Include: every field must be there and match": [{ Include: { a: "1", b: "2" } }, [["a", "1"], ["b", "2"]], [
    ["a", "1"],
    ["b", "2"],
  ]],
  "Include: a field that does not match drops the record": [{ Include: { a: "^1$" } }, [["a", "12"]]],
  "Include: a missing field drops the record": [{ Include: { a: "1" } }, [["b", "1"]]],
  "Include: a pattern may match anywhere": [{ Include: { a: "1" } }, [["a", "213"]], [["a", "213"]]],
  "Exclude: a field that matches drops the record": [{ Exclude: { a: "1" } }, [["a", "213"]]],
  "Exclude: a missing field keeps the record": [{ Exclude: { a: "1" } }, [["b", "1"]], [["b", "1"]]],
  "neither: every record stays": [{}, [["a", "1"]], [["a", "1"]]],
});
