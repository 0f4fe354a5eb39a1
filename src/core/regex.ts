/**
 * Regular expressions as users of the original write them, in Go's RE2 syntax (https://github.com/google/re2/wiki/Syntax) or .NET's, as
 * JavaScript's. What both have is kept, what is only spelt differently is translated, what JavaScript cannot do is an error:
 * a pattern never means something else than it says. What comes of it cannot be kept busy by any text: see `guarded_regex.ts`.
 *
 * @module
 */
import { GuardedRegex } from "./guarded_regex.ts";
import { NestedLoopsError } from "./linear_pattern.ts";

/** A pattern that cannot be used. The message names it and says why. */
export class RegexError extends Error {
  override readonly name = "RegexError";

  constructor(readonly text: string, readonly problem: string) {
    super(`/${text}/ is not a usable regular expression: ${problem}`);
  }
}

/**
 * Compiles a pattern for unanchored search.
 *
 * @param flags more JavaScript flags, such as `g`; `u` is always set.
 * @throws {RegexError} when the pattern is broken or has no equivalent.
 */
export function parseRegex(text: string, flags = ""): GuardedRegex {
  const translated = new RegexTranslator(text).translate();
  try {
    return new GuardedRegex(translated.source, `u${[...new Set(flags + translated.flags)].join("")}`);
  } catch (error) {
    if (error instanceof NestedLoopsError) throw new RegexError(text, error.message);
    const reason = error instanceof Error ? error.message : String(error);
    // V8: "Invalid regular expression: /(a/u: Unterminated group"; its end is all that is new.
    throw new RegexError(text, reason.replace(/^.*: (?=[^:]*$)/s, ""));
  }
}

/** RE2's names of ASCII classes, as members of a JavaScript class. */
const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};
/** What may follow `\` unchanged. */
const SAME_ESCAPES = /[bBdDsSwWfnrtv]/;
const END_OF_TEXT = "(?![\\s\\S])";
const START_OF_TEXT = "(?<![\\s\\S])";

/** Reads one pattern from left to right. */
class RegexTranslator {
  readonly #text: string;
  #at = 0;
  #flags = "";

  constructor(text: string) {
    this.#text = text;
  }

  translate(): { source: string; flags: string } {
    this.#takeLeadingFlags();
    let source = "";
    while (this.#at < this.#text.length) source += this.#takeToken();
    return { source, flags: this.#flags };
  }

  /** `(?i)`, `(?is)(?m)`: JavaScript has them beside the pattern. */
  #takeLeadingFlags(): void {
    for (let match = this.#take(/\(\?([ims]+)\)/y); match; match = this.#take(/\(\?([ims]+)\)/y)) {
      this.#flags += match[1];
    }
  }

  #takeToken(): string {
    const next = this.#text[this.#at];
    if (next === "\\") return this.#takeEscape(false);
    if (next === "[") return this.#takeClass();
    if (next === "(") return this.#takeGroup();
    const quantifier = this.#take(/\{\d+(?:,\d*)?\}/y);
    if (quantifier) return quantifier[0];
    this.#at++;
    // Alone, these are literals in Go and .NET, and an error in JavaScript's Unicode mode.
    return "{}]".includes(next) ? `\\${next}` : next;
  }

  #takeGroup(): string {
    const named = this.#take(/\(\?(?:P?<(\w+)>|'(\w+)')/y);
    if (named) return `(?<${named[1] ?? named[2]}>`;
    if (this.#take(/\(\?#[^)]*\)/y)) return "";
    const known = this.#take(/\((?:\?(?:[:=!]|<[=!]|[ims]*(?:-[ims]+)?:))?(?!\?)/y);
    if (known) return known[0];
    const unknown = this.#take(/\(\?[^()\s]{0,2}/y)?.[0] ?? "(?";
    const isFlag = /^\(\?[ims]/.test(unknown);
    throw new RegexError(
      this.#text,
      isFlag ? 'flags must be at its start, or around a part: "(?i:…)"' : `"${unknown}…" is not supported`,
    );
  }

  #takeClass(): string {
    const opening = this.#take(/\[\^?/y)?.[0] ?? "";
    // As the first member, `]` is a literal.
    let source = this.#take(/\]/y) ? `${opening}\\]` : opening;
    while (this.#text[this.#at] !== "]") {
      if (this.#at >= this.#text.length) throw new RegexError(this.#text, "missing closing ]");
      source += this.#takeClassMember();
    }
    this.#at++;
    return `${source}]`;
  }

  #takeClassMember(): string {
    if (this.#text[this.#at] === "\\") return this.#takeEscape(true);
    const posix = this.#take(/\[:(\^?)(\w+):\]/y);
    if (posix) return this.#posixClass(posix[1] !== "", posix[2]);
    if (this.#take(/-\[/y)) {
      throw new RegexError(this.#text, '"-[" inside a class is not supported; write \\-\\[ for the characters');
    }
    const member = this.#take(/[\s\S]/uy)?.[0] ?? "";
    return member === "[" ? "\\[" : member;
  }

  #posixClass(negated: boolean, name: string): string {
    const members = POSIX_CLASSES[name];
    if (members === undefined || negated) {
      throw new RegexError(this.#text, `class [:${negated ? "^" : ""}${name}:] is not supported`);
    }
    return members;
  }

  #takeEscape(inClass: boolean): string {
    const property = this.#take(/\\([pP])(?:\{(\^?)(\w+)\}|(\w))/y);
    if (property) return propertyEscape(property[1], property[2] === "^", property[3] ?? property[4]);
    const code = this.#take(
      /\\x\{([0-9A-Fa-f]+)\}|\\x([0-9A-Fa-f]{2})|\\u([0-9A-Fa-f]{4})|\\(0[0-7]{0,2}|[1-7][0-7]{2})/y,
    );
    if (code) return `\\u{${(code[1] ?? code[2] ?? code[3] ?? parseInt(code[4], 8).toString(16))}}`;
    const backReference = inClass ? null : this.#take(/\\k<\w+>/y);
    if (backReference) return backReference[0];
    const quoted = this.#take(/\\Q([\s\S]*?)(?:\\E|$)/y);
    if (quoted) return quoted[1].replace(/[\\^$.*+?()[\]{}|\/-]/g, (char) => literal(char, inClass));
    const escape = this.#take(/\\([\s\S])/uy);
    if (!escape) throw new RegexError(this.#text, "\\ at the end");
    return this.#plainEscape(escape[1], inClass);
  }

  #plainEscape(char: string, inClass: boolean): string {
    if (SAME_ESCAPES.test(char) && !(inClass && char === "B")) return `\\${char}`;
    if (char === "a") return "\\x07";
    if (char === "e") return "\\x1B";
    if (char === "A" && !inClass) return START_OF_TEXT;
    if (char === "z" && !inClass) return END_OF_TEXT;
    if (char === "Z" && !inClass) return `(?=\\n?${END_OF_TEXT})`;
    if (/[1-9]/.test(char) && !inClass) return `\\${char}`;
    if (/[0-9A-Za-z]/.test(char)) throw new RegexError(this.#text, `\\${char} is not supported`);
    return literal(char, inClass);
  }

  /** Takes what a sticky pattern matches at the current place. */
  #take(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.#at;
    const match = sticky.exec(this.#text);
    if (match) this.#at = sticky.lastIndex;
    return match;
  }
}

/** A character that stands for itself, escaped where JavaScript's Unicode mode wants and allows it. */
function literal(char: string, inClass: boolean): string {
  const needsEscape = inClass ? /[\\\]\[^-]/ : /[\\^$.*+?()[\]{}|\/]/;
  return needsEscape.test(char) ? `\\${char}` : char;
}

/** `\pL`, `\p{Lu}`, `\p{Greek}`, `\p{^Greek}`: names of more than two letters are scripts. */
function propertyEscape(letter: string, negated: boolean, name: string): string {
  const opposite = letter === "p" ? "P" : "p";
  return `\\${negated ? opposite : letter}{${name.length > 2 ? `Script=${name}` : name}}`;
}
