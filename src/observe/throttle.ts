/**
 * Lets a message of each kind through once a minute and counts the others, so that one bad thing happening a thousand times a
 * second does not drown the log.
 *
 * @module
 */
import type { Env } from "../core/env.ts";

const WINDOW_MS = 60_000;
/** Kinds remembered; beyond it, those whose minute is over are forgotten. */
const KEYS_MAX = 1000;

/** What is remembered of one kind of message. */
interface Window {
  readonly startMs: number;
  leftOutCount: number;
}

/** Counts by key. */
export class Throttle {
  readonly #env: Pick<Env, "now">;
  readonly #windows = new Map<string, Window>();

  constructor(env: Pick<Env, "now">) {
    this.#env = env;
  }

  /** Calls `write` with `message` unless one with the same `key` was written less than a minute ago. */
  pass(key: string, message: string, write: (message: string) => void): void {
    const nowMs = this.#env.now();
    const window = this.#windows.get(key);
    if (window !== undefined && this.#isOpen(window, nowMs)) {
      window.leftOutCount++;
      return;
    }
    const leftOutCount = window?.leftOutCount ?? 0;
    if (this.#windows.size >= KEYS_MAX) this.#forget(nowMs);
    this.#windows.set(key, { startMs: nowMs, leftOutCount: 0 });
    write(leftOutCount === 0 ? message : `${message} (${leftOutCount} more like this were not shown)`);
  }

  /** A clock set back closes the window: better a line too many than silence. */
  #isOpen(window: Window, nowMs: number): boolean {
    return nowMs >= window.startMs && nowMs < window.startMs + WINDOW_MS;
  }

  #forget(nowMs: number): void {
    for (const [key, window] of this.#windows) {
      if (!this.#isOpen(window, nowMs)) this.#windows.delete(key);
    }
  }
}
