/**
 * Whether what a source reads is still there, told from its key alone.
 *
 * @module
 */
import { InvariantError } from "./core/assert.ts";
import type { Files } from "./core/env.ts";
import { isRotatedName, tryUncompressedName } from "./core/rotated_name.ts";
import { tryResolveHostPath } from "./match/paths.ts";

/**
 * Whether the file of a source is there, or one that was rotated from it, in which reading may have stopped. See `core/source.ts` for the
 * key. What cannot be looked at may be there.
 */
export function isFileThere(
  sourceKey: string,
  hostRoot: string,
  files: Pick<Files, "tryStat" | "tryReadLink" | "list">,
): boolean {
  const colon = sourceKey.indexOf(":");
  const path = sourceKey.slice(colon + 1);
  try {
    const openPath = sourceKey.slice(0, colon) === "local" ? path : tryResolveHostPath(hostRoot, path, files);
    if (openPath === undefined) return false;
    return files.tryStat(openPath) !== undefined || hasRotated(openPath, files);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof InvariantError) throw error;
    return true;
  }
}

function hasRotated(path: string, { list }: Pick<Files, "list">): boolean {
  const cut = path.lastIndexOf("/") + 1;
  const base = path.slice(cut);
  return list(path.slice(0, cut)).some((name) => {
    return isRotatedName(name, base) || tryUncompressedName(name, base) !== undefined;
  });
}
