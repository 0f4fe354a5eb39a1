/**
 * What a pattern's conditions ask about the characters around a place, as bits, and the answers.
 *
 * @module
 */
import { type CodePoints, contains, FOLDED_WORD, LINE_TERMINATORS, WORD } from "./code_points.ts";
import type { Assertion } from "./syntax.ts";

/** The bit for the beginning or the end of the text, where there is no character. */
export const EDGE = 1;
const LINE_TERMINATOR = 2;
const WORD_CHARACTER = 4;
const FOLDED_WORD_CHARACTER = 8;

const SETS: readonly (readonly [bit: number, set: CodePoints])[] = [
  [LINE_TERMINATOR, LINE_TERMINATORS],
  [WORD_CHARACTER, WORD],
  [FOLDED_WORD_CHARACTER, FOLDED_WORD],
];
const BITS: Readonly<Record<Assertion, number>> = {
  textStart: EDGE,
  textEnd: EDGE,
  lineStart: EDGE | LINE_TERMINATOR,
  lineEnd: EDGE | LINE_TERMINATOR,
  wordBoundary: WORD_CHARACTER,
  notWordBoundary: WORD_CHARACTER,
  foldedWordBoundary: FOLDED_WORD_CHARACTER,
  notFoldedWordBoundary: FOLDED_WORD_CHARACTER,
};

/** The bits that some conditions look at. */
export function bitsOf(assertions: readonly Assertion[]): number {
  return assertions.reduce((bits, assertion) => bits | BITS[assertion], 0);
}

/** The sets of characters behind `bits`. */
export function setsOf(bits: number): CodePoints[] {
  return SETS.filter(([bit]) => (bits & bit) !== 0).map(([, set]) => set);
}

/** The bits among `bits` that are true of a character. */
export function bitsOfCharacter(codePoint: number, bits: number): number {
  return SETS.reduce((sum, [bit, set]) => (bits & bit) !== 0 && contains(set, codePoint) ? sum | bit : sum, 0);
}

/** Whether a condition holds between a character with the bits `before` and one with the bits `after`. */
export function holds(assertion: Assertion, before: number, after: number): boolean {
  const bits = BITS[assertion];
  if (assertion === "textStart" || assertion === "lineStart") return (before & bits) !== 0;
  if (assertion === "textEnd" || assertion === "lineEnd") return (after & bits) !== 0;
  const isBoundary = (before & bits) !== (after & bits);
  return isBoundary === (assertion === "wordBoundary" || assertion === "foldedWordBoundary");
}
