/**
 * Decompresses Snappy in the framing of snappy-java, strictly, for tests: what a consumer of Kafka does.
 * https://github.com/google/snappy/blob/main/format_description.txt and
 * https://github.com/xerial/snappy-java/blob/main/src/main/java/org/xerial/snappy/SnappyCodec.java
 *
 * @module
 */

/** 0x82, "SNAPPY", 0, then the version and the oldest version that can read it. */
const HEAD = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1];

/** @throws {Error} when the bytes break a rule of the format. */
export function snappyBlocksDecompress(bytes: Uint8Array): Uint8Array {
  check(HEAD.every((byte, index) => bytes[index] === byte), "wrong head");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks: Uint8Array[] = [];
  for (let at = HEAD.length; at < bytes.length;) {
    const size = view.getInt32(at);
    check(size > 0 && at + 4 + size <= bytes.length, "a block is cut short");
    blocks.push(decompressBlock(bytes.subarray(at + 4, at + 4 + size)));
    at += 4 + size;
  }
  return joined(blocks);
}

function decompressBlock(block: Uint8Array): Uint8Array {
  const [size, start] = readSize(block);
  const output = new Uint8Array(size);
  let length = 0;
  for (let at = start; at < block.length;) {
    const element = readElement(block, at);
    check(length + element.size <= size, "an element is longer than its block");
    if (element.distance === 0) {
      check(element.end + element.size <= block.length, "literals are cut short");
      output.set(block.subarray(element.end, element.end + element.size), length);
    } else repeat(output, length, element.distance, element.size);
    length += element.size;
    at = element.end + (element.distance === 0 ? element.size : 0);
  }
  check(length === size, `a block has ${length} bytes, not ${size}`);
  return output;
}

/** Literals, which follow at `end`, or with a distance a copy. */
interface Element {
  readonly size: number;
  readonly distance: number;
  readonly end: number;
}

function readElement(block: Uint8Array, at: number): Element {
  const tag = block[at];
  const high = tag >> 2;
  if ((tag & 3) === 0) return readLiteral(block, at, high);
  const copies = [
    undefined,
    { size: (high & 7) + 4, distance: (tag >> 5) * 256 + block[at + 1], end: at + 2 },
    { size: high + 1, distance: little(block, at + 1, 2), end: at + 3 },
    { size: high + 1, distance: little(block, at + 1, 4), end: at + 5 },
  ];
  const copy = copies[tag & 3];
  check(copy !== undefined && copy.end <= block.length && copy.distance > 0, "a copy is cut short or goes nowhere");
  return copy;
}

function readLiteral(block: Uint8Array, at: number, high: number): Element {
  const sizeBytes = Math.max(0, high - 59);
  const size = (sizeBytes === 0 ? high : little(block, at + 1, sizeBytes)) + 1;
  return { size, distance: 0, end: at + 1 + sizeBytes };
}

function repeat(output: Uint8Array, length: number, distance: number, size: number): void {
  check(distance <= length, `a copy reaches ${distance} back, before the start`);
  for (let index = length; index < length + size; index++) output[index] = output[index - distance];
}

function little(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = count - 1; index >= 0; index--) value = value * 256 + bytes[at + index];
  return value;
}

function readSize(block: Uint8Array): [size: number, end: number] {
  let size = 0;
  for (let at = 0;; at++) {
    check(at < Math.min(5, block.length), "a block's size is cut short");
    size += (block[at] & 0x7f) * 2 ** (7 * at);
    if (block[at] < 0x80) return [size, at + 1];
  }
}

function joined(blocks: readonly Uint8Array[]): Uint8Array {
  const output = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let length = 0;
  for (const block of blocks) {
    output.set(block, length);
    length += block.length;
  }
  return output;
}

function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Not valid Snappy: ${message}`);
}
