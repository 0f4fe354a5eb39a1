/**
 * A file that lines are added to, and that is given away to a sibling when it is full. Always ends with a whole line: what a failed
 * write has left is taken back. Its size and its name are asked of the file system before each write, so that others may write to it,
 * rename or delete it. Every failure is thrown; trying again is left to `line_file.ts`.
 *
 * @module
 */
import type { Files, WritableFile } from "../core/env.ts";
import type { SiblingFiles, SiblingOrder } from "./sibling_files.ts";

/** What a rolling file needs of the file system. */
export type RollingFiles = SiblingFiles & Pick<Files, "openToAppend" | "tryOpen" | "tryStat">;

/** How a file is written. */
export interface RollingOptions {
  readonly path: string;
  readonly order: SiblingOrder;
  /** Whether `settle` waits for the disk. */
  readonly isSynced: boolean;
}

/** What was added and is not known to be on the disk. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

const NEWLINE = 0x0a;

/** One file and its siblings. */
export class RollingFile {
  readonly path: string;
  readonly #files: RollingFiles;
  readonly #options: RollingOptions;
  #file: WritableFile | undefined;
  #unsettled: Stretch | undefined;

  constructor(files: RollingFiles, options: RollingOptions) {
    this.path = options.path;
    this.#files = files;
    this.#options = options;
  }

  /**
   * Adds as many of `lines` as belong into this file, or none.
   *
   * @returns how many bytes; 0: the file is full or has another name now, so `settle` and `roll` come first.
   * @throws where the disk does not take them; the file is then as it was before.
   */
  append(lines: Uint8Array): number {
    const file = this.#file ??= this.#open();
    return file.exclusively(() => {
      if (!this.#hasItsName(file)) return 0;
      const start = file.stat().size;
      const size = this.#options.order.room(lines, start);
      if (size > 0) this.#add(file, lines.subarray(0, size), start);
      return size;
    });
  }

  /**
   * Resolves when what was added is there for good. Rejects where the disk has failed; what was added since the last time is taken
   * back, unless others have written after it, and has to be added again.
   */
  async settle(): Promise<void> {
    const file = this.#file;
    const stretch = this.#unsettled;
    this.#unsettled = undefined;
    if (file === undefined || stretch === undefined || !this.#options.isSynced) return;
    try {
      await file.sync();
    } catch (error) {
      file.exclusively(() => this.#takeBack(file, stretch));
      throw error;
    }
  }

  /** Gives the file away; the next `append` begins another. @throws where that fails: nothing has been lost then. */
  roll(): void {
    const file = this.#file;
    try {
      file?.exclusively(() => {
        if (this.#hasItsName(file)) this.#options.order.roll(this.#files, this.path);
      });
    } finally {
      this.close();
    }
  }

  /** Lets go of the file. */
  close(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#unsettled = undefined;
  }

  #hasItsName(file: WritableFile): boolean {
    const { device, inode } = file.stat();
    const there = this.#files.tryStat(this.path);
    return there !== undefined && there.device === device && there.inode === inode;
  }

  /** A line that whoever wrote last has left without its end gets one. */
  #open(): WritableFile {
    const file = this.#files.openToAppend(this.path);
    try {
      file.exclusively(() => {
        if (this.#endsInsideLine(file.stat().size)) file.append(Uint8Array.of(NEWLINE));
      });
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  #endsInsideLine(size: number): boolean {
    if (size === 0) return false;
    const file = this.#files.tryOpen(this.path);
    if (file === undefined) return false;
    try {
      const last = new Uint8Array(1);
      return file.readAt(size - 1, last) === 1 && last[0] !== NEWLINE;
    } finally {
      file.close();
    }
  }

  #add(file: WritableFile, lines: Uint8Array, start: number): void {
    try {
      file.append(lines);
    } catch (error) {
      this.#takeBack(file, { start, end: Infinity });
      throw error;
    }
    this.#unsettled = { start: this.#unsettled?.start ?? start, end: start + lines.length };
  }

  /** Cuts a stretch off the end, if it is there and nothing comes after it. Where even that fails, the next opening ends the line. */
  #takeBack(file: WritableFile, { start, end }: Stretch): void {
    try {
      const { size } = file.stat();
      if (size > start && size <= end) file.truncate(start);
    } catch {
      this.close();
    }
  }
}
