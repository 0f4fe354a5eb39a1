import { assert, assertEquals, assertThrows } from "@std/assert";
import { KernelPatterns } from "./patterns.ts";

const START = 64;
const encoder = new TextEncoder();

/** The patterns of a memory with `bytes` of room for tables, and as much behind it. */
function setUp(bytes: number) {
  const memory = new Uint8Array(START + 2 * bytes);
  return { memory, patterns: new KernelPatterns(memory, START, bytes) };
}

/** What V8 says of `text` by a pattern's word. */
function ask({ memory, patterns }: ReturnType<typeof setUp>, word: number, text: string): number {
  const { written } = encoder.encodeInto(text, memory);
  return patterns.matches(-word, 0, written);
}

Deno.test("patterns are tables as long as there is room, and V8's then", () => {
  const { memory, patterns } = setUp(1000);
  const words = [/^a/u, /^b/u, /^c/u, /^d/u].map((regex) => patterns.add(regex, true));
  const places = words.filter((word) => word > 0);
  assertEquals(places.length > 0 && places.length < 4, true, `${words}`);
  assertEquals(words.slice(places.length), [-1, -2, -3].slice(0, 4 - places.length));
  assert(places.every((address) => address % 4 === 0 && address >= START));
  assert(memory.subarray(START).some((byte) => byte !== 0));
  assertEquals(memory.subarray(START + 1000).every((byte) => byte === 0), true, "nothing behind the room is written");
});

Deno.test("a pattern is kept once for each way to use it", () => {
  const { patterns } = setUp(10_000);
  const [first, again, searched, folded, host, hostAgain] = [
    patterns.add(/^a/u, true),
    patterns.add(/^a/u, true),
    patterns.add(/^a/u, false),
    patterns.add(/^a/iu, true),
    patterns.add(/(?=a)/u, true),
    patterns.add(/(?=a)/u, true),
  ];
  assertEquals([first, host], [again, hostAgain]);
  assertEquals(new Set([first, searched, folded, host]).size, 4);
  assertEquals(host, -1);
});

Deno.test("V8 answers for what is no automaton, anchored or not", () => {
  const memory = setUp(1000);
  const anchored = memory.patterns.add(/(a|é)\1/gu, true);
  const searched = memory.patterns.add(/(a|é)\1/u, false);
  assertEquals(["éé", "xaa", "ab"].map((text) => ask(memory, anchored, text)), [1, 0, 0]);
  assertEquals(["éé", "xaa", "ab"].map((text) => ask(memory, searched, text)), [1, 1, 0]);
  assertEquals(ask(memory, anchored, "\ufeffaa"), 0, "a byte order mark is a character");
  assertThrows(() => memory.patterns.matches(3, 0, 0), Error, "no pattern 3");
});
