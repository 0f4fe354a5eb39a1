/**
 * File name patterns as `fnmatch` has them (https://man7.org/linux/man-pages/man7/glob.7.html), without its special
 * treatment of leading dots: `*`, `?`, `[a-z]`, `[!a-z]`, `[[:digit:]]`, and a backslash before a character that is
 * meant as it is. A bracket that is never closed is meant as it is, too.
 *
 * Names are chosen by whoever writes the logs: matching takes at most pattern × name steps, never more.
 *
 * @module
 */

/** Tells whether a whole text matches. */
export type Glob = (text: string) => boolean;

/** One place of a pattern: any run of characters, or one character of a kind. */
type Token = "run" | ((character: string) => boolean);

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[\p{L}\p{N}]/u,
  alpha: /\p{L}/u,
  blank: /[ \t]/,
  cntrl: /\p{Cc}/u,
  digit: /[0-9]/,
  graph: /[^\s\p{C}]/u,
  lower: /\p{Ll}/u,
  print: /[^\p{C}]/u,
  punct: /[\p{P}\p{S}]/u,
  space: /\s/,
  upper: /\p{Lu}/u,
  xdigit: /[0-9A-Fa-f]/,
};

/** Tells whether a text holds anything that is not meant as it is. */
export function hasWildcard(text: string): boolean {
  return /[*?[\\]/.test(text);
}

/** Compiles a pattern in which `*` and `?` match a slash, too. */
export function compileGlob(pattern: string): Glob {
  if (!hasWildcard(pattern)) return (text) => text === pattern;
  const tokens = tokensOf(pattern);
  return (text) => matches(tokens, [...text]);
}

/** Compiles a pattern for a path, in which only a slash matches a slash. */
export function compilePathGlob(pattern: string): Glob {
  const parts = pattern.split("/").map(compileGlob);
  return (path) => {
    const names = path.split("/");
    return names.length === parts.length && parts.every((part, index) => part(names[index]));
  };
}

/** Runs take as little as they can; only the last one passed may have to take more. */
function matches(tokens: readonly Token[], characters: readonly string[]): boolean {
  let [token, at, run, runTaken] = [0, 0, -1, 0];
  while (at < characters.length) {
    const wanted = tokens[token];
    if (wanted === "run") {
      [run, runTaken] = [token++, at];
    } else if (wanted?.(characters[at])) {
      token++;
      at++;
    } else if (run >= 0) {
      [token, at] = [run + 1, ++runTaken];
    } else return false;
  }
  while (tokens[token] === "run") token++;
  return token === tokens.length;
}

function tokensOf(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length;) {
    const { token, length } = tokenAt(pattern, at);
    tokens.push(token);
    at += length;
  }
  return tokens;
}

function tokenAt(pattern: string, at: number): { token: Token; length: number } {
  const character = String.fromCodePoint(pattern.codePointAt(at)!);
  if (character === "*") return { token: "run", length: 1 };
  if (character === "?") return { token: () => true, length: 1 };
  if (character === "[") return tryBracketAt(pattern, at) ?? { token: isOne("["), length: 1 };
  if (character !== "\\" || at + 1 === pattern.length) return { token: isOne(character), length: character.length };
  const escaped = String.fromCodePoint(pattern.codePointAt(at + 1)!);
  return { token: isOne(escaped), length: 1 + escaped.length };
}

function isOne(wanted: string): Token {
  return (character) => character === wanted;
}

/** A `]` right behind the opening bracket, or its `!`, is a member. */
const BRACKET = /\[([!^]?)(\]?(?:\[:[a-z]+:\]|\\[^]|[^\]\\])*)\]/uy;
const MEMBER = /\[:([a-z]+):\]|(?:\\([^])|([^]))(?:-(?:\\([^])|([^])))?/gu;

function tryBracketAt(pattern: string, at: number): { token: Token; length: number } | undefined {
  BRACKET.lastIndex = at;
  const match = BRACKET.exec(pattern);
  if (match === null || match[2] === "") return undefined;
  const members = [...match[2].matchAll(MEMBER)].map(memberOf);
  const isNegated = match[1] !== "";
  return { token: (character) => members.some((member) => member(character)) !== isNegated, length: match[0].length };
}

function memberOf([, name, escapedFrom, plainFrom, escapedTo, plainTo]: RegExpExecArray): (text: string) => boolean {
  if (name !== undefined) return (character) => CLASSES[name]?.test(character) ?? false;
  const from = (escapedFrom ?? plainFrom).codePointAt(0)!;
  const to = (escapedTo ?? plainTo)?.codePointAt(0) ?? from;
  return (character) => from <= character.codePointAt(0)! && character.codePointAt(0)! <= to;
}
