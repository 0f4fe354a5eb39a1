/**
 * The world as the agent sees it: clock, timers, chance and files. The real half is `deno_env.ts`; tests bring a fake one, so
 * that the whole agent can run on a virtual clock and a disk that misbehaves.
 *
 * @module
 */

/** What `stat` tells of a file. Sizes in bytes, times in milliseconds since the epoch. */
export interface FileStat {
  readonly device: number;
  readonly inode: number;
  readonly size: number;
  readonly modifiedMs: number;
  readonly kind: "file" | "directory" | "other";
}

/** What `lstat` tells: of the path itself, where it is a link. */
export interface LinkStat extends Omit<FileStat, "kind"> {
  readonly kind: FileStat["kind"] | "link";
}

/** An open file. Reads are positioned and synchronous: they come from the page cache. */
export interface OpenFile {
  readonly path: string;
  /** @returns the number of bytes read into `into`; 0 at the end of the file. */
  readAt(offset: number, into: Uint8Array): number;
  stat(): FileStat;
  /** Whether it has no name any more: only those who have it open keep its bytes on the disk. */
  isDeleted(): boolean;
  close(): void;
}

/** How much room a file system has, in bytes. */
export interface DiskSpace {
  /** For users without privileges, as the kubelet counts it. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** A file that is written at its end, whoever else writes to it. Writing is synchronous: it goes to the page cache. */
export interface WritableFile {
  readonly path: string;
  /** Adds all of `bytes`. @throws where the disk does not take them; a part of them may be there then. */
  append(bytes: Uint8Array): void;
  /** Resolves when everything that was added is on the disk. Rejects where it cannot be put there, and perhaps never will be. */
  sync(): Promise<void>;
  /** Cuts the file to `size` bytes. @throws where that fails. */
  truncate(size: number): void;
  stat(): FileStat;
  /** Does `action`, which must be short, while nobody else does so with the same file in this program. */
  exclusively<Result>(action: () => Result): Result;
  close(): void;
}

/** The file operations that the agent uses. `try…` returns undefined where the thing is not there. */
export interface Files {
  /** Opens a regular file for reading, or returns undefined where there is none. @throws for other reasons. */
  tryOpen(path: string): OpenFile | undefined;
  /**
   * Opens the regular file that is at `path` itself; undefined where there is none, or where `path` leads through a link. Never
   * waits, whatever is there: for directories that somebody else may change at any moment.
   */
  tryOpenExactly(path: string): OpenFile | undefined;
  tryStat(path: string): FileStat | undefined;
  /** The room on the file system of `path`; undefined where there is nothing at it. */
  trySpace(path: string): DiskSpace | undefined;
  /** What is at `path` itself, a link or not. */
  tryLinkStat(path: string): LinkStat | undefined;
  /** Where a symbolic link leads, as it is written; undefined for what is not one. */
  tryReadLink(path: string): string | undefined;
  /** The names in a directory, unsorted; empty where there is none. */
  list(path: string): string[];
  tryReadText(path: string): string | undefined;
  /** Replaces `path` so that a crash leaves the old or the new text, never a mixture: write aside, fsync, rename. */
  writeAtomically(path: string, text: string): Promise<void>;
  /** Appends to a file, which is made with its directory where it is not there. */
  append(path: string, text: string): void;
  /**
   * Opens a regular file to write at its end; it is made, with its directory, where it is not there. Never waits, whatever is there.
   *
   * @throws where that fails, or where something else than a regular file is there.
   */
  openToAppend(path: string): WritableFile;
  rename(from: string, to: string): void;
  /** Deletes a file; does nothing where there is none. */
  remove(path: string): void;
  makeDirectory(path: string): void;
}

/** What following a log needs of a file system: that of the node, or of a container as seen from inside. */
export type ReadableFiles = Pick<Files, "tryOpen" | "tryStat" | "list">;

/** Everything outside the program. */
export interface Env {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Lets timers and sockets have their turn. */
  breathe(): Promise<void>;
  /** A number in [0, 1). */
  random(): number;
  readonly files: Files;
  /** CPU time that the process has used so far, in all its threads, in milliseconds. */
  cpuMs(): number;
  /** Memory of the process that is in use, its code included, in bytes. */
  residentBytes(): number;
  /** Bytes of the program's own objects, garbage included. */
  heapBytes(): number;
  /** Gives memory back that is not used any more; may take some 100 ms. Does nothing where the run time does not allow it. */
  collectGarbage(): void;
  /** Writes bytes to standard output completely. */
  writeStdout(bytes: Uint8Array): Promise<void>;
  /** A variable of the agent's environment; undefined where it is not set. */
  tryVariable(name: string): string | undefined;
  readonly hostName: string;
  /** The node's address that stands for host-network containers; empty when it has none. */
  readonly hostIp: string;
}
