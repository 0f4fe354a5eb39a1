/**
 * Looking at sources that sleep all together, every so often, so that ten thousand of them wake the loop up no more often than one.
 * A sweep can be stopped at any source and goes on there.
 *
 * @module
 */
import { msToBeat } from "../core/pace.ts";
import { type Turn, TurnList } from "./turn_list.ts";

/** Sweeps come so often where few sleep, and so seldom where many do, because a look at each of them costs some microseconds. */
const INTERVAL_MS_MIN = 2000;
const INTERVAL_MS_MAX = 10_000;

/** Sources that sleep, and where the sweep over them is. */
export class Sweep {
  readonly #sleepers = new TurnList();
  /** -1: none is under way. */
  #at = -1;
  #dueMs = 0;
  readonly #intervalMsPerSleeper: number;

  /** @param intervalMsPerSleeper between the bounds of the interval, a sweep comes after so long for each sleeper. */
  constructor(intervalMsPerSleeper: number) {
    this.#intervalMsPerSleeper = intervalMsPerSleeper;
  }

  /** Adds a source that was just looked at; it leaves the ring it was in. */
  add(turn: Turn, now: number): void {
    if (this.#sleepers.size === 0) this.#dueMs = now + msToBeat(now, INTERVAL_MS_MIN);
    this.#sleepers.add(turn);
  }

  /** When the next sweep is due; for nobody there is none. */
  dueMs(): number {
    return this.#sleepers.size > 0 ? this.#dueMs : Infinity;
  }

  /** Begins a sweep where one is due and none is under way. */
  begin(now: number): void {
    if (this.#at >= 0) return;
    // A clock that was set back must not stop the sweeps.
    if (now < this.#dueMs && now >= this.#dueMs - 2 * INTERVAL_MS_MAX) return;
    this.#dueMs = now + msToBeat(now, this.#intervalMs());
    this.#at = this.#sleepers.size;
  }

  /** The next source of the sweep; undefined where it is over. Those that were looked at may leave. */
  next(): Turn | undefined {
    while (--this.#at >= 0) {
      const turn = this.#sleepers.tryAt(this.#at);
      if (turn !== undefined) return turn;
    }
    return undefined;
  }

  #intervalMs(): number {
    const affordableMs = this.#sleepers.size * this.#intervalMsPerSleeper;
    return Math.min(Math.max(affordableMs, INTERVAL_MS_MIN), INTERVAL_MS_MAX);
  }
}
