/**
 * The work that every agent gets: one container log, and what is to be known of it to check what arrives. The same seed gives the
 * same bytes.
 *
 * @module
 */
import { dirname } from "@std/path";
import { Random } from "../tests/support/random.ts";
import { type Fields, type Workload } from "./workload.ts";

const BYTES_PER_WRITE = 1_000_000;
/** A prime, so that samples are spread over whatever repeats. */
const RECORDS_PER_SAMPLE = 97;

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

/** Writes at least `bytesMin` bytes to `path`, in whole records. */
export async function writeCorpus(path: string, workload: Workload, bytesMin: number, seed: number): Promise<Corpus> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const writer = new CorpusWriter(workload, seed);
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  let size = 0;
  while (size < bytesMin) {
    const bytes = new TextEncoder().encode(writer.write(Math.min(BYTES_PER_WRITE, bytesMin - size)));
    await writeAll(file, bytes);
    size += bytes.length;
  }
  return writer.corpus(size);
}

/** Writes the bytes of the file `from` to `to`, `times` times in a row. */
export async function repeatCorpus(from: string, to: string, times: number): Promise<void> {
  await Deno.mkdir(dirname(to), { recursive: true });
  const bytes = await Deno.readFile(from);
  using file = await Deno.open(to, { write: true, create: true, truncate: true });
  for (let written = 0; written < times; written++) await writeAll(file, bytes);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}

/** A line as the runtime cuts it: all pieces but the last are partial. */
function piecesOf(line: string, length: number): { readonly text: string; readonly isPartial: boolean }[] {
  if (line.length <= length) return [{ text: line, isPartial: false }];
  return [{ text: line.slice(0, length), isPartial: true }, ...piecesOf(line.slice(length), length)];
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

  /** The text of further records, of at least `lengthMin` characters. */
  write(lengthMin: number): string {
    const texts: string[] = [];
    for (let length = 0; length < lengthMin; length += texts[texts.length - 1].length) texts.push(this.#record());
    return texts.join("");
  }

  corpus(bytes: number): Corpus {
    const samples = [...new Set([...this.#samples, this.#longest, this.#last])];
    const keys = [...this.#last.fields.keys()];
    return { bytes, lines: this.lines, records: this.#records, fieldsLength: this.#fieldsLength, keys, samples };
  }

  #record(): string {
    const { content, fields, format, pieceLength = Infinity } = this.#workload;
    const text = content(this.#records, this.#random);
    const parts = text.split("\n").flatMap((line) => piecesOf(line, pieceLength))
      .map((piece) => ({ ...piece, time: format.time(this.lines++) }));
    this.#note({ content: text, fields: fields(text), times: [parts[0].time, parts[parts.length - 1].time] });
    return parts.map(({ text, isPartial, time }) => format.line(time, text, isPartial)).join("");
  }

  #note(record: ExpectedRecord): void {
    if (this.#records++ % RECORDS_PER_SAMPLE === 0) this.#samples.push(record);
    if (record.content.length > this.#longest.content.length) this.#longest = record;
    this.#last = record;
    for (const value of record.fields.values()) this.#fieldsLength += value.length;
  }
}
