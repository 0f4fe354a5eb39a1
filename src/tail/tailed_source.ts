/**
 * Reading one source: the file that is open, how far it was read, and the files that come after it. Follows renames: the old file is
 * read to its end before the new one is begun. Keeps no bytes: a line without its end is read again.
 *
 * @module
 */
import type { Env, OpenFile } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import type { FileIdentity, Position } from "../core/position.ts";
import type { Source } from "../core/source.ts";
import { HEAD_BYTES_MAX, identify, isSameFile } from "./identity.ts";
import { fileNews, filesToCatchUp, isRotatedName, type RotatedFile } from "./rotation.ts";

/** How often the path of a quiet file is looked at. */
const PATH_INTERVAL_MS = 1000;
/** A replaced file is read on for this long: its writer may not have let go of it yet. */
const REPLACED_GRACE_MS = 1000;

/** Where a source begins that has no position: at the first byte, or this many bytes before the end. */
export type StartBytes = number | "first";

/**
 * What a read gave: bytes, none for now, or none ever again. `isLast` marks bytes without a line's end that nothing will ever
 * follow: their writer has gone on to another file, or is gone.
 */
export type ReadResult = { readonly size: number; readonly isLast: boolean } | "quiet" | "next file" | "ended";

/** One source and its open file. */
export class TailedSource {
  readonly source: Source;
  readonly #env: Env;
  readonly #log: Log;
  readonly #start: StartBytes;
  #position: Position | undefined;
  #file: OpenFile | undefined;
  #identity: FileIdentity | undefined;
  #offset = 0;
  /** The file's end when nothing complete was found between `#offset` and it. */
  #incompleteEnd = 0;
  #queue: string[] = [];
  #lookedAtMs = 0;
  #replacedAtMs: number | undefined;
  #closing = false;

  /** @param position where reading stopped before; undefined for a source that was never read. */
  constructor(source: Source, position: Position | undefined, start: StartBytes, env: Env, log: Log) {
    this.source = source;
    this.#position = position;
    this.#start = start;
    this.#env = env;
    this.#log = log;
  }

  /** Where the next read begins. */
  get offset(): number {
    return this.#offset;
  }

  /** The place `offset` in the file that is open. */
  positionAt(offset: number): Position | undefined {
    return this.#identity && { identity: this.#identity, offset };
  }

  /** The source has no future: it ends when its files have been read to their ends. */
  finish(): void {
    this.#closing = true;
  }

  /** Reads on into `into`. Never throws: a file that cannot be read is reported and tried again. */
  read(into: Uint8Array): ReadResult {
    try {
      return this.#read(into);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.throttled(`read ${this.source.path}`, `Cannot read ${this.source.path}: ${reason}; trying again`);
      return "quiet";
    }
  }

  /** No line was complete in the `size` bytes that were read: reading on makes sense when there are more. */
  wait(size: number): void {
    this.#incompleteEnd = this.#offset + size;
  }

  /** Reads what is left, without asking what comes after it. Returns the number of bytes. */
  readRest(into: Uint8Array): number {
    return this.#file?.readAt(this.#offset, into) ?? 0;
  }

  /** The bytes up to `offset` are used up. */
  advance(offset: number): void {
    this.#offset = offset;
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #read(into: Uint8Array): ReadResult {
    if (this.#file === undefined && !this.#open()) return this.#closing ? "ended" : "quiet";
    const size = this.#file!.readAt(this.#offset, into);
    this.#learnHead();
    if (size > 0 && this.#hasGrown()) return { size, isLast: false };
    const next = this.#atEnd();
    if (next !== "quiet" && size > 0) return { size, isLast: true };
    if (next === "next file") this.close();
    return next;
  }

  /** Whether there is more than what was found incomplete. */
  #hasGrown(): boolean {
    return this.#incompleteEnd <= this.#offset || this.#file!.stat().size > this.#incompleteEnd;
  }

  /** Opens where reading stopped, or the file at the path. The position is kept while there is no file that could answer it. */
  #open(): boolean {
    const position = this.#position;
    if (position === undefined) return this.#openNext();
    if (this.#env.files.tryStat(this.source.path) === undefined && this.#rotatedFiles().length === 0) return false;
    const isResumed = this.#resume(position);
    this.#position = undefined;
    return isResumed || this.#openNext();
  }

  #resume(position: Position): boolean {
    const file = this.#env.files.tryOpen(this.source.path);
    if (file === undefined) return this.#resumeRotated(position);
    if (isSameFile(position.identity, file)) {
      const shrunk = file.stat().size < position.offset;
      if (shrunk) {
        this.#log.warn(`${this.source.path} was truncated while nobody looked: reading it from its first byte`);
      }
      this.#use(file, shrunk ? 0 : position.offset);
      return true;
    }
    file.close();
    return this.#resumeRotated(position);
  }

  /** The file where reading stopped has another name now: read on there, then all that came after it. */
  #resumeRotated(position: Position): boolean {
    const { stopped, later } = filesToCatchUp(position.identity, this.#rotatedFiles());
    this.#queue = [...later.map((file) => file.path), this.source.path];
    const file = stopped && this.#env.files.tryOpen(stopped.path);
    if (file === undefined || !isSameFile(position.identity, file)) {
      file?.close();
      this.#log.warn(`The file where reading of ${this.source.path} stopped is gone: what was unread in it is lost`);
      return false;
    }
    this.#use(file, Math.min(position.offset, file.stat().size));
    return true;
  }

  #rotatedFiles(): RotatedFile[] {
    const { path } = this.source;
    const cut = path.lastIndexOf("/") + 1;
    const directory = path.slice(0, cut);
    return this.#env.files.list(directory).filter((name) => isRotatedName(name, path.slice(cut))).flatMap((name) => {
      const stat = this.#env.files.tryStat(directory + name);
      return stat === undefined ? [] : [{ path: directory + name, ...stat }];
    });
  }

  #openNext(): boolean {
    const isFirst = this.#identity === undefined && this.#queue.length === 0;
    const path = this.#queue[0] ?? this.source.path;
    const file = this.#env.files.tryOpen(path);
    if (file === undefined) {
      if (this.#queue.length > 1) this.#queue.shift();
      return false;
    }
    this.#queue.shift();
    const offset = isFirst && this.#start !== "first" ? Math.max(0, file.stat().size - this.#start) : 0;
    this.#use(file, offset);
    if (offset > 0) this.#skipToLine();
    return true;
  }

  #use(file: OpenFile, offset: number): void {
    this.#file = file;
    this.#offset = offset;
    this.#incompleteEnd = 0;
    this.#identity = identify(file);
    this.#replacedAtMs = undefined;
    this.#lookedAtMs = this.#env.now();
  }

  /** Moves on to the first byte after a newline, so that the first record is a whole one. */
  #skipToLine(): void {
    const bytes = new Uint8Array(64 * 1024);
    const size = this.#file!.readAt(this.#offset - 1, bytes);
    const newline = bytes.subarray(0, size).indexOf(0x0a);
    if (newline >= 0) this.#offset += newline;
  }

  /** A file that was short when it was opened is better known now. */
  #learnHead(): void {
    const known = this.#identity!.headBytes;
    if (known < HEAD_BYTES_MAX && this.#offset > known) this.#identity = identify(this.#file!);
  }

  /** Everything there is was read: is there a next file? */
  #atEnd(): "quiet" | "next file" | "ended" {
    const now = this.#env.now();
    if (this.#queue.length > 0) return "next file";
    if (!this.#closing && now - this.#lookedAtMs < PATH_INTERVAL_MS) return "quiet";
    this.#lookedAtMs = now;
    const news = fileNews({ ...this.#identity!, offset: this.#offset }, this.#env.files.tryStat(this.source.path));
    if (news === "truncated") {
      this.#log.warn(`${this.source.path} was truncated: reading it from its first byte`);
      this.#offset = 0;
      this.#incompleteEnd = 0;
      this.#identity = identify(this.#file!);
      return "quiet";
    }
    if (this.#closing && news !== "replaced") return "ended";
    return news === "replaced" ? this.#leaveReplaced(now) : "quiet";
  }

  /** Waits out the grace, then queues every file between this one and the path's. */
  #leaveReplaced(now: number): "quiet" | "next file" {
    this.#replacedAtMs ??= now;
    if (!this.#closing && now - this.#replacedAtMs < REPLACED_GRACE_MS) return "quiet";
    const { later } = filesToCatchUp(this.#identity!, this.#rotatedFiles());
    this.#queue = [...later.map((file) => file.path), this.source.path];
    return "next file";
  }
}
