/** @module */
import { assert, assertEquals } from "@std/assert";
import { CaptureMemory } from "../../../../tests/support/capture_memory.ts";
import { seededRandom } from "../../../../tests/support/random.ts";
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
  for (const text of ['a [12] "b"', '  a [12] ""', `${"x".repeat(100)} [00] "${"y".repeat(100)}" z`]) {
    assert(takes(text), text);
  }
  for (const text of ["", "a", 'a [1] "b"', 'a [123] "b"', 'a [12] "b', 'é [12] "b"', 'a [12] "b" é', 'x a [12] "b"']) {
    assert(!takes(text), text);
  }
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

Deno.test("random expressions and lines: where the code takes a line, the program says the same", () => {
  const random = seededRandom("row matcher");
  let [codes, taken] = [0, 0];
  for (let round = 0; round < 300; round++) {
    const pattern = randomLogPattern(random);
    const groups = random.integer(1, 4);
    const captures = tryCompileCaptures(parseRegex(pattern.source, "s"), { groups, whole: random.next() < 0.2 });
    if (typeof captures === "string") continue;
    memory.place(captures);
    if (!memory.hasMatcher) continue;
    codes++;
    for (let lines = 0; lines < 20; lines++) {
      const line = pattern.sample(random);
      if (takes(random.next() < 0.7 ? line : nearly(line, random))) taken++;
    }
  }
  console.log(`${codes} expressions with code, ${taken} lines taken`);
  assert(codes > 20 && taken > 100, `${codes} expressions with code, ${taken} lines taken`);
});
