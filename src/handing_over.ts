/**
 * Hands batches to the flushers of a pipeline, one after the other, and knows whether that hangs.
 *
 * @module
 */
import { type Batch, recordCountOf } from "./core/batch.ts";
import type { Env } from "./core/env.ts";
import type { Flusher, PositionKeeper } from "./core/flusher.ts";
import type { Ticket } from "./core/ticket.ts";

/** A delivery that takes so long is one that hangs. */
const BLOCKED_AFTER_MS = 1000;

/** The way from one pipeline to its flushers. One batch at a time. */
export class HandingOver {
  readonly #flushers: readonly Flusher[];
  readonly #keeper: PositionKeeper | undefined;
  readonly #env: Env;
  /** Since when a batch waits for its delivery; `Infinity` while none does. */
  #waitingSinceMs = Infinity;

  constructor(flushers: readonly Flusher[], keeper: PositionKeeper | undefined, env: Env) {
    this.#flushers = flushers;
    this.#keeper = keeper;
    this.#env = env;
  }

  /** Whether a batch has been waiting for its delivery for long. */
  get isBlocked(): boolean {
    return this.#env.now() - this.#waitingSinceMs >= BLOCKED_AFTER_MS;
  }

  /**
   * Delivers a batch; the hold that its ticket was born with is released then.
   *
   * @returns undefined where nothing had to be waited for; otherwise the batch's memory must stay as it is until then.
   */
  deliver(batch: Batch, ticket: Ticket): Promise<void> | undefined {
    const isEmpty = recordCountOf(batch) === 0;
    if (isEmpty) this.#keeper?.pass(ticket);
    const delivering = isEmpty ? undefined : this.#deliverFrom(0, batch, ticket);
    if (delivering === undefined) return void ticket.release();
    this.#waitingSinceMs = this.#env.now();
    return delivering.then(() => {
      this.#waitingSinceMs = Infinity;
      ticket.release();
    });
  }

  #deliverFrom(first: number, batch: Batch, ticket: Ticket): Promise<void> | undefined {
    for (let index = first; index < this.#flushers.length; index++) {
      const delivering = this.#flushers[index].deliver(batch, ticket);
      if (delivering !== undefined) return delivering.then(() => this.#deliverFrom(index + 1, batch, ticket));
    }
    return undefined;
  }
}
