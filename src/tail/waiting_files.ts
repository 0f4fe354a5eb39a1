/**
 * The files of a source that come after the one in hand, held open in their order: what is deleted before its turn can still be read.
 * Leaves to `next_file.ts` which files they are, and to `tailed_source.ts` when one is read.
 *
 * @module
 */
import { identify } from "./identity.ts";
import type { ReadableFiles } from "../core/env.ts";
import { type NextFile, tryOpenUnheld } from "./next_file.ts";
import type { TailOptions } from "./read_result.ts";
import { isSameInode, stoppedAt, type StoppedFile } from "./rotation.ts";

/** A file that was replaced for so long has no writer that could not have let go of it. */
const WRITER_GONE_MS = 5000;
/** So many files of a source are held open before their turn; those after them are younger, and deleted later. */
const WAITING_MAX = 100;

interface WaitingFile extends NextFile {
  /** Since when another file is known to come after it. */
  replacedAtMs?: number;
}

/** A queue of open files. */
export class WaitingFiles {
  readonly #files: WaitingFile[] = [];
  /** What was at the path when they were last looked for. */
  #seenAtPath: StoppedFile | undefined;

  get size(): number {
    return this.#files.length;
  }

  /** The one that is read next. */
  get first(): NextFile | undefined {
    return this.#files[0];
  }

  get all(): readonly NextFile[] {
    return this.#files;
  }

  /** Bytes that are to be read in all of them. */
  get bytes(): number {
    return this.#files.reduce((sum, { file, offset = 0 }) => sum + Math.max(0, file.stat().size - offset), 0);
  }

  /** The last one, as one behind which others are looked for; undefined where there is none. */
  last(): StoppedFile | undefined {
    const last = this.#files.at(-1);
    return last && stoppedFile(last);
  }

  /** Takes over a file that comes after all of them. */
  add(next: NextFile, now: number): void {
    const last = this.#files.at(-1);
    if (last !== undefined) last.replacedAtMs ??= now;
    this.#files.push({ ...next });
  }

  /** Takes over a file that comes before all of them. */
  addFirst(next: NextFile): void {
    this.#files.unshift({ ...next });
  }

  /** Gives the first one away, once it is in use. */
  shift(): void {
    this.#files.shift();
  }

  /** Whether nothing is written to the first one any more, however late its writer let go of it. */
  isFirstPast(now: number): boolean {
    const [first] = this.#files;
    return first.isPast || (first.replacedAtMs !== undefined && now - first.replacedAtMs >= WRITER_GONE_MS);
  }

  /** Closes one, and puts another in its place where there is one. */
  replace(file: NextFile, other: NextFile | undefined): void {
    const index = this.#files.findIndex((one) => one.file === file.file);
    if (index < 0) return;
    this.#files[index].file.close();
    this.#files.splice(index, 1, ...(other === undefined ? [] : [{ ...other }]));
  }

  /**
   * Opens what comes after the last file. Costs a look at the path where nothing was rotated.
   *
   * @param last of these files, or the one in hand.
   * @param tryKnown see `TailOptions.tryKnown`.
   * @returns the files that were opened.
   */
  extend(
    last: StoppedFile,
    path: string,
    files: ReadableFiles,
    tryKnown: TailOptions["tryKnown"],
    now: number,
  ): readonly StoppedFile[] {
    const atPath = files.tryStat(path);
    if (atPath === undefined || [last, this.#seenAtPath].some((file) => file && isSameInode(file, atPath))) return [];
    const opened: StoppedFile[] = [];
    while (this.#files.length < WAITING_MAX) {
      const next = tryOpenUnheld(opened.at(-1) ?? last, path, files, tryKnown);
      if (next === undefined) break;
      this.add(next, now);
      opened.push(stoppedFile(next));
      if (!next.isPast) break;
    }
    this.#seenAtPath = this.#files.length < WAITING_MAX ? atPath : undefined;
    return opened;
  }

  close(): void {
    this.#seenAtPath = undefined;
    for (const { file } of this.#files.splice(0)) file.close();
  }
}

/** An open file as one where reading stopped. */
export function stoppedFile({ file, offset = 0 }: NextFile): StoppedFile {
  return { ...stoppedAt({ identity: identify(file), offset }), modifiedMs: file.stat().modifiedMs };
}
