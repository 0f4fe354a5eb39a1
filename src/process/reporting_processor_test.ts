import { assertEquals } from "@std/assert";
import { ProcessorTrial } from "../../tests/support/processing.ts";
import { ProcessorFilterRegex, processorFilterRegexOptions } from "./processor_filter_regex.ts";
import { ProcessorRegex, processorRegexOptions } from "./processor_regex.ts";

/** Look-ahead is only done in values of moderate size. */
const LOOKING_AHEAD = "^(a+)(?!b)";
const HUGE = "a".repeat(1_000_000);

Deno.test("a value that is too large for a pattern leaves the record as it is, counted and told", () => {
  const given = { Regex: LOOKING_AHEAD, Keys: ["x"] };
  const changer = new ProcessorTrial(ProcessorRegex, processorRegexOptions(), given);
  assertEquals(changer.run([["c", HUGE]], [["c", "aa"]]), [[["c", HUGE]], [["x", "aa"]]]);
  assertEquals(changer.processor.counts, { processed: 2, missing: 0, failed: 1, dropped: 0 });
  assertEquals(changer.log.lines.length, 1);
});

Deno.test("a filter keeps a record whose value is too large for its pattern", () => {
  const given = { Include: { c: LOOKING_AHEAD } };
  const filter = new ProcessorTrial(ProcessorFilterRegex, processorFilterRegexOptions(), given);
  assertEquals(filter.run([["c", HUGE]], [["c", "x"]], [["c", "aa"]]), [[["c", HUGE]], [["c", "aa"]]]);
  assertEquals(filter.processor.counts, { processed: 3, missing: 0, failed: 1, dropped: 1 });
});
