/**
 * The columns of a kernel for those who make new ones of them: room for columns, and the kernel's programs for groups. What is made is
 * there until the next decoding.
 *
 * @module
 */
import type { ColumnField, Field, RowRun } from "../core/batch.ts";
import type { CompiledCaptures } from "./captures/compile_captures.ts";
import type { KernelPatterns } from "./patterns.ts";
import { LEFT_TO_PROGRAM, linkMatcher, type MatchRows, ROWS_LEFT } from "./captures/straight_line/row_matcher.ts";
import { ObjectScanner, type ScanRows } from "./json/object_scanner.ts";
import { SHAPE_TREE_BYTES, ShapeTree, type ShapeTreeOptions } from "./json/shape_tree.ts";
import { type FieldGrowths, growthsOf } from "./field_growths.ts";
import { STATE } from "./kernel_state.ts";
import { COLUMNS_MAX, type Layout } from "./layout.ts";
import type { CutRules, PairRules, TextFinders } from "./text_finders.ts";
import { MESSAGE_COLUMN } from "./text_rows.ts";

/** What the program says of a row. */
export const CAPTURED = 1;
export const ASKS_ENGINE = 2;

/** Columns that decoding fills: content, time, stream and offset. */
const DECODED_COLUMNS = 4;
const CONTENT_COLUMN = 0;
const NOT_THERE = -1;
/** No byte of a character. */
const NO_BYTE = 0xff;

/** Bits of groups. */
const ALL_GROUPS = -1;

/** Columns for the values of an object; one that has more is text. */
const SCANNED_COLUMNS = 64;

/** Rows [rowFrom, rowTo). */
type RowRange = Pick<RowRun, "rowFrom" | "rowTo">;

/** The columns of one kernel. */
export class KernelColumns {
  readonly #memory: Uint8Array;
  readonly #wasmMemory: WebAssembly.Memory;
  readonly #words: Int32Array;
  readonly #state: Int32Array;
  readonly #layout: Layout;
  readonly #patterns: KernelPatterns;
  readonly #finders: TextFinders;
  /** Code that does for usual texts what a program does, by the program's address. */
  readonly #matchers = new Map<number, MatchRows>();
  /** Where the texts of a column are that is JSON text, by its number. */
  readonly #textColumns = new Map<number, number>();
  readonly #growths = new WeakMap<readonly Field[], FieldGrowths>();
  #uncleanGroups = ALL_GROUPS;
  #next = DECODED_COLUMNS;

  constructor(wasmMemory: WebAssembly.Memory, layout: Layout, patterns: KernelPatterns, finders: TextFinders) {
    const memory = new Uint8Array(wasmMemory.buffer);
    this.#memory = memory;
    this.#wasmMemory = wasmMemory;
    this.#words = new Int32Array(memory.buffer, layout.columns, layout.rowsRoom * 2 * COLUMNS_MAX);
    this.#state = new Int32Array(memory.buffer, layout.state, Object.keys(STATE).length);
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
    const address = this.#patterns.tryReserve(program.bytes, place);
    const code = address === undefined ? undefined : program.tryGenerateMatcher(this.#layout.rowsRoom * 4);
    if (address !== undefined && code !== undefined) this.#matchers.set(address, linkMatcher(code, this.#wasmMemory));
    return address;
  }

  /**
   * Matches the texts of a column of the rows [rowFrom, rowTo); the groups become the columns from `firstColumn` on.
   *
   * @param program as `tryPlace` has returned it; @param groups as the program has them.
   * @returns how many rows do not match, or are for the engine to match.
   */
  capture(
    program: number,
    groups: number,
    source: number,
    { rowFrom, rowTo }: RowRange,
    firstColumn: number,
  ): number {
    const run = (from: number, to: number) => {
      const { state, statuses } = this.#layout;
      return this.#finders.captureRows(state, program, groups, source, from, to, firstColumn, statuses);
    };
    this.#uncleanGroups = ALL_GROUPS;
    const matchRows = this.#matchers.get(program);
    if (matchRows === undefined || rowFrom === rowTo) return run(rowFrom, rowTo);
    const { columns, rowsRoom, statuses } = this.#layout;
    const wordOf = (column: number) => columns + (column * 2 * rowsRoom + rowFrom) * 4;
    const start = wordOf(source);
    const said = matchRows(start, start + rowsRoom * 4, wordOf(firstColumn), statuses + rowFrom, rowTo - rowFrom);
    if ((said & ROWS_LEFT) !== 0) return this.#runOnLeft(run, rowFrom, rowTo, said & ~ROWS_LEFT);
    this.#uncleanGroups = said;
    return 0;
  }

  /** Runs a program on the rows that were left to it. */
  #runOnLeft(run: (from: number, to: number) => number, rowFrom: number, rowTo: number, unclean: number): number {
    let [left, others] = [0, 0];
    for (let row = rowFrom; row < rowTo; row++) {
      const from = row;
      while (row < rowTo && this.status(row) === LEFT_TO_PROGRAM) row++;
      if (row > from) others += run(from, row);
      left += row - from;
    }
    if (left === others) this.#uncleanGroups = unclean;
    return others;
  }

  /**
   * The groups, a bit for each, the first one lowest, that have a character in some row of the last `capture` which a JSON string escapes;
   * others may have, too, once there are more than 30 groups. No others need to be escaped.
   */
  get uncleanGroups(): number {
    return this.#uncleanGroups;
  }

  /**
   * Makes a scanner of JSON objects for good.
   *
   * @param depthMax objects of this level are one value; 0: none.
   * @param isNative whether values are written as the original's native parser does it.
   * @returns undefined where there is no room for it.
   */
  tryMakeScanner(depthMax: number, isNative = false): ObjectScanner | undefined {
    const { state, shapes } = this.#layout;
    return this.#tryMakeScanner(
      { depthMax, hasJsonNames: true, isNative },
      (...given) => this.#finders.scanJsonRows(state, ...given, shapes),
    );
  }

  /** Makes a scanner of pairs for good. @returns undefined where there is no room for it. */
  tryMakePairScanner({ delimiter, separator, quote }: PairRules): ObjectScanner | undefined {
    const { state, shapes } = this.#layout;
    const [ends, separates] = [delimiter, separator].map((character) => character.charCodeAt(0));
    const rules = [ends, separates, quote === "" ? NO_BYTE : quote.charCodeAt(0)] as const;
    return this.#tryMakeScanner(
      { depthMax: 0, hasJsonNames: false, isNative: false },
      (...given) => this.#finders.scanPairRows(state, ...given, ...rules, shapes),
    );
  }

  #tryMakeScanner(
    how: Pick<ShapeTreeOptions, "depthMax" | "hasJsonNames" | "isNative">,
    scanRows: ScanRows,
  ): ObjectScanner | undefined {
    const { captures, arena, arenaBytes, shapes, rowsRoom } = this.#layout;
    const firstColumn = this.tryReserve(SCANNED_COLUMNS);
    if (firstColumn === undefined) return undefined;
    const options = { ...how, columnsMax: SCANNED_COLUMNS, stack: captures, arenaEnd: arena + arenaBytes };
    let tree: ShapeTree | undefined;
    this.#patterns.tryReserve(SHAPE_TREE_BYTES, (address) => tree = new ShapeTree(this.#memory, address, options));
    if (tree === undefined) return undefined;
    const place = {
      firstColumn,
      columnsMax: SCANNED_COLUMNS,
      shapes: new Int32Array(this.#memory.buffer, shapes, rowsRoom),
    };
    return new ObjectScanner(tree, place, scanRows);
  }

  /**
   * Cuts the texts of a column; pieces become the columns from `firstColumn` on.
   *
   * @returns for each row the number of its pieces, or a negative one where the host is to look at the text: to be read before anything else is asked of the kernel.
   */
  cut(source: number, { rowFrom, rowTo }: RowRange, firstColumn: number, rules: CutRules): Int32Array {
    const { state, shapes, rowsRoom } = this.#layout;
    const bytes = new Uint8Array(4);
    const { written } = new TextEncoder().encodeInto(rules.separator, bytes);
    const separator = new Uint32Array(bytes.buffer)[0];
    const [asked = NO_BYTE, askedToo = asked] = [...rules.asking].map((character) => character.charCodeAt(0));
    const asking = asked | askedToo << 8;
    const { trims, dropsEmptyLast, takesRest, restHasSeparator } = rules;
    const flags = (trims ? 1 : 0) | (dropsEmptyLast ? 2 : 0) | (takesRest ? 4 : 0) | (restHasSeparator ? 8 : 0);
    const place = [firstColumn, rules.columns, separator, written, asking, flags, shapes] as const;
    this.#finders.cutRows(state, source, rowFrom, rowTo, ...place);
    return new Int32Array(this.#memory.buffer, shapes, rowsRoom);
  }

  /**
   * The column in which a field's texts are, of rows [rowFrom, rowTo): another one than its own where it is JSON text.
   *
   * @returns undefined where there is no room for them.
   */
  tryTexts({ column, isJsonText }: ColumnField, { rowFrom, rowTo }: RowRange): number | undefined {
    if (!isJsonText) return column;
    const target = this.#textColumns.get(column) ?? this.tryReserve(1);
    if (target === undefined) return undefined;
    this.#textColumns.set(column, target);
    const { state, arena, arenaBytes } = this.#layout;
    const hadRoom = this.#finders.unescapeRows(state, column, target, rowFrom, rowTo, arena + arenaBytes) !== 0;
    return hadRoom ? target : undefined;
  }

  /** The column in which `tryTexts` has put a field's texts. */
  textColumnOf({ column, isJsonText }: ColumnField): number {
    return isJsonText ? this.#textColumns.get(column) ?? column : column;
  }

  /** Puts a text into one column of one row. @returns whether there was room for it. */
  tryWrite(column: number, row: number, text: string): boolean {
    const { arena, arenaBytes, rowsRoom } = this.#layout;
    const used = this.#state[STATE.arenaUsed];
    const room = this.#memory.subarray(arena + used, arena + arenaBytes);
    const { read, written } = new TextEncoder().encodeInto(text, room);
    if (read < text.length) return false;
    this.#state[STATE.arenaUsed] = used + written;
    const at = column * 2 * rowsRoom + row;
    this.#words[at] = arena + used;
    this.#words[at + rowsRoom] = arena + used + written;
    return true;
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
   * Whether `fields`, whose texts are parts of the content, are together no larger than the largest content in each of the rows, once they
   * are escaped and whatever is in them. A record of which this is true fits any slot.
   */
  fit(fields: readonly Field[], { rowFrom, rowTo }: RowRange): boolean {
    const { contentBytesMax, rowsRoom } = this.#layout;
    const growth = this.#growths.get(fields) ?? growthsOf(fields);
    this.#growths.set(fields, growth);
    // Nearly every row of a batch ends here: nothing is looked up for it.
    const words = this.#words;
    const starts = CONTENT_COLUMN * 2 * rowsRoom;
    const usualBytesMax = contentBytesMax / Math.max(1, growth.ofContent);
    for (let row = rowFrom; row < rowTo; row++) {
      if (words[starts + rowsRoom + row] - words[starts + row] <= usualBytesMax) continue;
      const bytes = growth.ofColumns.reduce((sum, [column, times]) => sum + this.#bytes(column, row) * times, 0);
      if (bytes > contentBytesMax) return false;
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
