/**
 * How much of a source is unread: in the file in hand, in those that wait, and in those that nobody has opened.
 *
 * @module
 */
import type { ReadableFiles } from "../core/env.ts";
import type { Position } from "../core/position.ts";
import { bytesAfter } from "./next_file.ts";
import type { OpenedFile } from "./opened_file.ts";
import { stoppedAt } from "./rotation.ts";
import type { WaitingFiles } from "./waiting_files.ts";

/** @param resumeAt where reading stopped before, while no file is in hand. @returns bytes; what is compressed counts as it is. */
export function unreadBytes(
  file: OpenedFile | undefined,
  resumeAt: Position | undefined,
  waiting: WaitingFiles,
  path: string,
  files: ReadableFiles,
): number {
  const rest = file?.isOpen ? Math.max(0, file.stat().size - file.offset) : 0;
  const position = (file?.isOpen ? undefined : resumeAt) ?? file?.positionAt(file.offset);
  const stopped = waiting.last() ?? (position && stoppedAt(position));
  if (stopped === undefined) return files.tryStat(path)?.size ?? 0;
  return rest + waiting.bytes + bytesAfter(stopped, path, files);
}

/** What is said of a source that is let go of with so many bytes unread. */
export function unreadMessage(path: string, bytes: number): string {
  return `${path} was closed with ${bytes} bytes unread, as its container is gone and an open file would hold its removal up: they ` +
    "are lost unless the file comes back; delivery was too slow or blocked";
}
