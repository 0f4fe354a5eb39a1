/**
 * A rotated log that was compressed with gzip, as a file of what it holds: offsets, sizes and first bytes are those of the
 * uncompressed bytes; device and inode are its own. Reading on is cheap; going back by more than the last read begins again at the
 * first byte. Memory is bounded, whatever the file's size. What cannot be uncompressed is the end of the file; `problem` says so.
 *
 * @module
 */
import type { FileStat, OpenFile } from "../core/env.ts";
import { GunzipStream, type GzipEnd } from "./gunzip_stream.ts";
import { HEAD_BYTES_MAX } from "./identity.ts";

/** What a read of more than this gives is kept, since the read may be repeated with more room. */
const SMALL_BYTES = 32 * 1024;
/** https://www.rfc-editor.org/rfc/rfc1952#page-5: the last four bytes are the size. */
const SIZE_BYTES = 4;

/** Reads as a file what another file holds compressed. */
export class CompressedFile implements OpenFile {
  readonly path: string;
  readonly #file: OpenFile;
  #stream: GunzipStream;
  #head: Uint8Array | undefined;
  #sizeTold: number | undefined;
  /** How it ended and where, once that was seen. */
  #end: { readonly how: GzipEnd; readonly size: number } | undefined;

  /** Takes `file` over. Reads nothing yet. */
  constructor(file: OpenFile) {
    this.path = file.path;
    this.#file = file;
    this.#stream = new GunzipStream(file);
  }

  /** What is wrong with the file; undefined as long as nothing was seen. */
  get problem(): Exclude<GzipEnd, "complete"> | undefined {
    return this.#end === undefined || this.#end.how === "complete" ? undefined : this.#end.how;
  }

  readAt(offset: number, into: Uint8Array): number {
    const head = this.#tryHead(offset, into.length);
    if (head === undefined) return this.#unlessFailing(() => this.#read(offset, into));
    into.set(head);
    return head.length;
  }

  /**
   * Goes towards `offset`, so that a read from there does not take long.
   *
   * @param bytesMax how many bytes are uncompressed for it at most, about.
   * @returns whether it is there, or there is nothing more.
   */
  approach(offset: number, bytesMax: number): boolean {
    return this.#unlessFailing(() => {
      this.#goBackTo(offset);
      this.#stream.keepFrom(offset);
      const target = Math.min(offset, this.#stream.position + bytesMax);
      return !this.#goOnTo(target) || this.#stream.position >= offset;
    });
  }

  /** The size is what the file says of itself until its end was seen; there is always more than what was read before. */
  stat(): FileStat {
    const stat = this.#file.stat();
    if (this.#end !== undefined) return { ...stat, size: this.#end.size };
    this.#sizeTold ??= this.#readSize(stat.size);
    return { ...stat, size: Math.max(this.#sizeTold, this.#stream.position + 1) };
  }

  isDeleted(): boolean {
    return this.#file.isDeleted();
  }

  close(): void {
    this.#file.close();
  }

  /** The first bytes are asked for again and again: they are kept. Undefined where more is wanted than is known. */
  #tryHead(offset: number, size: number): Uint8Array | undefined {
    if (offset + size > HEAD_BYTES_MAX) return undefined;
    this.#head ??= this.#unlessFailing(() => this.#readHead());
    return this.#head.subarray(offset, offset + size);
  }

  #readHead(): Uint8Array {
    const head = new Uint8Array(HEAD_BYTES_MAX);
    return head.subarray(0, this.#read(0, head));
  }

  #read(offset: number, into: Uint8Array): number {
    this.#goBackTo(offset);
    const stream = this.#stream;
    if (into.length > SMALL_BYTES) stream.keepFrom(offset);
    this.#goOnTo(offset);
    let size = 0;
    while (size < into.length && this.#goOnTo(offset + size + 1)) {
      size += stream.read(offset + size, into.subarray(size));
    }
    return size;
  }

  #goBackTo(offset: number): void {
    if (offset < this.#stream.start) this.#stream = new GunzipStream(this.#file);
  }

  /** @returns whether there is as much. */
  #goOnTo(position: number): boolean {
    while (this.#stream.position < position && this.#stream.more());
    const { end, position: size } = this.#stream;
    if (end !== undefined) this.#end = { how: end, size };
    return size >= position;
  }

  #readSize(fileSize: number): number {
    const bytes = new Uint8Array(SIZE_BYTES);
    const size = this.#file.readAt(Math.max(0, fileSize - SIZE_BYTES), bytes);
    return size < SIZE_BYTES ? 0 : new DataView(bytes.buffer).getUint32(0, true);
  }

  /** After a failure in between nobody knows where the stream is. */
  #unlessFailing<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      this.#stream = new GunzipStream(this.#file);
      throw error;
    }
  }
}
