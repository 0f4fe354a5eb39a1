/**
 * Looking at sources that sleep all together, every so often, so that ten thousand of them wake the loop up no more often than one.
 * A sweep can be stopped at any source and goes on there.
 *
 * @module
 */
import { msToWholeSecond } from "../core/pace.ts";
import { type Turn, TurnList } from "./turn_list.ts";

/** Sweeps come so often where few sleep, and so seldom where many do, because a look at each of them costs some microseconds. */
const INTERVAL_MS_MIN = 2000;
const INTERVAL_MS_MAX = 10_000;
/** In between, a sweep may come after so long for each sleeper. */
const INTERVAL_MS_PER_SLEEPER = 5;
/** A sweep may come so much early, so that it shares its wake-up with others. */
const SLACK_MS = 500;

/** Sources that sleep, and where the sweep over them is. */
export class Sweep {
  readonly sleepers = new TurnList();
  /** -1: none is under way. */
  #at = -1;
  #dueMs = 0;

  /** When the next sweep is due; for nobody there is none. */
  dueMs(): number {
    return this.sleepers.size > 0 ? this.#dueMs : Infinity;
  }

  /** Begins a sweep where one is due and none is under way. */
  begin(now: number): void {
    if (this.#at >= 0) return;
    // A clock that was set back must not stop the sweeps.
    if (now < this.#dueMs && now >= this.#dueMs - 2 * INTERVAL_MS_MAX) return;
    this.#dueMs = now + msToWholeSecond(now, this.#intervalMs() - SLACK_MS);
    this.#at = this.sleepers.size;
  }

  /** The next source of the sweep; undefined where it is over. Those that were looked at may leave. */
  next(): Turn | undefined {
    while (--this.#at >= 0) {
      const turn = this.sleepers.tryAt(this.#at);
      if (turn !== undefined) return turn;
    }
    return undefined;
  }

  #intervalMs(): number {
    const affordableMs = this.sleepers.size * INTERVAL_MS_PER_SLEEPER;
    return Math.min(Math.max(affordableMs, INTERVAL_MS_MIN), INTERVAL_MS_MAX);
  }
}
