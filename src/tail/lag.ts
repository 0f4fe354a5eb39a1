/**
 * What is done when reading is far behind the end of a file: it is said, and, where the user wants it, the oldest is skipped.
 *
 * @module
 */
import type { LagLimits } from "../core/input.ts";
import type { Log } from "../core/log.ts";
import type { OpenedFile } from "./opened_file.ts";

/** How much of a file's end is read after a skip. */
const TAIL_BYTES = 1024 * 1024;

/**
 * Skips or warns where a limit is passed.
 *
 * @returns whether it has skipped: reading goes on at a line near the file's end.
 */
export function skipOrWarn(file: OpenedFile, limits: LagLimits, path: string, log: Log): boolean {
  const lag = file.stat().size - file.offset;
  if (limits.skipAboveBytes > 0 && lag > Math.max(limits.skipAboveBytes, TAIL_BYTES)) {
    const before = file.offset;
    file.jumpToLine(before + lag - TAIL_BYTES);
    log.warn(
      `${path} was ${mebibytes(lag)} behind, more than ReadDelaySkipThresholdBytes allows: skipped ${
        file.offset - before
      } bytes, ` +
        `which are lost; reading goes on ${mebibytes(TAIL_BYTES)} before its end`,
    );
    return true;
  }
  if (lag > limits.warnAboveBytes) warn(lag, path, log);
  return false;
}

function warn(lag: number, path: string, log: Log): void {
  log.throttled(
    `lag ${path}`,
    `Reading of ${path} is ${
      mebibytes(lag)
    } behind its end: its records arrive late, and are lost if it is deleted before they are ` +
      "read; delivery is slower than this log is written, or the node has too little processor time for the agent",
  );
}

function mebibytes(bytes: number): string {
  return `${(bytes / (1024 * 1024)).toFixed(1)} MiB`;
}
