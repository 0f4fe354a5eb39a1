/**
 * Files in other encodings than UTF-8, mutated, in random chunks: reading always goes on, stays inside of the file, and no record
 * is given twice.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { EncodedLineDecoder, type FileEncoding } from "../../src/decode/encoded_lines.ts";
import { plainLineDecoder } from "../../src/decode/plain_lines.ts";
import type { Kernel } from "../../src/kernel/kernel.ts";
import { rowsOf } from "../support/decoding.ts";
import { NGINX_SOURCE } from "../support/kernel.ts";
import type { Random } from "../support/random.ts";
import { fuzz } from "./fuzz.ts";
import { GuardedKernels } from "./guarded_kernel.ts";
import { Mutator } from "./mutate.ts";

const LIMITS = { lineBytesMax: 500, batchBytesMax: 60_000, slots: 1, rowsMax: 50 };
/** `中文 a\n` and the like (https://encoding.spec.whatwg.org/#gbk); 0x80 is `€`, of three bytes in UTF-8. */
const GBK = [
  Uint8Array.of(0xd6, 0xd0, 0xce, 0xc4, 0x20, 0x61, 0x0a),
  Uint8Array.of(0x81, 0x5c, 0x80, 0x81, 0x30, 0x81, 0x30, 0x0a),
];
const UTF16 = [utf16("a 中😀\nb\n"), utf16("\ufeff日志\r\n"), utf16("\u0a0a\u000a\u0a00\n")];
const TOKENS = [
  Uint8Array.of(0x0a),
  Uint8Array.of(0, 0x0a),
  Uint8Array.of(0x0a, 0),
  Uint8Array.of(0xfe, 0xff),
  Uint8Array.of(0x80, 0x80),
];
const mutators = { gbk: new Mutator(GBK, TOKENS), utf16: new Mutator(UTF16, TOKENS) };

/** Little-endian, as this machine writes it. */
function utf16(text: string): Uint8Array {
  return new Uint8Array(Uint16Array.from(text.split(""), (unit) => unit.charCodeAt(0)).buffer);
}

/** Now and then with a line that is longer than any chunk. */
function fileOf(random: Random, encoding: FileEncoding): Uint8Array {
  const bytes = mutators[encoding].mutant(random);
  if (random.integer(0, 2) > 0) return bytes;
  const long = new Uint8Array(2 * random.integer(10_000, 80_000)).fill(random.pick([0x41, 0x80, 0xd8, 0xff]));
  const at = 2 * random.integer(0, Math.floor(bytes.length / 2));
  return Uint8Array.from([...bytes.subarray(0, at), ...long, ...bytes.subarray(at)]);
}

/** Reads a file to its end. */
function readFile(kernels: GuardedKernels, random: Random): void {
  const encoding = random.pick(["gbk", "utf16"] as const);
  const { kernel } = kernels.take(LIMITS, 0x0a);
  const counts = { malformed: 0, split: 0, filtered: 0, discarded: 0 };
  const context = { kernel, source: NGINX_SOURCE, counts, nowSeconds: () => 7 };
  const inner = plainLineDecoder({ multiline: undefined, offsetKey: "o", inodeKey: undefined }, context);
  const decoder = new EncodedLineDecoder(encoding, inner, true, context);
  const bytes = fileOf(random, encoding);
  const chunkBytesMax = random.pick([300, 3000, kernel.chunk.length]);
  const offsets: number[] = [];
  let isStuck = false;
  for (let offset = 0; offset < bytes.length;) {
    const size = isStuck ? kernel.chunk.length : random.integer(1, chunkBytesMax);
    const end = readOnce(kernel, decoder, bytes.subarray(offset, offset + size), offset, offsets);
    if (end === offset && isStuck) {
      // What is left is shorter than a chunk, and no line has an end in it.
      assert(bytes.length - offset < kernel.chunk.length, `reading stands still at ${offset} of ${bytes.length}`);
      break;
    }
    isStuck = end === offset;
    offset = end;
  }
  assertEquals(offsets, offsets.toSorted((a, b) => a - b), "records come in order");
}

/** @returns where reading goes on. */
function readOnce(
  kernel: Kernel,
  decoder: EncodedLineDecoder,
  part: Uint8Array,
  offset: number,
  offsets: number[],
): number {
  kernel.chunk.set(part);
  const batch = decoder.decode({ offset, size: part.length });
  assert(batch.offsetEnd >= offset && batch.offsetEnd <= offset + part.length, `reads on at ${batch.offsetEnd}`);
  assert(batch.rows === 0 || batch.offsetEnd > offset, `gives ${batch.rows} records and does not go on`);
  for (const row of rowsOf(kernel, batch)) offsets.push(Number(row.offset));
  return batch.offsetEnd;
}

Deno.test("mutated files in GBK and UTF-16 are read to their end, each record once", async () => {
  const kernels = new GuardedKernels();
  const count = await fuzz("encoded lines", (random) => readFile(kernels, random));
  assert(count > 20, `only ${count} cases`);
});
