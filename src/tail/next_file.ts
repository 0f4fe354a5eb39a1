/**
 * Opens the file of a log that comes next: where reading begins, goes on after a restart, or goes on after a rotation. Stateless:
 * the files may be renamed at any moment, so every decision is taken anew from what is there, and what was opened is checked.
 *
 * @module
 */
import type { OpenFile, ReadableFiles } from "../core/env.ts";
import type { FileIdentity, Position } from "../core/position.ts";
import { hasSameHead, isSameFile } from "./identity.ts";
import { filesToCatchUp, isSameInode, type RotatedFile, type StoppedFile } from "./rotation.ts";
import { rotatedFiles, tryFindRenamed } from "./siblings.ts";

/** How often a file that was renamed between finding and opening it is looked for at once. */
const ATTEMPTS = 3;
/** No file has these numbers: every one comes after it. */
const BEFORE_ALL: StoppedFile = { device: -1, inode: -1 };

/** A file to read, just opened. */
export interface NextFile {
  readonly file: OpenFile;
  /** Whether it has been rotated away already: nothing is waited for at its end. */
  readonly isPast: boolean;
  /** Where reading stopped in it before; undefined: it was never read. */
  readonly offset?: number;
}

/**
 * Opens what comes after `stopped`: the oldest file that was rotated after it, or the one at `path`.
 *
 * @returns undefined where there is none.
 */
export function tryOpenAfter(stopped: StoppedFile, path: string, files: ReadableFiles): NextFile | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // Opened before the directory is read: what is rotated after this moment does not come before it.
    const current = files.tryOpen(path);
    const next = filesToCatchUp(stopped, rotatedFiles(path, files)).later[0];
    if (next === undefined || isAt(next, current)) return unlessStopped(current, stopped);
    current?.close();
    const file = files.tryOpen(next.path);
    if (isAt(next, file)) return { file: file!, isPast: true };
    file?.close();
  }
  return undefined;
}

function isAt(next: RotatedFile, file: OpenFile | undefined): boolean {
  return file !== undefined && isSameInode(file.stat(), next);
}

/** A file that was renamed and has its old name again does not come after itself. */
function unlessStopped(file: OpenFile | undefined, stopped: StoppedFile): NextFile | undefined {
  if (file === undefined || !isSameInode(file.stat(), stopped)) return file && { file, isPast: false };
  file.close();
  return undefined;
}

/**
 * Opens the file of `position`, whatever its name is now, or its copy where a log is copied and cut instead of being renamed.
 *
 * @returns undefined where it is gone, compressed or another one.
 */
export function tryOpenAt({ identity, offset }: Position, path: string, files: ReadableFiles): NextFile | undefined {
  const current = files.tryOpen(path);
  if (current !== undefined && isSameFile(identity, current)) return { file: current, isPast: false, offset };
  const isCut = current !== undefined && isSameInode(identity, current.stat());
  current?.close();
  const file = isCut ? tryOpenCopy({ identity, offset }, path, files) : tryOpenRenamed(identity, path, files);
  return file && { file, isPast: true, offset };
}

function tryOpenRenamed(identity: FileIdentity, path: string, files: ReadableFiles): OpenFile | undefined {
  const { stopped } = filesToCatchUp(identity, rotatedFiles(path, files));
  const renamed = stopped ?? tryFindRenamed(path, identity, files);
  const file = renamed && files.tryOpen(renamed.path);
  if (file !== undefined && isSameFile(identity, file)) return file;
  file?.close();
  return undefined;
}

/** The newest rotated file that begins as the one of the position, as logrotate's `copytruncate` leaves it. */
function tryOpenCopy({ identity, offset }: Position, path: string, files: ReadableFiles): OpenFile | undefined {
  const newestFirst = rotatedFiles(path, files).sort((a, b) => b.modifiedMs - a.modifiedMs);
  for (const { path, size } of newestFirst) {
    const file = size < offset || identity.headBytes === 0 ? undefined : files.tryOpen(path);
    if (file !== undefined && hasSameHead(identity, file)) return file;
    file?.close();
  }
  return undefined;
}

/** Opens the oldest file that was rotated from `path`, or the one at it; undefined where there is none. */
export function tryOpenOldest(path: string, files: ReadableFiles): NextFile | undefined {
  return tryOpenAfter(BEFORE_ALL, path, files);
}

/** Opens what is at `path` now. */
export function tryOpenCurrent(path: string, files: ReadableFiles): NextFile | undefined {
  const file = files.tryOpen(path);
  return file && { file, isPast: false };
}

/** How many bytes come after `stopped`, in the files that are there now. */
export function bytesAfter(stopped: StoppedFile, path: string, files: ReadableFiles): number {
  const { later } = filesToCatchUp(stopped, rotatedFiles(path, files));
  const current = files.tryStat(path);
  const isOther = current !== undefined && ![stopped, ...later].some((file) => isSameInode(file, current));
  return later.reduce((sum, { size }) => sum + size, isOther ? current.size : 0);
}
