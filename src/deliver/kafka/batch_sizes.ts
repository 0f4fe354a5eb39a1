/**
 * How large a flusher's batches may be: as large as the kernel makes them, until a topic has refused one.
 *
 * @module
 */
import type { Log } from "../../core/log.ts";
import type { KernelSlot } from "../../kernel/slot.ts";

/** Batches are not made smaller than this by what a broker refuses. */
const BATCH_BYTES_MIN = 16 * 1024;

/** What the topics have taken so far. */
export class BatchSizes {
  readonly #log: Log;
  #batchBytesMax = Infinity;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Lets a new slot grow to what the topics have taken so far. */
  limit(slot: KernelSlot): void {
    slot.limitTo(this.#batchBytesMax);
  }

  /** The topic takes smaller batches than this one: perhaps half of it. */
  learn(slot: KernelSlot, topic: string): void {
    const learned = `batches of ${slot.batchBytes} bytes are too large for topic ${topic}; smaller ones are sent`;
    const half = Math.max(BATCH_BYTES_MIN, Math.floor(slot.renderedBytes / 2));
    this.#batchBytesMax = Math.min(this.#batchBytesMax, half);
    // Where that is no help, because its records are large, they go one by one.
    if (slot.renderedBytes <= this.#batchBytesMax) slot.narrow(1);
    const remedy = "MaxMessageBytes of the flusher says so from the start";
    this.#log.throttled(`too large ${topic}`, `${learned}. ${remedy}`);
  }

  /** Puts records aside until the batch is as small as the topic wants it. */
  fit(slot: KernelSlot): void {
    while (slot.renderedBytes > this.#batchBytesMax && slot.recordCount > 1) {
      const share = this.#batchBytesMax / slot.renderedBytes;
      slot.narrow(Math.max(1, Math.min(slot.recordCount - 1, Math.floor(slot.recordCount * share))));
    }
  }
}
