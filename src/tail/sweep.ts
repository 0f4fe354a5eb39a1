/**
 * Looking at sources that sleep all together, every so often, so that ten thousand of them wake the loop up no more often than one.
 * A sweep can be stopped at any source and goes on there.
 *
 * @module
 */
import { msToWholeSecond } from "../core/pace.ts";
import { type Turn, TurnList } from "./turn_list.ts";

/** A sweep may come so much early, so that it shares its wake-up with others. */
const SLACK_MS = 500;

/** Sources that sleep, and where the sweep over them is. */
export class Sweep {
  readonly sleepers = new TurnList();
  readonly #intervalMs: number;
  /** -1: none is under way. */
  #at = -1;
  #dueMs = 0;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** When the next sweep is due; for nobody there is none. */
  dueMs(): number {
    return this.sleepers.size > 0 ? this.#dueMs : Infinity;
  }

  /** Begins a sweep where one is due and none is under way. @returns whether it did. */
  begin(now: number): boolean {
    if (this.#at >= 0) return false;
    // A clock that was set back must not stop the sweeps.
    if (now < this.#dueMs && now >= this.#dueMs - 2 * this.#intervalMs) return false;
    this.#dueMs = now + msToWholeSecond(now, this.#intervalMs - SLACK_MS);
    this.#at = this.sleepers.size;
    return true;
  }

  /** The next source of the sweep; undefined where it is over. Those that were looked at may leave. */
  next(): Turn | undefined {
    while (--this.#at >= 0) {
      const turn = this.sleepers.tryAt(this.#at);
      if (turn !== undefined) return turn;
    }
    return undefined;
  }
}
