/**
 * A regular expression that hostile texts cannot keep busy. V8 searches by trying and stepping back, which would take `(a+)+$` hours
 * for fifty a's and a b.
 *
 * - Nearly all patterns are written for V8's linear engine (`linear_pattern.ts`), which takes over after 2,000 steps back. That needs
 *   `V8_FLAGS` (`v8_flags.ts`) when the program starts; without, nothing takes over. V8 counts a loop such as `\s+` as one step.
 * - The rest, which is look-ahead, references back and a few more, must not have a loop that holds nothing but loops, and is not
 *   searched for in texts of more than 16,384 characters.
 *
 * To others it is a `RegExp` with the flag `u`: `source` and `flags` say what was asked for.
 *
 * @module
 */
import { NestedLoopsError, tryLinearPattern } from "./linear_pattern.ts";

/** Up to here a pattern that is not linear takes a fraction of a second, as a rule. */
const NOT_LINEAR_CHARS_MAX = 16_384;

/** A text is too large for a pattern that is not linear. */
export class RegexSizeError extends RangeError {
  override readonly name = "RegexSizeError";

  constructor(source: string, chars: number) {
    super(
      `a value of ${chars} characters is too large for /${source}/: with look-ahead, look-behind or a reference back ` +
        `a pattern is only searched for in ${NOT_LINEAR_CHARS_MAX}`,
    );
  }
}

/** Finds what `new RegExp(source, flags)` finds; single surrogates count as U+FFFD, as which they would be delivered. */
export class GuardedRegex extends RegExp {
  readonly #engine: Engine;
  readonly #hasPlace: boolean;

  /**
   * @param flags with `u`, without `v` and `d`.
   * @throws {SyntaxError} for a broken pattern.
   * @throws {NestedLoopsError} for one that is not linear and has a loop that holds only loops.
   */
  constructor(source: string, flags: string) {
    super(source, flags);
    this.#hasPlace = this.global || this.sticky;
    this.#engine = engineFor(source, flags);
  }

  /** Whether V8's linear engine can take over. */
  get isLinear(): boolean {
    return this.#engine instanceof LinearEngine;
  }

  /**
   * @throws {RegexSizeError} when the pattern is not linear and the text too large for that.
   */
  override exec(text: string): RegExpExecArray | null {
    const found = text.isWellFormed() ? text : text.toWellFormed();
    if (!this.#hasPlace) return this.#engine.exec(found, 0);
    const match = this.#engine.exec(found, this.lastIndex);
    this.lastIndex = match === null ? 0 : match.index + match[0].length;
    return match;
  }

  /** @throws as `exec`. */
  override test(text: string): boolean {
    return this.exec(text) !== null;
  }

  /** @throws as `exec`. */
  override [Symbol.matchAll](text: string): RegExpStringIterator<RegExpExecArray> {
    const matches: RegExpExecArray[] = [];
    this.lastIndex = 0;
    for (let match = this.exec(text); match !== null; match = this.exec(text)) {
      matches.push(match);
      if (match[0] === "") this.lastIndex += (text.codePointAt(this.lastIndex) ?? 0) > 0xffff ? 2 : 1;
    }
    return matches.values();
  }
}

/** Whether `regex` matches; false where the text is too large to say. For values of which nobody would be told. */
export function matchesSafely(regex: RegExp, text: string): boolean {
  try {
    return regex.test(text);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Searches from a place on. */
interface Engine {
  exec(text: string, from: number): RegExpExecArray | null;
}

/** V8, which changes to its linear engine by itself when it has stepped back too often. */
class LinearEngine implements Engine {
  readonly #usual: RegExp;
  /** For texts so long that stepping back needs more stack than there is. */
  readonly #linear: RegExp;

  /** @throws {SyntaxError} when V8's linear engine does not take the pattern. */
  constructor(source: string, flags: string) {
    this.#usual = new RegExp(source, flags);
    this.#linear = new RegExp(source, `${flags}l`);
  }

  exec(text: string, from: number): RegExpExecArray | null {
    try {
      return execFrom(this.#usual, text, from);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return execFrom(this.#linear, text, from);
    }
  }
}

/** V8 with texts of limited size. */
class LimitedEngine implements Engine {
  readonly #regex: RegExp;
  readonly #charsMax: number;

  constructor(regex: RegExp, charsMax: number) {
    this.#regex = regex;
    this.#charsMax = charsMax;
  }

  exec(text: string, from: number): RegExpExecArray | null {
    if (text.length > this.#charsMax) throw new RegexSizeError(this.#regex.source, text.length);
    return execFrom(this.#regex, text, from);
  }
}

function execFrom(regex: RegExp, text: string, from: number): RegExpExecArray | null {
  regex.lastIndex = from;
  return regex.exec(text);
}

function engineFor(source: string, flags: string): Engine {
  const usual = new RegExp(source, flags);
  const linear = tryLinearPattern(usual);
  if (linear && !hasLinearEngine()) return new LimitedEngine(usual, Infinity);
  if (linear && isAccepted(linear.source, `${linear.flags}l`)) return new LinearEngine(linear.source, linear.flags);
  if (linear?.hasNestedLoops) throw new NestedLoopsError();
  return new LimitedEngine(usual, NOT_LINEAR_CHARS_MAX);
}

/** Whether V8 was started with `V8_FLAGS`. */
function hasLinearEngine(): boolean {
  return isAccepted("", "l");
}

function isAccepted(source: string, flags: string): boolean {
  try {
    new RegExp(source, flags);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
