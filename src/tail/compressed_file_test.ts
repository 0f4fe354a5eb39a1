import { assert, assertEquals, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import { constants, crc32, gzipSync } from "node:zlib";
import { type Random, seededRandom } from "../../tests/support/random.ts";
import type { FileStat, OpenFile } from "../core/env.ts";
import { CompressedFile } from "./compressed_file.ts";

const MIB = 1024 * 1024;
const KINDS = ["text", "noise", "zeros", "mixed"] as const;

/** A file in memory, whose disk fails when it is told to. */
class MemoryFile implements OpenFile {
  readonly path = "/0.log.1.gz";
  readonly #bytes: Uint8Array;
  isFailing = false;
  reads = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  readAt(offset: number, into: Uint8Array): number {
    if (this.isFailing) throw new Error("Input/output error");
    this.reads++;
    const piece = this.#bytes.subarray(offset, offset + into.length);
    into.set(piece);
    return piece.length;
  }

  stat(): FileStat {
    return { device: 1, inode: 2, size: this.#bytes.length, modifiedMs: 3, kind: "file" };
  }

  isDeleted(): boolean {
    return false;
  }

  close(): void {}
}

function open(bytes: Uint8Array): CompressedFile {
  return new CompressedFile(new MemoryFile(bytes));
}

/** Everything from the beginning on, in reads of one size. */
function readAll(file: OpenFile, readBytes = 256 * 1024): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let offset = 0;;) {
    const into = new Uint8Array(readBytes);
    const size = file.readAt(offset, into);
    if (size === 0) return join(pieces);
    pieces.push(into.subarray(0, size));
    offset += size;
  }
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function someBytes(random: Random, kind: typeof KINDS[number], size: number): Uint8Array {
  if (kind === "zeros") return new Uint8Array(size);
  if (kind === "noise") return random.bytes(size);
  if (kind === "mixed") return join(KINDS.slice(0, 3).map((part) => someBytes(random, part, Math.floor(size / 3))));
  const words = Array.from({ length: 200 }, () => Math.floor(random.next() * 1e9).toString(36));
  let text = "";
  while (text.length < size) text += `${random.pick(words)}${random.next() < 0.1 ? "\n" : " "}`;
  return textBytes(text.slice(0, size));
}

/** Whether two are the same, without a difference of megabytes being printed. */
function assertSame(actual: Uint8Array, expected: Uint8Array, what: string): void {
  assertEquals(actual.length, expected.length, what);
  assert(Buffer.compare(actual, expected) === 0, what);
}

Deno.test("what gzip has made at any level and with any strategy is what it was before", () => {
  const random = seededRandom("gunzip");
  const { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED } = constants;
  for (const strategy of [Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED]) {
    for (const level of [0, 1, 6, 9]) {
      const kind = random.pick(KINDS);
      const bytes = someBytes(random, kind, random.integer(0, 300_000));
      const file = open(gzipSync(bytes, { level, strategy, memLevel: random.integer(1, 9) }));
      const what = `strategy ${strategy}, level ${level}, ${bytes.length} bytes of ${kind}`;
      assertSame(readAll(file, random.integer(1000, 300_000)), bytes, what);
      assertEquals([file.problem, file.stat().size], [undefined, bytes.length], what);
    }
  }
});

Deno.test("reads from anywhere, forwards and backwards, with any room", () => {
  const random = seededRandom("gunzip seek");
  const bytes = someBytes(random, "text", 1_000_000);
  const file = open(gzipSync(bytes));
  for (let round = 0; round < 200; round++) {
    const offset = random.integer(0, bytes.length + 10);
    const into = new Uint8Array(random.pick([1, 100, 1024, 2000, 40_000, 300_000]));
    for (const part of [into.subarray(0, random.integer(1, into.length)), into]) {
      const expected = bytes.subarray(offset, offset + part.length);
      assertEquals(file.readAt(offset, part), expected.length, `${part.length} bytes at ${offset}`);
      assertSame(part.subarray(0, expected.length), expected, `${part.length} bytes at ${offset}`);
    }
  }
});

Deno.test("a read that is repeated with more room does not begin again at the first byte", () => {
  const bytes = someBytes(seededRandom("gunzip repeat"), "noise", 3 * MIB);
  const inner = new MemoryFile(gzipSync(bytes));
  const file = new CompressedFile(inner);
  const offset = 2 * MIB;
  file.readAt(offset, new Uint8Array(256 * 1024));
  const before = inner.reads;
  const into = new Uint8Array(512 * 1024);
  assertEquals(file.readAt(offset, into), into.length);
  assertSame(into, bytes.subarray(offset, offset + into.length), "the repeated read");
  assert(inner.reads - before < 60, `${inner.reads - before} reads`);
});

Deno.test("goes towards an offset in bounded steps", () => {
  const bytes = someBytes(seededRandom("gunzip approach"), "text", 2 * MIB);
  const file = open(gzipSync(bytes));
  let steps = 1;
  while (!file.approach(bytes.length - 10, 100_000)) steps++;
  assert(steps > 10, `${steps} steps`);
  const into = new Uint8Array(20);
  assertEquals(file.readAt(bytes.length - 10, into), 10);
  assertSame(into.subarray(0, 10), bytes.subarray(-10), "the end");
  assertEquals(open(gzipSync(textBytes("short"))).approach(1000, 10), true);
});

Deno.test("several members are one file, and what follows them is no part of it", () => {
  const [a, b, none] = ["first\n", "second\n", ""].map((text) => gzipSync(textBytes(text)));
  const cases: readonly (readonly [Uint8Array[], string])[] = [
    [[a, b], "first\nsecond\n"],
    [[a, none, b], "first\nsecond\n"],
    [[a, new Uint8Array(512)], "first\n"],
    [[a, textBytes("x")], "first\n"],
    [[none], ""],
  ];
  for (const [pieces, expected] of cases) {
    const file = open(join(pieces));
    assertEquals([new TextDecoder().decode(readAll(file)), file.problem], [expected, undefined]);
  }
});

Deno.test("a head with everything in it is passed over, and its checksum is looked at", () => {
  const plain = gzipSync(textBytes("content\n"));
  // https://www.rfc-editor.org/rfc/rfc1952#page-5: flags for a checksum, extra bytes, a name and a comment.
  const head = Uint8Array.of(...plain.subarray(0, 3), 2 + 4 + 8 + 16, ...plain.subarray(4, 10));
  const fields = join([head, Uint8Array.of(3, 0, 1, 2, 3), textBytes("app.log\0a comment\0")]);
  const checksum = crc32(fields);
  const cases = [[checksum, "content\n", undefined], [checksum ^ 1, "", "damaged"]] as const;
  for (const [sum, text, problem] of cases) {
    const file = open(join([fields, Uint8Array.of(sum & 0xff, (sum >> 8) & 0xff), plain.subarray(10)]));
    assertEquals([new TextDecoder().decode(readAll(file)), file.problem], [text, problem]);
  }
});

Deno.test("of a file that is cut off anywhere, everything before the cut is read", () => {
  const random = seededRandom("gunzip cut");
  for (const kind of KINDS) {
    const bytes = someBytes(random, kind, 1200);
    const whole = gzipSync(bytes);
    let longest = 0;
    for (let size = 0; size < whole.length; size++) {
      const file = open(whole.subarray(0, size));
      const read = readAll(file, 4096);
      assertEquals(file.problem, "cut", `${kind}, ${size} of ${whole.length} bytes`);
      assertSame(read, bytes.subarray(0, read.length), `${kind}, ${size} of ${whole.length} bytes`);
      assert(read.length >= longest);
      assertEquals(file.stat().size, read.length);
      longest = read.length;
    }
    assertEquals(longest, bytes.length);
  }
});

Deno.test("damaged bytes end a file or spoil its checksum, and never throw", () => {
  const random = seededRandom("gunzip damage");
  for (let round = 0; round < 500; round++) {
    const bytes = someBytes(random, random.pick(KINDS), random.integer(1, 5000));
    const gzip = gzipSync(bytes);
    const at = random.integer(10, gzip.length - 1);
    gzip[at] ^= 1 << random.integer(0, 7);
    const file = open(gzip);
    const read = readAll(file, 8192);
    const isSame = read.length === bytes.length && Buffer.compare(read, bytes) === 0;
    // A flipped bit may be one that nobody reads.
    if (file.problem === undefined) assert(isSame, `round ${round}: byte ${at} of ${gzip.length}`);
  }
});

const DAMAGES: readonly (readonly [string, Uint8Array, string, string])[] = [
  ["no gzip at all", textBytes("a log line\n"), "damaged", ""],
  ["nothing", new Uint8Array(), "cut", ""],
  ["a block of no kind", Uint8Array.of(31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 7), "damaged", ""],
  ["a wrong checksum", flipped(gzipSync(textBytes("line\n")), -8), "checksum", "line\n"],
  ["a wrong size", flipped(gzipSync(textBytes("line\n")), -4), "checksum", "line\n"],
];

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[copy.length + at] ^= 1;
  return copy;
}

for (const [name, bytes, problem, text] of DAMAGES) {
  Deno.test(`says what is wrong with a file: ${name}`, () => {
    const file = open(bytes);
    assertEquals([new TextDecoder().decode(readAll(file)), file.problem], [text, problem]);
  });
}

Deno.test("a disk that fails in between is said, and reading goes on when it works again", () => {
  const bytes = someBytes(seededRandom("gunzip failing"), "noise", MIB);
  const inner = new MemoryFile(gzipSync(bytes));
  const file = new CompressedFile(inner);
  const into = new Uint8Array(300_000);
  file.readAt(0, into);
  inner.isFailing = true;
  assertThrows(() => file.readAt(300_000, into), Error, "Input/output error");
  inner.isFailing = false;
  assertEquals(file.readAt(300_000, into), into.length);
  assertSame(into, bytes.subarray(300_000, 600_000), "after the failure");
});

Deno.test("200 MiB are read with bounded memory", () => {
  const unit = someBytes(seededRandom("gunzip large"), "text", MIB);
  const gzip = gzipSync(unit, { level: 1 });
  // Members of one file, so that the test does not hold what it reads.
  const file = open(join(Array(200).fill(gzip)));
  const into = new Uint8Array(256 * 1024);
  let offset = 0;
  let bytesMax = 0;
  const before = usedBytes();
  const startedMs = performance.now();
  for (let size = file.readAt(0, into); size > 0; size = file.readAt(offset, into)) {
    offset += size;
    bytesMax = Math.max(bytesMax, usedBytes() - before);
  }
  const ms = performance.now() - startedMs;
  console.log(`200 MiB in ${Math.round(ms)} ms, at most ${(bytesMax / MIB).toFixed(1)} MiB more memory`);
  assertEquals([offset, file.problem], [200 * MIB, undefined]);
  assert(bytesMax < 32 * MIB, `${bytesMax} bytes more`);
});

function usedBytes(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}
