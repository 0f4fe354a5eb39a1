/**
 * Looks at files that may fail for the world's sake. Says so; the same is tried again at the next look.
 *
 * @module
 */
import type { Log } from "../core/log.ts";

/** @returns what `action` does, or `otherwise` where it throws. @param path of the log that is read. */
export function unlessFailing<Result>(action: () => Result, otherwise: Result, path: string, log: Log): Result {
  try {
    return action();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.throttled(`read ${path}`, `Cannot read ${path}: ${reason}; its records wait, reading is tried again`);
    return otherwise;
  }
}
