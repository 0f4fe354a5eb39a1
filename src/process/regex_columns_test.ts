import { assert, assertEquals } from "@std/assert";
import { testKernel } from "../../tests/support/kernel.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import type { Field } from "../core/batch.ts";
import { parseRegex } from "../core/regex.ts";
import { ProcessorReport } from "./processor_report.ts";
import { RegexColumns } from "./regex_columns.ts";

const FIELDS: readonly Field[] = [{ name: "content", column: 0, escape: true }];
const OPTIONS = {
  regex: parseRegex("^((.*))$", "s"),
  keys: ["a", "b"],
  sourceKey: "content",
  fullMatch: false,
  noKeyError: false,
  noMatchError: true,
  keepSource: true,
  keepSourceIfParseError: true,
};

Deno.test("a row whose groups are together more than a slot takes is left to texts, with all of its batch, and not counted", () => {
  const kernel = testKernel();
  for (const [bytes, isColumns] of [[40_000, true], [140_000, false]] as const) {
    const report = new ProcessorReport("processor_regex", new RecordingLog());
    const columns = RegexColumns.tryMake(OPTIONS, kernel.columns, report);
    assert(columns !== undefined);
    const lines = new TextEncoder().encode(`short\n${'"'.repeat(bytes)}\n`);
    kernel.chunk.set(lines);
    const rows = kernel.decodeLines(lines.length);
    const runs = columns.process([{ fields: FIELDS, rowFrom: 0, rowTo: rows }]);
    assertEquals(
      runs?.map(({ fields }) => fields.map(({ name }) => name)),
      isColumns ? [["content", "a", "b"]] : undefined,
    );
    assertEquals(report.counts.processed, isColumns ? rows : 0);
  }
});
