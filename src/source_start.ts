/**
 * Where a source begins that was never read, or of which the checkpoint does not know because it is an old copy. What was written since the
 * pipeline first ran is read: rather twice than never.
 *
 * @module
 */
import type { Source } from "./core/source.ts";

/** The kubelet looks every ten seconds which logs are to be rotated: the newest file of then may have been full before. */
export const ROTATED_AFTER_MS_MAX = 30_000;

/**
 * All of a container that is newer than the pipeline; of an older log also the rotated files that were written to since, unless the input
 * wants only its end.
 *
 * @param firstRunMs when the pipeline first ran on this node.
 */
export function startOf(
  { container, start }: Pick<Source, "container" | "start">,
  firstRunMs: number,
): Source["start"] {
  if (container !== undefined && container.createdMs >= firstRunMs) return "oldest";
  return start === "first" ? { writtenSinceMs: firstRunMs - ROTATED_AFTER_MS_MAX } : start;
}
