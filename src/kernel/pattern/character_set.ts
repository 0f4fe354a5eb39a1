/**
 * What a class, an escape or a literal of a pattern matches: a set of code points, exactly as the JavaScript engine understands it.
 * Where that depends on Unicode's tables (properties; case beyond ASCII), the engine itself is asked.
 *
 * @module
 */
import {
  type CodePoints,
  complementOf,
  DIGITS,
  foldAscii,
  FOLDED_WORD,
  unionOf,
  WHITE_SPACE,
  WORD,
} from "./code_points.ts";
import type { EngineSets } from "./engine_sets.ts";
import { PatternText } from "./pattern_text.ts";
import { UnsupportedPattern } from "./unsupported_pattern.ts";

const CONTROLS: Readonly<Record<string, number>> = { f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09, v: 0x0b, 0: 0 };
const PROPERTY = /\\[pP]\{[^}]*\}/y;
const CLASS = /\[(\^?)((?:\\.|[^\]\\])*)\]/suy;

/** The set of one literal character. */
export function literalSet(codePoint: number, ignoreCase: boolean, engine: EngineSets): CodePoints {
  const folds = ignoreCase && hasCase(codePoint);
  if (folds && codePoint > 0x7f) return engine.ask(`\\u{${codePoint.toString(16)}}`, true);
  return folds ? foldAscii([codePoint, codePoint]) : [codePoint, codePoint];
}

/** Takes `\d`, `\P{Lu}` and the like, if the text goes on with one. */
export function tryTakeSetEscape(
  text: PatternText,
  ignoreCase: boolean,
  engine: EngineSets,
): CodePoints | undefined {
  const property = text.tryTake(PROPERTY);
  if (property) return engine.ask(property[0], ignoreCase);
  const escape = text.tryTake(/\\([dDsSwW])/y)?.[1];
  return escape === undefined ? undefined : namedSet(escape, ignoreCase);
}

/**
 * Takes the escape of one character and returns its code point.
 *
 * @throws {UnsupportedPattern} for an escape that is none, such as a back reference.
 */
export function takeCharacterEscape(text: PatternText): number {
  const pair = text.tryTake(/\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/y);
  if (pair) return String.fromCharCode(parseInt(pair[1], 16), parseInt(pair[2], 16)).codePointAt(0) ?? 0;
  const code = text.tryTake(/\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/y);
  if (code) return parseInt(code[1] ?? code[2] ?? code[3], 16);
  const letter = text.tryTake(/\\c([A-Za-z])/y)?.[1];
  if (letter !== undefined) return letter.charCodeAt(0) & 31;
  const control = text.tryTake(/\\([fnrtv0])/y)?.[1];
  if (control !== undefined) return CONTROLS[control];
  const itself = text.tryTake(/\\([\^$\\.*+?()[\]{}|/-])/y)?.[1];
  if (itself !== undefined) return itself.charCodeAt(0);
  throw new UnsupportedPattern("a back reference");
}

/** Takes a class in square brackets. */
export function takeClass(text: PatternText, ignoreCase: boolean, engine: EngineSets): CodePoints {
  const match = text.tryTake(CLASS);
  if (!match) throw new UnsupportedPattern("a class without an end");
  const [source, negated, members] = match;
  // The engine folds complements in its own way, and only it knows what is equal beyond ASCII.
  // deno-lint-ignore no-control-regex
  if (ignoreCase && /\\[DSWpPux]|[^\x00-\x7f]/.test(members)) return engine.ask(source, true);
  const set = takeMembers(new PatternText(members), engine);
  const folded = ignoreCase ? foldAscii(set) : set;
  return negated === "" ? folded : complementOf(folded);
}

function takeMembers(text: PatternText, engine: EngineSets): CodePoints {
  const pairs: number[] = [];
  while (!text.atEnd) {
    const set = tryTakeSetEscape(text, false, engine);
    if (set) pairs.push(...set);
    else pairs.push(...takeRange(text));
  }
  return unionOf(pairs);
}

function takeRange(text: PatternText): [first: number, last: number] {
  const first = takeMember(text);
  // A hyphen at the end stands for itself.
  const last = text.tryTake(/-(?=[\s\S])/y) ? takeMember(text) : first;
  return [first, last];
}

function takeMember(text: PatternText): number {
  if (text.next !== "\\") return text.takeCodePoint();
  return text.takeText("\\b") ? 0x08 : takeCharacterEscape(text);
}

function hasCase(codePoint: number): boolean {
  const character = String.fromCodePoint(codePoint);
  return character.toLowerCase() !== character || character.toUpperCase() !== character;
}

function namedSet(letter: string, ignoreCase: boolean): CodePoints {
  if (letter === "d") return DIGITS;
  if (letter === "s") return WHITE_SPACE;
  if (letter === "w") return ignoreCase ? FOLDED_WORD : WORD;
  return complementOf(namedSet(letter.toLowerCase(), ignoreCase));
}
