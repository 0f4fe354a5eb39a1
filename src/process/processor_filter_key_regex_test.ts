import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { ProcessorFilterKeyRegex, processorFilterKeyRegexOptions } from "./processor_filter_key_regex.ts";

Deno.test("a record stays when its names match all of Include and none of Exclude", () => {
  const cases: readonly [object, Pairs, boolean][] = [
    [{}, [["a", "1"]], true],
    [{ Include: ["req"] }, [["request", "1"]], true],
    [{ Include: "req" }, [["request", "1"]], true],
    [{ Include: ["^req$"] }, [["request", "1"]], false],
    [{ Include: ["a", "b"] }, [["a", ""], ["b", ""]], true],
    [{ Include: ["a", "b"] }, [["ab", ""]], true],
    [{ Include: ["a", "b"] }, [["a", ""]], false],
    [{ Include: ["a"] }, [], false],
    [{ Exclude: ["a"] }, [["b", ""], ["xax", ""]], false],
    [{ Exclude: ["a"] }, [["b", "a"]], true],
    [{ Include: ["a"], Exclude: ["b"] }, [["a", ""], ["b", ""]], false],
  ];
  for (const [given, record, isKept] of cases) {
    const trial = new ProcessorTrial(ProcessorFilterKeyRegex, processorFilterKeyRegexOptions(), given);
    assertEquals(trial.run(record), isKept ? [record] : [], JSON.stringify([given, record]));
    assertEquals(trial.processor.counts.processed, 1);
  }
});

Deno.test("every broken pattern is named with its place", () => {
  assertEquals(refusals(processorFilterKeyRegexOptions(), { Include: ["a", "("], Exclude: ["["] }), [
    "Include.1: not a usable regular expression: Unterminated group",
    "Exclude.0: not a usable regular expression: missing closing ]",
  ]);
});
