/**
 * The claim that a batch has on a stretch of its source. Whoever still needs the stretch read again after a crash holds the
 * ticket: the pipeline while it hands the batch over, each flusher while records are on their way.
 *
 * @module
 */
import { invariant } from "./assert.ts";
import type { Position } from "./position.ts";

/** What a ticket stands for. */
export interface Claim {
  readonly sourceKey: string;
  /** Where reading goes on once the ticket and all of the source before it are settled. */
  readonly position: Position;
}

/** Settles when every holder has let go of it. Born with one hold. */
export class Ticket {
  readonly claim: Claim | undefined;
  #holds = 1;
  readonly #settle: () => void;

  /** @param settle called once, when the last hold is released. */
  constructor(settle: () => void, claim?: Claim) {
    this.claim = claim;
    this.#settle = settle;
  }

  /** Adds a hold. */
  hold(): void {
    invariant(this.#holds > 0, "a settled ticket was held again");
    this.#holds++;
  }

  /** Takes a hold away. */
  release(): void {
    invariant(this.#holds > 0, "a ticket was released too often");
    if (--this.#holds === 0) this.#settle();
  }
}
