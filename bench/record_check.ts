/**
 * Whether what arrived is what was written. All agents must deliver the same fields, or their figures could not be compared.
 *
 * @module
 */
import type { Corpus, ExpectedRecord } from "./corpus.ts";
import { METADATA } from "./made_up_container.ts";

/** A record in the walk-through's form. */
interface Message {
  readonly Time: number;
  readonly Contents: readonly { readonly Key: string; readonly Value: string }[];
}

/**
 * Compares the values of all records, in any order, with the log that they come from: their number, the length of their contents
 * together, and each sample with all its fields.
 *
 * @throws {Error} that says what is missing or different.
 */
export async function checkRecords(corpus: Corpus, values: AsyncIterable<Uint8Array>): Promise<void> {
  const missing = new Map(corpus.samples.map((sample) => [sample.content, sample]));
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let records = 0;
  let contentLength = 0;
  for await (const value of values) {
    const { Time, Contents }: Message = JSON.parse(decoder.decode(value));
    const fields = new Map(Contents.map(({ Key, Value }) => [Key, Value]));
    const content = fields.get("content") ?? "";
    const sample = missing.get(content);
    if (sample !== undefined && missing.delete(content)) checkFields(sample, Time, fields);
    records++;
    contentLength += content.length;
  }
  checkSums(corpus, { records, contentLength, missing: [...missing.keys()] });
}

function checkSums(corpus: Corpus, { records, contentLength, missing }: {
  readonly records: number;
  readonly contentLength: number;
  readonly missing: readonly string[];
}): void {
  if (records !== corpus.records) throw new Error(`${records} records arrived where ${corpus.records} were written`);
  if (missing.length > 0) {
    throw new Error(`${missing.length} samples did not arrive as they were: ${quoted(missing[0])}`);
  }
  if (contentLength !== corpus.contentLength) {
    throw new Error(`The contents have ${contentLength} characters where ${corpus.contentLength} were written`);
  }
}

/** `_time_` may be that of the first line of a record or that of the last: agents differ in this. */
function checkFields({ content, times }: ExpectedRecord, time: unknown, fields: ReadonlyMap<string, string>): void {
  const wanted = new Map([["content", content], ["_source_", "stdout"], ...METADATA]);
  for (const [key, value] of wanted) {
    if (fields.get(key) !== value) throw new Error(`${key} is ${quoted(fields.get(key))}, not ${quoted(value)}`);
  }
  if (!times.includes(fields.get("_time_") ?? "")) {
    throw new Error(`_time_ is ${quoted(fields.get("_time_"))}, not ${times.map(quoted).join(" or ")}`);
  }
  if (typeof time !== "number") throw new Error("Time is no number");
  const further = [...fields.keys()].filter((key) => !wanted.has(key) && key !== "_time_");
  if (further.length > 0) throw new Error(`There are further fields: ${further.join(", ")}`);
}

function quoted(text: string | undefined): string {
  return JSON.stringify(text) ?? "missing";
}
