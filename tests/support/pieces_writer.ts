/**
 * A container that writes without pause on both streams: numbered records, many of them in pieces that alternate with those of the other
 * stream, in bursts that end in the middle of a line.
 *
 * @module
 */
import type { MadeUpContainer } from "./made_up_node.ts";
import type { Random } from "./random.ts";

const HEAD = "2022-07-13T23:45:54.976593653+08:00";
const STREAMS = ["stdout", "stderr"] as const;
type StreamName = typeof STREAMS[number];
/** One record in so many comes in pieces. */
const PIECES_EVERY = 8;

/** What a container has written. */
export class PiecesWriter {
  /** The number of records of each stream whose end was written. */
  readonly counts: Record<StreamName, number> = { stdout: 0, stderr: 0 };
  readonly #log: MadeUpContainer;
  readonly #random: Random;
  readonly #pieces: Record<StreamName, string[]> = { stdout: [], stderr: [] };
  /** What of the last burst was held back. */
  #rest = "";

  constructor(log: MadeUpContainer, random: Random) {
    this.#log = log;
    this.#random = random;
  }

  /** Writes so many lines, the last of them not to its end. */
  burst(lines: number): void {
    let text = this.#rest;
    for (let count = 0; count < lines; count++) text += this.#line(this.#random.pick(STREAMS));
    const cut = text.length - this.#random.integer(0, 60);
    this.#rest = text.slice(cut);
    this.#write(text.slice(0, cut));
  }

  /** Ends what was begun. */
  finish(): void {
    let text = this.#rest;
    this.#rest = "";
    for (const stream of STREAMS) while (this.#pieces[stream].length > 0) text += this.#line(stream);
    this.#write(text);
  }

  /** Ends the line that was begun, though not the record, and has the log rotated. */
  rotate(): void {
    this.#write(this.#rest);
    this.#rest = "";
    this.#log.rotate();
  }

  #line(stream: StreamName): string {
    const pieces = this.#pieces[stream];
    if (pieces.length === 0) pieces.push(...this.#nextRecord(stream));
    const piece = pieces.shift()!;
    return `${HEAD} ${stream} ${pieces.length > 0 ? "P" : "F"} ${piece}\n`;
  }

  #nextRecord(stream: StreamName): string[] {
    const number = this.counts[stream]++;
    const text = recordText(stream, number);
    if (this.#random.integer(1, PIECES_EVERY) > 1) return [text];
    const cut = this.#random.integer(1, text.length - 1);
    return [text.slice(0, cut), text.slice(cut)];
  }

  #write(text: string): void {
    this.#log.write(new TextEncoder().encode(text));
  }
}

/** The text of a record. */
export function recordText(stream: string, number: number): string {
  return `${stream} ${String(number).padStart(8, "0")} ${"x".repeat((number * 7919) % 90)}.`;
}

/**
 * Holds what a consumer has read against what was written.
 *
 * @returns how many records are missing, came more than once, or are none that was written.
 */
export function compareRecords(
  texts: Iterable<string>,
  counts: Readonly<Record<string, number>>,
): { readonly missing: number; readonly repeated: number; readonly unknown: number } {
  const times = new Map(Object.entries(counts).map(([stream, count]) => [stream, new Uint16Array(count)]));
  let unknown = 0;
  for (const text of texts) {
    const [, stream, number] = /^(std\w+) (\d{8}) /.exec(text) ?? [];
    const of = times.get(stream);
    if (of === undefined || Number(number) >= of.length || text !== recordText(stream, Number(number))) unknown++;
    else of[Number(number)]++;
  }
  const all = [...times.values()];
  const count = (isIt: (times: number) => boolean) => all.reduce((sum, of) => sum + of.filter(isIt).length, 0);
  return { missing: count((times) => times === 0), repeated: count((times) => times > 1), unknown };
}
