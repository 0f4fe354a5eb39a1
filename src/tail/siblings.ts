/**
 * The files beside a log: those that were rotated from it, and the one that has another name now. Reads directories, opens nothing.
 *
 * @module
 */
import type { FileStat, ReadableFiles } from "../core/env.ts";
import type { FileIdentity } from "../core/position.ts";
import { isRotatedName, tryUncompressedName } from "../core/rotated_name.ts";
import { inOrder, type RotatedFile } from "./rotation.ts";

/** Names that are looked through for a file that was renamed: a directory of thousands of logs must not stop the loop. */
const NAMES_MAX = 2000;

/** So many compressed files of one log are considered, the newest. */
const COMPRESSED_MAX = 100;
/** How often a directory is read again at once in which a name has come to nothing: it may be compressed by now. */
const ATTEMPTS = 3;

/**
 * The rotated files of the log at `path`, oldest first. Of one that is there both plain and compressed, only the plain one: the other
 * is perhaps being written.
 */
export function rotatedFiles(path: string, files: ReadableFiles): RotatedFile[] {
  const { directory, name: base } = split(path);
  for (let attempt = 1;; attempt++) {
    const names = rotatedNames(files.list(directory), base);
    const stats = names.map((name) => files.tryStat(directory + name));
    if (stats.includes(undefined) && attempt < ATTEMPTS) continue;
    const found = names.flatMap((name, index) => {
      const stat = stats[index];
      return stat?.kind === "file" ? [rotatedFile(directory + name, stat, !isRotatedName(name, base))] : [];
    });
    return withoutOldest(found);
  }
}

function rotatedNames(all: readonly string[], base: string): string[] {
  const names = new Set(all);
  return all.filter((name) => {
    const uncompressed = tryUncompressedName(name, base);
    return uncompressed === undefined ? isRotatedName(name, base) : !names.has(uncompressed);
  });
}

/** However many compressed files have gathered, looking through them takes a bounded time. */
function withoutOldest(rotated: readonly RotatedFile[]): RotatedFile[] {
  const files = inOrder(rotated);
  const compressed = files.filter(({ isCompressed }) => isCompressed).length;
  return files.slice(Math.max(0, compressed - COMPRESSED_MAX));
}

/** The file with this inode in the directory of `path`, whatever its name, as `app.log` that has become `app.1.log`. */
export function tryFindRenamed(
  path: string,
  { device, inode }: Pick<FileIdentity, "device" | "inode">,
  files: ReadableFiles,
): RotatedFile | undefined {
  const { directory } = split(path);
  for (const name of files.list(directory).slice(0, NAMES_MAX)) {
    const stat = files.tryStat(directory + name);
    if (stat?.kind === "file" && stat.inode === inode && stat.device === device) {
      return rotatedFile(directory + name, stat, false);
    }
  }
  return undefined;
}

function rotatedFile(path: string, stat: FileStat, isCompressed: boolean): RotatedFile {
  const { device, inode, size, modifiedMs } = stat;
  return { path, device, inode, size, modifiedMs, isCompressed };
}

/** A directory with its slash, and the name in it. */
function split(path: string): { readonly directory: string; readonly name: string } {
  const cut = path.lastIndexOf("/") + 1;
  return { directory: path.slice(0, cut), name: path.slice(cut) };
}
