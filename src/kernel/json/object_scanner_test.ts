/** @module */
import { assert, assertEquals } from "@std/assert";
import { testKernel } from "../../../tests/support/kernel.ts";
import { type Random, seededRandom } from "../../../tests/support/random.ts";
import { mutatedJson, randomJson } from "../../../tests/support/random_json.ts";
import type { Kernel } from "../kernel.ts";
import { ASKS_HOST, NO_OBJECT, type ObjectScanner } from "./object_scanner.ts";

const DOCUMENTS = 100_000;
const DOCUMENTS_EACH = 50;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What the kernel makes of an object: the names that lead to a value, and the inside of a JSON string. */
type Scanned = number | readonly (readonly [path: string, written: string])[];

/** Scans texts without newlines, one record each. */
function scanAll(kernel: Kernel, scanner: ObjectScanner, texts: readonly string[]): Scanned[] {
  const lines = new TextEncoder().encode(texts.map((text) => `${text}\n`).join(""));
  kernel.chunk.set(lines);
  assertEquals(kernel.decodeLines(lines.length), texts.length);
  scanner.forget();
  assert(scanner.scan(0, 0, texts.length));
  return texts.map((_, row) => {
    const shape = scanner.shapes[row];
    if (shape < 0) return shape;
    return scanner.valuesOf(shape).map((path, index) => {
      return [path.join("/"), decoder.decode(kernel.slice(scanner.firstColumn + index, row))] as const;
    });
  });
}

function makeScanner(depthMax: number, limits: Parameters<typeof testKernel>[0] = {}): [Kernel, ObjectScanner] {
  const kernel = testKernel(limits);
  const scanner = kernel.columns.tryMakeScanner(depthMax);
  assert(scanner !== undefined);
  return [kernel, scanner];
}

function scan(text: string, depthMax = 1): Scanned {
  const [kernel, scanner] = makeScanner(depthMax);
  return scanAll(kernel, scanner, [text])[0];
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Half a surrogate pair as an escape in a name or value of the first level, which is the host's to look at. */
function hasHalf(object: Record<string, unknown>): boolean {
  return Object.entries(object).some(([name, value]) => {
    return !name.isWellFormed() || (typeof value === "string" && !value.isWellFormed());
  });
}

/** The value that the inside of a JSON string stands for, as `JSON.parse` has it where it is no string. */
function assertStandsFor(written: string, value: unknown, about: string): void {
  const text: unknown = JSON.parse(`"${written}"`);
  // What a message has is what `JSON.stringify` writes: the shortest escapes.
  assertEquals(written, JSON.stringify(text).slice(1, -1), about);
  if (typeof value === "string") assertEquals(text, value, about);
  else assertEquals(tryParse(String(text)), value, about);
}

/** A document or what is nearly one. @param given so many different names would be too many shapes for one scan. */
function randomText(random: Random): string {
  const { text } = randomJson(random);
  const given = random.next() < 0.5 ? text : mutatedJson(text, random).text;
  // Lone surrogates of JavaScript's are no bytes.
  return given.toWellFormed().replaceAll("\n", " ");
}

Deno.test(`${DOCUMENTS} documents: an object is taken where JSON.parse takes it, and means the same`, () => {
  const random = seededRandom("object scanner");
  const [kernel, scanner] = makeScanner(1);
  let taken = 0;
  for (let done = 0; done < DOCUMENTS; done += DOCUMENTS_EACH) {
    const texts = Array.from({ length: DOCUMENTS_EACH }, () => randomText(random));
    scanAll(kernel, scanner, texts).forEach((scanned, index) => {
      const text = texts[index];
      const parsed = tryParse(text);
      const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
      // A name that occurs twice has one value only, and a half surrogate may be in the other.
      if (typeof scanned === "number") {
        return assert(!isObject || hasHalf({ ...parsed }) || /\\u[dD][89a-fA-F]/.test(text), text);
      }
      assert(isObject, text);
      taken++;
      const last = new Map(scanned);
      assertEquals([...last.keys()].sort(), Object.keys(parsed).sort(), text);
      for (const [name, value] of Object.entries(parsed)) assertStandsFor(last.get(name)!, value, text);
    });
  }
  console.log(`${taken} of ${DOCUMENTS} taken`);
  assert(taken > DOCUMENTS / 3);
});

Deno.test("strings are as messages have them, other values as they are written", () => {
  const text = String.raw` {"a":"\u0041\/\u000A\u001F\"\\","b" : 1.50E+3 ,"c":[ 1,"x\n"],"d":{"e":"\u00e9"},"f":null} `;
  assertEquals(scan(text), [
    ["a", String.raw`A/\n\u001f\"\\`],
    ["b", "1.50E+3"],
    ["c", String.raw`[ 1,\"x\\n\"]`],
    ["d", String.raw`{\"e\":\"\\u00e9\"}`],
    ["f", "null"],
  ]);
});

Deno.test("objects open down to the last level", () => {
  const text = '{"a":{"b":{"c":1},"d":2},"e":{},"f":3,"f":4}';
  assertEquals(scan(text, 0), [["a/b/c", "1"], ["a/d", "2"], ["f", "3"], ["f", "4"]]);
  assertEquals(scan(text, 2), [["a/b", '{\\"c\\":1}'], ["a/d", "2"], ["f", "3"], ["f", "4"]]);
});

Deno.test("what is no object, broken, or half a character is said", () => {
  const broken = [
    '{"a":01}',
    '{"a":1,}',
    '{"a":+1}',
    '{"a":.5}',
    '{"a":1.}',
    '{"a":nul}',
    '{"a":trues}',
    "{,}",
    '{"a" 1}',
  ];
  const more = [
    '{"a":"\t"}',
    '{"a":"\\x"}',
    '{"a":"\\u12"}',
    '{"a":[1,]}',
    '{"a":[1}',
    '{"a":{"b"}}',
    '{"a":1}x',
    "{",
    '{"a"',
  ];
  const halves = ['{"a":"\\ud83d"}', '{"\\ude00":1}', '{"a":"\\ud83d\\u0041"}'];
  for (const text of [...broken, ...more, ...halves]) assertEquals(scan(text), ASKS_HOST, text);
  for (const text of ["", " ", "[]", "1", '"{}"', "text", "\ufeff{}"]) assertEquals(scan(text), NO_OBJECT, text);
});

Deno.test("the same names in the same order are one shape, and shapes are found again whatever came between", () => {
  const [kernel, scanner] = makeScanner(0);
  const texts = ['{"a":1,"b":2}', '{"b":1,"a":2}', '{"a":"x", "b":[]}', '{"a":1}', '{"a":{"b":2}}', '{"a":1,"b":2}'];
  scanAll(kernel, scanner, texts);
  const shapes = [...scanner.shapes.subarray(0, texts.length)];
  assertEquals(shapes[2], shapes[0]);
  assertEquals(shapes[5], shapes[0]);
  assertEquals(new Set(shapes).size, 4);
});

Deno.test("names that are data use up the room for shapes, and are forgotten", () => {
  const [kernel, scanner] = makeScanner(1);
  const lines = new TextEncoder().encode(Array.from({ length: 1000 }, (_, index) => `{"name ${index}":1}\n`).join(""));
  kernel.chunk.set(lines);
  const rows = kernel.decodeLines(lines.length);
  assert(!scanner.scan(0, 0, rows));
  scanner.forget();
  assert(scanner.scan(0, 500, 510));
  assertEquals(scanner.valuesOf(scanner.shapes[509]), [["name 509"]]);
});

Deno.test("10,000 levels and 10 MB are taken", () => {
  const size = 10_000_000;
  const [kernel, scanner] = makeScanner(1, {
    lineBytesMax: size + 1000,
    batchBytesMax: 20_000_000,
    slots: 1,
    rowsMax: 8,
  });
  const deep = `{"a":${"[".repeat(10_000)}${"]".repeat(10_000)},"b":${'{"c":'.repeat(10_000)}1${"}".repeat(10_000)}}`;
  const texts = [
    deep,
    `{"a":"${"x".repeat(size)}"}`,
    `{"a":"${"\\u0041".repeat(size / 6)}"}`,
    `{"a":${"[".repeat(size)}`,
  ];
  for (const [index, text] of texts.entries()) {
    const [scanned] = scanAll(kernel, scanner, [text]);
    assertEquals(typeof scanned === "number" ? scanned : scanned[0][0], index === 3 ? ASKS_HOST : "a");
  }
});
