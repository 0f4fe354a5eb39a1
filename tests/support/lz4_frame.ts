/**
 * Decompresses an LZ4 frame, strictly, for tests: what a consumer does.
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md
 *
 * @module
 */

const MAGIC = 0x184d2204;

/** @throws {Error} when the frame breaks a rule of the format. Checksums are skipped. */
export function lz4FrameDecompress(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  check(view.getUint32(0, true) === MAGIC, "wrong magic number");
  const flags = frame[4];
  check(flags >> 6 === 1, "the version is not 1");
  const hasBlockChecksum = (flags & 16) !== 0;
  let at = 6 + ((flags & 8) !== 0 ? 8 : 0) + ((flags & 1) !== 0 ? 4 : 0) + 1;
  const output = new GrowingBytes();
  for (;;) {
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) break;
    const length = size & 0x7fffffff;
    const block = frame.subarray(at, at + length);
    check(block.length === length, "a block is cut short");
    if (size >>> 31 === 1) output.append(block);
    else decompressBlock(block, output, (flags & 32) !== 0);
    at += length + (hasBlockChecksum ? 4 : 0);
  }
  check(at + ((flags & 4) !== 0 ? 4 : 0) === frame.length, "bytes follow the frame");
  return output.bytes();
}

function decompressBlock(block: Uint8Array, output: GrowingBytes, isIndependent: boolean): void {
  const outputStart = isIndependent ? output.length : 0;
  const matchStarts: number[] = [];
  const input = new BlockReader(block);
  for (;;) {
    const token = input.byte("the block does not end with literals");
    const literals = input.bytes(input.length(token >> 4));
    output.append(literals);
    if (input.isAtEnd) return checkEnd(output, literals.length, matchStarts);
    const offset = input.byte("an offset is cut short") | input.byte("an offset is cut short") << 8;
    check(offset > 0 && offset <= output.length - outputStart, `a match reaches ${offset} back, before the start`);
    matchStarts.push(output.length);
    output.repeat(offset, input.length(token & 15) + 4);
  }
}

/**
 * Reads a block from its start. A class rather than a variable that a closure moves on: V8 14.7 (Deno 2.7.14) sometimes forgets such a
 * move when it optimises the loop that runs (`--no-function-context-cells` prevents it).
 */
class BlockReader {
  readonly #block: Uint8Array;
  #at = 0;

  constructor(block: Uint8Array) {
    this.#block = block;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#block.length;
  }

  byte(otherwise: string): number {
    check(!this.isAtEnd, otherwise);
    return this.#block[this.#at++];
  }

  bytes(size: number): Uint8Array {
    check(this.#at + size <= this.#block.length, "literals are cut short");
    this.#at += size;
    return this.#block.subarray(this.#at - size, this.#at);
  }

  /** A length whose first four bits stand in a token. */
  length(high: number): number {
    let length = high;
    if (high < 15) return length;
    for (let byte = 255; byte === 255; length += byte) byte = this.byte("a length is cut short");
    return length;
  }
}

/** "The last 5 bytes of input are always literals; the last match must start at least 12 bytes before the end of block." */
function checkEnd(output: GrowingBytes, literalLength: number, matchStarts: readonly number[]): void {
  const lastMatchStart = matchStarts.at(-1);
  if (lastMatchStart === undefined) return;
  check(literalLength >= 5, "fewer than 5 literals end the block");
  check(output.length - lastMatchStart >= 12, "the last match starts less than 12 bytes before the end");
}

/** Bytes that grow at the end and can repeat what they hold. */
class GrowingBytes {
  #bytes = new Uint8Array(65_536);
  length = 0;

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  repeat(offset: number, length: number): void {
    this.#reserve(length);
    const from = this.length - offset;
    if (offset >= length) this.#bytes.copyWithin(this.length, from, from + length);
    else for (let index = 0; index < length; index++) this.#bytes[this.length + index] = this.#bytes[from + index];
    this.length += length;
  }

  #reserve(length: number): void {
    if (this.length + length <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + length));
    grown.set(this.bytes());
    this.#bytes = grown;
  }
}

function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Not a valid LZ4 frame: ${message}`);
}
