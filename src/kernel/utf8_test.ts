import { assert, assertEquals } from "@std/assert";
import { testKernel } from "../../tests/support/kernel.ts";
import { seededRandom } from "../../tests/support/random.ts";
import { randomScriptBytes, textsWithPair } from "../../tests/support/script_texts.ts";
import { ASKS_HOST } from "./json/object_scanner.ts";

const strict = new TextDecoder("utf-8", { fatal: true });
const [HEAD, TAIL] = ['{"":"', '"}\n'].map((text) => new TextEncoder().encode(text));
const LETTER = 0x61;

/** Whether each of `texts` is UTF-8 to the kernel: it leaves objects with others to the host. */
function makeAsk(): (texts: readonly Uint8Array[]) => boolean[] {
  const kernel = testKernel();
  const scanner = kernel.columns.tryMakeScanner(1);
  assert(scanner !== undefined);
  return (texts) => {
    const bytes = texts.flatMap((text) => [...HEAD, ...text, ...TAIL]);
    kernel.chunk.set(bytes);
    assertEquals(kernel.decodeLines(bytes.length), texts.length);
    scanner.forget();
    assert(scanner.scan(0, 0, texts.length));
    return texts.map((_, row) => scanner.shapes[row] !== ASKS_HOST);
  };
}

function isText(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The same bytes without any that mean something in a JSON string, or end a line. */
function inString(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte < 0x20 || byte === 0x22 || byte === 0x5c ? LETTER : byte);
}

Deno.test("what is UTF-8 to TextDecoder is UTF-8 to the kernel", () => {
  const random = seededRandom("kinds of texts");
  const ask = makeAsk();
  for (let round = 0; round < 200; round++) {
    const texts = Array.from({ length: 100 }, () => inString(randomScriptBytes(random)));
    assertEquals(ask(texts), texts.map(isText));
  }
  for (let first = 0xc0; first <= 0xff; first++) {
    const texts = textsWithPair(first, random).map(inString);
    assertEquals(ask(texts), texts.map(isText), `first byte ${first}`);
  }
});
