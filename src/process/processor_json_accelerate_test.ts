import { assertEquals } from "@std/assert";
import { ProcessorTrial } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorJsonAccelerate, processorJsonAccelerateOptions } from "./processor_json_accelerate.ts";

const NOW_MS = Date.parse("2022-07-13T16:00:00Z");
const SETTING = { nowMs: NOW_MS, showsTime: true };

processorCases("processor_json_accelerate", ProcessorJsonAccelerate, processorJsonAccelerateOptions(), SETTING, {
  "content: members become fields, one level deep": [{}, [["content", '{"a":{"b": 1},"d":null}']], [["Time", "1"], [
    "a",
    '{"b":1}',
  ], ["d", ""]]],
  "DiscardUnmatch off: a broken record's source is __raw_log__": [{ DiscardUnmatch: "false" }, [["content", "{"]], [
    ["Time", "1"],
    ["__raw_log__", "{"],
  ]],
  "TimeKey and TimeFormat: a field is the record's time": [
    { TimeKey: "at", TimeFormat: "%s" },
    [["content", '{"at":1657727154}']],
    [["Time", "1657727154"], ["at", "1657727154"]],
  ],
  "TimeFormat without TimeKey: the record keeps its time": [
    { TimeFormat: "%s" },
    [["content", '{"time":1657727154}']],
    [
      ["Time", "1"],
      ["time", "1657727154"],
    ],
  ],
  "FilterKey and FilterRegex: other records are dropped": [
    { FilterKey: ["a"], FilterRegex: ["1"] },
    [["content", '{"a":12}']],
  ],
});

Deno.test("a broken record is dropped by default, whatever is left of it", () => {
  const trial = new ProcessorTrial(ProcessorJsonAccelerate, processorJsonAccelerateOptions(), {});
  assertEquals(trial.run([["content", "{"], ["k", "v"]]), []);
  assertEquals(trial.processor.counts, { processed: 1, missing: 0, failed: 1, dropped: 1 });
});
