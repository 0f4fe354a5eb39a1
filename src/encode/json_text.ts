/**
 * Pieces of JSON as Go's encoder writes it without HTML escaping: maps are objects whose names are sorted by their bytes.
 * Source: https://pkg.go.dev/encoding/json#Marshal. One difference, which no JSON parser sees: U+2028 and U+2029 are written as they
 * are, where Go writes `\u2028` and `\u2029` even so.
 *
 * @module
 */
import type { PlanPiece } from "./plan.ts";

/** A text as a JSON string. Lone surrogates become U+FFFD, as everywhere. */
export function jsonString(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

/**
 * A JSON object, names sorted by their bytes in UTF-8.
 *
 * @param members well-formed names, and the pieces of their values.
 */
export function sortedObject(members: ReadonlyMap<string, readonly PlanPiece[]>): PlanPiece[] {
  const sorted = [...members].sort(([left], [right]) => compareBytes(left, right));
  return ["{", ...sorted.flatMap(([name, pieces], index) => [memberStart(name, index), ...pieces]), "}"];
}

function memberStart(name: string, index: number): string {
  return `${index === 0 ? "" : ","}${jsonString(name)}:`;
}

/** Compares well-formed texts by their bytes in UTF-8, which is the order of code points. Negative: the first comes first. */
export function compareBytes(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = rank(left.charCodeAt(index)) - rank(right.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Halves of characters of four bytes come after every character of three. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
