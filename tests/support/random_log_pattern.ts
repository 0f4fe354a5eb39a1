/**
 * Random patterns with groups, weighted to what users write for logs, each with texts that it matches; and random patterns of any kind.
 *
 * @module
 */
import type { Random } from "./random.ts";

/** A part of a pattern, and a text that it matches. */
interface Part {
  readonly source: string;
  sample(random: Random): string;
}

/** A pattern and what makes texts that it is likely to match. */
export interface LogPattern extends Part {
  readonly flags: string;
}

const repeat = (random: Random, characters: readonly string[], min: number, max: number) =>
  Array.from({ length: random.integer(min, max) }, () => random.pick(characters)).join("");
const ANYTHING = [..."abz019_ -.,:;=\"'[](){}|/\\\té日😀\u00a0\u3000", "ab", "12"];
const WORD = [..."abcXYZ019_"];
const VISIBLE = [...WORD, ...'-./:=[]"(é日😀'];
const DIGITS = [..."0123456789"];
const ofCharacters = (source: string, characters: readonly string[], min: number, max = 9): Part => ({
  source,
  sample: (random) => repeat(random, characters, min, max),
});
const oneOf = (source: string, ...texts: readonly string[]): Part => ({
  source,
  sample: (random) => random.pick(texts),
});

const FIELDS: readonly Part[] = [
  ofCharacters("\\S+", VISIBLE, 1),
  ofCharacters("\\S*", VISIBLE, 0),
  ofCharacters("\\S+?", VISIBLE, 1),
  ofCharacters("\\w+", WORD, 1),
  ofCharacters("\\w*", WORD, 0),
  ofCharacters("\\w{2,4}", WORD, 2, 4),
  ofCharacters("\\d+", DIGITS, 1),
  ofCharacters("\\d{1,3}", DIGITS, 1, 3),
  ofCharacters("\\d{1,3}?", DIGITS, 1, 3),
  ofCharacters("[\\d.:]+", [...DIGITS, ".", ":"], 1),
  ofCharacters("[a-z]+", [..."abcz"], 1),
  ofCharacters("[^\\s]+", VISIBLE, 1),
  ofCharacters('[^"]*', ANYTHING.filter((text) => text !== '"'), 0),
  ofCharacters("[^\\]]+", ANYTHING.filter((text) => text !== "]"), 1),
  ofCharacters("[^,]*", ANYTHING.filter((text) => text !== ","), 0),
  ofCharacters("[^|]*?", ANYTHING.filter((text) => text !== "|"), 0),
  ofCharacters(".*?", ANYTHING, 0),
  ofCharacters(".+?", ANYTHING, 1),
  ofCharacters(".*", ANYTHING, 0),
  ofCharacters(".+", ANYTHING, 1),
  ofCharacters(".{3}", [..."aé日😀 "], 3, 3),
  ofCharacters(".{0,5}", [..."aé日😀 "], 0, 5),
  ofCharacters("[é-日]+", [..."éê日"], 1),
  ofCharacters("[^é]{2,}", [..."a日 "], 2),
  oneOf("\\d+\\.\\d+", "0.5", "12.75"),
  oneOf("\\d{4}-\\d{2}-\\d{2}", "2026-11-23", "1999-01-01"),
  oneOf("\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d+)?", "10:00:00", "10:00:00,123", "23:59:59.9"),
  oneOf("\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}:\\d{2},\\d{3}", "2026-11-23 10:00:00,123", "2026-11-23T10:00:00,123"),
  oneOf("INFO|WARN|ERROR|DEBUG", "INFO", "WARN", "ERROR", "DEBUG"),
  oneOf("GET|POST|PUT|PATCH", "GET", "POST", "PUT", "PATCH"),
  oneOf("-|\\d+", "-", "12", "200"),
  oneOf("a|ab", "a", "ab"),
  oneOf("[+-]?\\d+(?:\\.\\d+)?", "1", "-1.5", "+20"),
  oneOf('(?:[^"\\\\]|\\\\.)*', "", 'a\\"b', "plain é"),
  oneOf("(\\w+)=(\\w+)", "a=b", "key=value"),
  oneOf("(?:(\\w+)=)?\\d+", "12", "a=12"),
  oneOf("(?:(a)|b|(c))*", "abc", "cba", "", "bb"),
  oneOf("(?:(\\w+),)*\\w+", "a,b,c", "a"),
  oneOf("(?:(a*)b?)*", "aab", "", "ab"),
  oneOf("(?:a?){2,3}", "", "aa", "aaa"),
  oneOf("(?:/[^/\\s]+)+", "/a/b", "/etc"),
  oneOf("日志|错误", "日志", "错误"),
  oneOf("", ""),
];
const LITERALS = [
  " ",
  " ",
  " ",
  ", ",
  ",",
  " - ",
  "|",
  ": ",
  '"',
  '" ',
  ' "',
  "[",
  "] ",
  "] [",
  "(",
  ") ",
  "\t",
  "=",
  "é",
  "日",
  "😀",
  "level=",
];
const SEPARATORS: readonly Part[] = [
  ...LITERALS.map((text) => oneOf(text.replace(/[[\](){}|]/g, "\\$&"), text)),
  oneOf("\\s+", " ", "  ", " \t", "\u00a0"),
  oneOf("\\s*", "", " "),
  oneOf("\\s", " ", "\u3000"),
  oneOf("[^\\w]", " ", "-", "é"),
  oneOf("\\b", ""),
  oneOf("(?: -)?", "", " -"),
  oneOf(".*", "", "x y"),
  oneOf("", ""),
];
const WRAPPERS: readonly ((source: string) => string)[] = [
  ...Array.from({ length: 6 }, () => (source: string) => `(${source})`),
  (source) => `(?<field>${source})`,
  (source) => `(?:${source})`,
  (source) => `(?:(${source}))?`,
  (source) => `(?: (${source}))?`,
  (source) => `(?:(${source}))??`,
  (source) => `((${source}))`,
];

function concatenate(parts: readonly Part[]): Part {
  return {
    source: parts.map(({ source }) => source).join(""),
    sample: (random) => parts.map((part) => part.sample(random)).join(""),
  };
}

/** A pattern of fields and what is between them. */
export function randomLogPattern(random: Random): LogPattern {
  const parts: Part[] = [oneOf(random.pick(["", "", "^", "^", "\\s*", "^\\s*"]), "")];
  let names = 0;
  for (let count = random.integer(1, 6); count > 0; count--) {
    const field = random.pick(FIELDS);
    const source = random.pick(WRAPPERS)(field.source).replace("field", `field${names++}`);
    parts.push({ source, sample: (other) => field.sample(other) }, random.pick(SEPARATORS));
  }
  parts.push(oneOf(random.pick(["", "", "", "$", ".*"]), ""));
  return { ...concatenate(parts), flags: random.pick(["u", "su", "su", "su", "msu", "mu"]) };
}

const ATOMS = [
  ..."aabkS09_ -é日😀",
  ...["\\d", "\\w", "\\s", "\\D", "\\W", "\\S", ".", ".", "\\n", "\\u{e9}", "\\."],
  ...["[ab]", "[^a]", "[a-z]", "[^0-9_]", "[\\w-]", "[^\\s]", "[]", "[^]", "[^日]"],
];
const ASSERTIONS = ["^", "$", "\\b", "\\B", "(?![\\s\\S])", "(?<![\\s\\S])"];
const QUANTIFIERS = ["", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}?", "{2,}", "{2,}?", "{0}"];

/** A pattern that no user would write. */
export function randomPattern(random: Random, depth: number): string {
  const kind = random.integer(0, 9);
  const quantifier = () => random.pick(QUANTIFIERS);
  if (depth === 0 || kind < 2) return `${random.pick(ATOMS)}${quantifier()}`;
  const inner = () => randomPattern(random, depth - 1);
  if (kind === 2) return random.pick(ASSERTIONS);
  if (kind < 5) return `${random.pick(["(", "(?:"])}${inner()}|${inner()})${quantifier()}`;
  if (kind < 8) return `${random.pick(["(", "(", "(?:", "(?s:", "(?m-s:"])}${inner()})${quantifier()}`;
  return `${inner()}${inner()}${random.integer(0, 3) === 0 ? `|${inner()}` : inner()}`;
}

/** A text with a few characters left out, doubled, or replaced. */
export function nearly(text: string, random: Random): string {
  const characters = [...text];
  for (let count = random.integer(1, 3); count > 0; count--) {
    const at = random.integer(0, characters.length);
    characters.splice(at, random.integer(0, 2), ...random.pick([[], [random.pick(ANYTHING)], [characters[at] ?? " "]]));
  }
  return characters.join("");
}

/** Any characters. */
export function randomCharacters(random: Random, max: number): string {
  return repeat(random, [..."aaabbkS09_ -.", ...ANYTHING, "\n", "\u2028"], 0, max);
}
