/**
 * Opens the file of a log that comes next: where reading begins, goes on after a restart, or goes on after a rotation. Stateless:
 * the files may be renamed at any moment, so every decision is taken anew from what is there, and what was opened is checked.
 *
 * @module
 */
import type { OpenFile, ReadableFiles } from "../core/env.ts";
import type { FileIdentity, Position } from "../core/position.ts";
import { isTimedName } from "../core/rotated_name.ts";
import { tryFindCompressed, tryOpenRotated, unlessThrowing } from "./compressed_siblings.ts";
import { hasSameHead, isSameFile } from "./identity.ts";
import type { TailOptions } from "./read_result.ts";
import { filesToCatchUp, isSameInode, type RotatedFile, type StoppedFile } from "./rotation.ts";
import { rotatedFiles, tryFindRenamed } from "./siblings.ts";

/** How often a file that was renamed between finding and opening it is looked for at once. */
const ATTEMPTS = 3;
/** So many rotated files that others read are passed over in one look. */
const PASSED_MAX = 100;
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
  const next = tryOpenFirstOf(() => filesAfter(stopped, path, files), path, files);
  if (next === undefined || next.isPast || !isAt(stopped, next.file)) return next;
  // A file that was renamed and has its old name again does not come after itself.
  next.file.close();
  return undefined;
}

/**
 * The same, without what other sources read: rotated files that were found under names of their own are passed over.
 *
 * @param tryKnown see `TailOptions.tryKnown`.
 * @returns undefined, too, where another source has not left the file at `path` yet, which got this name from that one.
 */
export function tryOpenUnheld(
  from: StoppedFile,
  path: string,
  files: ReadableFiles,
  tryKnown: TailOptions["tryKnown"],
): NextFile | undefined {
  let stopped = from;
  for (let passed = 0; passed < PASSED_MAX; passed++) {
    const next = tryOpenAfter(stopped, path, files);
    const known = next && unlessThrowing(next.file, () => tryKnown?.(next.file));
    if (next === undefined || known === undefined) return next;
    if (known !== "held") return { ...next, offset: known };
    stopped = unlessThrowing(next.file, () => next.file.stat());
    next.file.close();
    if (!next.isPast) return undefined;
  }
  return undefined;
}

/** @param list what there is before the file at `path`, oldest first. */
function tryOpenFirstOf(
  list: () => readonly RotatedFile[],
  path: string,
  files: ReadableFiles,
): NextFile | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // Opened before the directory is read: what is rotated after this moment does not come before it.
    const current = files.tryOpen(path);
    const next = unlessThrowing(current, () => list()[0]);
    if (next === undefined || isAt(next, current)) return current && { file: current, isPast: false };
    current?.close();
    const file = tryOpenRotated(next, files);
    if (file !== undefined) return { file, isPast: true };
  }
  return undefined;
}

/** The rotated files that came after `stopped`, oldest first. */
function filesAfter(stopped: StoppedFile, path: string, files: ReadableFiles): readonly RotatedFile[] {
  const rotated = rotatedFiles(path, files);
  const found = filesToCatchUp(stopped, rotated);
  if (found.stopped !== undefined || stopped.position === undefined) return found.later;
  const compressed = tryFindCompressed(stopped.position, rotated, files);
  return compressed === undefined ? found.later : filesToCatchUp(compressed, rotated).later;
}

function isAt(inode: StoppedFile, file: OpenFile | undefined): boolean {
  return unlessThrowing(file, () => file !== undefined && isSameInode(file.stat(), inode));
}

/**
 * Opens the file of `position`, whatever its name is now, compressed or not; or its copy where a log is copied and cut instead of being
 * renamed.
 *
 * @returns undefined where it is gone, or another one.
 */
export function tryOpenAt(position: Position, path: string, files: ReadableFiles): NextFile | undefined {
  const { identity, offset } = position;
  const current = files.tryOpen(path);
  const isCurrent = unlessThrowing(current, () => current !== undefined && isSameFile(identity, current));
  if (current !== undefined && isCurrent) return { file: current, isPast: false, offset };
  const isCut = isAt(identity, current);
  current?.close();
  const plain = isCut ? tryOpenCopy(position, path, files) : tryOpenRenamed(identity, path, files);
  const file = plain ?? tryOpenCompressed(position, path, files);
  return file && { file, isPast: true, offset };
}

function tryOpenRenamed(identity: FileIdentity, path: string, files: ReadableFiles): OpenFile | undefined {
  const { stopped } = filesToCatchUp(identity, rotatedFiles(path, files));
  const renamed = stopped ?? tryFindRenamed(path, identity, files);
  const file = renamed && tryOpenRotated(renamed, files);
  const isSame = unlessThrowing(file, () => file !== undefined && isSameFile(identity, file));
  if (isSame) return file;
  file?.close();
  return undefined;
}

function tryOpenCompressed(position: Position, path: string, files: ReadableFiles): OpenFile | undefined {
  const found = tryFindCompressed(position, rotatedFiles(path, files), files);
  return found && tryOpenRotated(found, files);
}

/** The newest rotated file that begins as the one of the position, as logrotate's `copytruncate` leaves it. */
function tryOpenCopy({ identity, offset }: Position, path: string, files: ReadableFiles): OpenFile | undefined {
  const plain = rotatedFiles(path, files).filter(({ isCompressed }) => !isCompressed);
  const newestFirst = plain.sort((a, b) => b.modifiedMs - a.modifiedMs);
  for (const { path, size } of newestFirst) {
    const file = size < offset || identity.headBytes === 0 ? undefined : files.tryOpen(path);
    if (unlessThrowing(file, () => file !== undefined && hasSameHead(identity, file))) return file;
    file?.close();
  }
  return undefined;
}

/**
 * Opens the oldest file that was rotated from `path` and written to at `sinceMs` or later, or the one at it, without what other sources read.
 *
 * @param tryKnown see `TailOptions.tryKnown`.
 * @returns undefined where there is none.
 */
export function tryOpenWrittenSince(
  sinceMs: number,
  path: string,
  files: ReadableFiles,
  tryKnown: TailOptions["tryKnown"],
): NextFile | undefined {
  return tryOpenUnheld({ ...BEFORE_ALL, modifiedMs: sinceMs }, path, files, tryKnown);
}

/**
 * Opens the oldest file that may have come after one that is gone: files are deleted oldest first. Where the log was cut in place, its
 * compressed files are older, unless their names tell that it is renamed and the inode has been used again.
 *
 * @returns undefined where there is none.
 */
export function tryOpenAfterGone(
  gone: Pick<FileIdentity, "device" | "inode">,
  path: string,
  files: ReadableFiles,
): NextFile | undefined {
  const current = files.tryStat(path);
  const isCut = current !== undefined && isSameInode(gone, current);
  const mayBeLater = (file: RotatedFile) => !isCut || !file.isCompressed || isTimedName(file.path);
  return tryOpenFirstOf(() => rotatedFiles(path, files).filter(mayBeLater), path, files);
}

/** Opens what is at `path` now. */
export function tryOpenCurrent(path: string, files: ReadableFiles): NextFile | undefined {
  const file = files.tryOpen(path);
  return file && { file, isPast: false };
}

/** How many bytes come after `stopped`, in the files that are there now; what is compressed counts as it is. */
export function bytesAfter(stopped: StoppedFile, path: string, files: ReadableFiles): number {
  const later = filesAfter(stopped, path, files);
  const current = files.tryStat(path);
  const isOther = current !== undefined && ![stopped, ...later].some((file) => isSameInode(file, current));
  return later.reduce((sum, { size }) => sum + size, isOther ? current.size : 0);
}
