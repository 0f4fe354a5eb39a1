import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../tests/support/random.ts";
import { compareBytes, jsonString, sortedObject } from "./json_text.ts";

/** Characters around the edges of UTF-8's sizes, and of UTF-16's halves. */
const CHARACTERS = ["", "\0", "1", "A", "a", "~", "\x7f", "\x80", "é", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff"]
  .concat(["\u{10000}", "😀", "\u{10ffff}"]);

Deno.test("texts are strings of JSON, without HTML escaping", () => {
  const cases: readonly (readonly [text: string, json: string])[] = [
    ["", '""'],
    ['"\\/', String.raw`"\"\\/"`],
    ["<a href='x'>&</a>", `"<a href='x'>&</a>"`],
    ["\b\f\n\r\t\0\x1f", String.raw`"\b\f\n\r\t\u0000\u001f"`],
    ["\x7f\u2028\u2029😀", '"\x7f\u2028\u2029😀"'],
    ["\ud800x\udc00", '"\ufffdx\ufffd"'],
  ];
  for (const [text, json] of cases) assertEquals(jsonString(text), json, JSON.stringify(text));
});

Deno.test("names are sorted by their bytes in UTF-8", () => {
  const random = seededRandom("names are sorted");
  const encoder = new TextEncoder();
  for (let round = 0; round < 2000; round++) {
    const [left, right] = [0, 1].map(() => random.pick(CHARACTERS) + random.pick(CHARACTERS) + random.pick(CHARACTERS));
    const expected = compareUnits(encoder.encode(left), encoder.encode(right));
    assertEquals(Math.sign(compareBytes(left, right)), expected, JSON.stringify([left, right]));
  }
});

function compareUnits(left: Uint8Array, right: Uint8Array): number {
  const at = left.findIndex((byte, index) => byte !== right[index]);
  if (at < 0) return Math.sign(left.length - right.length);
  return at >= right.length ? 1 : Math.sign(left[at] - right[at]);
}

Deno.test("an object's names are in order, whatever they look like", () => {
  const names = ["b", "10", "9", "", "é", "\u{10000}", "\ue000", "B", "__proto__"];
  const text = sortedObject(new Map(names.map((name) => [name, ["0"]]))).join("");
  assertEquals(text, '{"":0,"10":0,"9":0,"B":0,"__proto__":0,"b":0,"é":0,"\ue000":0,"\u{10000}":0}');
  assertEquals(sortedObject(new Map()).join(""), "{}");
  assert(Object.hasOwn(JSON.parse(text), "__proto__"));
});
