/** @module */
import { assert, assertEquals } from "@std/assert";
import { CaptureMemory } from "../../../../tests/support/capture_memory.ts";
import { engineCaptures } from "../../../../tests/support/engine_captures.ts";
import { type Random, seededRandom } from "../../../../tests/support/random.ts";
import { nearly, randomLogPattern } from "../../../../tests/support/random_log_pattern.ts";
import { parseRegex } from "../../../core/regex.ts";
import { tryCompileCaptures } from "../compile_captures.ts";

const memory = new CaptureMemory();

/** Whether there is code for an expression, and what of `text` it takes. */
function place(source: string, groups: number, whole = false): void {
  const captures = tryCompileCaptures(parseRegex(source, "s"), { groups, whole });
  assert(typeof captures !== "string", source);
  memory.place(captures);
}

/** Compares with the program, too. @returns whether the code takes the text. */
function takes(text: string): boolean {
  const bytes = new TextEncoder().encode(text);
  memory.capture(bytes);
  memory.setText(bytes, 0, 0xff);
  return memory.matchStraight(0, bytes.length);
}

Deno.test("expressions without loops have code, others have none", () => {
  const withCode = ["(\\S+) (\\S+)", '"([^"]*)" \\[(.*?)\\]', "^(\\d{4})-(\\d+)$", "^(\\w+)\\s*:\\s*(.*)$", "()()"];
  withCode.push("(a|b)(c)", "(ab|cd)()", "(a)?(b)");
  for (const source of withCode) {
    place(source, 2);
    assert(memory.hasMatcher, source);
  }
  for (const source of ["(.*) (.*)x", "(ab)*()", "(?:(ab)|c)*()", "\\b(a)()", "(é{20})()"]) {
    place(source, 2);
    assert(!memory.hasMatcher, source);
  }
});

Deno.test("code takes ASCII that matches in the first way, and leaves everything else to the program", () => {
  place('(\\S+) \\[(\\d{2})\\] "([^"]*)"', 3);
  for (const text of ['a [12] "b"', '  a [12] ""', `${"x".repeat(100)} [00] "${"y".repeat(100)}" z`, 'a [12] "b" é']) {
    assert(takes(text), text);
  }
  for (const text of ["", "a", 'a [1] "b"', 'a [123] "b"', 'a [12] "b', 'é [12] "b"', 'a [12] "é"', 'x a [12] "b"']) {
    assert(!takes(text), text);
  }
});

Deno.test("groups with a character that JSON escapes are told from those without", () => {
  const unclean = (text: string) => takes(text) ? memory.uncleanGroups : undefined;
  place('^(\\S+) \\[([^\\]]*)\\] (\\S+)( "end")?$', 4);
  assertEquals(unclean("a [b c] d"), 0);
  assertEquals(unclean("a [b\\c] d"), 0b10);
  assertEquals(unclean('"a" [b\tc] d'), 0b11);
  assertEquals(unclean('a [] d"'), 0b100);
  assertEquals(unclean('a [] d "end"'), 0b1000);
  assertEquals(unclean(`a [${"b".repeat(50)}"] d`), 0b10);
  place("(.{3})(.*)", 2);
  assertEquals(unclean("abcd"), 0b1);
  assertEquals(unclean('abcd"'), 0b11);
});

Deno.test("rows that do not match say nothing of groups", () => {
  place("^(\\S+) (\\S+)$", 2);
  takes('"a b"c"');
  assert(!takes('"a" "b" '));
  assertEquals(memory.uncleanGroups, 0);
});

Deno.test("what lies behind a text does not count", () => {
  place("^(\\w+) (\\w*)", 2);
  for (let size = 0; size < 40; size++) {
    const text = `${"a".repeat(size)} ${"b".repeat(size)}`;
    for (const around of [0x61, 0x20, 0xff]) {
      memory.capture(new TextEncoder().encode(text), 0, around);
      assertEquals(memory.matchStraight(0, text.length), size > 0);
    }
  }
});

Deno.test("the second way is taken where the first cannot begin", () => {
  place("^(?:(GET|POST) )?(/\\S*)(?: (\\d+))?$", 3);
  for (const text of ["GET /a 1", "POST /", "/ 22", "/abc"]) assert(takes(text), text);
  for (const text of ["PUT /a", "GET ", "/a b"]) assert(!takes(text), text);
});

Deno.test("whole texts only, where that is asked for", () => {
  place("(\\d+),(\\d+)", 2, true);
  assert(takes("1,22"));
  for (const text of [" 1,22", "1,22 ", "1,2,3"]) assert(!takes(text), text);
});

/** A text with a character that JSON escapes, or a byte that is no character, here and there. */
function spoilt(text: string, random: Random): Uint8Array {
  const bytes = [...new TextEncoder().encode(text)];
  for (let count = random.integer(0, 2); count > 0; count--) {
    bytes.splice(random.integer(0, bytes.length), 0, random.pick([0x22, 0x5c, 9, 0x1f, 0x80, 0xff, 0xc3]));
  }
  return Uint8Array.from(bytes);
}

Deno.test("random expressions and lines: where the code takes a line, the engine says the same, and clean groups need no escape", () => {
  const random = seededRandom("row matcher");
  let [codes, taken, clean] = [0, 0, 0];
  for (let round = 0; round < 1000; round++) {
    const pattern = randomLogPattern(random);
    const groups = random.integer(1, 4);
    const isWhole = random.next() < 0.2;
    const regex = new RegExp(pattern.source, pattern.flags);
    const captures = tryCompileCaptures(regex, { groups, whole: isWhole });
    if (typeof captures === "string") continue;
    memory.place(captures);
    if (!memory.hasMatcher) continue;
    codes++;
    for (let lines = 0; lines < 20; lines++) {
      const sample = pattern.sample(random);
      const line = spoilt(random.next() < 0.7 ? sample : nearly(sample, random), random);
      memory.capture(line, 0, random.pick([0x61, 0x80, 0x20, 0x22]));
      if (!memory.matchStraight(0, line.length)) continue;
      taken++;
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(line);
      const found = engineCaptures(regex, text, groups);
      assert(typeof found !== "string", `${regex} on ${JSON.stringify(text)}`);
      const [whole, ...expected] = found;
      const about = `${regex} on ${JSON.stringify(text)}`;
      assertEquals(memory.straightGroups, expected, about);
      if (isWhole) assertEquals(whole, [0, line.length], about);
      expected.forEach((place, group) => {
        if (place === undefined || (memory.uncleanGroups & 1 << group) !== 0) return;
        clean++;
        const value = new TextDecoder("utf-8", { ignoreBOM: true }).decode(line.subarray(...place));
        assertEquals(JSON.stringify(value), `"${value}"`, about);
      });
    }
  }
  console.log(`${codes} expressions with code, ${taken} lines taken, ${clean} clean groups`);
  assert(codes > 80 && taken > 500 && clean > 500, `${codes} expressions, ${taken} lines, ${clean} clean groups`);
});
