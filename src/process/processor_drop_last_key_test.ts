import { assertEquals } from "@std/assert";
import { refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorDropLastKey, processorDropLastKeyOptions } from "./processor_drop_last_key.ts";

const SETTING = { defaults: { DropKey: "content", Include: ["a", "b"] } };

processorCases("processor_drop_last_key", ProcessorDropLastKey, processorDropLastKeyOptions(), SETTING, {
  "Include: one of the fields is enough for DropKey to go": [{}, [["content", "1"], ["b", "2"]], [["b", "2"]]],
  "Include: without any of the fields the record stays as it is": [{}, [["content", "1"], ["d", "2"]], [
    ["content", "1"],
    ["d", "2"],
  ]],
  "DropKey: only the first field of the name goes": [{}, [["content", "1"], ["a", "2"], ["content", "3"]], [
    ["a", "2"],
    ["content", "3"],
  ]],
  "DropKey: a record without it stays as it is": [{}, [["a", "2"]], [["a", "2"]]],
  "DropKey: may be one of Include": [{ Include: ["content"] }, [["content", "1"], ["d", "2"]], [["d", "2"]]],
});

Deno.test("both must be given", () => {
  assertEquals(refusals(processorDropLastKeyOptions(), { DropKey: "" }), [
    "DropKey: must not be empty",
    "Include: missing: must be a list of field names",
  ]);
});
