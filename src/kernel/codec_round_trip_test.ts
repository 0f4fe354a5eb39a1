import { assert, assertEquals } from "@std/assert";
import { Compressor } from "../../tests/support/compressor.ts";
import { nginxLine } from "../../tests/support/kernel.ts";
import { lz4FrameDecompress } from "../../tests/support/lz4_frame.ts";
import { type Random, seededRandom } from "../../tests/support/random.ts";
import { snappyBlocksDecompress } from "../../tests/support/snappy_blocks.ts";

const BYTES_MAX = 1 << 20;
const CODECS = { lz4: lz4FrameDecompress, snappy: snappyBlocksDecompress };
const compressor = new Compressor(BYTES_MAX);

/** Compresses with both, checks that it can be read and that nothing else was written. Returns the sizes. */
function roundTrip(bytes: Uint8Array, name: string): { lz4: number; snappy: number } {
  const sizes = { lz4: 0, snappy: 0 };
  for (const codec of ["lz4", "snappy"] as const) {
    compressor.place(bytes);
    const packed = compressor.compress(codec, bytes.length);
    sizes[codec] = packed.length;
    assert(sameBytes(CODECS[codec](packed), bytes), `${codec}, ${name}, ${bytes.length} bytes`);
    assertEquals(compressor.damage(bytes), [], `${codec}, ${name}, ${bytes.length} bytes`);
  }
  return sizes;
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function noise(random: Random, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, () => random.integer(0, 255));
}

/** Runs of one byte each. */
function runs(random: Random, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size;) {
    const end = at + random.integer(1, random.pick([3, 20, 300, 70_000]));
    bytes.fill(random.integer(0, 255), at, end);
    at = end;
  }
  return bytes;
}

/** Words of a small alphabet. */
function words(random: Random, size: number): Uint8Array {
  const dictionary = Array.from({ length: 30 }, () => noise(random, random.integer(1, 30)));
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size;) {
    const word = random.pick(dictionary).subarray(0, size - at);
    bytes.set(word, at);
    at += word.length;
  }
  return bytes;
}

/** Noise, and pieces of what came before: just before, anywhere, or about as far back as both formats can say. */
function echoes(random: Random, size: number): Uint8Array {
  const bytes = noise(random, size);
  for (let at = 1; at < size; at += random.integer(1, 400)) {
    const distance = random.pick([1, 2, 3, 2047, 2048, 65_534, 65_535, 65_536, 65_537, random.integer(1, at)]);
    const end = Math.min(size, at + random.integer(1, random.pick([8, 100, 2000])));
    if (distance <= at) { for (; at < end; at++) bytes[at] = bytes[at - distance]; }
  }
  return bytes;
}

Deno.test("what is compressed can be read back, whatever it is", () => {
  const random = seededRandom("round trip");
  for (let round = 0; round < 400; round++) {
    const make = random.pick([noise, runs, words, echoes]);
    roundTrip(make(random, random.integer(0, random.pick([40, 300, 5000]))), make.name);
  }
});

Deno.test("blocks' edges are no edges of what is read back", () => {
  const random = seededRandom("block edges");
  const sizes = [65_535, 65_536, 65_537, 131_084, 262_143, 262_144, 262_145, 262_156, BYTES_MAX];
  for (const make of [noise, runs, words, echoes]) {
    for (const size of sizes.filter((size) => size < BYTES_MAX || make === echoes)) {
      roundTrip(make(random, size), make.name);
    }
  }
});

Deno.test("every small size is good, of equal bytes and of different ones", () => {
  for (let size = 0; size < 100; size++) {
    roundTrip(new Uint8Array(size).fill(0x61), "equal");
    roundTrip(Uint8Array.from({ length: size }, (_, index) => index), "different");
    roundTrip(Uint8Array.from({ length: size }, (_, index) => index % 5), "five in turn");
  }
});

Deno.test("logs and runs get much smaller, noise hardly larger", () => {
  const random = seededRandom("sizes");
  const lines = new TextEncoder().encode(Array.from({ length: 1000 }, (_, number) => nginxLine(number)).join(""));
  const log = roundTrip(lines, "log");
  assert(log.lz4 < lines.length / 4 && log.snappy < lines.length / 4, JSON.stringify(log));
  const zeros = roundTrip(new Uint8Array(300_000), "zeros");
  assert(zeros.lz4 < 300_000 / 200 && zeros.snappy < 300_000 / 20, JSON.stringify(zeros));
  const made = roundTrip(noise(random, 300_000), "noise");
  assert(made.lz4 < 300_100 && made.snappy < 300_100, JSON.stringify(made));
});

Deno.test("the same bytes give the same result, whatever was compressed before", () => {
  const random = seededRandom("same result");
  const bytes = words(random, 20_000);
  for (const codec of ["lz4", "snappy"] as const) {
    compressor.place(bytes);
    const first = compressor.compress(codec, bytes.length).slice();
    compressor.place(echoes(random, 50_000));
    compressor.compress(codec, 50_000);
    compressor.place(bytes);
    assert(sameBytes(compressor.compress(codec, bytes.length), first), codec);
  }
});
