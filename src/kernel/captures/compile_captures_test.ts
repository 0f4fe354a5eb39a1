/** @module */
import { assert, assertEquals } from "@std/assert";
import { CaptureMemory } from "../../../tests/support/capture_memory.ts";
import { engineCaptures } from "../../../tests/support/engine_captures.ts";
import { seededRandom } from "../../../tests/support/random.ts";
import {
  nearly,
  randomCharacters,
  randomLogPattern,
  randomPattern,
} from "../../../tests/support/random_log_pattern.ts";
import { parseRegex } from "../../core/regex.ts";
import { tryCompileCaptures } from "./compile_captures.ts";

const GROUPS = 12;
/** With 28 texts each: more than 100,000 cases. */
const LOG_PATTERNS = 3700;
const ODD_PATTERNS = 1200;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const memory = new CaptureMemory();

/** Compares kernel and engine on one text. Neither where it lies nor what is around it may matter. @returns whether it was asked. */
function compare(regex: RegExp, text: string, index: number): boolean {
  const around = [0x61, 0x80, 0x20, 0xe3][index % 4];
  const captured = memory.capture(encoder.encode(text), index % 16, around);
  if (captured === "ask") return true;
  assertEquals(captured, engineCaptures(regex, text, GROUPS), `${regex} on ${JSON.stringify(text)}`);
  return false;
}

const NGINX =
  '([\\d\\.:]+) - (\\S+) \\[(\\S+) \\S+\\] \\"(\\S+) (\\S+) ([^\\\\"]+)\\" (\\d+) (\\d+) \\"([^\\\\"]*)\\" ' +
  '\\"([^\\\\"]*)\\" \\"([^\\\\"]*)\\"';
const NGINX_LINE =
  '10.0.1.7 - - [13/Jul/2022:15:45:03 +0000] "GET /hello HTTP/1.1" 404 153 "-" "Mozilla/5.0 (X11)" "-"';

type Groups = readonly (string | undefined)[];

/** A pattern as users write it, a text, and its groups, or undefined for no match. */
const FIELD: readonly (readonly [pattern: string, text: string, groups: Groups | undefined])[] = [
  [
    NGINX,
    NGINX_LINE,
    ["10.0.1.7", "-", "13/Jul/2022:15:45:03", "GET", "/hello", "HTTP/1.1", "404", "153", "-", "Mozilla/5.0 (X11)", "-"],
  ],
  [NGINX, NGINX_LINE.slice(0, -1), undefined],
  [NGINX, NGINX_LINE.replace("404", "4o4"), undefined],
  [NGINX, "", undefined],
  [
    '^(\\S+) (\\S+) \\[([^\\]]+)\\] "(\\w+) (\\S+) ([^"]*)" (\\d+) (\\d+)',
    'é 日 [23/Nov 日] "GET /日?q=é HTTP/1.1" 200 5 x',
    ["é", "日", "23/Nov 日", "GET", "/日?q=é", "HTTP/1.1", "200", "5"],
  ],
  [
    "(\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2},\\d{3})\\s+\\[(.*?)\\]\\s+(\\w+)\\s+(.*)",
    "2026-11-23 10:00:00,123 [a]b] INFO  it works\n at x",
    ["2026-11-23 10:00:00,123", "a]b", "INFO", "it works\n at x"],
  ],
  ["^(.*?):(.*)$", "a:b:c", ["a", "b:c"]],
  ["^(.*):(.*)$", "a:b:c", ["a:b", "c"]],
  ["([^,]*),([^,]*)", ",", ["", ""]],
  ["([^,]*),([^,]*)", "a,,b", ["a", ""]],
  ["(\\d+\\.\\d+)", "took 12.75 ms", ["12.75"]],
  ["(\\d+\\.\\d+)", "1.2.3.4", ["1.2"]],
  ["(\\d+\\.\\d+)", "12. 75", undefined],
  ["^(\\w+)(?: user=(\\w+))? (\\d+)$", "login user=bob 7", ["login", "bob", "7"]],
  ["^(\\w+)(?: user=(\\w+))? (\\d+)$", "login 7", ["login", undefined, "7"]],
  ["^(?:(\\d+)|(\\w+))$", "abc", [undefined, "abc"]],
  ["^(?:(\\d+)|(\\w+))$", "12", ["12", undefined]],
  ["^(INFO|WARN|ERROR) (a|ab)c", "WARN abc", ["WARN", "ab"]],
  ["^\\[(\\S+)\\] (.*)", "[a]b]] rest", ["a]b]", "rest"]],
  ["^\\[(\\S+)\\] (.*)", "[] rest", undefined],
  ["(?:(a)|b)*", "ab", [undefined]],
  ["(z)((a+)?(b+)?(c))*", "zaacbbbcac", ["z", "ac", "a", undefined, "c"]],
  ["(?:(a*)b?)*", "aab", ["aa"]],
  ["^(\\S+) (\\S+)$", "日\u00a0é x", undefined],
  ["^(\\S+)\\s(\\S+)$", "日\u3000é", ["日", "é"]],
  ["^(\\S+)\\s(\\S+)$", "日\u00a0é", ["日", "é"]],
  ["^(.{3})(.*)$", "é日😀x", ["é日😀", "x"]],
  ["([^\\u3000]+)\\u3000(.+)", "日本\u3000é", ["日本", "é"]],
  ["(?i)(error|warn): (\\w+)", "ERROR: Disk", ["ERROR", "Disk"]],
  ["(?m)^b(.)$", "a\nbc\nd", ["c"]],
  ["(\\w+)\\b.(\\w+)", "ab-cd", ["ab", "cd"]],
  ["^(\\pL+) (\\p{Lu}+)$", "日é ÉZ", ["日é", "ÉZ"]],
  ["^(?:(ab),(?:a|bc)*)*$", "ab,aab,", ["ab"]],
  ["^(\\d+)[0a] (.*)$", "12a x", ["12", "x"]],
  ["^(\\d+)[0a] (.*)$", "120 x", ["12", "x"]],
  ["^(\\w{1,3})c (.*)$", "abbc x", ["abb", "x"]],
  ["^(\\w{1,3})c (.*)$", "abbbc x", undefined],
  ["()", "", [""]],
  ["(a)?", "", [undefined]],
  ["(.*)", "", [""]],
  ["(.+)", "", undefined],
  ["(x)(?<name>y)", "axy", ["x", "y"]],
  ['"((?:[^"\\\\]|\\\\.)*)" (\\d+)', '"a\\"b" 12', ['a\\"b', "12"]],
];

Deno.test("patterns of the field find their groups, and the kernel and the engine agree", () => {
  FIELD.forEach(([source, text, groups], index) => {
    const regex = parseRegex(source, "s");
    const captures = tryCompileCaptures(regex, { groups: GROUPS });
    assert(typeof captures !== "string", `${source}: ${captures}`);
    memory.place(captures);
    assertEquals(compare(regex, text, index), false, `the engine is asked for ${source}`);
    const bytes = encoder.encode(text);
    const captured = memory.capture(bytes);
    const found = typeof captured === "string"
      ? undefined
      : captured.slice(1, 1 + (groups?.length ?? 0)).map((place) => {
        return place && decoder.decode(bytes.subarray(...place));
      });
    assertEquals(found, groups === undefined ? undefined : [...groups], source);
  });
});

Deno.test("what the kernel cannot do is left to the engine, with the reason", () => {
  const compiled = (regex: RegExp) => tryCompileCaptures(regex, { groups: 1 });
  assertEquals(compiled(parseRegex("(a)\\1")), "it has a back reference");
  assertEquals(compiled(parseRegex("(?<x>a)\\k<x>")), "it has a back reference");
  assertEquals(compiled(parseRegex("(a)(?=b)")), "it has look-around");
  assertEquals(compiled(parseRegex("(?<!a)(b)")), "it has look-around");
  assertEquals(compiled(parseRegex("(a)\\Z")), "it has \\Z");
  assertEquals(compiled(parseRegex("(?:(a)b){5000}")), "it has a repetition that is too large to be written out");
  assertEquals(
    compiled(parseRegex("(?:(?:(?:){1000000}){1000000}){1000000}")),
    "it has a repetition that is too large to be written out",
  );
  assertEquals(compiled(/(a)/), "it is without the flag u");
});

Deno.test("bytes that are not UTF-8 are for the engine", () => {
  const captures = tryCompileCaptures(parseRegex("^(.*)$", "s"), { groups: 1 });
  assert(typeof captures !== "string");
  memory.place(captures);
  const invalid = [[0x80], [0xc0, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98], [
    0xf4,
    0x90,
    0x80,
    0x80,
  ]];
  for (const bytes of [...invalid, [0xff], [0xc3], [0xe2, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80]]) {
    for (const before of [0, 15, 16, 40]) {
      const text = Uint8Array.from([...new Uint8Array(before).fill(0x61), ...bytes]);
      // What is behind could complete the character.
      assertEquals(memory.capture(text, 3, 0x80), "ask", `${bytes} after ${before}`);
    }
  }
  for (
    const character of ["\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}", "\ufeff"]
  ) {
    const bytes = encoder.encode(`a${character}`);
    assertEquals(memory.capture(bytes), [[0, bytes.length], [0, bytes.length]], character);
  }
});

Deno.test("a match that has to be whole is still the leftmost", () => {
  const regex = parseRegex("(a|ab)(c?)", "s");
  const captures = tryCompileCaptures(regex, { groups: 2, whole: true });
  assert(typeof captures !== "string");
  memory.place(captures);
  assertEquals(memory.capture(encoder.encode("ac")), [[0, 2], [0, 1], [1, 2]]);
  assertEquals(
    ["abc", "xac", "acx", ""].map((text) => memory.capture(encoder.encode(text))),
    Array(4).fill("no match"),
  );
});

/** Compiles and places a pattern. */
function place(source: string, groups: number): RegExp {
  const regex = parseRegex(source, "s");
  const captures = tryCompileCaptures(regex, { groups });
  assert(typeof captures !== "string", `${source}: ${captures}`);
  memory.place(captures);
  return regex;
}

Deno.test("nothing is tried twice: what takes the engine ages takes a moment", () => {
  place("^(?:(a+)+)+$", 1);
  assertEquals(memory.capture(encoder.encode(`${"a".repeat(1000)}b`)), "no match");
  assertEquals(memory.capture(encoder.encode("a".repeat(40))), [[0, 40], [0, 40]]);
  place("^(.*?) (.*?) (.*?) (.*?) (.*?) \\[(.*)\\]", 6);
  assertEquals(memory.capture(encoder.encode("a b ".repeat(4000))), "no match");
  place("^(.*) (.*) (.*) (.*) (.*) \\[(.*)\\]", 6);
  assertEquals(memory.capture(encoder.encode("a b ".repeat(1000))), "no match");
  place("(\\d+)x", 1);
  assertEquals(memory.capture(encoder.encode("1".repeat(200_000))), "no match");
});

Deno.test("a text on which a loop that may be empty has to try too much is for the engine, soon", () => {
  place("^(?:(a*)*)*$", 1);
  assertEquals(memory.capture(encoder.encode(`${"a".repeat(40)}b`)), "ask");
});

Deno.test("a text for which too much has to be kept to come back to is for the engine", () => {
  const deep = [
    "^(?:(\\w+),)*(\\w+)$",
    "^(?:.*?,)*$",
    "^(?:.*,?)+?$",
    "^(?:\\w|\\w,)*$",
    "^(?:(\\w)|,)*$",
    "^(?:\\w?,?)*$",
  ];
  for (const source of deep) {
    const regex = place(source, GROUPS);
    // Short enough for the room, and much too long.
    assertEquals(compare(regex, "ab,".repeat(20), 0), false, source);
    for (const end of ["-", "a", ","]) {
      const captured = memory.capture(encoder.encode("ab,".repeat(20_000) + end));
      if (captured !== "ask") assertEquals(captured, engineCaptures(regex, "ab,".repeat(20_000) + end, GROUPS), source);
    }
  }
  place(deep[0], GROUPS);
  assertEquals(memory.capture(encoder.encode("ab,".repeat(20_000) + "-")), "ask");
});

/** Some bytes in the middle of a text. */
function withBytes(text: string, bytes: Uint8Array): Uint8Array {
  const at = text.length >> 1;
  return Uint8Array.from([...encoder.encode(text.slice(0, at)), ...bytes, ...encoder.encode(text.slice(at))]);
}

Deno.test("random patterns as users write them: kernel and engine agree, and the engine is hardly ever asked", () => {
  const random = seededRandom("log patterns");
  let [compiled, compared, asked] = [0, 0, 0];
  for (let count = 0; count < LOG_PATTERNS; count++) {
    const pattern = randomLogPattern(random);
    const regex = new RegExp(pattern.source, pattern.flags);
    const captures = tryCompileCaptures(regex, { groups: GROUPS });
    if (typeof captures === "string") continue;
    compiled++;
    const isImpatient = count % 3 === 0;
    memory.place(captures, isImpatient);
    for (let index = 0; index < 28; index++, compared++) {
      const sample = pattern.sample(random);
      const text = index < 12 ? sample : index < 24 ? nearly(sample, random) : randomCharacters(random, 40);
      if (compare(regex, text, index) && !isImpatient) asked++;
    }
    const invalid = withBytes(pattern.sample(random), Uint8Array.of(random.integer(0x80, 0xbf)));
    assertEquals(memory.capture(invalid, count % 16), "ask", `${regex} on [${invalid}]`);
  }
  assert(compiled >= 0.98 * LOG_PATTERNS, `only ${compiled} of ${LOG_PATTERNS} patterns compile`);
  assert(asked <= 0.01 * compared, `the engine is asked about ${asked} of ${compared} texts`);
});

Deno.test("random patterns of any kind: kernel and engine agree", () => {
  const random = seededRandom("odd patterns");
  let [compared, asked] = [0, 0];
  for (let count = 0; count < ODD_PATTERNS; count++) {
    const regex = new RegExp(randomPattern(random, 3), random.pick(["u", "mu", "su", "su", "suy"]));
    const captures = tryCompileCaptures(regex, { groups: GROUPS });
    if (typeof captures === "string") continue;
    const isImpatient = count % 3 === 0;
    memory.place(captures, isImpatient);
    for (let index = 0; index < 14; index++, compared++) {
      if (compare(regex, randomCharacters(random, 12), index) && !isImpatient) asked++;
    }
  }
  assert(compared >= 0.9 * 14 * ODD_PATTERNS, `only ${compared} texts were compared`);
  assert(asked <= 0.03 * compared, `the engine is asked about ${asked} of ${compared} texts`);
});
