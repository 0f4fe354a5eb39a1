import { assert, assertEquals } from "@std/assert";
import { ProcessorTrial } from "../../tests/support/processing.ts";
import { ProcessorFilterRegex, processorFilterRegexOptions } from "./processor_filter_regex.ts";
import { ProcessorRegex, processorRegexOptions } from "./processor_regex.ts";

/** So many alternatives are remembered on the way that V8's stack for patterns is not enough. */
const HUNGRY = "^((?:a|b)*)$";
const HUGE = "a".repeat(20_000_000);

Deno.test("a pattern that needs more stack than there is leaves the record as it is, counted and told", () => {
  const changer = new ProcessorTrial(ProcessorRegex, processorRegexOptions, { Regex: HUNGRY, Keys: ["x"] });
  const [fields] = changer.run([["c", HUGE]]);
  assert(fields.length === 1 && fields[0][0] === "c" && fields[0][1].length === HUGE.length);
  assertEquals([changer.processor.counts.failed, changer.log.lines.length], [1, 1]);
  const filter = new ProcessorTrial(ProcessorFilterRegex, processorFilterRegexOptions, { Include: { c: HUNGRY } });
  assertEquals(filter.run([["c", HUGE]], [["c", "x"]], [["c", "ab"]]).length, 2);
  assertEquals(filter.processor.counts, { processed: 3, missing: 0, failed: 1 });
});
