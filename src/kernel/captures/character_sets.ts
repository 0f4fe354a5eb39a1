/**
 * Questions about sets of characters that decide how a pattern can be run.
 *
 * @module
 */
import { type CodePoints, complementOf, unionOf } from "../pattern/code_points.ts";

const ASCII_MAX = 0x7f;

/** Whether two sets have a member in common. */
export function overlaps(one: CodePoints, other: CodePoints): boolean {
  for (let left = 0, right = 0; left < one.length && right < other.length;) {
    if (one[left + 1] < other[right]) left += 2;
    else if (other[right + 1] < one[left]) right += 2;
    else return true;
  }
  return false;
}

/** The members of `set` that are not in `other`. */
export function without(set: CodePoints, other: CodePoints): CodePoints {
  return complementOf(unionOf([...complementOf(set), ...other]));
}

/** Whether every member of `set` is in `other`. */
export function isWithin(set: CodePoints, other: CodePoints): boolean {
  return !overlaps(set, complementOf(other));
}

/** Whether all members are ASCII: then each is one byte. */
export function isAscii(set: CodePoints): boolean {
  return set.length === 0 || set[set.length - 1] <= ASCII_MAX;
}

/** The least and greatest value of one byte. */
export type Lane = readonly [least: number, most: number];

/** A set as bytes in fixed places, each within one range. @returns undefined where it is more than that. */
export function tryLanes(set: CodePoints): readonly Lane[] | undefined {
  if (set.length !== 2) return undefined;
  const [first, last] = set;
  if (last <= ASCII_MAX) return [[first, last]];
  // A surrogate by itself is in no text.
  if (first !== last || (first >= 0xd800 && first <= 0xdfff)) return undefined;
  return [...new TextEncoder().encode(String.fromCodePoint(first))].map((byte) => [byte, byte]);
}
