/**
 * Where the lines begin that were converted to UTF-8: in the file, and in the stream of their UTF-8. Keeps only what a position may still
 * be asked for.
 *
 * @module
 */
import { invariant } from "../core/assert.ts";

/** A line's beginning, in both countings. */
interface LineStart {
  readonly utf8: number;
  readonly inFile: number;
}

/** The line beginnings of one file. */
export class LineOffsets {
  #starts: LineStart[] = [];
  #at = 0;

  /** Where the next chunk begins, in bytes of UTF-8 since the first one. */
  get at(): number {
    return this.#at;
  }

  /**
   * Goes on at `offset` in the file, where lines are pending that begin at `inFile`.
   *
   * @returns where these are in bytes of UTF-8, as if each were a byte long.
   */
  restore(inFile: readonly number[], offset: number): readonly number[] {
    const sorted = [...new Set(inFile)].sort((one, other) => one - other);
    this.#at = sorted.length;
    this.#starts = [...sorted, offset].map((place, utf8) => ({ utf8, inFile: place }));
    return inFile.map((place) => sorted.indexOf(place));
  }

  /** A chunk begins: what was noted of lines that are converted again is void. */
  begin(): void {
    this.#starts = this.#starts.filter(({ utf8 }) => utf8 < this.#at);
  }

  /** Notes that a line begins `utf8` bytes after the chunk's beginning. */
  add(utf8: number, inFile: number): void {
    this.#starts.push({ utf8: this.#at + utf8, inFile });
  }

  /** @returns where in the file the line is that holds `utf8`, or begins there; 0 for what began in the file before. */
  inFile(utf8: number): number {
    let low = 0;
    for (let high = this.#starts.length; high - low > 1;) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle].utf8 <= utf8) low = middle;
      else high = middle;
    }
    invariant(this.#starts.length > 0, "no line was converted");
    if (utf8 < this.#starts[low].utf8) return 0;
    return this.#starts[low].inFile;
  }

  /** The next chunk begins at `utf8`; nothing before `safe` will be asked for. */
  advance(utf8: number, safe: number): void {
    this.#at = utf8;
    const keptFrom = this.#starts.findLastIndex((start) => start.utf8 <= safe);
    this.#starts = this.#starts.slice(Math.max(0, keptFrom));
  }
}
