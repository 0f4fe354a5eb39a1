/**
 * How long to wait before trying again (exponential, capped, jittered), and when a row of failures is worth telling.
 *
 * @module
 */

/** What passes by itself within this time is no news: a leader that moves, a broker that still starts. */
const TELL_AFTER_MS = 1000;

/** The first and the longest wait, in milliseconds. */
export interface BackoffOptions {
  readonly backoffInitMs: number;
  readonly backoffMaxMs: number;
}

/**
 * The wait after the `failureCount`-th failure in a row (1, 2, …): it doubles from `backoffInitMs` up to `backoffMaxMs`, and is
 * then spread evenly over its upper half, so that many agents do not come back at the same moment.
 *
 * @param random in [0, 1).
 */
export function backoffMs(failureCount: number, options: BackoffOptions, random: number): number {
  const doublings = Math.min(Math.max(failureCount - 1, 0), 40);
  const longest = Math.min(options.backoffInitMs * 2 ** doublings, options.backoffMaxMs);
  return longest * (0.5 + random / 2);
}

/** Failures in a row, of one thing that is tried again and again. */
export class FailureStreak {
  #count = 0;
  #sinceMs = 0;

  /** How many in a row. */
  get count(): number {
    return this.#count;
  }

  /** @param nowMs milliseconds since the epoch. @returns whether it has lasted long enough to tell the user. */
  failed(nowMs: number): boolean {
    if (this.#count++ === 0) this.#sinceMs = nowMs;
    return nowMs - this.#sinceMs >= TELL_AFTER_MS;
  }

  succeeded(): void {
    this.#count = 0;
  }
}
