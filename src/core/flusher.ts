/**
 * Where batches go.
 *
 * @module
 */
import type { Batch } from "./batch.ts";
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
   * Takes the batch over: holds `ticket` until its records are delivered for good. Resolves when the batch's memory may be
   * overwritten; waits while too much is in flight, which is what slows reading down. Never rejects: failures are retried or
   * counted.
   */
  deliver(batch: Batch, ticket: Ticket): Promise<void>;
  /** Nothing more comes for now: what waits for company should go out. */
  idle(): void;
  /** Delivers what is in flight until `deadlineMs` have passed, then gives up on the rest, whose tickets stay held. */
  stop(deadlineMs: number): Promise<void>;
}
