/**
 * Sets of characters that only the JavaScript engine knows, because they depend on its version of Unicode: it is asked about every
 * code point. An answer takes up to 50 ms, so there are few per pattern, and each is kept.
 *
 * @module
 */
import { type CodePoints, unionOf } from "./code_points.ts";
import { UnsupportedPattern } from "./unsupported_pattern.ts";

const CODE_POINTS_PER_STEP = 0x1000;
const SETS_MAX = 16;

/** What the engine said while one pattern was read. */
export class EngineSets {
  readonly #known = new Map<string, CodePoints>();

  /**
   * Finds the members of a class or escape, such as `\p{Lu}`.
   *
   * @throws {UnsupportedPattern} for one set too many.
   */
  ask(source: string, ignoreCase: boolean): CodePoints {
    const key = `${ignoreCase}/${source}`;
    const known = this.#known.get(key);
    if (known) return known;
    if (this.#known.size >= SETS_MAX) throw new UnsupportedPattern("too many sets that only the engine knows");
    const set = tryAllCodePoints(new RegExp(`(?:${source})+`, ignoreCase ? "giu" : "gu"));
    this.#known.set(key, set);
    return set;
  }
}

/** @param runs a global pattern that matches runs of members. */
function tryAllCodePoints(runs: RegExp): CodePoints {
  const pairs: number[] = [];
  for (let first = 0; first <= 0x10ffff; first += CODE_POINTS_PER_STEP) {
    if (first >= 0xd800 && first < 0xe000) continue;
    const all = String.fromCodePoint(...Array.from({ length: CODE_POINTS_PER_STEP }, (_, index) => first + index));
    const unitsEach = first > 0xffff ? 2 : 1;
    for (const { 0: run, index } of all.matchAll(runs)) {
      pairs.push(first + index / unitsEach, first + (index + run.length) / unitsEach - 1);
    }
  }
  return unionOf(pairs);
}
