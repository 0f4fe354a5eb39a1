/**
 * The disk as one life of the agent sees it: its handles end with it, what it writes may fail, others may do something before each of
 * its looks, and looking takes time.
 *
 * @module
 */
import { invariant } from "../../src/core/assert.ts";
import type { DiskSpace, Files, FileStat, LinkStat, OpenFile, WritableFile } from "../../src/core/env.ts";
import { systemError } from "../support/unreliable_disk.ts";
import { type Inode, type SimulatedDisk, statOf } from "./simulated_disk.ts";

/** What the world does to the files of an agent. */
export interface DiskWeather {
  /** Called before each operation. */
  beforeLook(): void;
  /** Whether a look at a log or a directory fails. */
  lookFails(): boolean;
  /** What becomes of a write that replaces a file. */
  writeFault(): "none" | "full" | "notSynced";
  /** How long the disk takes to take something for good. */
  syncMs(): number;
  /** A file has been replaced. */
  replaced(path: string, textBefore: string | undefined): void;
}

/** The files of one life. */
export class SimulatedFiles implements Files {
  readonly #disk: SimulatedDisk;
  readonly #weather: DiskWeather;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #now: () => number;
  readonly #handles = new Set<Inode[]>();
  #isEnded = false;

  constructor(disk: SimulatedDisk, weather: DiskWeather, now: () => number, sleep: (ms: number) => Promise<void>) {
    this.#disk = disk;
    this.#weather = weather;
    this.#now = now;
    this.#sleep = sleep;
  }

  /** Number of files that are open. */
  get openCount(): number {
    return this.#handles.size;
  }

  /** The process is gone. */
  end(): void {
    this.#isEnded = true;
    for (const [inode] of this.#handles) this.#disk.release(inode);
    this.#handles.clear();
  }

  readonly tryOpen = (path: string): OpenFile | undefined => {
    this.#look(true);
    const inode = this.#disk.tryGet(path);
    return inode && this.#handle(path, inode);
  };

  readonly tryOpenExactly = (path: string): OpenFile | undefined => this.tryOpen(path);

  readonly tryStat = (path: string): FileStat | undefined => {
    this.#look(true);
    return this.#disk.tryStat(path);
  };

  readonly trySpace = (): DiskSpace => this.#disk.space();

  readonly tryLinkStat = (path: string): LinkStat | undefined => this.tryStat(path);

  readonly tryReadLink = (): undefined => undefined;

  readonly list = (path: string): string[] => {
    this.#look(true);
    return this.#disk.list(path);
  };

  readonly tryReadText = (path: string): string | undefined => {
    this.#look();
    return this.#disk.tryGet(path)?.text;
  };

  readonly writeAtomically = async (path: string, text: string): Promise<void> => {
    this.#look();
    const fault = this.#weather.writeFault();
    const bytes = new TextEncoder().encode(text);
    const aside = this.#disk.create(`${path}.new`);
    aside.append(fault === "full" ? bytes.subarray(0, bytes.length >> 1) : bytes, this.#now());
    if (fault === "full") throw systemError("ENOSPC");
    await this.#sleep(this.#weather.syncMs());
    if (fault === "notSynced") throw systemError("EIO");
    const before = this.#disk.tryGet(path)?.text;
    this.#disk.rename(`${path}.new`, path);
    this.#weather.replaced(path, before);
  };

  readonly append = (path: string, text: string): void => {
    this.#look();
    const inode = this.#disk.tryGet(path) ?? this.#disk.create(path);
    inode.append(new TextEncoder().encode(text), this.#now());
  };

  readonly openToAppend = (path: string): WritableFile => {
    this.#look();
    const inode = this.#disk.tryGet(path) ?? this.#disk.create(path);
    return {
      ...this.#handle(path, inode),
      append: (bytes) => inode.append(bytes, this.#now()),
      sync: () => this.#sleep(this.#weather.syncMs()),
      truncate: (size) => inode.truncate(size, this.#now()),
      exclusively: (action) => action(),
    };
  };

  readonly rename = (from: string, to: string): void => {
    this.#look();
    this.#disk.rename(from, to);
  };

  readonly remove = (path: string): void => {
    this.#look();
    this.#disk.remove(path);
  };

  readonly makeDirectory = (path: string): void => {
    this.#look();
    this.#disk.makeDirectory(path);
  };

  #look(mayFail = false): void {
    invariant(!this.#isEnded, "an agent that was killed looks at files");
    this.#weather.beforeLook();
    if (mayFail && this.#weather.lookFails()) throw systemError("EIO");
  }

  #handle(path: string, inode: Inode): OpenFile {
    const handle = [inode];
    this.#handles.add(handle);
    this.#disk.hold(inode);
    return {
      path,
      readAt: (offset, into) => {
        this.#look(true);
        invariant(this.#handles.has(handle), `${path} was read after it was closed`);
        return inode.readAt(offset, into);
      },
      stat: () => {
        this.#look(true);
        return statOf(inode);
      },
      isDeleted: () => !inode.isNamed,
      close: () => {
        invariant(this.#handles.delete(handle), `${path} was closed twice`);
        this.#disk.release(inode);
      },
    };
  }
}
