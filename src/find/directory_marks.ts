/**
 * Whether a search would find what it found before: it would, as long as no directory that was listed has changed since, and
 * everything that had a name was there. Looking at the directories costs much less than searching them.
 *
 * @module
 */
import type { FileStat, ReadableFiles } from "../core/env.ts";

/** Two changes within one tick of the file system's clock look like one: only a directory that has been quiet for a while is trusted. */
const QUIET_MS_MIN = 2000;
/** Looking at more directories than this is no cheaper than searching. */
const DIRECTORIES_MAX = 1000;

/** The directories that one search has listed. */
export class DirectoryMarks {
  readonly #marks = new Map<string, FileStat>();
  readonly #nowMs: number;
  #isCertain = true;

  /** @param nowMs when the search begins. */
  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  /** The same files; what is searched through them is noted. */
  watch(files: ReadableFiles): ReadableFiles {
    return {
      tryOpen: (path) => files.tryOpen(path),
      tryStat: (path) => this.#noted(() => files.tryStat(path)),
      list: (path) => this.#list(path, files),
    };
  }

  /** Whether a search now would find the same. Never throws. */
  areUnchanged(files: Pick<ReadableFiles, "tryStat">): boolean {
    if (!this.#isCertain) return false;
    try {
      return [...this.#marks].every(([path, mark]) => isSame(mark, files.tryStat(path)));
    } catch {
      return false;
    }
  }

  #list(path: string, files: ReadableFiles): string[] {
    const stat = this.#noted(() => files.tryStat(path));
    const isQuiet = stat !== undefined && stat.modifiedMs < this.#nowMs - QUIET_MS_MIN;
    if (!isQuiet || this.#marks.size === DIRECTORIES_MAX) this.#isCertain = false;
    else this.#marks.set(path, stat);
    return this.#noted(() => files.list(path)) ?? [];
  }

  /** What is not there, or cannot be looked at, may be there the next time without a trace in what was listed. */
  #noted<Result>(look: () => Result | undefined): Result | undefined {
    try {
      const result = look();
      if (result === undefined) this.#isCertain = false;
      return result;
    } catch (error) {
      this.#isCertain = false;
      throw error;
    }
  }
}

function isSame(mark: FileStat, stat: FileStat | undefined): boolean {
  return stat?.inode === mark.inode && stat.device === mark.device && stat.modifiedMs === mark.modifiedMs;
}
