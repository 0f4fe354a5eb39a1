import { assert, assertEquals } from "@std/assert";
import { decodeAll, rowsOf } from "../../tests/support/decoding.ts";
import { NGINX_SOURCE, testKernel } from "../../tests/support/kernel.ts";
import { seededRandom } from "../../tests/support/random.ts";
import type { MultilineRules } from "../core/multiline_options.ts";
import { EncodedLineDecoder, type FileEncoding } from "./encoded_lines.ts";
import { plainLineDecoder } from "./plain_lines.ts";

/** Characters and their GBK bytes (https://encoding.spec.whatwg.org/#gbk). */
const GBK: ReadonlyMap<string, readonly number[]> = new Map([
  ["a", [0x61]],
  ["\\", [0x5c]],
  ["\n", [0x0a]],
  ["中", [0xd6, 0xd0]],
  ["文", [0xce, 0xc4]],
  ["乗", [0x81, 0x5c]],
  ["€", [0x80]],
]);

function encode(text: string, encoding: FileEncoding, isBigEndian = false): Uint8Array {
  if (encoding === "gbk") return Uint8Array.from([...text].flatMap((char) => GBK.get(char) ?? []));
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) new DataView(bytes.buffer).setUint16(i * 2, text.charCodeAt(i), !isBigEndian);
  return bytes;
}

function setUp(encoding: FileEncoding, multiline?: MultilineRules, limits = {}) {
  const kernel = testKernel(limits);
  const counts = { malformed: 0, split: 0, filtered: 0, discarded: 0 };
  const context = { kernel, source: NGINX_SOURCE, counts, nowSeconds: () => 7 };
  const inner = plainLineDecoder({ multiline, offsetKey: "o", inodeKey: undefined }, context);
  return { kernel, counts, decoder: new EncodedLineDecoder(encoding, inner, true, context) };
}

const BEGIN: MultilineRules = { mode: "begin", start: /^a/u, anchored: true, checkBytesMax: 100, unmatched: "join" };

for (
  const [name, encoding, isBigEndian] of [["GBK", "gbk"], ["UTF-16", "utf16"], ["UTF-16BE", "utf16", true]] as const
) {
  Deno.test(`a file in ${name} gives its lines in UTF-8, and their places in the file's bytes`, () => {
    const random = seededRandom(name);
    for (let round = 0; round < 200; round++) {
      const multiline = round % 2 === 0 ? undefined : BEGIN;
      const { kernel, decoder } = setUp(encoding, multiline);
      const chars = [...GBK.keys()];
      const text = Array.from({ length: random.integer(1, 200) }, () => random.pick(chars)).join("") + "\n";
      const mark = isBigEndian ? "\ufeff" : "";
      const bytes = encode(mark + text, encoding, isBigEndian);
      const rows = decodeAll(kernel, decoder, bytes, () => random.integer(2, 90));
      rows.push(...rowsOf(kernel, decoder.flush(bytes.length, "ended")));
      assertEquals(rows.map(({ content }) => content).join("\n") + "\n", text);
      if (multiline === undefined) assertEquals(rows.length, text.split("\n").length - 1);
      for (const { content, offset } of rows) {
        const expected = encode(content, encoding, isBigEndian);
        assertEquals(bytes.slice(Number(offset), Number(offset) + expected.length), expected);
      }
    }
  });
}

Deno.test("reading may begin again at any record's place", () => {
  const text = "a中\n文\na\n中中\na文\n";
  const bytes = encode(text, "utf16");
  const all = setUp("utf16", BEGIN);
  all.kernel.chunk.set(bytes);
  const batch = all.decoder.decode({ offset: 0, size: bytes.length });
  assertEquals(rowsOf(all.kernel, batch).map(({ content }) => content), ["a中\n文", "a\n中中"]);
  assertEquals([batch.offsetEnd, batch.offsetSafe], [bytes.length, encode("a中\n文\na\n中中\n", "utf16").length]);
  const again = setUp("utf16", BEGIN);
  again.kernel.chunk.set(bytes.subarray(batch.offsetSafe));
  const rest = again.decoder.decode({ offset: batch.offsetSafe, size: bytes.length - batch.offsetSafe });
  assertEquals(rest.offsetSafe, batch.offsetSafe);
  const [row] = rowsOf(again.kernel, again.decoder.flush(bytes.length, "idle"));
  assertEquals([row.content, row.offset], ["a文", String(batch.offsetSafe)]);
});

Deno.test("a record that goes on in the next file is safe in the one before until it is handed out", () => {
  const { kernel, decoder } = setUp("utf16", BEGIN);
  decodeAll(kernel, decoder, encode("a中\n", "utf16"), () => 100);
  const steps = ["文\n", "a二\n", "三\n"].map((text) => encode(text, "utf16"));
  decoder.beginFile({ device: 1, inode: 2, headBytes: 0, headHash: 0 });
  let offset = 0;
  const seen = steps.map((bytes) => {
    kernel.chunk.set(bytes);
    const batch = decoder.decode({ offset, size: bytes.length });
    offset += bytes.length;
    const rows = rowsOf(kernel, batch).map(({ content, offset }) => [content, offset]);
    return [rows, batch.offsetEnd, batch.offsetSafe];
  });
  assertEquals(seen, [[[], 4, -1], [[["a中\n文", "0"]], 10, 4], [[], 14, 4]]);
});

Deno.test("a byte order mark is no part of the first line", () => {
  for (const isBigEndian of [false, true]) {
    const { kernel, decoder } = setUp("utf16");
    const rows = decodeAll(kernel, decoder, encode("\ufeffa\n", "utf16", isBigEndian), () => 100);
    assertEquals(rows.map(({ content, offset }) => [content, offset]), [["a", "2"]]);
  }
});

Deno.test("a line that is too long is cut, and none of it is lost", () => {
  const { kernel, decoder, counts } = setUp("gbk", undefined, { lineBytesMax: 1024 });
  const text = "文".repeat(100_000);
  const rows = decodeAll(kernel, decoder, encode(`${text}\na\n`, "gbk"), () => 10_000);
  assertEquals(rows.map(({ content }) => content).join(""), `${text}a`);
  assert(counts.split > 0);
});

Deno.test("a line too long whose bytes become three each in UTF-8 is cut where they have room, and read once", () => {
  for (const [byte, character] of [[0x80, "€"], [0xff, "\ufffd"]] as const) {
    const { kernel, decoder } = setUp("gbk", undefined, { lineBytesMax: 1024 });
    const bytes = new Uint8Array(200_000).fill(byte);
    bytes[bytes.length - 1] = 0x0a;
    const rows = decodeAll(kernel, decoder, bytes, () => 10_000);
    assertEquals(rows.map(({ content }) => content).join(""), character.repeat(bytes.length - 1));
  }
});

Deno.test("many short lines take the time of their number", () => {
  const { kernel, decoder } = setUp("utf16", undefined, { rowsMax: 50 });
  const start = performance.now();
  const rows = decodeAll(kernel, decoder, encode("\n".repeat(30_000), "utf16"), () => 60_000);
  assertEquals(rows.length, 30_000);
  assert(performance.now() - start < 2000);
});

Deno.test("a decoder goes on where another stopped, with what was pending there", () => {
  const random = seededRandom("handed over");
  for (const encoding of ["gbk", "utf16"] as const) {
    const text = Array.from({ length: 400 }, () => random.pick([...GBK.keys(), "\n", "\na"])).join("") + "\n";
    const bytes = encode(text, encoding);
    const whole = setUp(encoding, BEGIN);
    const expected = decodeAll(whole.kernel, whole.decoder, bytes, () => 90);
    const rows = [];
    let { kernel, decoder } = setUp(encoding, BEGIN);
    for (let offset = 0; offset < bytes.length;) {
      const part = bytes.subarray(offset, offset + 90);
      kernel.chunk.set(part);
      const batch = decoder.decode({ offset, size: part.length });
      rows.push(...rowsOf(kernel, batch));
      if (batch.offsetEnd === offset) break;
      offset = batch.offsetEnd;
      const pending = decoder.pending();
      ({ kernel, decoder } = setUp(encoding, BEGIN));
      decoder.beginFile({ device: 1, inode: 1, headBytes: 0, headHash: 0 });
      decoder.restore(pending, offset);
    }
    assertEquals(rows, expected);
    assert(rows.length > 10, "there is something to hand over");
  }
});
