import { assertEquals } from "@std/assert";
import { refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorDelimiterAccelerate, processorDelimiterAccelerateOptions } from "./processor_delimiter_accelerate.ts";

const NAME = "processor_delimiter_accelerate";
const SETTING = { defaults: { Separator: ",", ColumnKeys: ["x", "y"] } };

processorCases(NAME, ProcessorDelimiterAccelerate, processorDelimiterAccelerateOptions(), SETTING, {
  "ColumnKeys: columns are named in turn": [{}, [["content", "1,2"]], [["x", "1"], ["y", "2"]]],
  "ColumnKeys: surplus columns are __column<i>__ each": [{}, [["content", "1,2,3"]], [["x", "1"], ["y", "2"], [
    "__column2__",
    "3",
  ]]],
  "Separator: a character as 0x01": [{ Separator: "0x01" }, [["content", "1\x012"]], [["x", "1"], ["y", "2"]]],
  "Separator: a tab as \\t": [{ Separator: "\\t" }, [["content", "1\t2"]], [["x", "1"], ["y", "2"]]],
  "Quote: a separator in quotes is a character": [{ Quote: "0x27" }, [["content", "'1,0',2"]], [["x", "1,0"], [
    "y",
    "2",
  ]]],
  "AcceptNoEnoughKeys off, the default: fewer columns than names is a failure": [{}, [["content", "1"]]],
  "AcceptNoEnoughKeys on: the last names have no field": [{ AcceptNoEnoughKeys: "true" }, [["content", "1"]], [
    ["x", "1"],
  ]],
  "DiscardUnmatch off: a broken record's source is __raw_log__": [{ DiscardUnmatch: "false" }, [["content", "1"]], [
    ["__raw_log__", "1"],
  ]],
});

Deno.test("options that cannot be are refused", () => {
  assertEquals(refusals(processorDelimiterAccelerateOptions(), { Quote: "ab" }), [
    "Separator: missing: must be text",
    "Quote: must be one character",
    "ColumnKeys: missing: must be a list of field names",
  ]);
});
