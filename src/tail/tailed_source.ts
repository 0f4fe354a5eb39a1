/**
 * Reading one source: what a look at it gives, and when its path is looked at. Follows renames: the old file is read to its end
 * before the new one is begun. Leaves the bytes to `opened_file.ts` and the choice of the next file to `next_file.ts`.
 *
 * @module
 */
import type { Env, ReadableFiles } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import type { Position } from "../core/position.ts";
import type { Source } from "../core/source.ts";
import { skipOrWarn } from "./lag.ts";
import {
  bytesAfter,
  type NextFile,
  tryOpenAfterGone,
  tryOpenAt,
  tryOpenCurrent,
  tryOpenOldest,
  tryOpenUnheld,
} from "./next_file.ts";
import { OpenedFile } from "./opened_file.ts";
import { Patience } from "./patience.ts";
import type { ReadResult, TailOptions } from "./read_result.ts";
import { fileNews, stoppedAt } from "./rotation.ts";

const QUIET: ReadResult = { kind: "quiet" };
const IDLE: ReadResult = { kind: "idle" };
const ENDED: ReadResult = { kind: "ended" };
const RELEASED: ReadResult = { kind: "released" };

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
  #next: NextFile | undefined;
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
    const unread = this.#unlessFailing(() => this.#countUnread(), 0);
    if (unread > 0) {
      this.#log.warn(
        `${path} was closed with ${unread} bytes unread, as its container is gone and an open file would hold its removal up: they ` +
          "are lost unless the file comes back; delivery was too slow or blocked",
      );
    }
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
    this.#next?.file.close();
    this.#next = undefined;
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
    this.#isAtEnd = false;
    this.#patience.news(this.#env.now());
    // Since its end was seen it may have been cut, and have grown again beyond it.
    if (wasAtEnd && file.isRewritten()) return this.#restart(file);
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
    if (this.#next !== undefined) return this.#leave(file, size, this.#next);
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
    else this.#next = this.#tryOpenNext(file, now);
    if (this.#next !== undefined) return this.#leave(file, size, this.#next);
    if (!this.#isFinishing) return undefined;
    return size > 0 ? { kind: "bytes", size, isLast: true } : ENDED;
  }

  #restart(file: OpenedFile): ReadResult {
    this.#log.warn(`${this.source.path} was truncated: reading it from its first byte`);
    file.restart();
    this.#isAtEnd = false;
    return { kind: "opened", identity: file.identity };
  }

  /** Opens the next file where there is one, and the writer of this one has had the time to let go of it. */
  #tryOpenNext(file: OpenedFile, now: number): NextFile | undefined {
    if (!this.#isPast && !this.#isFinishing && !this.#patience.isGraceOver(now)) return undefined;
    const stopped = { ...stoppedAt(file.positionAt(file.offset)), modifiedMs: file.stat().modifiedMs };
    const next = tryOpenUnheld(stopped, this.source.path, this.#files, this.#options.tryKnown);
    if (next === undefined) this.#patience.missFile(now);
    return next;
  }

  /** A line without its end is handed out before the file is left. */
  #leave(file: OpenedFile, size: number, next: NextFile): ReadResult {
    if (size > 0) return { kind: "bytes", size, isLast: true };
    const left = { kind: "left", position: file.positionAt(file.offset), next: next.file.stat() } as const;
    file.close();
    return left;
  }

  /** Opens what was found at the end of the last file, or where reading stopped, or the file at the path. */
  #open(): ReadResult {
    const now = this.#env.now();
    if (this.#next === undefined && !this.#isFinishing && !this.#patience.isPathDue(now)) return QUIET;
    this.#patience.missFile(now);
    // Kept until it is in use: a look at it may fail, and what is opened in its place then would be another file.
    this.#next ??= this.#tryOpenFirst();
    if (this.#next === undefined) return this.#isFinishing ? ENDED : QUIET;
    const result = this.#use(this.#next, now);
    this.#next = undefined;
    return result;
  }

  /** The position is kept while there is no file that could answer it. */
  #tryOpenFirst(): NextFile | undefined {
    const { path, start } = this.source;
    const position = this.#resumeAt;
    if (position === undefined && start === "oldest") return tryOpenOldest(path, this.#files);
    if (position === undefined) return tryOpenCurrent(path, this.#files);
    const stopped = tryOpenAt(position, path, this.#files);
    if (stopped !== undefined) return stopped;
    // Another file may have taken over the inode, and then it does come next.
    const next = tryOpenAfterGone(position.identity, path, this.#files);
    if (next !== undefined) {
      this.#log.warn(`The file where reading of ${path} stopped is gone: what was unread in it is lost`);
    }
    return next;
  }

  #use({ file, isPast, offset }: NextFile, now: number): ReadResult {
    const opened = new OpenedFile(file, 0);
    this.#place(opened, offset);
    this.#file = opened;
    this.#resumeAt = undefined;
    this.#isPast = isPast;
    this.#isAtEnd = false;
    this.#patience.begin(now, isPast);
    return { kind: "opened", identity: opened.identity };
  }

  /** Puts the first file to where reading begins; every other one is read from its first byte. */
  #place(opened: OpenedFile, offset: number | undefined): void {
    const { start, path } = this.source;
    const { size } = opened.stat();
    const isFirst = this.#file === undefined && this.#resumeAt === undefined;
    if (offset === undefined && isFirst && typeof start === "number") opened.jumpToLine(Math.max(0, size - start));
    else if (offset !== undefined && (offset <= size || opened.isCompressed)) opened.resume(offset);
    else if (offset !== undefined) {
      this.#log.warn(`${path} was truncated while nobody looked: reading it from its first byte`);
    }
  }

  #countUnread(): number {
    const { path } = this.source;
    const file = this.#file;
    const rest = file?.isOpen ? Math.max(0, file.stat().size - file.offset) : 0;
    const position = (file?.isOpen ? undefined : this.#resumeAt) ?? file?.positionAt(file.offset);
    if (position === undefined) return this.#files.tryStat(path)?.size ?? 0;
    return rest + bytesAfter(stoppedAt(position), path, this.#files);
  }

  /** Does what may fail for the world's sake; it is tried again at the next look. */
  #unlessFailing<Result>(action: () => Result, otherwise: Result): Result {
    try {
      return action();
    } catch (error) {
      const { path } = this.source;
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.throttled(`read ${path}`, `Cannot read ${path}: ${reason}; its records wait, reading is tried again`);
      return otherwise;
    }
  }
}
