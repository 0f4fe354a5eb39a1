/**
 * Sets of characters, written for a pattern without the flag `u`: there a character beyond U+FFFF is two code units. What is in a set
 * is asked of the engine, so that Unicode's tables and the folding of case are its own. Surrogates that are not paired are in no set.
 *
 * @module
 */

/** First and last character of each run, in order. */
type Ranges = readonly (readonly [first: number, last: number])[];

/** Divides the surrogates' 2048 places, so that a step has all of them or none. */
const CODE_POINTS_PER_STEP = 0x800;
/** V8's linear engine takes a step for each run. */
const RUNS_MAX = 48;
const PLANE_SIZE = 0x10000;
const CODE_POINT_MAX = 0x10ffff;
const SURROGATES: readonly [number, number] = [0xd800, 0xdfff];
/** What names characters beyond U+FFFF one by one; any other set has all of them or none. */
const KNOWS_PLANES = /\\[pP]|\\u\{[0-9A-Fa-f]{5,}|[\u{10000}-\u{10ffff}]/u;
/** Classes that mean the same with and without `u`, but for surrogates: only ASCII, and escapes for ASCII. */
const PLAIN_CLASS = /^\[(\^?)((?:[ -Z_-~]|\\[-dwfnrtv\\\]\[^.\/]|\\x[0-7][0-9A-Fa-f])+)\]$/;
const PAIR = "[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]";

/**
 * Writes the set that the class, escape or character `source` stands for in a pattern with the flag `u`.
 *
 * @param flags those of `i` and `s` that hold where it stands.
 * @returns a source that is one atom; undefined for a set of many runs, such as all letters: V8's linear engine tries each run for
 * each character.
 */
export function tryCodeUnitSet(source: string, flags: string): string | undefined {
  const plain = flags.includes("i") ? null : PLAIN_CLASS.exec(source);
  if (plain) return plain[1] === "" ? source : `(?:[^${plain[2]}\\uD800-\\uDFFF]|${PAIR})`;
  const member = new RegExp(source, `u${flags}`);
  const runs = new RegExp(`(?:${source})+`, `gu${flags}`);
  const near = rangesOf(runs, 0, PLANE_SIZE - 1);
  const far = KNOWS_PLANES.test(source) ? pairsOf(rangesOf(runs, PLANE_SIZE, CODE_POINT_MAX)) : wholePlanes(member);
  if (near.length + far.length > RUNS_MAX) return undefined;
  const parts = near.length > 0 || far.length === 0 ? [classOf(near), ...far] : far;
  return parts.length === 1 && far.length === 0 ? parts[0] : `(?:${parts.join("|")})`;
}

function wholePlanes(member: RegExp): string[] {
  return member.test(String.fromCodePoint(CODE_POINT_MAX)) ? [PAIR] : [];
}

/** One character as it is written in a pattern without `u`; undefined for half of one. */
export function tryCodeUnits(codePoint: number): string | undefined {
  if (codePoint >= SURROGATES[0] && codePoint <= SURROGATES[1]) return undefined;
  return codePoint > 0xffff ? `(?:${unit(high(codePoint))}${unit(low(codePoint))})` : unit(codePoint);
}

/** @param runs a global pattern that matches runs of members. */
function rangesOf(runs: RegExp, from: number, to: number): Ranges {
  const ranges: [number, number][] = [];
  for (let first = from; first <= to; first += CODE_POINTS_PER_STEP) {
    if (first >= SURROGATES[0] && first <= SURROGATES[1]) continue;
    const all = String.fromCodePoint(...Array.from({ length: CODE_POINTS_PER_STEP }, (_, index) => first + index));
    const unitsEach = first > 0xffff ? 2 : 1;
    for (const { 0: run, index } of all.matchAll(runs)) {
      ranges.push([first + index / unitsEach, first + (index + run.length) / unitsEach - 1]);
    }
  }
  return joined(ranges);
}

/** Runs that touch are one. */
function joined(ranges: Ranges): Ranges {
  const result: [number, number][] = [];
  for (const [first, last] of ranges) {
    const before = result.at(-1);
    if (before !== undefined && before[1] + 1 === first) before[1] = last;
    else result.push([first, last]);
  }
  return result;
}

function classOf(ranges: Ranges): string {
  const runs = ranges.map(([first, last]) => first === last ? unit(first) : `${unit(first)}-${unit(last)}`);
  return `[${runs.join("")}]`;
}

/** Runs beyond U+FFFF: a class of first halves before a class of second halves, for each run of first halves that have the same. */
function pairsOf(ranges: Ranges): string[] {
  return ranges.flatMap(([first, last]) => {
    const [firstHigh, firstLow, lastHigh, lastLow] = [high(first), low(first), high(last), low(last)];
    if (firstHigh === lastHigh) return [pair(firstHigh, firstHigh, firstLow, lastLow)];
    const middle = firstHigh + 1 < lastHigh ? [pair(firstHigh + 1, lastHigh - 1, 0xdc00, 0xdfff)] : [];
    return [pair(firstHigh, firstHigh, firstLow, 0xdfff), ...middle, pair(lastHigh, lastHigh, 0xdc00, lastLow)];
  });
}

function pair(highFirst: number, highLast: number, lowFirst: number, lowLast: number): string {
  return classOf([[highFirst, highLast]]) + classOf([[lowFirst, lowLast]]);
}

function high(codePoint: number): number {
  return 0xd800 + ((codePoint - 0x10000) >> 10);
}

function low(codePoint: number): number {
  return 0xdc00 + ((codePoint - 0x10000) & 0x3ff);
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
