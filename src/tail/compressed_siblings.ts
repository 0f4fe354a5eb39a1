/**
 * Finds the file where reading stopped among the compressed ones: its inode is another one then, its first bytes are the same. Opens
 * them, and leaves open none.
 *
 * @module
 */
import type { OpenFile, ReadableFiles } from "../core/env.ts";
import type { Position } from "../core/position.ts";
import { CompressedFile } from "./compressed_file.ts";
import { hasSameHead } from "./identity.ts";
import { isSameInode, type RotatedFile } from "./rotation.ts";

const NEWLINE = 0x0a;

/** Opens a rotated file to be read as it was before it was compressed; undefined where it is another one by now. */
export function tryOpenRotated(rotated: RotatedFile, files: ReadableFiles): OpenFile | undefined {
  const file = files.tryOpen(rotated.path);
  if (file === undefined) return undefined;
  return unlessThrowing(file, () => {
    if (isSameInode(file.stat(), rotated)) return rotated.isCompressed ? new CompressedFile(file) : file;
    file.close();
    return undefined;
  });
}

/**
 * The compressed file that holds what a position points into. Where several begin alike, as with a banner, it is one in which a line
 * ends at the position; where there are still several, the oldest, so that nothing is lost.
 *
 * @param rotated oldest first.
 * @returns undefined where there is none, or nothing is known of the position's file.
 */
export function tryFindCompressed(
  { identity, offset }: Position,
  rotated: readonly RotatedFile[],
  files: ReadableFiles,
): RotatedFile | undefined {
  if (identity.headBytes === 0) return undefined;
  const alike = rotated.filter((one) => one.isCompressed && look(one, files, (file) => hasSameHead(identity, file)));
  if (alike.length < 2) return alike[0];
  return alike.find((one) => look(one, files, (file) => endsLineAt(offset, file))) ?? alike[0];
}

function look(rotated: RotatedFile, files: ReadableFiles, isMeant: (file: OpenFile) => boolean): boolean {
  const file = tryOpenRotated(rotated, files);
  try {
    return file !== undefined && isMeant(file);
  } finally {
    file?.close();
  }
}

function endsLineAt(offset: number, file: OpenFile): boolean {
  const before = new Uint8Array(1);
  return offset === 0 || (file.readAt(offset - 1, before) === 1 && before[0] === NEWLINE);
}

/** @returns what `action` does; closes the file where that throws. */
export function unlessThrowing<Result>(file: OpenFile | undefined, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    file?.close();
    throw error;
  }
}
