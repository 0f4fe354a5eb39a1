/**
 * What one transaction holds until it is committed: batches, whose records stay in memory so that they can be sent again, the tickets of where
 * they came from, and the positions that are committed with them.
 *
 * @module
 */
import { invariant } from "../../../core/assert.ts";
import type { Position } from "../../../core/position.ts";
import type { Ticket } from "../../../core/ticket.ts";
import type { KernelSlot } from "../../../kernel/slot.ts";
import type { OpenBatch } from "../open_batches.ts";
import { MemoryBatch } from "./memory_batch.ts";

/** One batch of a transaction. */
export class TransactionBatch {
  readonly open: OpenBatch;
  state: "unsent" | "sending" | "acknowledged" = "unsent";
  /** Records that were acknowledged by the session that is no more, or whose slot was needed. */
  readonly parts: MemoryBatch[] = [];
  /** So many of its records are in `parts`, or undeliverable. */
  done = 0;
  /** So many of its records never will be delivered. */
  undeliverable = 0;
  /** What is left of it; undefined: nothing. */
  slot: KernelSlot | undefined;

  constructor(open: OpenBatch) {
    this.open = open;
    this.slot = open.slot;
  }

  /** Records that it delivers. */
  get recordCount(): number {
    return this.open.origins.reduce((sum, { records }) => sum + records, 0) - this.undeliverable;
  }

  /** Bytes of record batches, as they were sent last. */
  get batchBytes(): number {
    return this.parts.reduce((sum, part) => sum + part.batchBytes, this.slot?.batchBytes ?? 0);
  }

  /** Copies what is in the slot, which was acknowledged and may have to be sent again. The slot goes on to what was put aside. */
  keepPart(): void {
    this.parts.push(MemoryBatch.copyOf(this.slot!));
    this.#takeRest();
  }

  /** What is in the slot will never be delivered. The slot goes on to what was put aside. */
  dropPart(): void {
    this.undeliverable += this.slot!.recordCount;
    this.#takeRest();
  }

  /** Gives the slot back to the kernel. */
  freeSlot(): void {
    this.slot?.release();
    this.slot = undefined;
  }

  #takeRest(): void {
    const { slot } = this;
    invariant(slot !== undefined, "a batch without a slot has no rest");
    this.done += slot.recordCount;
    if (!slot.takeRest()) this.freeSlot();
  }
}

/** One transaction. */
export class Transaction {
  readonly batches: TransactionBatch[] = [];
  readonly tickets: Ticket[] = [];
  /** By source; undefined: it is forgotten. */
  readonly positions = new Map<string, Position | undefined>();
  /** When the first of all this came; undefined: there is nothing. */
  openedAtMs: number | undefined;

  get isEmpty(): boolean {
    return this.openedAtMs === undefined;
  }

  /** Whether there are only positions: no hurry. */
  get isWithoutRecords(): boolean {
    return this.tickets.length === 0;
  }

  get isAcknowledged(): boolean {
    return this.batches.every(({ state }) => state === "acknowledged");
  }

  /** Batches whose slots it holds. */
  get slotCount(): number {
    return this.batches.reduce((count, { slot }) => count + (slot === undefined ? 0 : 1), 0);
  }

  begin(nowMs: number): void {
    this.openedAtMs ??= nowMs;
  }

  /** Nothing of it has arrived: all of it is to be sent. */
  rewind(): void {
    for (const batch of this.batches) batch.state = "unsent";
  }

  /** It is committed: everything is let go of. */
  settle(): void {
    for (const batch of this.batches) batch.freeSlot();
    for (const { open } of this.batches) for (const ticket of open.tickets) ticket.release();
    for (const ticket of this.tickets) ticket.release();
  }
}
