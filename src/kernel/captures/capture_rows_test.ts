/** @module */
import { assert, assertEquals } from "@std/assert";
import { parseRegex } from "../../core/regex.ts";
import { compileKernel } from "../kernel.ts";
import { STATE } from "../kernel_state.ts";
import { CAPTURE_SCRATCH_BYTES, tryCompileCaptures } from "./compile_captures.ts";

const STATE_ADDRESS = 32 * 1024;
const STATUSES_ADDRESS = 40 * 1024;
const PROGRAM_ADDRESS = 48 * 1024;
const COLUMNS_ADDRESS = 64 * 1024;
const TEXTS_ADDRESS = 128 * 1024;
const SCRATCH_ADDRESS = 256 * 1024;
const ROWS_ROOM = 16;
const COLUMNS = 8;
const UNTOUCHED = 0x5a5a5a5a;

/** What of the kernel's exports is used here. */
interface RowExports {
  captureRows(
    state: number,
    program: number,
    groups: number,
    source: number,
    rowFrom: number,
    rowTo: number,
    firstColumn: number,
    statuses: number,
  ): number;
}

/** A memory with one column of texts. */
class RowMemory {
  readonly #bytes: Uint8Array;
  readonly #columns: Int32Array;
  readonly #exports: RowExports;

  constructor() {
    const memory = new WebAssembly.Memory({ initial: 8, maximum: 8 });
    const imports = { env: { memory, abort: () => {}, matchHost: () => 0 } };
    // The interface above is what the kernel's own sources export; the instance's type cannot tell.
    const instance: { exports: unknown } = new WebAssembly.Instance(compileKernel(), imports);
    this.#exports = instance.exports as RowExports;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#columns = new Int32Array(memory.buffer, COLUMNS_ADDRESS, 2 * COLUMNS * ROWS_ROOM).fill(UNTOUCHED);
    const state = new Int32Array(memory.buffer, STATE_ADDRESS, 16);
    state[STATE.columns] = COLUMNS_ADDRESS;
    state[STATE.rowsRoom] = ROWS_ROOM;
  }

  /** Puts texts into column `source`, one behind the other; undefined is a row without the field. */
  setTexts(source: number, texts: readonly (Uint8Array | undefined)[]): void {
    let at = TEXTS_ADDRESS;
    texts.forEach((text, row) => {
      this.#bytes.set(text ?? [], at);
      this.#columns[2 * source * ROWS_ROOM + row] = text ? at : -1;
      at += text?.length ?? 0;
      this.#columns[(2 * source + 1) * ROWS_ROOM + row] = text ? at : -1;
    });
  }

  capture(source: string, groups: number, column: number, rows: number, firstColumn: number): number {
    const captures = tryCompileCaptures(parseRegex(source, "s"), { groups });
    assert(typeof captures !== "string");
    assert(SCRATCH_ADDRESS + CAPTURE_SCRATCH_BYTES <= this.#bytes.length);
    captures.place(this.#bytes, PROGRAM_ADDRESS, SCRATCH_ADDRESS);
    return this.#exports.captureRows(
      STATE_ADDRESS,
      PROGRAM_ADDRESS,
      groups,
      column,
      0,
      rows,
      firstColumn,
      STATUSES_ADDRESS,
    );
  }

  statuses(rows: number): number[] {
    return [...this.#bytes.subarray(STATUSES_ADDRESS, STATUSES_ADDRESS + rows)];
  }

  /** The text of a column of a row; `none` for -1, and `untouched`. */
  text(column: number, row: number): string {
    const start = this.#columns[2 * column * ROWS_ROOM + row];
    const end = this.#columns[(2 * column + 1) * ROWS_ROOM + row];
    if (start === UNTOUCHED && end === UNTOUCHED) return "untouched";
    return start === -1 && end === -1 ? "none" : new TextDecoder().decode(this.#bytes.subarray(start, end));
  }
}

Deno.test("the groups of each row become columns; rows that do not match have none", () => {
  const memory = new RowMemory();
  const texts = ["a=1", "b", "", "=", "é=日", undefined, "c=d"].map((text) => {
    return text === undefined ? undefined : new TextEncoder().encode(text);
  });
  memory.setTexts(1, [...texts, Uint8Array.of(0x61, 0x3d, 0xff)]);
  assertEquals(memory.capture("^(.*?)(?:=(.*))?$", 2, 1, 8, 3), 2);
  assertEquals(memory.statuses(8), [1, 1, 1, 1, 1, 3, 1, 2]);
  const columns = [2, 3, 4, 5].map((column) => Array.from({ length: 9 }, (_, row) => memory.text(column, row)));
  const untouched = Array.from({ length: 9 }, () => "untouched");
  assertEquals(columns, [
    untouched,
    ["a", "b", "", "", "é", "none", "c", "none", "untouched"],
    ["1", "none", "none", "", "日", "none", "d", "none", "untouched"],
    untouched,
  ]);
});

Deno.test("rows that do not match have none of the groups that were found before they failed", () => {
  const memory = new RowMemory();
  memory.setTexts(0, ["a b", "a ", "a b"].map((text) => new TextEncoder().encode(text)));
  assertEquals(memory.capture("^(\\w+) (\\w+)$", 2, 0, 3, 1), 1);
  assertEquals(memory.statuses(3), [1, 0, 1]);
  assertEquals([0, 1, 2].map((row) => `${memory.text(1, row)} ${memory.text(2, row)}`), ["a b", "none none", "a b"]);
});
