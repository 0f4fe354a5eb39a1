/**
 * Which of sixteen bytes are not in a set of ASCII characters: with as few comparisons as the set allows, or by a table.
 *
 * @module
 */
import type { Local, WasmFunction } from "./wasm_function.ts";

const ASCII_MAX = 127;
/** A table takes about as long as so many instructions. */
const INSTRUCTIONS_MAX = 9;
const ALL_LANES = 0xffff;
const [QUOTE, BACKSLASH, SPACE] = [0x22, 0x5c, 0x20];

/** The members of a set, 128 of them; the first sixteen bytes of a record (`../set_records.ts`). */
export type AsciiTable = Uint8Array;

/** A range of characters, both ends included. */
type Range = readonly [first: number, last: number];

/** Adds code that leaves a bit for each of the bytes in `vector` that is no member; those beyond ASCII never are. */
export function addOutsiders(code: WasmFunction, table: AsciiTable, vector: Local): void {
  const members = rangesOf(table, true);
  const outsiders = rangesOf(table, false);
  const costs = [costOf(members, 1), costOf(outsiders, 0)];
  if (Math.min(...costs) > INSTRUCTIONS_MAX) return addByTable(code, table, vector);
  if (costs[1] > costs[0]) return addMembers(code, members, vector);
  addRanges(code, outsiders, vector, false);
  // The sign is what the mask takes of each byte.
  if (!coversBeyond(outsiders)) code.get(vector).do("v128.or");
  code.do("i8x16.bitmask");
}

/** The members that a JSON string takes as they are. */
export function cleanMembers(table: AsciiTable): AsciiTable {
  const clean = table.slice();
  for (let character = 0; character <= ASCII_MAX; character++) {
    if (isSpecial(character)) clean[character & 15] &= ~(1 << (character >> 4));
  }
  return clean;
}

/** Whether there are others. */
export function hasSpecials(table: AsciiTable): boolean {
  return cleanMembers(table).some((bits, index) => bits !== table[index]);
}

/** Whether a JSON string needs an escape for a character. */
export function isSpecial(character: number): boolean {
  return character < SPACE || character === QUOTE || character === BACKSLASH;
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

/** The instructions that ranges take, each joined with those before. */
function costOf(ranges: readonly Range[], more: number): number {
  const cost = ([first, last]: Range) => first === last ? 2 : first === 0 || last === ASCII_MAX ? 3 : 4;
  return ranges.reduce((sum, range) => sum + cost(range), more);
}

/** Whether bytes beyond ASCII are taken for characters of the ranges, when these are outsiders. */
function coversBeyond(ranges: readonly Range[]): boolean {
  return ranges.some(([first, last]) => first < last && (first === 0 || last === ASCII_MAX));
}

function addMembers(code: WasmFunction, members: readonly Range[], vector: Local): void {
  if (members.length === 0) return void code.constant(ALL_LANES);
  addRanges(code, members, vector, true);
  code.do("i8x16.bitmask").constant(ALL_LANES).do("i32.xor");
}

/** Leaves the bytes that are in one of the ranges; of those beyond ASCII none where the ranges are members. */
function addRanges(code: WasmFunction, ranges: readonly Range[], vector: Local, areMembers: boolean): void {
  if (ranges.length === 0) return void code.bytes(new Uint8Array(16));
  ranges.forEach((range, index) => {
    addRange(code, range, vector, areMembers);
    if (index > 0) code.do("v128.or");
  });
}

function addRange(code: WasmFunction, [first, last]: Range, vector: Local, areMembers: boolean): void {
  const splat = (byte: number) => code.bytes(new Uint8Array(16).fill(byte));
  code.get(vector);
  if (first === last) return void splat(first).do("i8x16.eq");
  // As signed numbers, bytes beyond ASCII are less than any character.
  if (first === 0 && !areMembers && last < ASCII_MAX) return void splat(last + 1).do("i8x16.lt_s");
  if (last === ASCII_MAX && areMembers) return void splat(first - 1).do("i8x16.gt_s");
  if (first === 0) return void splat(areMembers ? last : 0xff).do("i8x16.le_u");
  if (last === ASCII_MAX) return void splat(first).do("i8x16.ge_u");
  splat(first).do("i8x16.sub");
  splat(last - first).do("i8x16.le_u");
}

/** As `../../assembly/capture_sets.ts` does it. */
function addByTable(code: WasmFunction, table: AsciiTable, vector: Local): void {
  const bits = Uint8Array.from({ length: 16 }, (_, index) => index < 8 ? 1 << index : 0);
  code.bytes(table).get(vector).bytes(new Uint8Array(16).fill(0x8f)).do("v128.and", "i8x16.relaxed_swizzle");
  code.bytes(bits).get(vector).constant(4).do("i16x8.shr_u");
  code.bytes(new Uint8Array(16).fill(0x0f)).do("v128.and", "i8x16.relaxed_swizzle");
  code.do("v128.and").bytes(new Uint8Array(16)).do("i8x16.eq", "i8x16.bitmask");
}
