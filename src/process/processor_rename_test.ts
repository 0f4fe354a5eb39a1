import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorRename, processorRenameOptions } from "./processor_rename.ts";

Deno.test("each field of a name is renamed where it stands", () => {
  const cases: readonly [readonly string[], readonly string[], Pairs, Pairs][] = [
    [["a"], ["x"], [["a", "1"], ["b", "2"], ["a", "3"]], [["x", "1"], ["b", "2"], ["x", "3"]]],
    // Nothing is overwritten.
    [["a"], ["b"], [["a", "1"], ["b", "2"]], [["b", "1"], ["b", "2"]]],
    // One renaming does not feed another.
    [["a", "b"], ["b", "a"], [["a", "1"], ["b", "2"]], [["b", "1"], ["a", "2"]]],
    [["a", "b"], ["a", "c"], [["a", "1"], ["b", "2"]], [["a", "1"], ["c", "2"]]],
    [["a", "a"], ["x", "y"], [["a", "1"]], [["y", "1"]]],
    [["z"], ["x"], [["a", "1"]], [["a", "1"]]],
  ];
  for (const [SourceKeys, DestKeys, record, expected] of cases) {
    const trial = new ProcessorTrial(ProcessorRename, processorRenameOptions(), { SourceKeys, DestKeys });
    assertEquals(trial.run(record), [expected]);
    assertEquals(trial.log.lines, []);
  }
});

Deno.test("a missing field is counted, and told where NoKeyError asks for it", () => {
  const given = { SourceKeys: ["a", "b"], DestKeys: ["x", "y"], NoKeyError: "true" };
  const trial = new ProcessorTrial(ProcessorRename, processorRenameOptions(), given);
  trial.run([["a", "1"]], [["a", "1"], ["b", "2"]]);
  assertEquals(trial.processor.counts, { processed: 2, missing: 1, failed: 0, dropped: 0 });
  assertEquals(trial.log.lines.length, 1);
});

Deno.test("both lists must be given and be of one length", () => {
  assertEquals(refusals(processorRenameOptions(), {}), [
    "SourceKeys: missing: must be a list of field names",
    "DestKeys: missing: must be a list of field names",
  ]);
  assertEquals(refusals(processorRenameOptions(), { SourceKeys: ["a", "b"], DestKeys: ["c"] }), [
    "DestKeys: must have as many names as SourceKeys: 2, not 1",
  ]);
});

processorCases("processor_rename", ProcessorRename, processorRenameOptions(), {}, {
  "SourceKeys and DestKeys: every occurrence is renamed where it stands": [
    { SourceKeys: ["a"], DestKeys: ["b"] },
    [["a", "1"], ["x", "2"], ["a", "3"]],
    [["b", "1"], ["x", "2"], ["b", "3"]],
  ],
  "DestKeys: a field of that name stays beside the renamed one": [
    { SourceKeys: ["a"], DestKeys: ["b"] },
    [["b", "0"], ["a", "1"]],
    [["b", "0"], ["b", "1"]],
  ],
  "SourceKeys: names may change places": [
    { SourceKeys: ["a", "b"], DestKeys: ["b", "a"] },
    [["a", "1"], ["b", "2"]],
    [["b", "1"], ["a", "2"]],
  ],
});
