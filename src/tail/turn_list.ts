/**
 * Sources in a ring, each in one ring at a time. Adding, removing and going on to the next one cost the same however many there are.
 *
 * @module
 */
import { invariant } from "../core/assert.ts";
import type { TailedSource } from "./tailed_source.ts";

/** A source, and the ring it is in. */
export interface Turn {
  readonly tailed: TailedSource;
  /** When it is looked at next, or, while it sleeps, when it is fast asleep. */
  dueMs: number;
  pauseMs: number;
  list: TurnList | undefined;
  index: number;
}

/** One ring. */
export class TurnList {
  readonly #turns: Turn[] = [];
  #at = 0;

  get size(): number {
    return this.#turns.length;
  }

  /** Adds a turn, which leaves the ring it was in. */
  add(turn: Turn): void {
    if (turn.list === this) return;
    turn.list?.remove(turn);
    turn.list = this;
    turn.index = this.#turns.push(turn) - 1;
  }

  /** Takes a turn out: the last one takes its place. */
  remove(turn: Turn): void {
    invariant(turn.list === this, "a turn was taken out of a ring that it is not in");
    turn.list = undefined;
    const last = this.#turns.pop()!;
    if (last === turn) return;
    last.index = turn.index;
    this.#turns[turn.index] = last;
    // The place of the one that was given out last is given out again.
    if (turn.index === this.#at - 1) this.#at--;
  }

  /** The next one in the ring, which is not empty. */
  next(): Turn {
    if (this.#at >= this.#turns.length) this.#at = 0;
    return this.#turns[this.#at++];
  }

  get all(): readonly Turn[] {
    return this.#turns;
  }

  tryAt(index: number): Turn | undefined {
    return this.#turns[index];
  }

  /** When the first one is due; Infinity for none. */
  dueMs(): number {
    return this.#turns.reduce((least, { dueMs }) => Math.min(least, dueMs), Infinity);
  }
}
