/**
 * Whether what arrived is what was written. All agents must deliver the same fields, or their figures could not be compared.
 *
 * @module
 */
import type { Corpus, ExpectedRecord } from "./corpus.ts";
import { METADATA } from "./made_up_container.ts";
import { type Message, tutorialMessage } from "./message.ts";
import type { Fields } from "./workload.ts";

/**
 * Compares the values of all records, in any order, with the log that they come from: their number, the length of their fields
 * together, and each sample with all its fields.
 *
 * @throws {Error} that says what is missing or different.
 */
export async function checkRecords(
  corpus: Corpus,
  values: AsyncIterable<Uint8Array>,
  read: (text: string) => Message = tutorialMessage,
): Promise<void> {
  const missing = new Map(corpus.samples.map((sample) => [textOf(corpus, sample.fields), sample]));
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let records = 0;
  let fieldsLength = 0;
  for await (const value of values) {
    const { fields, time } = read(decoder.decode(value));
    const text = textOf(corpus, fields);
    const sample = missing.get(text);
    if (sample !== undefined && missing.delete(text)) checkFields(sample, time, fields);
    records++;
    fieldsLength += text.length - corpus.keys.length + 1;
  }
  checkSums(corpus, { records, fieldsLength, missing: [...missing.keys()] });
}

function checkSums(corpus: Corpus, { records, fieldsLength, missing }: {
  readonly records: number;
  readonly fieldsLength: number;
  readonly missing: readonly string[];
}): void {
  if (records !== corpus.records) throw new Error(`${records} records arrived where ${corpus.records} were written`);
  if (missing.length > 0) {
    throw new Error(`${missing.length} samples did not arrive as they were: ${quoted(missing[0])}`);
  }
  if (fieldsLength !== corpus.fieldsLength) {
    throw new Error(`The fields have ${fieldsLength} characters where ${corpus.fieldsLength} were written`);
  }
}

/** The fields in the order of the log, with a character in between that none has. */
function textOf({ keys }: Corpus, fields: Fields): string {
  return keys.map((key) => fields.get(key) ?? "").join("\0");
}

/** `_time_` may be that of the first line of a record or that of the last: agents differ in this. */
function checkFields({ fields: expected, times }: ExpectedRecord, time: unknown, fields: Fields): void {
  const wanted = new Map([...expected, ["_source_", "stdout"], ...METADATA]);
  for (const [key, value] of wanted) {
    if (fields.get(key) !== value) throw new Error(`${key} is ${quoted(fields.get(key))}, not ${quoted(value)}`);
  }
  if (!times.includes(fields.get("_time_") ?? "")) {
    throw new Error(`_time_ is ${quoted(fields.get("_time_"))}, not ${times.map(quoted).join(" or ")}`);
  }
  if (time !== undefined && typeof time !== "number") throw new Error("Time is no number");
  const further = [...fields.keys()].filter((key) => !wanted.has(key) && key !== "_time_");
  if (further.length > 0) throw new Error(`There are further fields: ${further.join(", ")}`);
}

function quoted(text: string | undefined): string {
  return JSON.stringify(text) ?? "missing";
}
