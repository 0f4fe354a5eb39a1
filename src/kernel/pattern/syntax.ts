/**
 * The meaning of a pattern as a tree. Flags, escapes and names are resolved: what is left are sets of characters, conditions on a
 * place, and how they are put together. Knows nothing of automata.
 *
 * @module
 */
import type { CodePoints } from "./code_points.ts";

/** A condition on the characters before and after a place. "Folded" is without regard to case. */
export type Assertion =
  | "textStart"
  | "textEnd"
  | "lineStart"
  | "lineEnd"
  | "wordBoundary"
  | "notWordBoundary"
  | "foldedWordBoundary"
  | "notFoldedWordBoundary";

/** A part of a pattern. */
export type Syntax =
  /** One character of a set; none when the set is empty. */
  | { readonly kind: "character"; readonly set: CodePoints }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  /** Parts after one another; without any it matches the empty text. */
  | { readonly kind: "sequence"; readonly parts: readonly Syntax[] }
  /** One of several; at least one. */
  | { readonly kind: "choice"; readonly options: readonly Syntax[] }
  /** `max` is Infinity where there is no limit. Whether it is lazy makes no difference to whether there is a match. */
  | {
    readonly kind: "repeat";
    readonly body: Syntax;
    readonly min: number;
    readonly max: number;
    readonly lazy: boolean;
  }
  /** A group that is remembered; the first is number 1. */
  | { readonly kind: "group"; readonly number: number; readonly body: Syntax };
