/**
 * The columns of a kernel for those who make new ones of them: room for columns, and the kernel's programs for groups. What is made is
 * there until the next decoding.
 *
 * @module
 */
import type { CompiledCaptures } from "./captures/compile_captures.ts";
import type { KernelPatterns } from "./patterns.ts";
import { COLUMNS_MAX, type Layout } from "./layout.ts";
import { MESSAGE_COLUMN } from "./text_rows.ts";

/** What the kernel finds in texts. */
export interface TextFinders {
  /** Runs a program of `assembly/captures.ts` over the rows of a column. */
  captureRows(
    state: number,
    program: number,
    groups: number,
    source: number,
    rows: number,
    firstColumn: number,
    statuses: number,
  ): number;
  /** Whether a text matches a pattern; see `assembly/pattern.ts`. */
  matchPattern(table: number, start: number, end: number): number;
}

/** What the program says of a row. */
export const CAPTURED = 1;
export const ASKS_ENGINE = 2;

/** Columns that decoding fills: content, time, stream and offset. */
const DECODED_COLUMNS = 4;
const CONTENT_COLUMN = 0;
const NOT_THERE = -1;
/** What a byte becomes at most in JSON: `\u00XX`. */
const ESCAPED_BYTES_MAX = 6;

/** The columns of one kernel. */
export class KernelColumns {
  readonly #memory: Uint8Array;
  readonly #words: Int32Array;
  readonly #layout: Layout;
  readonly #patterns: KernelPatterns;
  readonly #finders: TextFinders;
  #next = DECODED_COLUMNS;

  constructor(memory: Uint8Array, layout: Layout, patterns: KernelPatterns, finders: TextFinders) {
    this.#memory = memory;
    this.#words = new Int32Array(memory.buffer, layout.columns, layout.rowsRoom * 2 * COLUMNS_MAX);
    this.#layout = layout;
    this.#patterns = patterns;
    this.#finders = finders;
  }

  /** Reserves neighbouring columns for good. @returns the first; undefined where there are not so many left. */
  tryReserve(columns: number): number | undefined {
    const first = this.#next;
    if (first + columns > MESSAGE_COLUMN) return undefined;
    this.#next += columns;
    return first;
  }

  /** Places a program for good. @returns its address; undefined where there is no room for it. */
  tryPlace(program: CompiledCaptures): number | undefined {
    const place = (address: number) => program.place(this.#memory, address, this.#layout.captures);
    return this.#patterns.tryReserve(program.bytes, place);
  }

  /**
   * Matches the texts of column `source` of the rows [0, rows); the groups become the columns from `firstColumn` on.
   *
   * @param program as `tryPlace` has returned it; @param groups as the program has them.
   * @returns how many rows do not match, or are for the engine to match.
   */
  capture(program: number, groups: number, source: number, rows: number, firstColumn: number): number {
    const { state, statuses } = this.#layout;
    return this.#finders.captureRows(state, program, groups, source, rows, firstColumn, statuses);
  }

  /** Places a pattern for good, to be found anywhere in a text. @returns its address; undefined where the pattern is V8's. */
  tryPattern(regex: RegExp): number | undefined {
    return this.#patterns.tryAdd(regex, false);
  }

  /** Whether the pattern at `address` is found in one column of one row. */
  matches(address: number, column: number, row: number): boolean {
    const { rowsRoom } = this.#layout;
    const at = column * 2 * rowsRoom + row;
    return this.#finders.matchPattern(address, this.#words[at], this.#words[at + rowsRoom]) !== 0;
  }

  /** What the last `capture` says of a row: `CAPTURED`, `ASKS_ENGINE`, or another number: it does not match. */
  status(row: number): number {
    return this.#memory[this.#layout.statuses + row];
  }

  /** Whether a row has something in a column: a group that took no part has not. */
  has(column: number, row: number): boolean {
    return this.#words[column * 2 * this.#layout.rowsRoom + row] !== NOT_THERE;
  }

  /**
   * Whether `columns`, whose texts are parts of the content, are together no larger than the largest content in each of the rows, once they
   * are escaped and whatever is in them. A record of which this is true fits any slot.
   */
  fit(columns: readonly number[], rowFrom: number, rowTo: number): boolean {
    const bytesMax = Math.floor(this.#layout.contentBytesMax / ESCAPED_BYTES_MAX);
    for (let row = rowFrom; row < rowTo; row++) {
      if (this.#bytes(CONTENT_COLUMN, row) * columns.length <= bytesMax) continue;
      if (columns.reduce((sum, column) => sum + this.#bytes(column, row), 0) > bytesMax) return false;
    }
    return true;
  }

  #bytes(column: number, row: number): number {
    const at = column * 2 * this.#layout.rowsRoom + row;
    return this.#words[at + this.#layout.rowsRoom] - this.#words[at];
  }

  /** The bytes of one column of one row; valid until the next decoding. */
  slice(column: number, row: number): Uint8Array {
    const { rowsRoom } = this.#layout;
    const at = column * 2 * rowsRoom + row;
    return this.#memory.subarray(this.#words[at], this.#words[at + rowsRoom]);
  }
}
