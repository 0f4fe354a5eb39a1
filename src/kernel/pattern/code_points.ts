/**
 * Sets of code points as sorted ranges, and the sets that JavaScript's patterns name. Surrogates may be members: text in UTF-8
 * never holds one, so it does not matter.
 *
 * @module
 */

/** First and last code point of each range, in turn: sorted, not empty, neither overlapping nor touching. */
export type CodePoints = readonly number[];

const CODE_POINT_MAX = 0x10ffff;

/** Every code point. */
export const ANY: CodePoints = [0, CODE_POINT_MAX];
/** `\d`. */
export const DIGITS: CodePoints = [0x30, 0x39];
/** `\w` (https://tc39.es/ecma262/#sec-wordcharacters). */
export const WORD: CodePoints = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
/** `\w` without regard to case: with ſ and the Kelvin sign, which fold to `s` and `k`. */
export const FOLDED_WORD: CodePoints = [...WORD, 0x17f, 0x17f, 0x212a, 0x212a];
/** What `.` does not match and where a line ends (https://tc39.es/ecma262/#prod-LineTerminator). */
export const LINE_TERMINATORS: CodePoints = [0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029];
/** `\s` (https://tc39.es/ecma262/#prod-WhiteSpace and line terminators). */
export const WHITE_SPACE: CodePoints = [
  ...[0x09, 0x0d, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029],
  ...[0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff],
];

/** Makes a set of ranges in any order, given as pairs of first and last. */
export function unionOf(pairs: readonly number[]): CodePoints {
  const ranges = Array.from({ length: pairs.length / 2 }, (_, index) => [pairs[2 * index], pairs[2 * index + 1]]);
  const union: number[] = [];
  for (const [first, last] of ranges.sort((one, other) => one[0] - other[0])) {
    if (union.length === 0 || first > union[union.length - 1] + 1) union.push(first, last);
    else union[union.length - 1] = Math.max(union[union.length - 1], last);
  }
  return union;
}

/** All code points that are not in `set`. */
export function complementOf(set: CodePoints): CodePoints {
  const complement: number[] = [];
  let next = 0;
  for (let index = 0; index < set.length; index += 2) {
    if (set[index] > next) complement.push(next, set[index] - 1);
    next = set[index + 1] + 1;
  }
  if (next <= CODE_POINT_MAX) complement.push(next, CODE_POINT_MAX);
  return complement;
}

/** Whether `set` contains `codePoint`. */
export function contains(set: CodePoints, codePoint: number): boolean {
  let low = 0;
  let high = set.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (set[2 * middle + 1] < codePoint) low = middle + 1;
    else high = middle;
  }
  return 2 * low < set.length && set[2 * low] <= codePoint;
}

/** Adds to members below U+0080 what is equal to them without regard to case. Others must have no case. */
export function foldAscii(set: CodePoints): CodePoints {
  const pairs = [...set];
  for (let upper = 0x41; upper <= 0x5a; upper++) {
    const lower = upper + 0x20;
    if (contains(set, upper) || contains(set, lower)) {
      pairs.push(upper, upper, lower, lower, ...foldedBeyondAscii(lower));
    }
  }
  return unionOf(pairs);
}

/** The only two characters beyond ASCII that fold to ASCII (https://www.unicode.org/Public/UNIDATA/CaseFolding.txt). */
function foldedBeyondAscii(lower: number): number[] {
  if (lower === 0x73) return [0x17f, 0x17f];
  return lower === 0x6b ? [0x212a, 0x212a] : [];
}
