/**
 * Reads the source of a JavaScript regular expression with the flag `u` (https://tc39.es/ecma262/#sec-patterns). The engine has
 * accepted it before, so nothing is checked twice; what a finite automaton cannot do is refused.
 *
 * @module
 */
import { literalSet, takeCharacterEscape, takeClass, tryTakeSetEscape } from "./character_set.ts";
import { ANY, type CodePoints, complementOf, LINE_TERMINATORS } from "./code_points.ts";
import { EngineSets } from "./engine_sets.ts";
import { PatternText } from "./pattern_text.ts";
import type { Assertion, Syntax } from "./syntax.ts";
import { UnsupportedPattern } from "./unsupported_pattern.ts";

/** Flags as they are inside a group. */
interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/** How `../../core/regex.ts` and others write `\A` and `\z`, which JavaScript does not have. */
const TEXT_START = /\(\?<!\[(?:\\s\\S|\^)\]\)/y;
const TEXT_END = /\(\?!\[(?:\\s\\S|\^)\]\)/y;
/** What stands for `\Z`, where the pattern ends with it. */
const TEXT_END_OR_NEWLINE_LAST = /\(\?=\\n\?\(\?!\[\\s\\S\]\)\)$/y;

/**
 * Reads a pattern.
 *
 * @throws {UnsupportedPattern} for back references, look-around and patterns without `u` or with `v`.
 */
export function parseSyntax(regex: RegExp): Syntax {
  if (!regex.unicode) throw new UnsupportedPattern("a pattern without the flag u");
  return new SyntaxParser(regex).parse();
}

class SyntaxParser {
  readonly #regex: RegExp;
  readonly #text: PatternText;
  readonly #engine = new EngineSets();
  #depth = 0;
  /** The groups that have begun so far. */
  #groups = 0;

  constructor(regex: RegExp) {
    this.#regex = regex;
    this.#text = new PatternText(regex.source);
  }

  parse(): Syntax {
    const { ignoreCase, multiline, dotAll } = this.#regex;
    return this.#takeChoice({ ignoreCase, multiline, dotAll });
  }

  #takeChoice(flags: Flags): Syntax {
    const options = [this.#takeSequence(flags)];
    while (this.#text.takeText("|")) options.push(this.#takeSequence(flags));
    return options.length === 1 ? options[0] : { kind: "choice", options };
  }

  #takeSequence(flags: Flags): Syntax {
    const parts: Syntax[] = [];
    while (!this.#text.atEnd && !/[|)]/.test(this.#text.next)) parts.push(this.#takeTerm(flags));
    return parts.length === 1 ? parts[0] : { kind: "sequence", parts };
  }

  #takeTerm(flags: Flags): Syntax {
    const assertion = this.#tryTakeAssertion(flags);
    if (assertion) return { kind: "assertion", assertion };
    return this.#tryTakeEndOrNewline() ?? this.#takeQuantifier(this.#takeAtom(flags));
  }

  #tryTakeAssertion({ multiline, ignoreCase }: Flags): Assertion | undefined {
    const text = this.#text;
    if (text.takeText("^")) return multiline ? "lineStart" : "textStart";
    if (text.takeText("$")) return multiline ? "lineEnd" : "textEnd";
    if (text.tryTake(TEXT_START)) return "textStart";
    if (text.tryTake(TEXT_END)) return "textEnd";
    // So V8 does it: a group with the flag does not make a boundary folded.
    const folded = ignoreCase && this.#regex.ignoreCase;
    if (text.takeText("\\b")) return folded ? "foldedWordBoundary" : "wordBoundary";
    if (text.takeText("\\B")) return folded ? "notFoldedWordBoundary" : "notWordBoundary";
    return undefined;
  }

  /** `\Z` where nothing comes after it: there it may take the newline. */
  #tryTakeEndOrNewline(): Syntax | undefined {
    if (this.#depth > 0 || !this.#text.tryTake(TEXT_END_OR_NEWLINE_LAST)) return undefined;
    const body: Syntax = { kind: "character", set: [0x0a, 0x0a] };
    const newline: Syntax = { kind: "repeat", body, min: 0, max: 1, lazy: false };
    return { kind: "sequence", parts: [newline, { kind: "assertion", assertion: "textEnd" }] };
  }

  #takeQuantifier(body: Syntax): Syntax {
    const match = this.#text.tryTake(/(?:([*+?])|\{(\d+)(,?)(\d*)\})(\??)/y);
    if (!match) return body;
    const [, sign, least, comma, most] = match;
    const lazy = match[5] !== "";
    if (sign !== undefined) {
      return { kind: "repeat", body, min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : Infinity, lazy };
    }
    const min = Number(least);
    if (comma === "") return { kind: "repeat", body, min, max: min, lazy };
    return { kind: "repeat", body, min, max: most === "" ? Infinity : Number(most), lazy };
  }

  #takeAtom(flags: Flags): Syntax {
    if (this.#text.next === "(") return this.#takeGroup(flags);
    return { kind: "character", set: this.#takeSet(flags) };
  }

  #takeSet({ ignoreCase, dotAll }: Flags): CodePoints {
    const text = this.#text;
    if (text.takeText(".")) return dotAll ? ANY : complementOf(LINE_TERMINATORS);
    if (text.next === "[") return takeClass(text, ignoreCase, this.#engine);
    if (text.next !== "\\") return literalSet(text.takeCodePoint(), ignoreCase, this.#engine);
    return tryTakeSetEscape(text, ignoreCase, this.#engine) ??
      literalSet(takeCharacterEscape(text), ignoreCase, this.#engine);
  }

  #takeGroup(flags: Flags): Syntax {
    const { flags: inner, number } = this.#takeGroupHead(flags);
    this.#depth++;
    const body = this.#takeChoice(inner);
    this.#depth--;
    this.#text.takeText(")");
    return number === undefined ? body : { kind: "group", number, body };
  }

  /** Takes what opens a group; returns the flags inside, and its number if it is remembered. */
  #takeGroupHead(flags: Flags): { flags: Flags; number?: number } {
    const modifiers = this.#text.tryTake(/\(\?([ims]*)(?:-([ims]*))?:/y);
    if (modifiers) return { flags: modified(flags, modifiers[1], modifiers[2] ?? "") };
    const plain = this.#text.tryTake(/\((?:\?<[^=!>][^>]*>|(?!\?))/y);
    if (!plain) throw new UnsupportedPattern("look-around");
    return { flags, number: ++this.#groups };
  }
}

function modified(flags: Flags, added: string, removed: string): Flags {
  const isOn = (letter: string, before: boolean) => (before || added.includes(letter)) && !removed.includes(letter);
  return {
    ignoreCase: isOn("i", flags.ignoreCase),
    multiline: isOn("m", flags.multiline),
    dotAll: isOn("s", flags.dotAll),
  };
}
