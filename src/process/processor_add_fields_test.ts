import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorAddFields, processorAddFieldsOptions } from "./processor_add_fields.ts";

Deno.test("fields come last, beside an existing one or not at all", () => {
  const cases: readonly [object, Pairs, Pairs][] = [
    [{ Fields: { x: "1", y: "" } }, [["a", "0"]], [["a", "0"], ["x", "1"], ["y", ""]]],
    [{ Fields: { a: "1" } }, [["a", "0"]], [["a", "0"], ["a", "1"]]],
    [{ Fields: { a: "1", b: "2" }, IgnoreIfExist: "true" }, [["a", "0"]], [["a", "0"], ["b", "2"]]],
    [{ Fields: { a: "1" } }, [], [["a", "1"]]],
  ];
  for (const [given, record, expected] of cases) {
    const trial = new ProcessorTrial(ProcessorAddFields, processorAddFieldsOptions(), given);
    assertEquals(trial.run(record), [expected]);
  }
});

Deno.test("records do not share a field", () => {
  const trial = new ProcessorTrial(ProcessorAddFields, processorAddFieldsOptions(), { Fields: { x: "1" } });
  const [first, second] = trial.runRecords({ seconds: 1, fields: [] }, { seconds: 2, fields: [] });
  first.fields[0].value = "changed";
  assertEquals(second.fields, [{ name: "x", value: "1" }]);
});

Deno.test("at least one field must be given", () => {
  assertEquals(refusals(processorAddFieldsOptions(), {}), ["Fields: missing: must be a map of names and texts"]);
  assertEquals(refusals(processorAddFieldsOptions(), { Fields: {} }), ["Fields: must not be empty"]);
});

processorCases("processor_add_fields", ProcessorAddFields, processorAddFieldsOptions(), {
  defaults: { Fields: { a: "1", b: "2" } },
}, {
  "Fields: come last": [{}, [["x", "0"]], [["x", "0"], ["a", "1"], ["b", "2"]]],
  "IgnoreIfExist off, the default: one of the same name is another one": [{}, [["a", "0"]], [
    ["a", "0"],
    ["a", "1"],
    ["b", "2"],
  ]],
  "IgnoreIfExist on: one of the same name stays alone": [{ IgnoreIfExist: "true" }, [["a", "0"]], [
    ["a", "0"],
    ["b", "2"],
  ]],
});
