import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { ProcessorPickKey, processorPickKeyOptions } from "./processor_pick_key.ts";

Deno.test("fields are picked by name, and an empty record is dropped", () => {
  const record: Pairs = [["a", "1"], ["b", "2"], ["a", "3"], ["c", "4"]];
  const cases: readonly [object, Pairs[]][] = [
    [{}, [record]],
    [{ Include: ["a"] }, [[["a", "1"], ["a", "3"]]]],
    [{ Include: ["c", "a"] }, [[["a", "1"], ["a", "3"], ["c", "4"]]]],
    [{ Exclude: ["a"] }, [[["b", "2"], ["c", "4"]]]],
    [{ Include: ["a", "b"], Exclude: ["a"] }, [[["b", "2"]]]],
    [{ Include: ["z"] }, []],
    [{ Exclude: ["a", "b", "c"] }, []],
    [{ Include: "b" }, [[["b", "2"]]]],
  ];
  for (const [given, expected] of cases) {
    const trial = new ProcessorTrial(ProcessorPickKey, processorPickKeyOptions(), given);
    assertEquals(trial.run(record), expected, JSON.stringify(given));
    assertEquals(trial.processor.counts.processed, 1);
  }
});

Deno.test("names must be texts", () => {
  assertEquals(refusals(processorPickKeyOptions(), { Include: { a: "b" } }), [
    "Include: must be a list of field names, not a map",
  ]);
});
