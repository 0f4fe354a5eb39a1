/**
 * Writes a pattern so that V8 can search with it in time proportional to the text. V8 has an engine for that, which takes over after
 * too many steps back, if the pattern has nothing but sets, groups, loops and assertions, few copies in its loops, and no flag but
 * `g`, `m`, `s` and `y` (https://v8.dev/blog/non-backtracking-regexp, `CanBeHandledVisitor` in V8's
 * src/regexp/experimental/experimental.cc). So sets become sets of code units, flags become parts of the pattern, and large
 * counts are written out. The result means the same for every text without single surrogates, groups included; but with `i`, `ſ` and
 * the Kelvin sign are no parts of words for `\b`, as in RE2.
 *
 * @module
 */
import { tryCodeUnits, tryCodeUnitSet } from "./code_unit_set.ts";

/** How often V8 copies a part for the counts around it, at most. */
const COPIES_MAX = 16;
/** More rounds than these are as good as endless. */
const ROUNDS_MAX = 9;
/** Of a part that is written out: V8's linear engine takes as many steps for each character of a text. */
const SOURCE_CHARS_MAX = 2500;
/** How `\A` and `\z` are written with the flag `u`. */
const TEXT_START = /\(\?<!(?:\[\\s\\S\]|\[\^\])\)/y;
const TEXT_END = /\(\?!(?:\[\\s\\S\]|\[\^\])\)/y;
/** Escapes of one character that mean the same without `u`. */
const SAME_ESCAPE = /\\(?:[fnrtv^$\\.*+?()[\]{}|\/]|x[0-9A-Fa-f]{2})/y;
const SET = /\.|\\[dDsSwW]|\\[pP]\{[^}]*\}|\\[pP]\w|\[(?:\\.|[^\]\\])*\]/suy;

/** A part of a pattern, rewritten. */
interface Part {
  readonly source: string;
  /** How often its most copied part is there when V8 has written its counts out. */
  readonly copies: number;
  readonly hasGroups: boolean;
  /** What it takes at least: nothing, only what loops take, or something else, too. */
  readonly needs: "nothing" | "loops" | "more";
  readonly canBeEmpty: boolean;
}

/** A pattern as V8's linear engine may take it. */
export interface LinearPattern {
  readonly source: string;
  /** Without `u`. */
  readonly flags: string;
  /** Whether it has a loop that holds only loops. */
  readonly hasNestedLoops: boolean;
}

/** A pattern is not linear, and may well take forever. */
export class NestedLoopsError extends Error {
  override readonly name = "NestedLoopsError";

  constructor() {
    super(
      "a loop that holds only loops, such as (a+)+, could take forever in a pattern with look-ahead, a reference back, " +
        "a large count or a set like \\p{L}: do without one of them",
    );
  }
}

/**
 * Rewrites a pattern, which has the flag `u` and has been accepted by V8.
 *
 * @returns undefined for look-ahead, references back, sets like "all letters", and what would become too large. What is returned may
 * still be too much for V8's engine: it must be asked.
 * @throws {NestedLoopsError} when it cannot be linear and has a loop that holds only loops.
 */
export function tryLinearPattern({ source, flags }: RegExp): LinearPattern | undefined {
  const { linear, hasNestedLoops } = new LinearWriter(source, flags).write();
  if (linear !== undefined) return { source: linear, flags: flags.replace(/[^gy]/g, ""), hasNestedLoops };
  if (hasNestedLoops) throw new NestedLoopsError();
  return undefined;
}

/** Which of its parts' needs is that of a choice, and that of a sequence: the first that there is. */
const CHOICE_NEEDS: readonly Part["needs"][] = ["loops", "nothing", "more"];
const SEQUENCE_NEEDS: readonly Part["needs"][] = ["more", "loops", "nothing"];

interface Quantifier {
  readonly quantifier: string;
  readonly min: number;
  readonly max: number;
  readonly lazy: string;
  readonly isCounted: boolean;
}

/** Reads a pattern from left to right and writes it anew. */
class LinearWriter {
  readonly #text: string;
  readonly #flags: string;
  readonly #sets = new Map<string, string>();
  #at = 0;
  #isLinear = true;
  #hasNestedLoops = false;

  constructor(text: string, flags: string) {
    this.#text = text;
    this.#flags = flags.replace(/[^ims]/g, "");
  }

  /** `linear` is undefined for a pattern that cannot be written so. */
  write(): { linear: string | undefined; hasNestedLoops: boolean } {
    const { source } = this.#choice(this.#flags);
    return { linear: this.#isLinear ? source : undefined, hasNestedLoops: this.#hasNestedLoops };
  }

  /** Stands for what cannot be written. */
  #notLinear(): string {
    this.#isLinear = false;
    return "";
  }

  #choice(flags: string): Part {
    const options = [this.#sequence(flags)];
    while (this.#take(/\|/y)) options.push(this.#sequence(flags));
    const needs = CHOICE_NEEDS.find((need) => options.some((option) => option.needs === need)) ?? "more";
    return { ...together(options, "|"), needs, canBeEmpty: options.some((option) => option.canBeEmpty) };
  }

  #sequence(flags: string): Part {
    const parts: Part[] = [];
    while (this.#at < this.#text.length && !/[|)]/.test(this.#text[this.#at])) {
      const assertion = this.#tryAssertion(flags);
      parts.push(assertion === undefined ? this.#quantified(this.#atom(flags)) : leaf(assertion, "nothing"));
    }
    const needs = SEQUENCE_NEEDS.find((need) => parts.some((part) => part.needs === need)) ?? "nothing";
    return { ...together(parts, ""), needs, canBeEmpty: parts.every((part) => part.canBeEmpty) };
  }

  #tryAssertion(flags: string): string | undefined {
    const edge = this.#take(/[$^]/y)?.[0];
    if (edge) return flags.includes("m") ? `(?m:${edge})` : edge;
    if (this.#take(TEXT_START)) return "^";
    if (this.#take(TEXT_END)) return "$";
    // As in RE2, what is a word does not depend on case: with `i`, JavaScript takes ſ and the Kelvin sign for parts of words.
    return this.#take(/\\[bB]/y)?.[0];
  }

  #atom(flags: string): Part {
    if (this.#text[this.#at] === "(") return this.#group(flags);
    const set = this.#take(SET)?.[0];
    return leaf(set === undefined ? this.#character(flags) : this.#set(set, flags));
  }

  #group(flags: string): Part {
    const changes = this.#take(/\(\?([ims]*)(?:-([ims]*))?:/y);
    const inner = changes ? changed(flags, changes[1], changes[2] ?? "") : flags;
    const opening = changes ? "(?:" : this.#take(/\((?:\?(?:<?[=!]|<\w+>)|(?!\?))/y)?.[0] ?? "";
    if (/^\(\?[=!]/.test(opening)) this.#notLinear();
    const body = this.#choice(inner);
    this.#take(/\)/y);
    const isLook = /^\(\?<?[=!]/.test(opening);
    return {
      ...body,
      source: `${opening}${body.source})`,
      hasGroups: body.hasGroups || !(isLook || opening === "(?:"),
      needs: isLook ? "nothing" : body.needs,
      canBeEmpty: isLook || body.canBeEmpty,
    };
  }

  #character(flags: string): string {
    const same = this.#take(SAME_ESCAPE)?.[0];
    // None of them but letters by their number has a case.
    if (same !== undefined) return same.startsWith("\\x") ? this.#codePoint(parseInt(same.slice(2), 16), flags) : same;
    const code = this.#take(/\\u\{([0-9A-Fa-f]+)\}/y)?.[1];
    if (code !== undefined) return this.#codePoint(parseInt(code, 16), flags);
    const char = this.#take(/[^\\]/suy)?.[0];
    if (char === undefined) return this.#reference();
    return /[ -~]/.test(char) && !isCased(char, flags) ? char : this.#codePoint(char.codePointAt(0) ?? 0, flags);
  }

  #codePoint(codePoint: number, flags: string): string {
    const char = String.fromCodePoint(codePoint);
    if (isCased(char, flags)) return this.#set(`\\u{${codePoint.toString(16)}}`, flags);
    return tryCodeUnits(codePoint) ?? this.#notLinear();
  }

  #reference(): string {
    this.#take(/\\(?:k<\w+>|\d+|.)/suy);
    return this.#notLinear();
  }

  #set(source: string, flags: string): string {
    if (/^\\[dsw]$/.test(source) && !flags.includes("i")) return source;
    const setFlags = flags.replace("m", "");
    const known = this.#sets.get(setFlags + source) ?? tryCodeUnitSet(source, setFlags);
    if (known === undefined) return this.#notLinear();
    this.#sets.set(setFlags + source, known);
    return known;
  }

  #quantified(body: Part): Part {
    const match = this.#take(/(?:([*+?])|\{(\d+)(?:,(\d*))?\})(\??)/y);
    if (!match) return body;
    const [quantifier, sign, least, most, lazy] = match;
    const min = sign === undefined ? Number(least) : sign === "+" ? 1 : 0;
    const max = sign === "?" ? 1 : sign !== undefined || most === "" ? Infinity : Number(most ?? least);
    return this.#repeated(body, { quantifier, min, max, lazy, isCounted: sign === undefined });
  }

  #repeated(part: Part, { quantifier, min, max, lazy, isCounted }: Quantifier): Part {
    const isLoop = max > ROUNDS_MAX;
    if (isLoop && part.needs === "loops") this.#hasNestedLoops = true;
    const canBeEmpty = min === 0 || part.canBeEmpty;
    const body: Part = { ...part, canBeEmpty, needs: isLoop && max > min ? "loops" : neededTimes(part, min) };
    if (!isCounted) return { ...body, source: body.source + quantifier };
    const copies = body.copies * Math.max(1, max === Infinity ? min + 1 : max);
    if (copies <= COPIES_MAX || body.hasGroups) return { ...body, source: body.source + quantifier, copies };
    // A round of a loop must not be empty, which is not the same for what is inside of a round.
    const source = part.canBeEmpty ? undefined : tryWrittenOut(body.source, min, max, lazy);
    return { ...body, source: source ?? this.#notLinear() };
  }

  /** Takes what a sticky pattern matches at the current place. */
  #take(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.#at;
    const match = sticky.exec(this.#text);
    if (match) this.#at = sticky.lastIndex;
    return match;
  }
}

function neededTimes({ needs }: Part, min: number): Part["needs"] {
  return needs === "more" && min === 0 ? "nothing" : needs;
}

function leaf(source: string, needs: Part["needs"] = "more"): Part {
  return { source, copies: 1, hasGroups: false, needs, canBeEmpty: needs === "nothing" };
}

function together(parts: readonly Part[], separator: string): Pick<Part, "source" | "copies" | "hasGroups"> {
  return {
    source: parts.map(({ source }) => source).join(separator),
    copies: Math.max(1, ...parts.map(({ copies }) => copies)),
    hasGroups: parts.some(({ hasGroups }) => hasGroups),
  };
}

function changed(flags: string, added: string, removed: string): string {
  return [..."ims"].filter((flag) => (flags + added).includes(flag) && !removed.includes(flag)).join("");
}

/** Whether other characters are equal to `char` where case is ignored. */
function isCased(char: string, flags: string): boolean {
  return flags.includes("i") && /[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]/u.test(char);
}

/** `x{2,4}` → `xx(?:x(?:x)?)?`, which asks for as many in the same order. */
function tryWrittenOut(source: string, min: number, max: number, lazy: string): string | undefined {
  const optional = max === Infinity ? 0 : max - min;
  if ((min + optional) * source.length > SOURCE_CHARS_MAX) return undefined;
  const more = max === Infinity ? `${source}*${lazy}` : `(?:${source}`.repeat(optional) + `)?${lazy}`.repeat(optional);
  return `(?:${source.repeat(min)}${more})`;
}
