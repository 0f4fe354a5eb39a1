/** @module */
import { assertEquals } from "@std/assert";
import { PatternMemory } from "../../../tests/support/pattern_memory.ts";
import { type Random, seededRandom } from "../../../tests/support/random.ts";
import { parseRegex } from "../../core/regex.ts";
import { tryCompilePattern } from "./compile_pattern.ts";

const PATTERNS = 1000;
const TEXTS_PER_PATTERN = 12;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const memory = new PatternMemory();

/** What the engine says, asked about every character by itself: searching, it finds `\B` inside of a surrogate pair, too. */
function expected(regex: RegExp, anchored: boolean, text: Uint8Array): boolean {
  const sticky = new RegExp(regex.source, `${regex.flags}y`);
  const decoded = decoder.decode(text);
  for (let at = 0; at <= (anchored ? 0 : decoded.length); at += (decoded.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) {
    sticky.lastIndex = at;
    if (sticky.test(decoded)) return true;
  }
  return false;
}

/** Compares kernel and engine on all texts, anchored and not. Returns how many answers were compared. */
function compare(regex: RegExp, texts: readonly Uint8Array[]): number {
  let compared = 0;
  for (const anchored of [true, false]) {
    const pattern = tryCompilePattern(regex, { anchored });
    if (!pattern) continue;
    memory.place(pattern);
    for (const [index, text] of texts.entries()) {
      const message = `${regex} ${anchored ? "anchored" : "searched"} on ${
        JSON.stringify(decoder.decode(text))
      } [${text}]`;
      // Neither where the text lies nor what is behind it may matter: that may complete a match or a character.
      const behind = index % 2 === 0 ? 0x61 : 0x80;
      assertEquals(memory.matchesText(text, index % 16, behind), expected(regex, anchored, text), message);
      compared++;
    }
  }
  return compared;
}

/** Patterns as users of the field write them, with lines that match and lines that do not. */
const FIELD: readonly (readonly [pattern: string, anchored: boolean, matching: string[], others: string[]])[] = [
  ["^\\d{4}-\\d{2}-\\d{2}", false, ["2026-11-23 boot", "2026-11-23"], ["", "2026-11-2", " 2026-11-23", "٢٠٢٦-11-23"]],
  [
    "\\d+-\\d+-\\d+ \\d+:\\d+:\\d+",
    true,
    ["2026-11-23 10:00:00 INFO", "1-2-3 4:5:6"],
    ["at 2026-11-23 10:00:00", "2026-11-23T10:00:00", "2026-11-23 10:00:"],
  ],
  ["\\d+-\\d+-\\d+ \\d+:\\d+:\\d+", false, ["at 2026-11-23 10:00:00", "1-1-2-3 4:5:6"], ["2026-11-23", "a".repeat(99)]],
  [
    "^\\[\\d+-\\d+-\\w+:\\d+:\\d+,\\d+\\]\\s\\[\\w+\\]\\s.*",
    true,
    ["[2026-11-23T10:00:00,123] [INFO] started", "[1-1-x:1:1,1]\u00a0[_]\u2003"],
    ["[2026-11-23T10:00:00,123] [INFO]", "[2026-11-23T10:00:00.123] [INFO] ", "java.lang.Exception: no"],
  ],
  [
    "^(\\s+at |Caused by:|\\.\\.\\. \\d+ more|\\t)",
    true,
    ["    at java.lang.Thread.run", "Caused by: x", "... 12 more", "\t", "\u3000at x"],
    ["at x", " Caused by:", "... more", "  ... 12 more", ""],
  ],
  ["^Traceback", true, ["Traceback (most recent call last):"], ["traceback", "Tracebac", " Traceback"]],
  ["^goroutine \\d+ \\[", true, ["goroutine 1 [running]:"], ["goroutine  [", "goroutine 1"]],
  ["^panic:", true, ["panic: runtime error"], ["panic", "a panic:"]],
  ["^[A-Z][a-z]{2} \\d{1,2} ", true, ["Nov 23 10:00:00 host", "Nov 3 x"], ["nov 23 ", "Nov  3 ", "Nov 123 ", "Nov 23"]],
  [
    "^(?:INFO|WARN|ERROR|DEBUG)\\b",
    true,
    ["INFO", "WARN: x", "ERRORé", "DEBUG\xa0"],
    ["INFORM", "ERROR_", "info", " INFO"],
  ],
  [
    "^\\S+ - \\S+ \\[[^\\]]+\\]",
    true,
    ["10.0.0.7 - - [23/Nov/2026:10:00:00 +0000] x", `${"日".repeat(30)} - é [${"\n".repeat(40)}]`],
    ["10.0.0.7 - - []", "10.0.0.7 - - [23/Nov", " - - [x]"],
  ],
  ["(a+)+$", true, ["a".repeat(5000)], [`${"a".repeat(5000)}b`]],
  ["(x+x+)+y", false, [`${"x".repeat(5000)}y`], ["x".repeat(5000)]],
  ["(?:.*a){10}", false, ["ba".repeat(10)], [`${"b".repeat(5000)}${"a".repeat(9)}`]],
  ["(?i)\\berror\\b", false, ["An Error.", "ERROR"], ["errors", "terror", "errorſ"]],
  ["(?s)^a.*b$", false, ["a\nb", "ab"], ["ab\n", "xab"]],
  ["(?m)^b$", false, ["a\nb\nc", "b", "a\u2028b"], ["a b", "ab\n"]],
  ["\\Aab\\z", false, ["ab"], ["ab\n", "\nab"]],
  ["ab\\Z", false, ["ab", "cab\n"], ["ab\n\n", "abc"]],
  ["", true, ["", "x"], []],
  ["[^\\s\\S]", false, [], ["", "x"]],
  ["^\\p{Lu}\\pL+ ", true, ["Élan vital", "Ωμέγα "], ["élan ", "É "]],
  ["^[\\w.-]+@[[:alpha:]]+$", true, ["a.b-c@de"], ["a@", "@b", "a b@c"]],
  ["(?i)错误|да", false, ["发生错误", "ДА", "дА"], ["错", "д"]],
  ["😀{2}", false, ["x😀😀"], ["😀x😀"]],
  ["^(?<level>[IWEF])\\d{4} ", true, ["I1123 10:00:00"], ["X1123 ", "I112 "]],
];

Deno.test("patterns of the field match what they should, and the kernel and the engine agree", () => {
  for (const [source, anchored, matching, others] of FIELD) {
    const regex = parseRegex(source);
    const pattern = tryCompilePattern(regex, { anchored });
    assertEquals(pattern !== undefined, true, `${source} compiles`);
    if (!pattern) continue;
    memory.place(pattern);
    for (const text of [...matching, ...others]) {
      assertEquals(
        memory.matchesText(encoder.encode(text)),
        matching.includes(text),
        `${source} on ${JSON.stringify(text)}`,
      );
    }
    const texts = [...matching, ...others].filter((text) => text.length < 1000);
    assertEquals(compare(regex, texts.map((text) => encoder.encode(text))), 2 * texts.length);
  }
});

Deno.test("what an automaton cannot do is left to the engine", () => {
  const sources = [
    "(a)\\1",
    "(?<x>a)\\k<x>",
    "a(?=b)",
    "a(?!b)",
    "(?<=a)b",
    "(?<!a)b",
    "a\\Zb",
    "(?:a\\Z)?",
    "a{100000}",
    "(?:a{1000}){1000}",
    "(?:(?:(?:){1000000}){1000000}){1000000}",
    "(?:a|b)*a(?:a|b){20}",
    "^.{0,2000}foo",
  ];
  assertEquals(sources.filter((source) => tryCompilePattern(parseRegex(source), { anchored: true }) !== undefined), []);
  assertEquals(tryCompilePattern(/a/, { anchored: true }), undefined);
  assertEquals(tryCompilePattern(/a/v, { anchored: true }), undefined);
});

Deno.test("usual patterns have small tables", () => {
  const bytes = FIELD.filter(([source]) => !source.includes("\\p")).map(([source, anchored]) => {
    return tryCompilePattern(parseRegex(source), { anchored })?.bytes ?? 0;
  });
  assertEquals(bytes.filter((size) => size === 0 || size > 4096), []);
});

Deno.test("bytes that are not UTF-8 count as U+FFFD, one for each part that could have begun a character", () => {
  const texts = [
    [0x80],
    [0xc0, 0x80],
    [0xe0, 0x80],
    [0xe0, 0xa0],
    [0xe0, 0xa0, 0x61],
    [0xed, 0xa0, 0x80],
    [0xf0, 0x9f, 0x98],
    [0xf0, 0x9f, 0x61],
    [0xf4, 0x90, 0x80, 0x80],
    [0xff, 0xc3],
    [0xe2, 0x80, 0xa8],
    [0xe2, 0x80],
    [0xef, 0xbf, 0xbd],
    [0xef, 0xbb, 0xbf],
  ].map((bytes) => Uint8Array.from(bytes));
  for (const source of ["^.$", "^.{2}$", "^.{3}$", "^.{4}$", "^\\ufffd", "\\ufffd$", "[^\\ufffd]", "\\s", "a$"]) {
    compare(new RegExp(source, "u"), texts);
  }
});

Deno.test("random patterns: the kernel and the engine agree", () => {
  const random = seededRandom("random patterns");
  let compared = 0;
  for (let count = 0; count < PATTERNS; count++) {
    const source = randomPattern(random, 3);
    // The engine is slow to say what is equal beyond ASCII: the next test asks for less of it.
    const flags = random.pick(/[\u00e9\u65e5]|\\u/.test(source) ? ["u", "mu", "su"] : ["u", "iu", "mu", "su", "imsu"]);
    const regex = new RegExp(source, flags);
    compared += compare(regex, Array.from({ length: TEXTS_PER_PATTERN }, () => randomText(random)));
  }
  assertEquals(compared > PATTERNS * TEXTS_PER_PATTERN, true, `only ${compared} answers were compared`);
});

Deno.test("random patterns with sets that only the engine knows", () => {
  const random = seededRandom("random sets");
  for (let count = 0; count < 12; count++) {
    const set = random.pick([
      "\\p{Lu}",
      "\\P{L}",
      "[\\p{Script=Greek}a]",
      "é",
      "[^\\W]",
      "[\\W_]",
      "[^é-ÿ]",
      "[K-S]",
      "ſ",
    ]);
    const regex = new RegExp(`${randomPattern(random, 1)}${set}${randomPattern(random, 1)}`, random.pick(["iu", "u"]));
    compare(regex, Array.from({ length: 40 }, () => randomText(random)));
  }
});

const ATOMS = [
  ..."aabkS09_ -é日😀",
  ...["\\d", "\\w", "\\s", "\\D", "\\W", "\\S", ".", ".", "\\n", "\\x41", "\\u{e9}", "\\.", "\\ud83d\\ude00", "\\cJ"],
  ...["[ab]", "[^a]", "[a-z]", "[^0-9_]", "[\\w-]", "[^\\s]", "[\\b\\t-]", "[]", "[^]"],
];
const UNICODE_CLASSES = ["[é-日]", "[^日]", "[\\u{80}-\\u{10ffff}]"];
const ASSERTIONS = ["^", "$", "\\b", "\\B", "(?![\\s\\S])", "(?<![\\s\\S])"];
const QUANTIFIERS = ["", "", "", "*", "+", "?", "*?", "+?", "{2}", "{1,3}", "{0,2}?", "{2,}", "{0}"];

function randomPattern(random: Random, depth: number): string {
  const kind = random.integer(0, 9);
  if (depth === 0 || kind < 3) return random.pick(random.integer(0, 9) === 0 ? UNICODE_CLASSES : ATOMS);
  const inner = () => randomPattern(random, depth - 1);
  if (kind === 3) return random.pick(ASSERTIONS);
  if (kind === 4) return `(?:${inner()}|${inner()})`;
  if (kind < 7) return `${random.pick(["(", "(?:", "(?:", "(?s:", "(?m-s:"])}${inner()})${random.pick(QUANTIFIERS)}`;
  return `${inner()}${inner()}${random.integer(0, 3) === 0 ? `|${inner()}` : inner()}`;
}

/** Mostly characters that the patterns know, now and then any bytes. */
function randomText(random: Random): Uint8Array {
  const characters = [..."aaabkKsS09_ -.AZéÉß日😀\n\r\t\u2028ſ\u212a\ufffd\ufeff"];
  const size = random.integer(0, 9);
  const parts = Array.from({ length: size }, () => {
    if (random.integer(0, 19) > 0) return encoder.encode(random.pick(characters));
    return random.bytes(random.integer(1, 3)).map((byte) => random.pick([byte, 0xe2, 0x80, 0xa8, 0xf0, 0x9f]));
  });
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
