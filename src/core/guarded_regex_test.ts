/** @module */
import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { type Random, seededRandom } from "../../tests/support/random.ts";
import { needs } from "../../tests/support/requirement.ts";
import { GuardedRegex, matchesSafely, RegexSizeError } from "./guarded_regex.ts";
import { V8_FLAGS } from "./v8_flags.ts";
import { type LinearPattern, NestedLoopsError, tryLinearPattern } from "./linear_pattern.ts";
import { parseRegex, RegexError } from "./regex.ts";

const CHARS = 100_000;
/** On a busy machine; what is not linear takes tens of seconds. */
const TIME_MS_MAX = 5000;
const PATTERNS = 150;
const TEXTS_PER_PATTERN = 12;

const hasLinearEngine = parseRegex("a").isLinear;

/** Tells whether V8 runs as in the binary. */
function needsFlags(): boolean {
  return needs(`V8 started with --v8-flags=${V8_FLAGS.join(",")}`, hasLinearEngine);
}

/** What `action` gives, and how long it took. */
function timed<Value>(action: () => Value): [Value, ms: number] {
  const start = performance.now();
  const value = action();
  return [value, performance.now() - start];
}

const AS_AND_B = "a".repeat(CHARS) + "b";
const XS = "x".repeat(CHARS);
const WORDS = "word ".repeat(CHARS / 5) + "!";

/** The groups that must be found, the match first; undefined for none. */
type Expected = readonly (string | undefined)[] | undefined;

const CATASTROPHIC: readonly (readonly [pattern: string, text: string, expected: Expected])[] = [
  ["(a+)+$", AS_AND_B, undefined],
  ["^(a+)+$", AS_AND_B.slice(0, -1), [AS_AND_B.slice(0, -1), AS_AND_B.slice(0, -1)]],
  ["(a|aa)+$", AS_AND_B, undefined],
  ["(a|a)*$", AS_AND_B, ["", undefined]],
  ["(.*)*x", AS_AND_B, undefined],
  ["(.*)*b", AS_AND_B, [AS_AND_B, AS_AND_B.slice(0, -1)]],
  ["(.*)*!", "😀".repeat(CHARS / 2), undefined],
  ["^(\\w+\\s?)*$", WORDS, undefined],
  ["^([^!]+\\s?)*$", WORDS, undefined],
  ["(x+x+)+y", XS, undefined],
  ["(?:(x+?)+?)+?y", XS, undefined],
  ["(?i)(X+X+)+y", XS, undefined],
  ["(?i)^(?:[a-zé]+ ?)*$", WORDS, undefined],
  ["(?i)\\b(?:A+)+\\b!", AS_AND_B, undefined],
  ["(?m)(x+x+)+$y", XS, undefined],
  ["(?s)(.+.+)+y", XS, undefined],
  ["\\A(?:\\w+ ?)*\\z", WORDS, undefined],
  ["(?:x{1,20})+y", XS, undefined],
  ["(?:x{1,12}){0,2}y", XS, undefined],
  ["(?P<one>x+)*(?P<two>x+)*y", XS, undefined],
  [".*.*.*=.*", XS, undefined],
  [
    "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
    XS,
    undefined,
  ],
];

Deno.test("catastrophic patterns are answered in linear time, groups included", () => {
  if (!needsFlags()) return;
  for (const [pattern, text, expected] of CATASTROPHIC) {
    const regex = parseRegex(pattern);
    assert(regex.isLinear, `${pattern} is linear`);
    const [match, ms] = timed(() => regex.exec(text));
    assertLess(ms, TIME_MS_MAX, `${pattern} takes ${ms} ms`);
    assertEquals(match ? [...match] : undefined, expected, pattern);
    assertEquals(timed(() => regex.test(text))[0], expected !== undefined, pattern);
  }
});

Deno.test("a pattern that cannot be linear is refused when a loop of it holds only loops", () => {
  const refused = [
    ...["^(?=(a+)+$)", "(a*)*\\1x", "(?<x>(a+)+)\\k<x>c", "(a+)+(?!b)$", "(?:a|b+)*(?=c)"],
    ...[
      "\\A(?:\\pL+ ?)*\\z",
      "^(\\w+\\s?)*(?=x)",
      "(?:x{1,100}){10,}(?=y)",
      "(.*)*(?=x)",
      "(?:^a*?$)+(?=x)",
      "((?:a+)?)*\\1",
    ],
  ];
  for (const pattern of refused) {
    const { problem }: RegexError = assertThrows(() => parseRegex(pattern), RegexError, undefined, pattern);
    assertEquals(problem, new NestedLoopsError().message);
  }
  const usable = [
    "(?:/[a-z]*)+(?=x)",
    "(?:a|b)*(?!c)",
    "(a+){3}\\1",
    "(?:\\.\\w{0,62})*(?=x)",
    "(\\d+)(?:,\\1)*",
    "(?:a+)?(?=b)",
  ];
  for (const pattern of usable) assert(!parseRegex(pattern).isLinear, pattern);
});

Deno.test("a pattern that cannot be linear is not searched for in large texts", () => {
  const regex = parseRegex("a+(?=b)");
  assertEquals(regex.exec("a".repeat(16_383) + "b")?.[0].length, 16_383);
  const error = assertThrows(() => regex.exec(AS_AND_B), RegexSizeError);
  assertEquals(error.message.split(":")[0], "a value of 100001 characters is too large for /a+(?=b)/");
  assertEquals([matchesSafely(regex, AS_AND_B), matchesSafely(regex, "ab")], [false, true]);
});

Deno.test("a loop that V8 takes for one step is bounded, too", () => {
  if (!needsFlags()) return;
  const [isFound, ms] = timed(() => parseRegex("\\s+$").test(" ".repeat(CHARS) + "x"));
  assert(!isFound);
  assertLess(ms, TIME_MS_MAX);
});

Deno.test("a text of many megabytes needs no stack", () => {
  if (!needsFlags()) return;
  const text = "ab c".repeat(2_500_000);
  assertEquals(parseRegex("^(?:[^x]|yy)*$").exec(text)?.[0].length, text.length);
});

Deno.test("replacing and finding all go by characters, also where a match is empty", () => {
  for (const source of ["x*", "(?=😀)|b", "\\b", "."]) {
    const [plain, guarded] = [new RegExp(source, "gu"), new GuardedRegex(source, "gu")];
    for (const text of ["a😀b", "😀😀", "", "xx😀x", "日本"]) {
      assertEquals(text.replace(guarded, "-"), text.replace(plain, "-"), `${source} on ${text}`);
      assertEquals(text.replaceAll(guarded, () => "-"), text.replaceAll(plain, () => "-"), `${source} on ${text}`);
      const found = (regex: RegExp) => [...text.matchAll(regex)].map((match) => [match.index, ...match]);
      assertEquals(found(guarded), found(plain), `${source} on ${text}`);
    }
  }
});

Deno.test("single surrogates count as U+FFFD", () => {
  const cases: [source: string, text: string, expected: string | undefined][] = [
    ["^a(.*)b$", "a\ud800x\udfffb", "\ufffdx\ufffd"],
    ["^a(\\S)b$", "a\udc00b", "\ufffd"],
    ["^(\\ufffd)$", "\ud83d", "\ufffd"],
    ["^(?=a)a(.)$", "a\ud83d", "\ufffd"],
  ];
  for (const [source, text, expected] of cases) {
    assertEquals(new GuardedRegex(source, "u").exec(text)?.[1], expected, source);
  }
});

Deno.test("a pattern looks like the one that was asked for", () => {
  const regex = parseRegex("(?i)a.{3}", "gs");
  assertEquals([regex.source, regex.flags, regex.unicode], ["a.{3}", "gisu", true]);
});

Deno.test("flags hold where they are written, which V8 itself forgets behind a |", () => {
  if (!needsFlags()) return;
  const cases: [pattern: string, matching: string[], others: string[]][] = [
    ["^(?:(?i:a)|b)$", ["a", "A", "b"], ["B"]],
    ["^(?:(?i:a){0}|b)$", ["", "b"], ["B"]],
    ["(?i)^(?:(?-i:a)|[bc])$", ["a", "b", "C"], ["A"]],
    ["(?i)^k(?-i:k)[^k]$", ["\u212akx", "KkX"], ["kkk", "kKx", "kk\u212a"]],
    ["^(?s:.)(?-s:.)$", ["\nx", "😀😀"], ["x\n", "\ud83dx\n"]],
    ["(?m)^(?-m:^)a$", ["a", "a\n"], ["\na"]],
  ];
  for (const [pattern, matching, others] of cases) {
    const regex = parseRegex(pattern);
    assert(regex.isLinear, pattern);
    for (const text of matching) assert(regex.test(text), `${pattern} matches ${JSON.stringify(text)}`);
    for (const text of others) assert(!regex.test(text), `${pattern} does not match ${JSON.stringify(text)}`);
  }
});

Deno.test("random patterns: V8's linear engine finds what the usual one finds", () => {
  const random = seededRandom("random linear patterns");
  let compared = 0;
  for (let count = 0; count < PATTERNS; count++) {
    const regex = new RegExp(randomPattern(random, 3), random.pick(["u", "u", "iu", "mu", "su", "gimsu", "gu"]));
    const linear = tryLinear(regex);
    // What is a word depends on case for V8.
    if (!linear || (regex.ignoreCase && /\\[bB]/.test(regex.source))) continue;
    const engines = [new RegExp(linear.source, linear.flags), ...tryLinearEngine(linear)];
    for (let index = 0; index < TEXTS_PER_PATTERN; index++) {
      const text = randomText(random);
      for (const engine of engines) compare(regex, engine, text);
      compared += engines.length;
    }
  }
  assert(compared > PATTERNS * TEXTS_PER_PATTERN, `only ${compared} answers were compared`);
});

function tryLinear(regex: RegExp): LinearPattern | undefined {
  try {
    return tryLinearPattern(regex);
  } catch (error) {
    if (error instanceof NestedLoopsError) return undefined;
    throw error;
  }
}

function tryLinearEngine({ source, flags }: LinearPattern): RegExp[] {
  try {
    return [new RegExp(source, `${flags}l`)];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** What a match is, with everything that users of it look at. */
function shown(match: RegExpExecArray | null) {
  return match && { index: match.index, groups: [...match], named: { ...match.groups } };
}

function searched(regex: RegExp, text: string) {
  regex.lastIndex = 0;
  return shown(regex.exec(text));
}

/** What the specification wants, asked at each character: searching, V8 finds what is empty inside of a surrogate pair, too. */
function expected(regex: RegExp, text: string) {
  const sticky = new RegExp(regex.source, `${regex.flags}y`);
  for (let at = 0; at <= text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) {
    sticky.lastIndex = at;
    const match = sticky.exec(text);
    if (match) return shown(match);
  }
  return null;
}

function compare(regex: RegExp, engine: RegExp, text: string): void {
  const wanted = expected(regex, text);
  if (JSON.stringify(wanted) !== JSON.stringify(searched(regex, text))) return;
  assertEquals(searched(engine, text), wanted, `${engine} for ${regex} on ${JSON.stringify(text)}`);
}

const ATOMS = [
  ..."aabkS09_ -é日😀",
  ...["\\d", "\\w", "\\s", "\\D", "\\W", "\\S", ".", ".", "\\n", "\\x41", "\\u{e9}", "\\.", "\\u{1f600}", "\\u{6b}"],
  ...[
    "[ab]",
    "[^a]",
    "[a-z]",
    "[^0-9_]",
    "[\\w-]",
    "[^\\s]",
    "[a\\]\\-]",
    "[^\\]]",
    "[^\\S\\n]",
    "[😀é]",
    "[é-日]",
    "[^日]",
  ],
  ...["[\\u{1f5ff}-\\u{1f601}]", "[^\\u{10000}-\\u{1f600}]", "[]", "[^]"],
];
const RARE_ATOMS = ["\\p{Lu}", "\\P{L}", "[\\p{Script=Greek}a]"];
const ASSERTIONS = ["^", "$", "\\b", "(?![\\s\\S])", "(?<![\\s\\S])", "(?<=a)", "(?<!😀)", "(?<=\\W)"];
const QUANTIFIERS = [
  "",
  "",
  "",
  "*",
  "+",
  "?",
  "*?",
  "+?",
  "??",
  "{2}",
  "{1,3}",
  "{0,2}?",
  "{2,}",
  "{0}",
  "{17}",
  "{0,20}",
  "{3,18}?",
];
const OPENINGS = ["(", "(", "(?:", "(?:", "(?s:", "(?m-s:"];

function randomPattern(random: Random, depth: number): string {
  const kind = random.integer(0, 9);
  if (depth === 0 || kind < 3) return random.pick(random.integer(0, 99) === 0 ? RARE_ATOMS : ATOMS);
  const inner = () => randomPattern(random, depth - 1);
  if (kind === 3) return random.pick(ASSERTIONS);
  if (kind === 4) return `(?:${inner()}|${inner()})`;
  if (kind < 8) return `${random.pick(OPENINGS)}${inner()})${random.pick(QUANTIFIERS)}`;
  return `${inner()}${inner()}${random.integer(0, 3) === 0 ? `|${inner()}` : inner()}`;
}

/** Mostly characters that the patterns know. */
const CHARACTERS = [..."aaaabbkKsS09_ -.AZéÉß日😀😀\u{1f601}\n\r\t\u2028ſ\u212a\ufffd\ufeff"];
function randomText(random: Random): string {
  const size = random.pick([0, 1, 2, 4, 8]);
  return Array.from({ length: size }, () => random.pick(CHARACTERS)).join("");
}
