/**
 * Reading one source: what a look at it gives, and when its path is looked at. Follows renames: the old file is read to its end
 * before the new one is begun. Leaves the bytes to `opened_file.ts`, the choice of the next file to `next_file.ts`, and what is open
 * before its turn to `waiting_files.ts`.
 *
 * @module
 */
import type { Env, ReadableFiles } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import type { FileIdentity, Position } from "../core/position.ts";
import type { Source } from "../core/source.ts";
import { skipOrWarn } from "./lag.ts";
import { leaveFile, placeFile, tryOpenFirst } from "./first_file.ts";
import { type NextFile, tryOpenUnheld } from "./next_file.ts";
import { OpenedFile } from "./opened_file.ts";
import { Patience } from "./patience.ts";
import { ENDED, IDLE, QUIET, type ReadResult, RELEASED, type TailOptions } from "./read_result.ts";
import { fileNews } from "./rotation.ts";
import { type DeletedFile, deletedFiles, tryCompressed } from "./deleted_files.ts";
import { unlessFailing } from "./unless_failing.ts";
import { unreadBytes, unreadMessage } from "./unread_bytes.ts";
import { WaitingFiles } from "./waiting_files.ts";

/** One source and its open file. */
export class TailedSource {
  readonly source: Source;
  readonly #options: TailOptions;
  readonly #files: ReadableFiles;
  readonly #env: Env;
  readonly #log: Log;
  readonly #patience: Patience;
  #resumeAt: Position | undefined;
  #file: OpenedFile | undefined;
  /** What is read after the file in hand, opened already. */
  readonly #waiting = new WaitingFiles();
  #isPast = false;
  #isAtEnd = false;
  #isFinishing = false;
  #isReleased = false;
  #changesSeen = 0;

  constructor(source: Source, options: TailOptions, env: Env, log: Log) {
    this.source = source;
    this.#options = options;
    this.#resumeAt = options.position;
    this.#files = source.files ?? env.files;
    this.#env = env;
    this.#log = log;
    const silenceMs = options.idleFlush?.afterMs ?? Infinity;
    this.#patience = new Patience(env.now(), silenceMs, source.watch !== undefined, () => env.random());
  }

  /** Whether its files may be found under the names of other sources. */
  get namesMove(): boolean {
    return this.#options.tryKnown !== undefined;
  }

  /** Where the next read begins. */
  get offset(): number {
    return this.#file?.offset ?? 0;
  }

  /** Bytes behind the last complete line, as far as they were seen. */
  get incompleteSize(): number {
    return this.#file?.incompleteSize ?? 0;
  }

  /** The place `offset` in the file that was opened last. */
  positionAt(offset: number): Position | undefined {
    return this.#file?.positionAt(offset);
  }

  /** The source has no future: it ends when its files have been read to their ends. */
  finish(): void {
    this.#isFinishing = true;
  }

  /** The source has a future again, and goes on where it is, even where its file was let go of. */
  revive(): void {
    this.#isFinishing = false;
    this.#isReleased = false;
    this.#patience.hurry();
  }

  /** Lets go of the file, read or not. Says what is lost. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    const { path } = this.source;
    const count = () => unreadBytes(this.#file, this.#resumeAt, this.#waiting, path, this.#files);
    const unread = this.#unlessFailing(count, 0);
    if (unread > 0) this.#log.warn(unreadMessage(path, unread));
    this.#resumeAt = this.#file?.positionAt(this.#file.offset) ?? this.#resumeAt;
    this.close();
  }

  /** Reads on into `into`. Never throws: a file that cannot be read is reported and tried again. */
  read(into: Uint8Array): ReadResult {
    return this.#unlessFailing(() => this.#read(into), QUIET);
  }

  /** No line was complete in the `size` bytes that were read: reading on makes sense when there are more. */
  wait(size: number): void {
    this.#file?.wait(size);
  }

  /** Reads what is left, without asking what comes after it. Never throws. @returns the number of bytes. */
  readRest(into: Uint8Array): number {
    return this.#unlessFailing(() => this.#file?.isOpen ? this.#file.read(into) : 0, 0);
  }

  /** The bytes up to `offset` are used up. `isCut`: in the middle of a line, whose newline is still to come. */
  advance(offset: number, isCut = false): void {
    this.#file?.advance(offset);
    if (isCut) this.#file?.markCut();
  }

  /** Closes what is open. */
  close(): void {
    this.#file?.close();
    this.#waiting.close();
  }

  /** Whether there may be more than what was read. Cheap. */
  get isBehind(): boolean {
    return !this.#isReleased && (!this.#isAtEnd || this.#waiting.size > 0);
  }

  /** Number and bytes of the files that are held open before their turn. Never throws. */
  get waiting(): { readonly files: number; readonly bytes: number } {
    return { files: this.#waiting.size, bytes: this.#unlessFailing(() => this.#waiting.bytes, 0) };
  }

  /** Opens what comes after the file in hand, so that it can be read even if it is deleted before its turn. Never throws. */
  hold(): readonly Pick<FileIdentity, "device" | "inode">[] {
    return this.#isReleased ? [] : this.#unlessFailing(() => this.#hold(), []);
  }

  /** The files that only this source keeps on the disk, oldest first. Never throws. */
  deletedFiles(): readonly DeletedFile[] {
    return this.#unlessFailing(() => deletedFiles(this.#file, this.#waiting.all), []);
  }

  /** Lets go of a deleted file, or goes on in its compressed form. @returns number of bytes that are lost. */
  letGo(deleted: DeletedFile): number {
    return this.#unlessFailing(() => this.#letGo(deleted), 0);
  }

  #read(into: Uint8Array): ReadResult {
    if (this.#isReleased) return RELEASED;
    const file = this.#file;
    if (file === undefined || !file.isOpen) return this.#open();
    if (!file.tryPlace()) return { kind: "opened", identity: file.identity };
    const size = file.read(into);
    return file.hasNews(size, into.length) ? this.#news(file, size, into) : this.#atEnd(file, size, into);
  }

  #news(file: OpenedFile, size: number, into: Uint8Array): ReadResult {
    const wasAtEnd = this.#isAtEnd;
    this.#isAtEnd = size < into.length && !file.isCompressed;
    this.#patience.news(this.#env.now());
    // It may have been cut since the last read, and have grown again beyond it; what has another name by now is cut by nobody.
    if ((wasAtEnd || !this.#isPast) && file.isRewritten()) return this.#restart(file);
    const { lag } = this.#options;
    const { offset } = file;
    const isBehind = lag !== undefined && size === into.length;
    if (isBehind && skipOrWarn(file, lag, this.source.path, this.#log)) return { kind: "skipped", offset };
    return { kind: "bytes", size, isLast: false };
  }

  /** Everything there is was read. */
  #atEnd(file: OpenedFile, size: number, into: Uint8Array): ReadResult {
    const now = this.#env.now();
    this.#isAtEnd = true;
    this.#tellProblem(file);
    const { first } = this.#waiting;
    if (first !== undefined && this.#mayLeave(now)) return leaveFile(file, size, first);
    this.#noteChanges();
    const isShorter = file.hasLess(size, into.length);
    if (this.#isFinishing || isShorter || this.#patience.isPathDue(now)) {
      this.#patience.lookAtPath(now);
      const result = this.#tryPath(file, size, isShorter, now);
      if (result !== undefined) return result;
    }
    return this.#patience.tellSilence(now) ? IDLE : QUIET;
  }

  #tellProblem(file: OpenedFile): void {
    const problem = file.takeProblem();
    if (problem !== undefined) this.#log.throttled(`compressed ${this.source.path}`, problem);
  }

  /** Looks at the path where its directory has changed. */
  #noteChanges(): void {
    const changes = this.source.watch?.changes ?? 0;
    if (changes !== this.#changesSeen) this.#patience.hurry();
    this.#changesSeen = changes;
  }

  /** Compares the file with its path; undefined where it stays in hand. */
  #tryPath(file: OpenedFile, size: number, isShorter: boolean, now: number): ReadResult | undefined {
    const news = fileNews({ ...file.identity, offset: file.offset }, this.#files.tryStat(this.source.path));
    if (news === "truncated" || (isShorter && file.isRewritten())) return this.#restart(file);
    if (isShorter) file.wait(size);
    if (news === "same") this.#isPast = false;
    else this.#openNext(file, now);
    const { first } = this.#waiting;
    if (first !== undefined && this.#mayLeave(now)) return leaveFile(file, size, first);
    if (!this.#isFinishing || first !== undefined) return undefined;
    return size > 0 ? { kind: "bytes", size, isLast: true } : ENDED;
  }

  #restart(file: OpenedFile): ReadResult {
    this.#log.warn(`${this.source.path} was truncated: reading it from its first byte`);
    file.restart();
    this.#isAtEnd = false;
    return { kind: "opened", identity: file.identity };
  }

  /** Whether nothing more is waited for in the file in hand, where another comes after it. */
  #mayLeave(now: number): boolean {
    return this.#isPast || this.#isFinishing || this.#patience.isGraceOver(now);
  }

  /** Opens the next file where there is one, and the writer of this one has had the time to let go of it. */
  #openNext(file: OpenedFile, now: number): void {
    if (this.#waiting.size > 0 || !this.#mayLeave(now)) return;
    const next = tryOpenUnheld(file.stopped(), this.source.path, this.#files, this.#options.tryKnown);
    if (next === undefined) this.#patience.missFile(now);
    else this.#waiting.add(next, now);
  }

  #hold(): readonly Pick<FileIdentity, "device" | "inode">[] {
    const now = this.#env.now();
    const isOpen = this.#file?.isOpen ?? false;
    // What begins so many bytes before the end begins at the end that it has in its turn.
    const isCountedBack = typeof this.source.start === "number" && this.#resumeAt === undefined && !this.#file;
    const first = isOpen || this.#waiting.size > 0 || isCountedBack ? undefined : this.#tryOpenFirst();
    if (first !== undefined) this.#waiting.add(first, now);
    const last = this.#waiting.last() ?? (isOpen ? this.#file!.stopped() : undefined);
    if (last === undefined) return [];
    const later = this.#waiting.extend(last, this.source.path, this.#files, this.#options.tryKnown, now);
    return first === undefined ? later : [last, ...later];
  }

  #letGo({ file, position, unreadBytes }: DeletedFile): number {
    const compressed = tryCompressed(position, this.source.path, this.#files);
    const isKept = compressed !== undefined;
    if (file !== undefined) this.#waiting.replace({ file, isPast: true }, compressed);
    else {
      this.#resumeAt = isKept ? undefined : position;
      this.#file?.close();
      this.#isAtEnd = false;
      if (isKept) this.#waiting.addFirst(compressed);
    }
    return isKept ? 0 : unreadBytes;
  }

  /** Opens what was found at the end of the last file, or where reading stopped, or the file at the path. */
  #open(): ReadResult {
    const now = this.#env.now();
    if (this.#waiting.size === 0) {
      if (!this.#isFinishing && !this.#patience.isPathDue(now)) return QUIET;
      this.#patience.missFile(now);
      const first = this.#tryOpenFirst();
      if (first === undefined) return this.#isFinishing ? ENDED : QUIET;
      this.#waiting.add(first, now);
    }
    // Kept until it is in use: a look at it may fail, and what is opened in its place then would be another file.
    const result = this.#use({ ...this.#waiting.first!, isPast: this.#waiting.isFirstPast(now) }, now);
    this.#waiting.shift();
    return result;
  }

  /** The position is kept while there is no file that could answer it. */
  #tryOpenFirst(): NextFile | undefined {
    return tryOpenFirst(this.source, this.#resumeAt, this.#options.tryKnown, this.#files, this.#log);
  }

  #use({ file, isPast, offset }: NextFile, now: number): ReadResult {
    const opened = new OpenedFile(file, 0);
    const isFirst = this.#file === undefined && this.#resumeAt === undefined;
    placeFile(opened, offset, isFirst, this.source, this.#log);
    this.#file = opened;
    this.#resumeAt = undefined;
    this.#isPast = isPast;
    this.#isAtEnd = false;
    this.#patience.begin(now, isPast);
    return { kind: "opened", identity: opened.identity };
  }

  /** Does what may fail for the world's sake; it is tried again at the next look. */
  #unlessFailing<Result>(action: () => Result, otherwise: Result): Result {
    return unlessFailing(action, otherwise, this.source.path, this.#log);
  }
}
