/**
 * Where batches go.
 *
 * @module
 */
import type { Batch } from "./batch.ts";
import type { Position } from "./position.ts";
import type { Ticket } from "./ticket.ts";

/** What a flusher has done since it started; for metrics and the summary at the end. */
export interface DeliveryCounts {
  records: number;
  bytes: number;
  /** Records that can never be delivered. */
  undeliverable: number;
}

/** Delivers batches. Called by one pipeline only, one call at a time. */
export interface Flusher {
  readonly counts: Readonly<DeliveryCounts>;
  /**
   * Takes the batch over: holds `ticket` until its records are delivered for good. Returns or resolves when the batch's memory may be
   * overwritten; waits while too much is in flight, which is what slows reading down. Never rejects: failures are retried or
   * counted.
   *
   * @returns undefined where nothing had to be waited for, which is nearly always.
   */
  deliver(batch: Batch, ticket: Ticket): Promise<void> | undefined;
  /** Nothing more comes for now: what waits for company should go out. */
  idle(): void;
  /** Keeps positions together with the records; undefined: the checkpoint file alone does. */
  readonly positions?: PositionKeeper;
  /** Delivers what is in flight until `deadlineMs` have passed, then gives up on the rest, whose tickets stay held. */
  stop(deadlineMs: number): Promise<void>;
  /** True when nothing will be delivered any more, because somebody else does: nobody needs to wait for it. */
  readonly isReplaced?: boolean;
}

/** Keeps the positions of sources where the records go, so that both are there or neither is. */
export interface PositionKeeper {
  /** The positions that were kept before, by source; known once it is certain that nobody else adds to them. Never rejects. */
  readonly kept: Promise<ReadonlyMap<string, Position>>;
  /** What the ticket stands for has no records to deliver: its position is kept all the same. Not called within `deliver`. */
  pass(ticket: Ticket): void;
  /** Keeps a position beside those of tickets, or, with undefined, forgets one. Not called within `deliver`. */
  note(key: string, position: Position | undefined): void;
}
