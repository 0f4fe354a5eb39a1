/**
 * `processor_json` beside `JSON.parse`, on random documents: what is valid gives the same leaves, what is broken gives the fields before
 * the fault, and nothing takes long.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { mutatedJson, randomJson } from "../../tests/support/random_json.ts";
import { seededRandom } from "../../tests/support/random.ts";
import { JsonExpansion, type JsonExpansionOptions } from "./json_expansion.ts";

/** No key of a random document has it, so that a name tells its way. */
const CONNECTOR = "\x01";
const DOCUMENTS = 50_000;
const OPTIONS: JsonExpansionOptions = {
  prefix: "",
  root: "",
  connector: CONNECTOR,
  ignoreFirstConnector: false,
  depthMax: 0,
  expandArray: false,
  keepsEscapes: false,
};

type Fields = readonly (readonly [name: string, value: string])[];
/** A value that becomes one field, as `JSON.parse` gives it. */
type Leaf = readonly [name: string, value: unknown];

function expand(text: string, options: Partial<JsonExpansionOptions> = {}): { isWhole: boolean; fields: Fields } {
  const fields: { name: string; value: string }[] = [];
  const isWhole = new JsonExpansion(text, { ...OPTIONS, ...options }, fields).run();
  return { isWhole, fields: fields.map(({ name, value }) => [name, value]) };
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param depth of the object's members. */
function leavesOf(value: object, name: string, depth: number, { depthMax, expandArray }: JsonExpansionOptions): Leaf[] {
  const options = { ...OPTIONS, depthMax, expandArray };
  const isLast = depth === depthMax;
  return Object.entries(value).flatMap(([key, member]): Leaf[] => {
    const path = `${name}${CONNECTOR}${key}`;
    if (isObject(member) && !isLast) return leavesOf(member, path, depth + 1, options);
    if (!Array.isArray(member) || isLast || !expandArray) return [[path, member]];
    return member.flatMap((element, index): Leaf[] => {
      return isObject(element)
        ? leavesOf(element, `${path}[${index}]`, depth + 1, options)
        : [[`${path}[${index}]`, element]];
    });
  });
}

/** Whether a field says what `JSON.parse` says. */
function agrees(field: string | undefined, leaf: unknown): boolean {
  if (field === undefined) return false;
  if (typeof leaf === "number") return Object.is(Number(field), leaf);
  if (typeof leaf === "object" && leaf !== null) return JSON.stringify(JSON.parse(field)) === JSON.stringify(leaf);
  // Half a surrogate pair as an escape: the string is as it is written.
  if (typeof leaf === "string" && !leaf.isWellFormed()) return field === leaf || tryParse(`"${field}"`) === leaf;
  return field === String(leaf);
}

/** Of several members with one name `JSON.parse` gives the last. */
function assertAgree(fields: Fields, leaves: readonly Leaf[], text: string): void {
  const last = new Map(fields);
  for (const [name, leaf] of leaves) assert(agrees(last.get(name), leaf), `${JSON.stringify(name)} of ${text}`);
}

/** Whether a name of a valid text has half a surrogate pair: that counts as broken, as in the original. */
function hasBrokenName(text: string): boolean {
  return [...text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?/gs)].some(([, string, colon]) => {
    return colon !== undefined && !String(tryParse(string)).isWellFormed();
  });
}

Deno.test(`${DOCUMENTS} valid documents agree with JSON.parse on every leaf`, () => {
  const random = seededRandom("processor_json valid");
  for (let round = 0; round < DOCUMENTS; round++) {
    const { text, hasTwins } = randomJson(random);
    const options = { ...OPTIONS, depthMax: random.integer(0, 3), expandArray: random.next() < 0.5 };
    const { isWhole, fields } = expand(text, options);
    assert(isWhole, text);
    const leaves = leavesOf(JSON.parse(text), "", 1, options);
    assertAgree(fields, leaves, text);
    if (!hasTwins) assertEquals(fields.length, leaves.length, text);
  }
});

Deno.test(`${DOCUMENTS} broken documents give at least the fields before the fault, and never an error`, () => {
  const random = seededRandom("processor_json broken");
  for (let round = 0; round < DOCUMENTS; round++) {
    const { text, sameUntil } = mutatedJson(randomJson(random).text, random);
    const { isWhole, fields } = expand(text);
    const parsed = tryParse(text);
    if (isObject(parsed) && !hasBrokenName(text)) {
      assert(isWhole, text);
      assertAgree(fields, leavesOf(parsed, "", 1, OPTIONS), text);
    } else if (parsed !== undefined && !isObject(parsed)) {
      assert(!isWhole, text);
    }
    // The last field before the fault may go on behind it.
    const before = expand(text.slice(0, sameUntil)).fields.slice(0, -1);
    assertEquals(fields.slice(0, before.length), before, text);
  }
});

// What grows with the square of the text would take hours; the limit leaves room for a busy machine.
Deno.test("whatever is given, a text of 10 MB takes seconds at most", () => {
  const size = 10_000_000;
  const texts: readonly string[] = [
    '{"a":'.repeat(10_000) + "1" + "}".repeat(10_000),
    `{"a":"${"x".repeat(size)}"}`,
    `{"a":"${"\\n".repeat(size / 2)}"}`,
    `{"a":"${'\\"'.repeat(size / 2)}"}`,
    `{"a":"${"\\".repeat(size)}"`,
    "[".repeat(size),
    `{"a":${"[".repeat(size)}`,
    `{"a":${'["",'.repeat(size / 4)}`,
    `{"a":${"{".repeat(size)}`,
    '{"a":'.repeat(size / 5),
    `{"a":${" ".repeat(size)}1}`,
    `{"a":${"1".repeat(size)}}`,
    `{${'"":1,'.repeat(size / 50)}"b":2}`,
    `{"a":${'"'.repeat(size)}}`,
  ];
  for (const text of texts) {
    for (const options of [{ expandArray: true }, { depthMax: 1 }]) {
      const start = performance.now();
      expand(text, options);
      const tookMs = performance.now() - start;
      assert(tookMs < 30_000, `${JSON.stringify(text.slice(0, 30))}… took ${Math.round(tookMs)} ms`);
    }
  }
});
