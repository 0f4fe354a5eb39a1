/**
 * What rotation deletes before it was read, because delivery is slow or blocked: it is held open and read all the same, as long as the disk
 * keeps enough room for others; then the oldest is let go of. Says so before, and what is lost afterwards.
 *
 * @module
 */
import type { KeepFree } from "./core/agent_options.ts";
import type { DiskSpace, Env } from "./core/env.ts";
import type { Log } from "./core/log.ts";
import { msToBeat } from "./core/pace.ts";
import type { Pipeline } from "./pipeline.ts";
import type { UnreadFile } from "./tail/unread_sources.ts";

/** How often it is looked what is rotated away: much more often than a kubelet, which deletes the fifth file, rotates. */
const LOOK_INTERVAL_MS = 2000;
/** A log with so many files before the one at its path is one of which data may be deleted unread. */
const FILES_TOLD_MIN = 2;
/** It is told that the disk fills up while there is so many times as much room as must stay free. */
const TOLD_AT = 1.5;
/** So many logs are named in a message. */
const PATHS_SHOWN = 3;

/** What was held, and lost. */
export interface UnreadCounts {
  /** Files that are held open before their turn, and what is to be read in them. */
  waitingFiles: number;
  waitingBytes: number;
  /** What deleted files take on the disk that only the agent holds. */
  deletedBytes: number;
  /** Since the start: what was let go of unread. */
  lostFiles: number;
  lostBytes: number;
}

/** What it looks after. */
export interface UnreadOptions {
  readonly pipelines: readonly Pipeline[];
  readonly keepFree: KeepFree;
  readonly hostRoot: string;
  readonly env: Env;
  readonly log: Log;
}

/** Looks after the unread files of all pipelines. */
export class UnreadFiles {
  readonly counts: UnreadCounts = { waitingFiles: 0, waitingBytes: 0, deletedBytes: 0, lostFiles: 0, lostBytes: 0 };
  readonly #options: UnreadOptions;

  constructor(options: UnreadOptions) {
    this.#options = options;
  }

  /** Looks until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { env } = this.#options;
    while (!signal.aborted) {
      await env.sleep(msToBeat(env.now(), LOOK_INTERVAL_MS), signal);
      if (!signal.aborted) this.look();
    }
  }

  /** Opens what could be deleted, and lets go of what there is no room for. */
  look(): void {
    const { pipelines } = this.#options;
    for (const { unread } of pipelines) unread.hold();
    this.#tellWaiting();
    const deleted = pipelines.flatMap(({ unread }) => unread.deletedFiles());
    this.counts.deletedBytes = sumOf(deleted);
    for (const files of Map.groupBy(deleted, ({ device }) => device).values()) this.#keepFree(files);
  }

  /** Says what rotation may delete before that happens. */
  #tellWaiting(): void {
    const { pipelines, log } = this.#options;
    const waiting = pipelines.flatMap(({ unread }) => unread.waiting());
    this.counts.waitingFiles = waiting.reduce((sum, { files }) => sum + files, 0);
    this.counts.waitingBytes = waiting.reduce((sum, { bytes }) => sum + bytes, 0);
    const late = waiting.filter(({ files }) => files > FILES_TOLD_MIN).sort((a, b) => b.bytes - a.bytes);
    if (late.length === 0) return;
    const [{ path, files, bytes }] = late;
    log.throttled(
      "unread",
      `Rotation is about to delete logs that are not read yet, as delivery is slow or blocked: ${late.length} of them, ${path} with ` +
        `${files} files and ${
          sizeText(bytes)
        } to come. They are held open, so that nothing is lost while the agent runs and the disk ` +
        "has room (--keep-free)",
    );
  }

  /** @param files deleted ones of one file system. */
  #keepFree(files: readonly UnreadFile[]): void {
    const { keepFree, log } = this.#options;
    const space = this.#trySpace(files[0]);
    if (space === undefined) return;
    const wantedBytes = "percent" in keepFree ? (space.totalBytes * keepFree.percent) / 100 : keepFree.bytes;
    if (space.freeBytes < wantedBytes) return this.#letGo(files, wantedBytes - space.freeBytes, space);
    if (space.freeBytes >= TOLD_AT * wantedBytes) return;
    log.throttled(
      "disk fills",
      `${sizeText(sumOf(files))} of deleted logs stay on the disk because they are not read yet, and ${
        sizeText(space.freeBytes)
      } are free: below ${sizeText(wantedBytes)} (--keep-free) the oldest are let go of, unread`,
    );
  }

  /** The oldest first, until so many bytes are free. */
  #letGo(files: readonly UnreadFile[], missingBytes: number, space: DiskSpace): void {
    const before = { ...this.counts };
    const of = new Set<string>();
    let freed = 0;
    for (const file of files.toSorted((a, b) => a.modifiedMs - b.modifiedMs)) {
      if (freed >= missingBytes) break;
      const lost = file.letGo();
      freed += file.diskBytes;
      if (lost === 0) continue;
      this.counts.lostFiles++;
      this.counts.lostBytes += lost;
      of.add(file.path);
    }
    const lostBytes = this.counts.lostBytes - before.lostBytes;
    if (lostBytes === 0) return;
    this.#options.log.warn(
      `${this.counts.lostFiles - before.lostFiles} deleted files of ${[...of].slice(0, PATHS_SHOWN).join(", ")}${
        of.size > PATHS_SHOWN ? " and others" : ""
      } were let go of with ${sizeText(lostBytes)} unread, as only ${
        sizeText(space.freeBytes)
      } of the disk were free ` +
        `(--keep-free): they are lost, ${sizeText(this.counts.lostBytes)} since the start`,
    );
  }

  /** The path is that of a log that may be gone, with its directories. Inside a container it says nothing of the node's disks. */
  #trySpace({ path, isInContainer }: UnreadFile): DiskSpace | undefined {
    const { hostRoot, env } = this.#options;
    for (let directory = isInContainer ? hostRoot : path; directory !== "";) {
      const space = this.#unlessFailing(() => env.files.trySpace(directory));
      if (space !== undefined) return space;
      directory = directory.slice(0, Math.max(0, directory.lastIndexOf("/")));
    }
    return this.#unlessFailing(() => env.files.trySpace("/"));
  }

  /** A disk that does not answer is no reason to let go of anything. */
  #unlessFailing<Result>(look: () => Result): Result | undefined {
    try {
      return look();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.throttled("disk space", `Cannot see how much room the disk has: ${reason}`);
      return undefined;
    }
  }
}

function sumOf(files: readonly UnreadFile[]): number {
  return files.reduce((sum, { diskBytes }) => sum + diskBytes, 0);
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${Math.round(bytes / 1_000_000)} MB`;
}
