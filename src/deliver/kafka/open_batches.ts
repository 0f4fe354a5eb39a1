/**
 * The batches that fill: one for each topic and placement that records go to, and no more than so many at a time.
 *
 * @module
 */
import { invariant } from "../../core/assert.ts";
import type { Ticket } from "../../core/ticket.ts";
import type { KernelSlot } from "../../kernel/slot.ts";
import type { LetterOrigin } from "../dead_letters.ts";
import type { Placement } from "./partitioner.ts";

/** A topic and which of its partitions. */
export interface Destination {
  readonly topic: string;
  readonly placement: Placement;
}

/** Where so many records of a batch came from. */
export interface RecordsOrigin extends LetterOrigin {
  records: number;
}

/** A batch that fills, and who waits for its records. */
export interface OpenBatch {
  readonly destination: Destination;
  /** Milliseconds since the epoch. */
  readonly openedAtMs: number;
  readonly slot: KernelSlot;
  readonly tickets: Ticket[];
  /** Of all its records, in their order. */
  readonly origins: RecordsOrigin[];
}

/** The batches that fill. */
export class OpenBatches {
  readonly #countMax: number;
  readonly #batches = new Map<string, OpenBatch>();
  /** The one that was asked for last: usually there is no other. */
  #last: OpenBatch | undefined;

  /** @param countMax that may be open at a time. */
  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  get size(): number {
    return this.#batches.size;
  }

  /** Whether one more would be too many. */
  get isFull(): boolean {
    return this.#batches.size >= this.#countMax;
  }

  tryGet(destination: Destination): OpenBatch | undefined {
    const { topic, placement } = this.#last?.destination ?? {};
    if (topic === destination.topic && placement === destination.placement) return this.#last;
    return this.#last = this.#batches.get(keyOf(destination));
  }

  add(batch: OpenBatch): void {
    invariant(!this.isFull && this.tryGet(batch.destination) === undefined, "a batch was opened too many");
    this.#batches.set(keyOf(batch.destination), batch);
  }

  /** Takes a batch out. @returns whether it was there. */
  take(batch: OpenBatch): boolean {
    if (this.tryGet(batch.destination) !== batch) return false;
    this.#last = undefined;
    return this.#batches.delete(keyOf(batch.destination));
  }

  /** The one with the most bytes; undefined where there is none. */
  largest(): OpenBatch | undefined {
    let largest: OpenBatch | undefined;
    for (const batch of this.#batches.values()) {
      if (largest === undefined || batch.slot.renderedBytes > largest.slot.renderedBytes) largest = batch;
    }
    return largest;
  }

  all(): OpenBatch[] {
    return [...this.#batches.values()];
  }
}

/** What is the same text for the same destination. */
export function keyOf({ topic, placement }: Destination): string {
  return `${topic} ${placement}`;
}
