/**
 * The words of a program while it is written: operations with jumps to places that are not known yet, and the sets they name.
 *
 * @module
 */
import type { CodePoints } from "../pattern/code_points.ts";
import type { Lane } from "./character_sets.ts";
import { SetRecords } from "./set_records.ts";

const LANES = 16;

/** Words of 32 bits, behind one another, and the sets behind them. */
export class ProgramWords {
  readonly #words: number[] = [];
  readonly #sets = new SetRecords();
  /** The words that name a set, by its offset from the first set. */
  readonly #setWords: number[] = [];

  /** Where the next word will be, in bytes from the program's beginning. */
  get here(): number {
    return this.#words.length * 4;
  }

  /** The size of the program, in bytes. */
  get bytes(): number {
    return this.here + this.#sets.bytes;
  }

  add(...words: readonly number[]): void {
    this.#words.push(...words);
  }

  /** Adds a word that names a set. */
  addSet(set: CodePoints): void {
    this.#setWords.push(this.#words.push(this.#sets.add(set)) - 1);
  }

  /** Adds a word that is not known yet. @returns what sets it. */
  addLater(): (word: number) => void {
    const index = this.#words.push(0) - 1;
    return (word) => this.#words[index] = word;
  }

  /** Adds the bounds of sixteen bytes; those without any may be anything. */
  addLanes(lanes: readonly Lane[]): void {
    for (const bound of [0, 1] as const) {
      const bytes = Uint8Array.from({ length: LANES }, (_, index) => lanes[index]?.[bound] ?? 255 * bound);
      this.add(...new Uint32Array(bytes.buffer));
    }
  }

  /** Returns the words with the sets behind them. To be called once, at the end. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.bytes);
    for (const index of this.#setWords) this.#words[index] += this.here;
    bytes.set(new Uint8Array(Uint32Array.from(this.#words).buffer));
    this.#sets.write(bytes.subarray(this.here));
    return bytes;
  }
}
