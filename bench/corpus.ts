/**
 * The work that every agent gets: one container log, and what is to be known of it to check what arrives. The same seed gives the
 * same bytes.
 *
 * @module
 */
import { dirname } from "@std/path";
import { Random } from "../tests/support/random.ts";
import { type Fields, type Workload } from "./workload.ts";

const LINES_PER_WRITE = 10_000;
/** A prime, so that samples are spread over whatever repeats. */
const RECORDS_PER_SAMPLE = 997;

/** A record as it must arrive. */
export interface ExpectedRecord {
  /** As it was written. */
  readonly content: string;
  /** As they must be in the message, beside time, stream and metadata. */
  readonly fields: Fields;
  /** The times of its first and its last line. */
  readonly times: readonly [first: string, last: string];
}

/** A written log. */
export interface Corpus {
  readonly bytes: number;
  readonly lines: number;
  readonly records: number;
  /** The length of all fields of all records together, in UTF-16 code units; without time, stream and metadata. */
  readonly fieldsLength: number;
  /** The names of the fields that all records have, in order. */
  readonly keys: readonly string[];
  /** The first and the last record, the longest, and some in between, each with another content. */
  readonly samples: readonly ExpectedRecord[];
}

/** Writes at least `lineCount` lines to `path`; a record that was begun is ended. */
export async function writeCorpus(path: string, workload: Workload, lineCount: number, seed: number): Promise<Corpus> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const writer = new CorpusWriter(workload, seed);
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  while (writer.lines < lineCount) {
    const bytes = new TextEncoder().encode(writer.write(Math.min(lineCount, writer.lines + LINES_PER_WRITE)));
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
  }
  return writer.corpus((await Deno.stat(path)).size);
}

/** Makes the log's text piece by piece, and keeps the samples. */
class CorpusWriter {
  lines = 0;
  readonly #workload: Workload;
  readonly #random: Random;
  readonly #samples: ExpectedRecord[] = [];
  #records = 0;
  #fieldsLength = 0;
  #longest: ExpectedRecord = { content: "", fields: new Map(), times: ["", ""] };
  #last = this.#longest;

  constructor(workload: Workload, seed: number) {
    this.#workload = workload;
    this.#random = new Random(seed);
  }

  /** The text of further records, until there are `lineCount` lines in all. */
  write(lineCount: number): string {
    const texts: string[] = [];
    while (this.lines < lineCount) texts.push(this.#record());
    return texts.join("");
  }

  corpus(bytes: number): Corpus {
    const samples = [...new Set([...this.#samples, this.#longest, this.#last])];
    const keys = [...this.#last.fields.keys()];
    return { bytes, lines: this.lines, records: this.#records, fieldsLength: this.#fieldsLength, keys, samples };
  }

  #record(): string {
    const { content, fields, format } = this.#workload;
    const text = content(this.#records, this.#random);
    const parts = text.split("\n").map((part) => ({ part, time: format.time(this.lines++) }));
    this.#note({ content: text, fields: fields(text), times: [parts[0].time, parts[parts.length - 1].time] });
    return parts.map(({ part, time }) => format.line(time, part)).join("");
  }

  #note(record: ExpectedRecord): void {
    if (this.#records++ % RECORDS_PER_SAMPLE === 0) this.#samples.push(record);
    if (record.content.length > this.#longest.content.length) this.#longest = record;
    this.#last = record;
    for (const value of record.fields.values()) this.#fieldsLength += value.length;
  }
}
