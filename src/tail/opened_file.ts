/**
 * A log file that is open, and how far it was read. Keeps no bytes: what is behind the last complete line is read again. Leaves to
 * `tailed_source.ts` which file is read, and when its path is looked at.
 *
 * @module
 */
import type { FileStat, OpenFile } from "../core/env.ts";
import type { FileIdentity, Position } from "../core/position.ts";
import { CompressedFile } from "./compressed_file.ts";
import { stoppedAt, type StoppedFile } from "./rotation.ts";
import { hasSameHead, HEAD_BYTES_MAX, identify } from "./identity.ts";

const NEWLINE = 0x0a;
/** How far ahead a line's end is looked for, where reading begins in the middle of a file. */
const LINE_SEARCH_BYTES = 64 * 1024;
/** So much of a compressed file is passed over at once, on the way to where reading goes on. */
const PASSED_BYTES = 4 * 1024 * 1024;

/** One open file of a source. */
export class OpenedFile {
  readonly #file: OpenFile;
  #identity: FileIdentity;
  #offset: number;
  /** The file's end when nothing complete was found between `#offset` and it. */
  #incompleteEnd = 0;
  #isCut = false;
  #isOpen = true;
  #isPlaced = true;
  #isProblemTold = false;

  /** Takes `file` over, to be read from `offset`. */
  constructor(file: OpenFile, offset: number) {
    this.#file = file;
    this.#offset = offset;
    this.#identity = identify(file);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get identity(): FileIdentity {
    return this.#identity;
  }

  /** Where the next read begins. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes behind the last complete line, as far as they were seen. */
  get incompleteSize(): number {
    return Math.max(0, this.#incompleteEnd - this.#offset);
  }

  positionAt(offset: number): Position {
    return { identity: this.#identity, offset };
  }

  /** It, as the one where reading stopped. */
  stopped(): StoppedFile {
    return { ...stoppedAt(this.positionAt(this.#offset)), modifiedMs: this.stat().modifiedMs };
  }

  stat(): FileStat {
    return this.#file.stat();
  }

  /** Whether it has no name any more. */
  isDeleted(): boolean {
    return this.#file.isDeleted();
  }

  /** Reads from where the last complete line ended. @returns the number of bytes. */
  read(into: Uint8Array): number {
    const size = this.#file.readAt(this.#offset, into);
    if (size > 0 && this.#isCut) return this.#readBehindCut(into, size);
    if (this.#identity.headBytes < HEAD_BYTES_MAX) this.#learnHead(this.#offset + size);
    return size;
  }

  /** Whether there is more than what was found incomplete, when a read into `capacity` bytes gave `size`. */
  hasNews(size: number, capacity: number): boolean {
    if (size === 0) return false;
    if (this.#incompleteEnd <= this.#offset || this.#offset + size > this.#incompleteEnd) return true;
    return size === capacity && this.stat().size > this.#incompleteEnd;
  }

  /** Whether there is less than what was found incomplete: somebody has cut the file. */
  hasLess(size: number, capacity: number): boolean {
    return size < capacity && size < this.incompleteSize;
  }

  /** Whether the first bytes are other ones than before: the file was cut to nothing and written again. */
  isRewritten(): boolean {
    return !hasSameHead(this.#identity, this.#file);
  }

  /** No line was complete in the `size` bytes that were read: reading on makes sense when there are more. */
  wait(size: number): void {
    this.#incompleteEnd = this.#offset + size;
  }

  /** The bytes up to `offset` are used up. */
  advance(offset: number): void {
    this.#offset = offset;
  }

  /** Whether what it holds is compressed: how much that is may not be known before it was read. */
  get isCompressed(): boolean {
    return this.#file instanceof CompressedFile;
  }

  /** Says what is wrong with a compressed file, once; undefined where nothing is known to be. */
  takeProblem(): string | undefined {
    const { path } = this.#file;
    const problem = this.#file instanceof CompressedFile && !this.#isProblemTold ? this.#file.problem : undefined;
    if (problem === undefined) return undefined;
    this.#isProblemTold = true;
    const remedy = "see whether the disk was full when it was compressed, or is failing";
    if (problem === "checksum") return `${path} has a wrong checksum: some of its lines may be damaged; ${remedy}`;
    const what = problem === "cut" ? "ends too early" : "is damaged";
    return `${path} ${what}: what came after ${this.stat().size} uncompressed bytes is lost; ${remedy}`;
  }

  /** Goes on at `offset`, to which this file was used up before; in a compressed file, once `tryPlace` says so. */
  resume(offset: number): void {
    this.#offset = offset;
    this.#isPlaced = !this.isCompressed;
    if (this.#isPlaced) this.#findCut(offset);
  }

  /** Goes a bounded step towards where reading goes on. @returns whether it can be read from there. */
  tryPlace(): boolean {
    if (this.#isPlaced || !(this.#file instanceof CompressedFile)) return true;
    if (!this.#file.approach(this.#offset, PASSED_BYTES)) return false;
    this.#isPlaced = true;
    this.#findCut(this.#offset);
    return true;
  }

  #findCut(offset: number): void {
    const before = new Uint8Array(1);
    this.#isCut = offset > 0 && this.#file.readAt(offset - 1, before) === 1 && before[0] !== NEWLINE;
  }

  /** What was used up last had no newline: one that comes next belongs to it, and is no empty line. */
  markCut(): void {
    this.#isCut = true;
  }

  /** Begins again at the first byte of what is a new file under the same inode. */
  restart(): void {
    this.#offset = 0;
    this.#incompleteEnd = 0;
    this.#isCut = false;
    this.#identity = identify(this.#file);
  }

  /** Goes on at the first line that begins at `offset` or behind it. */
  jumpToLine(offset: number): void {
    this.#offset = offset;
    this.#incompleteEnd = 0;
    this.#isCut = false;
    if (offset === 0) return;
    const bytes = new Uint8Array(LINE_SEARCH_BYTES);
    const size = this.#file.readAt(offset - 1, bytes);
    const newline = bytes.subarray(0, size).indexOf(NEWLINE);
    if (newline >= 0) this.#offset += newline;
  }

  close(): void {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
  }

  #readBehindCut(into: Uint8Array, size: number): number {
    this.#isCut = false;
    if (into[0] !== NEWLINE) return size;
    this.#offset++;
    return this.#file.readAt(this.#offset, into);
  }

  /** A file that was short when it was opened is better known now, unless it has become another one. */
  #learnHead(knownBytes: number): void {
    const isKnownBetter = knownBytes > this.#identity.headBytes && hasSameHead(this.#identity, this.#file);
    if (isKnownBetter) this.#identity = identify(this.#file);
  }
}
