import { assert, assertEquals } from "@std/assert";
import { Compressor } from "../../tests/support/compressor.ts";
import { seededRandom } from "../../tests/support/random.ts";

const BLOCK_BYTES_MAX = 256 * 1024;
const compressor = new Compressor(1 << 20);

function compress(codec: "lz4" | "snappy", bytes: Uint8Array): Uint8Array {
  compressor.place(bytes);
  return compressor.compress(codec, bytes.length).slice();
}

/** xxHash32 of less than four bytes: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md */
function xxHash32OfFew(bytes: Uint8Array): number {
  const [prime1, prime2, prime3, prime5] = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x165667b1];
  let hash = (prime5 + bytes.length) | 0;
  for (const byte of bytes) {
    hash = (hash + Math.imul(byte, prime5)) | 0;
    hash = Math.imul((hash << 11) | (hash >>> 21), prime1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), prime2);
  hash = Math.imul(hash ^ (hash >>> 13), prime3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The size words of a frame's blocks, the end mark excepted. */
function blockSizes(frame: Uint8Array): { bytes: number; isStored: boolean }[] {
  const view = new DataView(frame.buffer);
  const sizes: { bytes: number; isStored: boolean }[] = [];
  for (let at = 7;;) {
    const word = view.getUint32(at, true);
    if (word === 0) return sizes;
    sizes.push({ bytes: word & 0x7fffffff, isStored: word >>> 31 === 1 });
    at += 4 + (word & 0x7fffffff);
  }
}

Deno.test("an LZ4 frame says version 1, independent blocks of at most 256 KB, with the checksum that this must have", () => {
  const frame = compress("lz4", new Uint8Array(10));
  assertEquals([...frame.subarray(0, 6)], [0x04, 0x22, 0x4d, 0x18, 0x60, 0x50]);
  assertEquals(xxHash32OfFew(Uint8Array.of(0x60, 0x40)) >>> 8 & 255, 0x82, "the example of Kafka's own writer");
  assertEquals(frame[6], xxHash32OfFew(frame.subarray(4, 6)) >>> 8 & 255);
  assertEquals([...frame.subarray(-4)], [0, 0, 0, 0]);
});

Deno.test("LZ4 blocks are no larger than the frame says, and stored when they do not get smaller", () => {
  const random = seededRandom("stored blocks");
  const bytes = new Uint8Array(2 * BLOCK_BYTES_MAX + 1000);
  bytes.set(random.bytes(BLOCK_BYTES_MAX), BLOCK_BYTES_MAX);
  const [first, second, third, ...more] = blockSizes(compress("lz4", bytes));
  assert(first.bytes < 2000 && !first.isStored, `${first.bytes}`);
  assertEquals(second, { bytes: BLOCK_BYTES_MAX, isStored: true });
  assert(third.bytes < 100 && !third.isStored, `${third.bytes}`);
  assertEquals(more, []);
});

Deno.test("LZ4: nothing is repeated within the last 12 bytes of a block, and its last 5 bytes are literals", () => {
  const sizeOf = (size: number) => blockSizes(compress("lz4", new Uint8Array(size)))[0];
  assertEquals(sizeOf(12), { bytes: 12, isStored: true });
  // The search's first step is three bytes. Literals, match up to the last five bytes, literals: token, 3 bytes, distance; token, 5 bytes.
  assertEquals([...compress("lz4", new Uint8Array(16)).subarray(7)], [
    ...[12, 0, 0, 0],
    ...[0x34, 0, 0, 0, 3, 0],
    ...[0x50, 0, 0, 0, 0, 0],
    ...[0, 0, 0, 0],
  ]);
});

Deno.test("Snappy is framed as snappy-java frames it", () => {
  // The example is that of a Java program: "foobar" and a newline.
  const packed = compress("snappy", new TextEncoder().encode("foobar\n"));
  const example = "82534e415050590000000001000000010000000907" + "18" + "666f6f6261720a";
  assertEquals(packed.toHex(), example);
});

Deno.test("Snappy: the forms of literals and copies", () => {
  const block = (bytes: number[]) => [...compress("snappy", Uint8Array.from(bytes)).subarray(20)];
  const zeros = (size: number) => new Array<number>(size).fill(0);
  const distinct = (size: number) => Array.from({ length: size }, (_, index) => index);
  assertEquals(block(distinct(60)), [60, 59 << 2, ...distinct(60)]);
  assertEquals(block(distinct(61)), [61, 60 << 2, 60, ...distinct(61)]);
  // Three literals, which are the search's first step, then copies from there: of 11 bytes in the short form, of more in the long one.
  const literals = [2 << 2, 0, 0, 0];
  assertEquals(block(zeros(3 + 16)), [19, ...literals, 2 | 15 << 2, 3, 0]);
  assertEquals(block(zeros(3 + 64 + 11)), [78, ...literals, 2 | 63 << 2, 3, 0, 1 | 7 << 2, 3]);
  // 64 and 1 would leave a copy too short for the short form.
  assertEquals(block(zeros(3 + 65)), [68, ...literals, 2 | 59 << 2, 3, 0, 1 | 1 << 2, 3]);
});
