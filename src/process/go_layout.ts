/**
 * Go's layouts of times: `2006-01-02 15:04:05`, to read and to write. Source: https://pkg.go.dev/time#pkg-constants
 *
 * @module
 */
import { type CivilTime, MONTHS, tryOffset, WEEKDAYS } from "./civil_time.ts";

/** What is not literal, longest first. */
const TOKENS = new RegExp(
  "January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|__2|_2(?!006)|2|3|4|5|PM|pm" +
    "|[-Z]07:00:00|[-Z]070000|[-Z]07:00|[-Z]0700|[-Z]07|[.,](?:0+|9+)(?!\\d)",
  "g",
);

/** What each token matches; each has one group. */
const PATTERNS: Readonly<Record<string, string>> = {
  January: `(${MONTHS.join("|")})`,
  Jan: `(${MONTHS.map((name) => name.slice(0, 3)).join("|")})`,
  Monday: `(${WEEKDAYS.join("|")})`,
  Mon: `(${WEEKDAYS.map((name) => name.slice(0, 3)).join("|")})`,
  MST: "(UTC|[A-Z]{3,5}|[+-]\\d\\d)",
  "002": "(\\d{3})",
  "01": "(\\d\\d)",
  "02": "(\\d\\d)",
  "03": "(\\d\\d)",
  "04": "(\\d\\d)",
  "05": "(\\d\\d)",
  "06": "(\\d\\d)",
  "15": "(\\d{1,2})",
  "1": "(\\d{1,2})",
  "2006": "(\\d{4})",
  "__2": " {0,2}(\\d{1,3})",
  "_2": " ?(\\d{1,2})",
  "2": "(\\d{1,2})",
  "3": "(\\d{1,2})",
  "4": "(\\d{1,2})",
  "5": "(\\d{1,2})",
  PM: "(AM|PM)",
  pm: "(am|pm)",
};

/** A moment as one time zone shows it. */
export interface ZonedMoment {
  /** Since the epoch. */
  readonly seconds: number;
  readonly nanoseconds: number;
  /** How far the zone is ahead of UTC. */
  readonly offsetSeconds: number;
  readonly zoneName: string;
}

/** A layout, ready to read and write times. */
export class GoLayout {
  readonly #layout: string;
  readonly #regex: RegExp;
  readonly #tokens: readonly string[];

  constructor(layout: string) {
    const tokens = [...layout.matchAll(TOKENS)].map(([token]) => token);
    const sources = tokens.map((token, index) => tokenPattern(token, tokens[index + 1]));
    const literals = layout.split(TOKENS).map((literal) => RegExp.escape(literal).replace(/(?:\\x20| )+/g, " +"));
    this.#layout = layout;
    this.#tokens = tokens;
    this.#regex = new RegExp(`^${literals.map((literal, index) => literal + (sources[index] ?? "")).join("")}$`, "u");
  }

  /** @returns the time, as far as the layout tells it; undefined when the text is none, or names a day that there is not. */
  tryParse(text: string): CivilTime | undefined {
    const match = this.#regex.exec(text);
    if (match === null) return undefined;
    const time: CivilTime = {};
    // Names do not count: each group is found by its place, and a second has a second one for its fraction.
    let group = 1;
    for (const token of this.#tokens) {
      readToken(time, token, match[group++]);
      if (/^0?5$/.test(token)) readFraction(time, match[group++]);
    }
    return isReal(time) ? time : undefined;
  }

  /** @returns the moment, written after the layout. */
  format(moment: ZonedMoment): string {
    const date = new Date((moment.seconds + moment.offsetSeconds) * 1000);
    return this.#layout.replace(TOKENS, (token) => tokenText(token, date, moment));
  }
}

function tokenPattern(token: string, next: string | undefined): string {
  if (/^[.,]0/.test(token)) return `[.,](\\d{${token.length - 1}})`;
  if (/^[.,]9/.test(token)) return "(?:[.,](\\d+))?";
  if (/^[-Z]07/.test(token)) {
    const digits = token.slice(1).replace(/\d\d/g, "\\d\\d");
    return token.startsWith("Z") ? `(Z|[+-]${digits})` : `([+-]${digits})`;
  }
  // A fraction may follow seconds even if the layout has none.
  if (/^0?5$/.test(token)) return PATTERNS[token] + (/^[.,]/.test(next ?? "") ? "()" : "(?:[.,](\\d+))?");
  return /^[A-Z][a-z]/.test(token) ? `(?i:${PATTERNS[token]})` : PATTERNS[token];
}

function readFraction(time: CivilTime, digits: string | undefined): void {
  if (digits) time.nanoseconds = Number(digits.slice(0, 9).padEnd(9, "0"));
}

function readToken(time: CivilTime, token: string, text: string | undefined): void {
  const number = Number(text);
  if (/^[.,]/.test(token)) return readFraction(time, text);
  if (/^[-Z]07/.test(token)) time.offsetSeconds = tryOffset(text ?? "");
  else if (token.startsWith("Jan")) time.month = 1 + MONTHS.findIndex((name) => isShortFor(text ?? "", name));
  else if (token === "MST") time.offsetSeconds = tryOffset(text ?? "") ?? 0;
  else if (token === "2006") time.year = number;
  else if (token === "06") time.year = number + (number < 69 ? 2000 : 1900);
  else if (token === "01" || token === "1") time.month = number;
  else if (token === "002" || token === "__2") time.dayOfYear = number;
  else if (/^[0_]?2$/.test(token)) time.day = number;
  else if (token === "15") time.hour = number;
  else if (/^0?3$/.test(token)) time.hour12 = number;
  else if (/^0?4$/.test(token)) time.minute = number;
  else if (/^0?5$/.test(token)) time.second = number;
  else if (/^pm$/i.test(token)) time.isAfternoon = /^pm$/i.test(text ?? "");
}

function isShortFor(text: string, name: string): boolean {
  return name.slice(0, 3).toLowerCase() === text.slice(0, 3).toLowerCase();
}

function isReal(
  { year = 0, month = 1, day = 1, dayOfYear = 1, hour = 0, hour12 = 0, minute = 0, second = 0 }: CivilTime,
) {
  const daysOfMonth = new Date(Date.UTC(2000 + year % 400, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth && dayOfYear >= 1 && dayOfYear <= 366 &&
    hour < 24 && hour12 <= 12 && minute < 60 && second < 60;
}

function tokenText(token: string, date: Date, moment: ZonedMoment): string {
  if (/^[.,]/.test(token)) return fractionText(token, moment.nanoseconds);
  if (/^[-Z]07/.test(token)) return offsetText(token, moment.offsetSeconds);
  if (token === "MST") return moment.zoneName;
  if (/^pm$/i.test(token)) {
    return (date.getUTCHours() < 12 ? "AM" : "PM")[token === "PM" ? "toUpperCase" : "toLowerCase"]();
  }
  if (/^[A-Z]/.test(token)) return nameText(token, date);
  const width = token.startsWith("_") || token.startsWith("0") || token === "2006"
    ? token.length
    : token === "15"
    ? 2
    : 1;
  return `${numberOf(token, date)}`.padStart(width, token.startsWith("_") ? " " : "0");
}

function nameText(token: string, date: Date): string {
  const name = token.startsWith("J") ? MONTHS[date.getUTCMonth()] : WEEKDAYS[date.getUTCDay()];
  return token.length === 3 ? name.slice(0, 3) : name;
}

function numberOf(token: string, date: Date): number {
  switch (token.replace(/^[0_](?=.$)/, "")) {
    case "2006":
      return date.getUTCFullYear();
    case "6":
      return date.getUTCFullYear() % 100;
    case "1":
      return date.getUTCMonth() + 1;
    case "2":
      return date.getUTCDate();
    case "15":
      return date.getUTCHours();
    case "3":
      return date.getUTCHours() % 12 || 12;
    case "4":
      return date.getUTCMinutes();
    case "5":
      return date.getUTCSeconds();
    default:
      return dayOfYear(date);
  }
}

function dayOfYear(date: Date): number {
  const firstMs = new Date(date).setUTCMonth(0, 1);
  return 1 + Math.round((date.getTime() - firstMs) / 86_400_000);
}

function fractionText(token: string, nanoseconds: number): string {
  const digits = `${nanoseconds}`.padStart(9, "0").slice(0, token.length - 1).padEnd(token.length - 1, "0");
  if (token[1] === "0") return token[0] + digits;
  const trimmed = digits.replace(/0+$/, "");
  return trimmed === "" ? "" : token[0] + trimmed;
}

function offsetText(token: string, offsetSeconds: number): string {
  if (token.startsWith("Z") && offsetSeconds === 0) return "Z";
  const size = Math.abs(offsetSeconds);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].map((part) =>
    `${part}`.padStart(2, "0")
  );
  const count = token.replace(/\D/g, "").length / 2;
  return (offsetSeconds < 0 ? "-" : "+") + parts.slice(0, count).join(token.includes(":") ? ":" : "");
}
