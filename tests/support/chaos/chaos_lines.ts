/**
 * The numbered lines of a chaos run: how they are written, how they are found in logs and messages, and how often each has come.
 *
 * @module
 */

/** A line is as long as usual ones are; the word after the number tells that the number is whole. */
const PADDING = "GET /api/v1/namespaces/default/items?limit=500 200 0.031";
const LINE = /([a-z][a-z0-9]*) (\d{8}) whole/;
const NUMBER_DIGITS = 8;

/** Lines `from` to `to`, exclusively, of a writer, each with its newline. The name must be of small letters and digits. */
export function chaosLines(writer: string, from: number, to: number): string {
  const lines: string[] = [];
  for (let number = from; number < to; number++) {
    lines.push(`${writer} ${String(number).padStart(NUMBER_DIGITS, "0")} whole ${PADDING}\n`);
  }
  return lines.join("");
}

/** How often which line is there. */
export class LineCounts {
  readonly #counts = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Texts without a whole number: what was cut when its writer was killed. */
  others = 0;

  /** Takes a text that holds one line or none. */
  add(text: string): void {
    const match = LINE.exec(text);
    if (match === null) return void this.others++;
    const [, writer, digits] = match;
    const number = Number(digits);
    const counts = this.#room(writer, number);
    if (counts[number] < 255) counts[number]++;
  }

  /** Takes the lines of a writer up to a number, exclusively. */
  addAll(writer: string, count: number): void {
    if (count > 0) this.#room(writer, count - 1).fill(1, 0, count);
  }

  count(writer: string, number: number): number {
    return this.#counts.get(writer)?.[number] ?? 0;
  }

  /** Number of lines that are there, each counted once. */
  get lines(): number {
    return this.#sum((count) => count > 0 ? 1 : 0);
  }

  /** Number of lines that are there once more than once. */
  get repeated(): number {
    return this.#sum((count) => Math.max(0, count - 1));
  }

  /** The lines that are here and not in `other`. */
  missingIn(other: LineCounts): string[] {
    return [...this.#counts].flatMap(([writer, counts]) => {
      const numbers = [...counts.keys()].filter((number) => counts[number] > 0 && other.count(writer, number) === 0);
      return numbers.map((number) => `${writer} ${number}`);
    });
  }

  #room(writer: string, number: number): Uint8Array {
    const counts = this.#counts.get(writer) ?? new Uint8Array(1024);
    if (number < counts.length) return this.#keep(writer, counts);
    const grown = new Uint8Array(Math.max(number + 1, 2 * counts.length));
    grown.set(counts);
    return this.#keep(writer, grown);
  }

  #keep(writer: string, counts: Uint8Array<ArrayBuffer>): Uint8Array {
    this.#counts.set(writer, counts);
    return counts;
  }

  #sum(value: (count: number) => number): number {
    let sum = 0;
    for (const counts of this.#counts.values()) for (const count of counts) sum += value(count);
    return sum;
  }
}

/** Counts the lines of a text that comes in pieces. */
export async function addLines(from: ReadableStream<Uint8Array<ArrayBuffer>>, counts: LineCounts): Promise<void> {
  let rest = "";
  for await (const text of from.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) counts.add(line);
  }
  if (rest !== "") counts.add(rest);
}
