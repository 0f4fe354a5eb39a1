/**
 * When to look again for new files: soon after a container has started or something has happened to its files, less and less often
 * while nothing is found, and never so often that looking takes more than a small share of the thread.
 *
 * @module
 */

/** The first look after the one at the start. */
const INTERVAL_MS_MIN = 250;
/** A file in an old container is found after so long at the latest, while that is affordable. */
const INTERVAL_MS_USUAL = 2000;
/** And after so long in any case. */
const INTERVAL_MS_MAX = 30_000;
/** Looking takes at most one in so many parts of the time. */
const SHARE = 2000;

/** Something to be looked at. */
interface Target {
  dueMs: number;
  intervalMs: number;
}

/** The targets, by name, and when each is due. */
export class ScanSchedule {
  readonly #targets = new Map<string, Target>();
  /** What all looks of one round take, as far as is known. */
  #lookMs = 0;

  /** Number of targets. */
  get size(): number {
    return this.#targets.size;
  }

  has(name: string): boolean {
    return this.#targets.has(name);
  }

  /** Adds a target, or has one looked at soon, and then more often for a while. */
  wake(name: string, nowMs: number): void {
    this.#targets.set(name, { dueMs: nowMs, intervalMs: INTERVAL_MS_MIN });
  }

  remove(name: string): void {
    this.#targets.delete(name);
  }

  /** When the next target is due; infinite where there is none. */
  dueMs(): number {
    return [...this.#targets.values()].reduce((earliest, { dueMs }) => Math.min(earliest, dueMs), Infinity);
  }

  /** @returns the names of the targets that are due; each is due again after its interval, which doubles. */
  takeDue(nowMs: number): string[] {
    const due: string[] = [];
    const intervalMsMax = this.#intervalMsMax();
    for (const [name, target] of this.#targets) {
      // A clock that was set back must not put the looks off.
      if (target.dueMs > nowMs && target.dueMs <= nowMs + INTERVAL_MS_MAX) continue;
      target.dueMs = nowMs + target.intervalMs;
      target.intervalMs = Math.min(target.intervalMs * 2, intervalMsMax);
      due.push(name);
    }
    return due;
  }

  /** Takes note of what looking at so many targets took. */
  looked(targets: number, ms: number): void {
    if (targets === 0) return;
    // The clock counts whole milliseconds: only many looks tell what one takes.
    const share = Math.min(1, targets / 100);
    this.#lookMs += (ms / targets - this.#lookMs) * share;
  }

  #intervalMsMax(): number {
    const affordableMs = this.#lookMs * this.#targets.size * SHARE;
    return Math.min(Math.max(affordableMs, INTERVAL_MS_USUAL), INTERVAL_MS_MAX);
  }
}
