/**
 * Decisions about rotation, without touching a file: what has happened to a path, and which files to read in which order to catch
 * up. The kubelet renames `0.log` to `0.log.20261123-120000` and lets the runtime make a new `0.log`
 * (https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/logs/container_log_manager.go).
 *
 * @module
 */
import type { FileStat } from "../core/env.ts";
import type { FileIdentity, Position } from "../core/position.ts";
import { compareRotatedNames } from "../core/rotated_name.ts";

/** What has happened to the file that is being read. */
export type FileNews =
  /** It is still the one at its path. */
  | "same"
  /** Another file is at its path. */
  | "replaced"
  /** Nothing is at its path. */
  | "gone"
  /** It is shorter than what was read of it. */
  | "truncated";

/**
 * @param open what is known of the file that is being read; `offset` is how far.
 * @param atPath what is at its path now.
 */
export function fileNews(
  open: Pick<FileIdentity, "device" | "inode"> & { readonly offset: number },
  atPath: FileStat | undefined,
): FileNews {
  if (atPath === undefined) return "gone";
  if (atPath.device !== open.device || atPath.inode !== open.inode) return "replaced";
  return atPath.size < open.offset ? "truncated" : "same";
}

/** A file beside the one at the path whose name says that it was rotated from it. */
export interface RotatedFile {
  readonly path: string;
  readonly device: number;
  readonly inode: number;
  /** As it is on the disk. */
  readonly size: number;
  readonly modifiedMs: number;
  /** Whether it was compressed with gzip: as a file of its own, which the plain one did not outlive. */
  readonly isCompressed: boolean;
}

/** The rotated files that were not read to their end. */
export interface FilesToCatchUp {
  /** The one where reading stopped; undefined when it has become another one, as by compressing, or is gone. */
  readonly stopped: RotatedFile | undefined;
  /** Those that came after it, oldest first. */
  readonly later: readonly RotatedFile[];
}

/** The file where reading stopped. */
export interface StoppedFile extends Pick<FileIdentity, "device" | "inode"> {
  /** Its last change, where it is known. */
  readonly modifiedMs?: number;
  /** Where in it, so that it is known by its first bytes when it was compressed. */
  readonly position?: Position;
}

/** The file of a position, as one where reading stopped. */
export function stoppedAt(position: Position): StoppedFile {
  const { device, inode } = position.identity;
  return { device, inode, position };
}

/**
 * The rotated files, oldest first. Files are compressed oldest first: any that is plain came after all that are not, whenever they
 * were compressed.
 */
export function inOrder(rotated: readonly RotatedFile[]): RotatedFile[] {
  return rotated.toSorted((a, b) => {
    if (a.isCompressed !== b.isCompressed) return a.isCompressed ? -1 : 1;
    return a.modifiedMs - b.modifiedMs || compareRotatedNames(a.path, b.path);
  });
}

/**
 * Finds what is left to read among the rotated files. Where the one in which reading stopped is not among them, its last change
 * tells which came after it. Where that is not known either, all did: files are compressed and deleted oldest first.
 */
export function filesToCatchUp(stopped: StoppedFile, rotated: readonly RotatedFile[]): FilesToCatchUp {
  const files = inOrder(rotated);
  const from = files.findIndex((file) => isSameInode(file, stopped));
  if (from >= 0) return { stopped: files[from], later: files.slice(from + 1) };
  const { modifiedMs = -Infinity } = stopped;
  return { stopped: undefined, later: files.filter((file) => file.modifiedMs >= modifiedMs) };
}

/** Whether two descriptions are of one inode. */
export function isSameInode(
  a: Pick<FileIdentity, "device" | "inode">,
  b: Pick<FileIdentity, "device" | "inode">,
): boolean {
  return a.inode === b.inode && a.device === b.device;
}
