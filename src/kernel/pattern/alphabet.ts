/**
 * The characters of a pattern, put together where no set of it tells them apart: a _letter_ is such a class of characters. All later
 * work is on letters, of which a usual pattern has fewer than twenty.
 *
 * @module
 */
import { type CodePoints, contains } from "./code_points.ts";

/** The letters of some sets. */
export interface Alphabet {
  readonly letterCount: number;
  /** The first code point of each run of the same letter, in order, beginning with 0. */
  readonly runStarts: readonly number[];
  /** The letter of each run. */
  readonly runLetters: readonly number[];
  /** A code point of each letter. */
  readonly examples: readonly number[];
}

/** Divides all code points into letters, so that each of `sets` is a union of letters. */
export function buildAlphabet(sets: readonly CodePoints[]): Alphabet {
  const starts = new Set([0]);
  for (const set of sets) {
    for (let index = 0; index < set.length; index += 2) starts.add(set[index]).add(set[index + 1] + 1);
  }
  const runStarts = [...starts].filter((start) => start <= 0x10ffff).sort((one, other) => one - other);
  const letters = new Map<string, number>();
  const examples: number[] = [];
  const runLetters = runStarts.map((start) => {
    const members = sets.map((set) => contains(set, start) ? "1" : "0").join("");
    const letter = letters.get(members) ?? examples.push(start) - 1;
    letters.set(members, letter);
    return letter;
  });
  return { letterCount: examples.length, runStarts, runLetters, examples };
}

/** Returns the letter of a code point. */
export function letterOf({ runStarts, runLetters }: Alphabet, codePoint: number): number {
  return runLetters[runOf(runStarts, codePoint)];
}

/** Returns the run that a code point is in. */
export function runOf(runStarts: readonly number[], codePoint: number): number {
  let low = 0;
  let high = runStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (runStarts[middle] <= codePoint) low = middle;
    else high = middle;
  }
  return low;
}
