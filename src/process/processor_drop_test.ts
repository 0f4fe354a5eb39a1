import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorDrop, processorDropOptions } from "./processor_drop.ts";

Deno.test("every field of a name goes, the others stay in order", () => {
  const cases: readonly [unknown, Pairs, Pairs][] = [
    [["a"], [["a", "1"], ["b", "2"], ["a", "3"]], [["b", "2"]]],
    [["a", "b"], [["b", "2"], ["c", "3"]], [["c", "3"]]],
    ["a", [["a", "1"]], []],
    [["x", "x"], [["a", "1"]], [["a", "1"]]],
    [[""], [["", "1"], ["a", "2"]], [["a", "2"]]],
    [["a"], [], []],
  ];
  for (const [names, record, expected] of cases) {
    const trial = new ProcessorTrial(ProcessorDrop, processorDropOptions(), { DropKeys: names });
    assertEquals(trial.run(record), [expected]);
    assertEquals(trial.processor.counts, { processed: 1, missing: 0, failed: 0, dropped: 0 });
  }
});

Deno.test("at least one name must be given", () => {
  assertEquals(refusals(processorDropOptions(), {}), ["DropKeys: missing: must be a list of field names"]);
  assertEquals(refusals(processorDropOptions(), { DropKeys: [] }), [
    "DropKeys: must be a list of field names, at least one",
  ]);
});

processorCases("processor_drop", ProcessorDrop, processorDropOptions(), {}, {
  "DropKeys: all occurrences go, the others keep their order": [
    { DropKeys: ["a", "b"] },
    [["a", "1"], ["x", "2"], ["a", "3"], ["b", "4"], ["y", "5"]],
    [["x", "2"], ["y", "5"]],
  ],
  "DropKeys: a record may be left without fields": [{ DropKeys: ["a"] }, [["a", "1"]], []],
});
