/**
 * Which of sixteen bytes are not in a set of ASCII characters: with as few comparisons as the set allows, or by a table.
 *
 * @module
 */
import type { Local, WasmFunction } from "./wasm_function.ts";

const ASCII_MAX = 127;
/** A table takes about as long as so many comparisons. */
const COMPARISONS_MAX = 6;
const ALL_LANES = 0xffff;

/** The members of a set, 128 of them; the first sixteen bytes of a record (`../set_records.ts`). */
export type AsciiTable = Uint8Array;

/** A range of characters, both ends included. */
type Range = readonly [first: number, last: number];

/** Adds code that leaves a bit for each of the bytes in `vector` that is no member. What it says of bytes beyond ASCII does not count. */
export function addOutsiders(code: WasmFunction, table: AsciiTable, vector: Local): void {
  const members = rangesOf(table, true);
  const outsiders = rangesOf(table, false);
  if (Math.min(costOf(members), costOf(outsiders)) > COMPARISONS_MAX) return addByTable(code, table, vector);
  if (costOf(outsiders) <= costOf(members)) return addWithin(code, outsiders, vector);
  addWithin(code, members, vector);
  code.constant(ALL_LANES).do("i32.xor");
}

/** Whether a character is a member. */
function contains(table: AsciiTable, character: number): boolean {
  return (table[character & 15] >> (character >> 4) & 1) === 1;
}

function rangesOf(table: AsciiTable, isMember: boolean): Range[] {
  const ranges: Range[] = [];
  for (let first = 0; first <= ASCII_MAX; first++) {
    if (contains(table, first) !== isMember) continue;
    let last = first;
    while (last < ASCII_MAX && contains(table, last + 1) === isMember) last++;
    ranges.push([first, last]);
    first = last;
  }
  return ranges;
}

function costOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, [first, last]) => sum + (first === last || first === 0 || last === ASCII_MAX ? 1 : 2), 0);
}

/** Leaves a bit for each byte that is in one of the ranges. */
function addWithin(code: WasmFunction, ranges: readonly Range[], vector: Local): void {
  if (ranges.length === 0) return void code.constant(0);
  ranges.forEach((range, index) => {
    addRange(code, range, vector);
    if (index > 0) code.do("v128.or");
  });
  code.do("i8x16.bitmask");
}

function addRange(code: WasmFunction, [first, last]: Range, vector: Local): void {
  const splat = (byte: number) => code.bytes(new Uint8Array(16).fill(byte));
  code.get(vector);
  if (first === last) return void splat(first).do("i8x16.eq");
  // Bytes are taken for signed numbers: characters are not negative.
  if (first === 0 && last === ASCII_MAX) return void splat(0xff).do("i8x16.gt_s");
  if (last === ASCII_MAX) return void splat(first - 1).do("i8x16.gt_s");
  if (first === 0) return void splat(last + 1).do("i8x16.lt_s");
  splat(first).do("i8x16.sub");
  splat(last - first + 1).do("i8x16.lt_u");
}

/** As `../../assembly/capture_sets.ts` does it. */
function addByTable(code: WasmFunction, table: AsciiTable, vector: Local): void {
  const bits = Uint8Array.from({ length: 16 }, (_, index) => index < 8 ? 1 << index : 0);
  code.bytes(table).get(vector).bytes(new Uint8Array(16).fill(0x8f)).do("v128.and", "i8x16.swizzle");
  code.bytes(bits).get(vector).constant(4).do("i16x8.shr_u");
  code.bytes(new Uint8Array(16).fill(0x0f)).do("v128.and", "i8x16.swizzle");
  code.do("v128.and").bytes(new Uint8Array(16)).do("i8x16.eq", "i8x16.bitmask");
}
