/**
 * The one way out of every step of compiling a pattern: what a finite automaton cannot do, or only with too large a table. Caught by
 * `compile_pattern.ts` and never seen outside of this folder.
 *
 * @module
 */

/** A valid pattern that has to be left to the JavaScript engine. The message says why; only tests read it. */
export class UnsupportedPattern extends Error {
  override readonly name = "UnsupportedPattern";
}
