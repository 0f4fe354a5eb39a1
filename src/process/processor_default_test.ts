import { assertEquals } from "@std/assert";
import { ProcessorTrial, recordOf } from "../../tests/support/processing.ts";
import { ProcessorDefault, processorDefaultOptions } from "./processor_default.ts";

Deno.test("records go on as they are, counted", () => {
  const trial = new ProcessorTrial(ProcessorDefault, processorDefaultOptions(), {});
  const records = [recordOf([["a", "1"]], 7), recordOf([])];
  assertEquals(trial.runRecords(...structuredClone(records)), records);
  assertEquals(trial.processor.counts, { processed: 2, missing: 0, failed: 0, dropped: 0 });
});
