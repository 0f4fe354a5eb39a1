/**
 * Times written after a format of C's `strptime`, with `%f` for a fraction of a second. What follows the time is not looked at,
 * as in C. Source: https://pubs.opengroup.org/onlinepubs/9799919799/functions/strptime.html
 *
 * @module
 */
import { type CivilTime, MONTHS, tryOffset, WEEKDAYS } from "./civil_time.ts";

/** Directives that stand for others. */
const COMPOSITES: Readonly<Record<string, string>> = {
  c: "%a %b %e %H:%M:%S %Y",
  D: "%m/%d/%y",
  F: "%Y-%m-%d",
  r: "%I:%M:%S %p",
  R: "%H:%M",
  T: "%H:%M:%S",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
};
const TWO_DIGITS = "\\s*(\\d{1,2})";
/** What each directive matches; each has one group. */
const PATTERNS: Readonly<Record<string, string>> = {
  a: namePattern(WEEKDAYS),
  A: namePattern(WEEKDAYS),
  b: namePattern(MONTHS),
  B: namePattern(MONTHS),
  h: namePattern(MONTHS),
  C: TWO_DIGITS,
  d: TWO_DIGITS,
  e: TWO_DIGITS,
  f: "(\\d+)",
  g: TWO_DIGITS,
  G: "\\s*(\\d{1,4})",
  H: TWO_DIGITS,
  I: TWO_DIGITS,
  j: "\\s*(\\d{1,3})",
  k: TWO_DIGITS,
  l: TWO_DIGITS,
  m: TWO_DIGITS,
  M: TWO_DIGITS,
  n: "(\\s*)",
  p: "((?i:am|pm))",
  // Ten digits are seconds until the year 2286; those behind them are a fraction.
  s: "\\s*(\\d{1,10})",
  S: TWO_DIGITS,
  t: "(\\s*)",
  u: "\\s*(\\d)",
  U: TWO_DIGITS,
  V: TWO_DIGITS,
  w: "\\s*(\\d)",
  W: TWO_DIGITS,
  y: TWO_DIGITS,
  Y: "\\s*(\\d{1,4})",
  z: "\\s*([+-]\\d\\d(?::?\\d\\d)?|Z)",
  Z: "(UTC|GMT|Z)",
};

function namePattern(names: readonly string[]): string {
  return `((?i:${names.flatMap((name) => [name, name.slice(0, 3)]).join("|")}))`;
}

/** What a directive's text must lie between. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  d: [1, 31],
  e: [1, 31],
  H: [0, 23],
  I: [1, 12],
  j: [1, 366],
  k: [0, 23],
  l: [1, 12],
  m: [1, 12],
  M: [0, 59],
  S: [0, 60],
};

/** A format, ready to read times. */
export class Strptime {
  readonly #regex: RegExp;
  /** The letter of each group. */
  readonly #letters: readonly string[];

  private constructor(regex: RegExp, letters: readonly string[]) {
    this.#regex = regex;
    this.#letters = letters;
  }

  /** @returns undefined when the format has a directive that is unknown. */
  static tryMake(format: string): Strptime | undefined {
    const letters: string[] = [];
    const plain = format.replace(/%[EO]?([cDFrRTxX])/g, (_written, letter: string) => COMPOSITES[letter]);
    const tokens: readonly string[] = plain.match(/%[EO]?[^]|\s+|[^]/gu) ?? [];
    const source = tokens.map((token) => {
      if (token.trim() === "") return "\\s*";
      if (!token.startsWith("%") || token === "%%") return RegExp.escape(token.slice(-1));
      letters.push(token.slice(-1));
      return PATTERNS[token.slice(-1)];
    });
    if (letters.some((letter) => !Object.hasOwn(PATTERNS, letter)) || tokens.includes("%")) return undefined;
    return new Strptime(new RegExp(`^${source.join("")}`), letters);
  }

  /** @returns the time, as far as the format tells it; undefined when the text is none. */
  tryParse(text: string): CivilTime | undefined {
    const match = this.#regex.exec(text);
    if (match === null) return undefined;
    const time: CivilTime = {};
    return this.#letters.every((letter, index) => readPart(time, letter, match[index + 1])) ? time : undefined;
  }
}

/** @returns whether the part is within its range. */
function readPart(time: CivilTime, letter: string, text: string): boolean {
  const number = Number(text);
  const [min, max] = RANGES[letter] ?? [-Infinity, Infinity];
  if (number < min || number > max) return false;
  switch (letter) {
    case "b":
    case "B":
    case "h":
      time.month = 1 + MONTHS.findIndex((name) => name.slice(0, 3).toLowerCase() === text.slice(0, 3).toLowerCase());
      break;
    case "C":
      time.year = number * 100 + (time.year ?? 0) % 100;
      break;
    case "d":
    case "e":
      time.day = number;
      break;
    case "f":
      time.nanoseconds = Number(text.slice(0, 9).padEnd(9, "0"));
      break;
    case "H":
    case "k":
      time.hour = number;
      break;
    case "I":
    case "l":
      time.hour12 = number;
      break;
    case "j":
      time.dayOfYear = number;
      break;
    case "m":
      time.month = number;
      break;
    case "M":
      time.minute = number;
      break;
    case "p":
      time.isAfternoon = text.toLowerCase() === "pm";
      break;
    case "s":
      time.epochSeconds = number;
      break;
    case "S":
      time.second = number;
      break;
    case "y":
      time.year = number + (number < 69 ? 2000 : 1900);
      break;
    case "Y":
      time.year = number;
      break;
    case "z":
    case "Z":
      time.offsetSeconds = tryOffset(text);
      break;
  }
  return true;
}
