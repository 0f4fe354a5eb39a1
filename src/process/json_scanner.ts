/**
 * Reads JSON text piece by piece and hands out pieces as they are written, which `JSON.parse` cannot: `1.0` stays `1.0`, and an
 * object keeps its blanks. As forgiving as the original's parser (https://github.com/buger/jsonparser): what is between quotes may
 * hold control characters, and a number is whatever begins like one. Its time is linear, and it never recurses.
 *
 * @module
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const SCALAR = /[^\s,\]}]+/y;
const BRACKETS_AND_QUOTES: Readonly<Record<number, RegExp>> = { [OPEN_BRACE]: /["{}]/g, [OPEN_BRACKET]: /["[\]]/g };

const SINGLE_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** A place in JSON text. `try…` methods advance behind what they return, and return undefined where the text is broken. */
export class JsonScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Passes over blanks. @returns the code of the character there, NaN at the end. */
  peek(): number {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#text.charCodeAt(this.#at);
  }

  /** Passes over blanks and then over `code`, if it is there. */
  tryPass(code: number): boolean {
    if (this.peek() !== code) return false;
    this.#at++;
    return true;
  }

  /** @returns what is between the quotes of the string that begins here, still escaped. */
  tryString(): string | undefined {
    const end = this.#tryStringEnd(this.#at);
    if (end === undefined) return undefined;
    const start = this.#at + 1;
    this.#at = end + 1;
    return this.#text.slice(start, end);
  }

  /** @returns the number, `true`, `false` or `null` that begins here, as written. */
  tryScalar(): string | undefined {
    SCALAR.lastIndex = this.#at;
    const token = SCALAR.exec(this.#text)?.[0] ?? "";
    if (!/^[-\d]/.test(token) && !/^(true|false|null)$/.test(token)) return undefined;
    this.#at += token.length;
    return token;
  }

  /** @returns the object or array that begins here, as written, up to its closing bracket. What is inside is not checked. */
  tryBlock(): string | undefined {
    const start = this.#at;
    const end = this.#tryBlockEnd(start);
    if (end === undefined) return undefined;
    this.#at = end + 1;
    return this.#text.slice(start, end + 1);
  }

  #tryBlockEnd(start: number): number | undefined {
    const opening = this.#text.charCodeAt(start);
    const next = BRACKETS_AND_QUOTES[opening];
    let level = 0;
    next.lastIndex = start;
    for (let found = next.exec(this.#text); found !== null; found = next.exec(this.#text)) {
      const code = found[0].charCodeAt(0);
      if (code === QUOTE) {
        const end = this.#tryStringEnd(found.index);
        if (end === undefined) return undefined;
        next.lastIndex = end + 1;
      } else {
        level += code === opening ? 1 : -1;
        if (level === 0) return found.index;
      }
    }
    return undefined;
  }

  /** @returns where the closing quote is of the string whose opening quote is at `start`. */
  #tryStringEnd(start: number): number | undefined {
    let end = this.#text.indexOf('"', start + 1);
    while (end >= 0 && this.#isEscaped(end, start)) end = this.#text.indexOf('"', end + 1);
    return end >= 0 ? end : undefined;
  }

  #isEscaped(at: number, start: number): boolean {
    let before = at - 1;
    while (before > start && this.#text.charCodeAt(before) === BACKSLASH) before--;
    return (at - before) % 2 === 0;
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** @returns the text that a string stands for; undefined when an escape is wrong, or gives half a surrogate pair. */
export function tryUnescapeJson(raw: string): string | undefined {
  if (!raw.includes("\\")) return raw;
  const text = hasControl(raw) ? tryUnescapeSlowly(raw) : tryParseString(raw);
  return text?.isWellFormed() ? text : undefined;
}

function hasControl(raw: string): boolean {
  // deno-lint-ignore no-control-regex
  return /[\0-\x1f]/.test(raw);
}

/** Knows the same escapes as below, and is ten times as fast, but takes no control characters. */
function tryParseString(raw: string): string | undefined {
  try {
    const text: unknown = JSON.parse(`"${raw}"`);
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}

function tryUnescapeSlowly(raw: string): string | undefined {
  let isBroken = false;
  const text = raw.replace(/\\(?:u([0-9A-Fa-f]{4})|([^]?))/g, (_escape, hex: string | undefined, char: string) => {
    if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
    const single = Object.hasOwn(SINGLE_ESCAPES, char) ? SINGLE_ESCAPES[char] : undefined;
    isBroken ||= single === undefined;
    return single ?? "";
  });
  return isBroken ? undefined : text;
}
