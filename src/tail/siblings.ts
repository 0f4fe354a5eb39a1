/**
 * The files beside a log: those that were rotated from it, and the one that has another name now. Reads directories, opens nothing.
 *
 * @module
 */
import type { FileStat, ReadableFiles } from "../core/env.ts";
import type { FileIdentity } from "../core/position.ts";
import { isRotatedName } from "../core/rotated_name.ts";
import type { RotatedFile } from "./rotation.ts";

/** Names that are looked through for a file that was renamed: a directory of thousands of logs must not stop the loop. */
const NAMES_MAX = 2000;

/** The plain rotated files of the log at `path`, unsorted. */
export function rotatedFiles(path: string, files: ReadableFiles): RotatedFile[] {
  const { directory, name: base } = split(path);
  const names = files.list(directory).filter((name) => isRotatedName(name, base));
  return names.flatMap((name) => {
    const stat = files.tryStat(directory + name);
    return stat === undefined ? [] : [rotatedFile(directory + name, stat)];
  });
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
      return rotatedFile(directory + name, stat);
    }
  }
  return undefined;
}

function rotatedFile(path: string, { device, inode, size, modifiedMs }: FileStat): RotatedFile {
  return { path, device, inode, size, modifiedMs };
}

/** A directory with its slash, and the name in it. */
function split(path: string): { readonly directory: string; readonly name: string } {
  const cut = path.lastIndexOf("/") + 1;
  return { directory: path.slice(0, cut), name: path.slice(cut) };
}
