/**
 * The kernel's compressors alone, in a memory of their own, for tests and benches of what they make of any bytes.
 *
 * @module
 */
import { compileKernel } from "../../src/kernel/kernel.ts";
import type { RecordCompressors } from "../../src/kernel/record_packer.ts";

const PAGE_BYTES = 65536;
const TABLE = PAGE_BYTES;
const TABLE_BYTES = 32 * 1024;
const INPUT = TABLE + TABLE_BYTES + 512;
/** What stands where nobody may write. */
const UNTOUCHED = 0xa5;
/** Wide stores may go so far beyond what they write. */
const SLACK_BYTES = 64;
const GUARD_BYTES = 512;

/** Compresses, and tells what was written where it should not be. */
export class Compressor {
  readonly #memory: Uint8Array;
  readonly #compressors: RecordCompressors;

  /** @param bytesMax the largest input. */
  constructor(bytesMax: number) {
    const pages = Math.ceil((endOfRoom(bytesMax) + GUARD_BYTES) / PAGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.#memory = new Uint8Array(memory.buffer);
    const abort = () => {
      throw new Error("the kernel aborted");
    };
    const instance = new WebAssembly.Instance(compileKernel(), { env: { memory, abort, matchHost: abort } });
    this.#compressors = instance.exports as unknown as RecordCompressors;
  }

  /** Puts `bytes` in place, with known bytes around them and where the output will be. */
  place(bytes: Uint8Array): void {
    this.#memory.fill(UNTOUCHED, TABLE - GUARD_BYTES, TABLE);
    this.#memory.fill(UNTOUCHED, TABLE + TABLE_BYTES, endOfRoom(bytes.length) + GUARD_BYTES);
    this.#memory.set(bytes, INPUT);
  }

  /** Compresses the first `size` bytes that were placed. @returns a view of the result, valid until the next call. */
  compress(codec: "lz4" | "snappy", size: number): Uint8Array {
    const { compressLz4, compressSnappy } = this.#compressors;
    const compress = codec === "lz4" ? compressLz4 : compressSnappy;
    const output = outputOf(size);
    return this.#memory.subarray(output, compress(TABLE, INPUT, INPUT + size, output));
  }

  /** Beginnings of regions that were written although they are nobody's, or input that is not `bytes` any more. */
  damage(bytes: Uint8Array): number[] {
    const isForeign = (start: number, end: number) =>
      this.#memory.subarray(start, end).some((byte) => byte !== UNTOUCHED);
    const roomEnd = endOfRoom(bytes.length);
    const damaged = [
      [TABLE - GUARD_BYTES, TABLE],
      [TABLE + TABLE_BYTES, INPUT],
      [INPUT + bytes.length, outputOf(bytes.length)],
      [roomEnd, roomEnd + GUARD_BYTES],
    ].filter(([start, end]) => isForeign(start, end)).map(([start]) => start);
    return bytes.every((byte, index) => this.#memory[INPUT + index] === byte) ? damaged : [...damaged, INPUT];
  }
}

function outputOf(size: number): number {
  return INPUT + size + GUARD_BYTES;
}

function endOfRoom(size: number): number {
  return outputOf(size) + Math.ceil(size * 7 / 6) + 1024 + SLACK_BYTES;
}
