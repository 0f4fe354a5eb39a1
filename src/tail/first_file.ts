/**
 * Where reading of a source begins: which file it is, and where in it, and how a file is left for another. Says what was lost while nobody
 * read.
 *
 * @module
 */
import type { ReadableFiles } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import type { Position } from "../core/position.ts";
import type { Source } from "../core/source.ts";
import { type NextFile, tryOpenAfterGone, tryOpenAt, tryOpenCurrent, tryOpenWrittenSince } from "./next_file.ts";
import type { OpenedFile } from "./opened_file.ts";
import type { ReadResult, TailOptions } from "./read_result.ts";

/**
 * Opens the file where reading stopped, or the one at the path, or the oldest one.
 *
 * @param position where reading stopped before; undefined: it begins where the source says.
 * @param tryKnown see `TailOptions.tryKnown`.
 * @returns undefined where there is none.
 */
export function tryOpenFirst(
  { path, start }: Pick<Source, "path" | "start">,
  position: Position | undefined,
  tryKnown: TailOptions["tryKnown"],
  files: ReadableFiles,
  log: Log,
): NextFile | undefined {
  if (position === undefined) {
    const sinceMs = writtenSinceMs(start);
    return sinceMs === undefined ? tryOpenCurrent(path, files) : tryOpenWrittenSince(sinceMs, path, files, tryKnown);
  }
  const stopped = tryOpenAt(position, path, files);
  if (stopped !== undefined) return stopped;
  // Another file may have taken over the inode, and then it does come next.
  const next = tryOpenAfterGone(position.identity, path, files);
  if (next !== undefined) {
    log.warn(`The file where reading of ${path} stopped is gone: what was unread in it is lost`);
  }
  return next;
}

/** Rotated files that were written to since then are read; undefined: none is. */
function writtenSinceMs(start: Source["start"]): number | undefined {
  if (typeof start === "object") return start.writtenSinceMs;
  return start === "oldest" ? -Infinity : undefined;
}

/**
 * Puts a file to where reading goes on, or the first one of a source to where it begins; every other one is read from its first byte.
 *
 * @param offset where reading stopped in it before.
 */
export function placeFile(
  opened: OpenedFile,
  offset: number | undefined,
  isFirst: boolean,
  { path, start }: Pick<Source, "path" | "start">,
  log: Log,
): void {
  const { size } = opened.stat();
  if (offset === undefined && isFirst && typeof start === "number") opened.jumpToLine(Math.max(0, size - start));
  else if (offset !== undefined && (offset <= size || opened.isCompressed)) opened.resume(offset);
  else if (offset !== undefined) {
    log.warn(`${path} was truncated while nobody looked: reading it from its first byte`);
  }
}

/** Closes a file that was read to its end; a line without its end is handed out before. */
export function leaveFile(file: OpenedFile, size: number, next: NextFile): ReadResult {
  if (size > 0) return { kind: "bytes", size, isLast: true };
  const left = { kind: "left", position: file.positionAt(file.offset), next: next.file.stat() } as const;
  file.close();
  return left;
}
