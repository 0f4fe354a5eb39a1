/**
 * What gzip has made of a file, undone piece by piece. Owns what is read of the file, how one member follows another, and the
 * uncompressed bytes that may be asked for again, at most {@link KEPT_BYTES_MAX}. Leaves the format to pako, and going back further
 * to `compressed_file.ts`. Bad data never throws: it ends the stream.
 * https://www.rfc-editor.org/rfc/rfc1952
 *
 * @module
 */
import {
  Z_BUF_ERROR,
  Z_NO_FLUSH,
  Z_OK,
  Z_STREAM_END,
  zlibInflate,
  zlibInflateInit2,
  zlibInflateReset,
  ZStream,
} from "pako";
import { invariant } from "../core/assert.ts";
import type { OpenFile } from "../core/env.ts";

/** How a stream ended; `checksum`: all of it was read, and is not what was compressed. */
export type GzipEnd = "complete" | "cut" | "damaged" | "checksum";

/** The largest window, and 16: gzip's members only. https://www.zlib.net/manual.html#Advanced, inflateInit2. */
const GZIP_WINDOW_BITS = 15 + 16;
const MAGIC = [0x1f, 0x8b] as const;
/** What zlib says where all is there and wrong: https://github.com/madler/zlib/blob/v1.3.1/inflate.c, states CHECK and LENGTH. */
const CHECKSUM_MESSAGES: readonly string[] = ["incorrect data check", "incorrect length check"];
const INPUT_BYTES = 16 * 1024;
/** So much is uncompressed at once, however little it was compressed to. */
const PIECE_BYTES = 64 * 1024;
/** So much is at hand before the place to keep from. */
const HISTORY_BYTES = 64 * 1024;
const KEPT_BYTES_MIN = 128 * 1024;
const KEPT_BYTES_MAX = 1536 * 1024;

/** The uncompressed bytes of one file, from its beginning on. */
export class GunzipStream {
  readonly #file: OpenFile;
  readonly #zlib = new ZStream();
  readonly #input = new Uint8Array(INPUT_BYTES);
  /** Where in the file the byte behind the input's last one is. */
  #inputOffset = 0;
  #isBetweenMembers = false;
  #kept = new Uint8Array(KEPT_BYTES_MIN);
  #keptSize = 0;
  /** Where in the uncompressed file `#kept` begins. */
  #start = 0;
  #keepFrom = 0;
  #end: GzipEnd | undefined;

  constructor(file: OpenFile) {
    this.#file = file;
    this.#zlib.input = this.#input;
    const status = zlibInflateInit2(this.#zlib, GZIP_WINDOW_BITS);
    invariant(status === Z_OK, `pako refuses its settings: ${status}`);
  }

  /** How it ended; undefined: there may be more. */
  get end(): GzipEnd | undefined {
    return this.#end;
  }

  /** From where on bytes are still at hand. */
  get start(): number {
    return this.#start;
  }

  /** How far it is. */
  get position(): number {
    return this.#start + this.#keptSize;
  }

  /** What comes from here on will be asked for again; it is kept as long as it is not too much. */
  keepFrom(position: number): void {
    this.#keepFrom = position;
  }

  /** Goes on by one piece. @returns false where the end was reached before. @throws where the file cannot be read. */
  more(): boolean {
    if (this.#end !== undefined) return false;
    if (this.#isBetweenMembers && !this.#tryBeginMember()) {
      this.#end = "complete";
      return false;
    }
    if (this.#zlib.avail_in === 0) this.#refill();
    this.#inflate();
    return true;
  }

  /** Copies what is at hand from `position` on, which is not before `start`. @returns the number of bytes. */
  read(position: number, into: Uint8Array): number {
    const from = position - this.#start;
    const piece = this.#kept.subarray(from, Math.min(from + into.length, this.#keptSize));
    into.set(piece);
    return piece.length;
  }

  #inflate(): void {
    this.#makeRoom();
    const zlib = this.#zlib;
    zlib.output = this.#kept;
    zlib.next_out = this.#keptSize;
    zlib.avail_out = PIECE_BYTES;
    const status = zlibInflate(zlib, Z_NO_FLUSH);
    this.#keptSize = zlib.next_out;
    if (status === Z_STREAM_END) this.#isBetweenMembers = true;
    else if (status === Z_BUF_ERROR) this.#end = "cut"; // There is always room: it is the file that has no more.
    else if (status !== Z_OK) this.#end = CHECKSUM_MESSAGES.includes(zlib.msg) ? "checksum" : "damaged";
  }

  /** What follows a member and is none is no part of the file, as `gzip` has it. */
  #tryBeginMember(): boolean {
    if (this.#zlib.avail_in < MAGIC.length) this.#refill();
    const { next_in, avail_in } = this.#zlib;
    if (avail_in < MAGIC.length || MAGIC.some((byte, index) => this.#input[next_in + index] !== byte)) return false;
    zlibInflateReset(this.#zlib);
    this.#isBetweenMembers = false;
    return true;
  }

  /** Reads until the input is full or the file ends. */
  #refill(): void {
    const zlib = this.#zlib;
    this.#input.copyWithin(0, zlib.next_in, zlib.next_in + zlib.avail_in);
    zlib.next_in = 0;
    for (let size = 1; size > 0 && zlib.avail_in < INPUT_BYTES;) {
      size = this.#file.readAt(this.#inputOffset, this.#input.subarray(zlib.avail_in));
      this.#inputOffset += size;
      zlib.avail_in += size;
    }
  }

  /** Has room for one piece more: forgets what need not be kept, else takes more memory, else keeps the last bytes only. */
  #makeRoom(): void {
    if (this.#hasRoom()) return;
    this.#forgetBefore(this.#keepFrom - HISTORY_BYTES);
    if (!this.#hasRoom() && this.#kept.length < KEPT_BYTES_MAX) this.#grow();
    if (!this.#hasRoom()) this.#forgetBefore(this.position - HISTORY_BYTES);
  }

  #hasRoom(): boolean {
    return this.#keptSize + PIECE_BYTES <= this.#kept.length;
  }

  #forgetBefore(position: number): void {
    const gone = Math.max(0, Math.min(position, this.position - HISTORY_BYTES) - this.#start);
    this.#kept.copyWithin(0, gone, this.#keptSize);
    this.#keptSize -= gone;
    this.#start += gone;
  }

  #grow(): void {
    const larger = new Uint8Array(Math.min(2 * this.#kept.length, KEPT_BYTES_MAX));
    larger.set(this.#kept.subarray(0, this.#keptSize));
    this.#kept = larger;
  }
}
