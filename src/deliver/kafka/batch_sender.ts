/**
 * Sends a flusher's batches: in parts where a broker finds them too large, and settles what was waiting for them.
 *
 * @module
 */
import type { Env } from "../../core/env.ts";
import type { DeliveryCounts } from "../../core/flusher.ts";
import type { Log } from "../../core/log.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import type { KernelSlot } from "../../kernel/slot.ts";
import type { DeadLetters } from "../dead_letters.ts";
import { BatchSizes } from "./batch_sizes.ts";
import { lettersOf, originsFrom } from "./letters_of.ts";
import { type Destination, keyOf, type OpenBatch } from "./open_batches.ts";
import type { SendOutcome } from "./outcome.ts";
import type { KafkaProducer } from "./producer.ts";

/** What sending needs. */
interface BatchSenderParts {
  readonly kernel: Kernel;
  readonly producer: KafkaProducer;
  readonly deadLetters: DeadLetters;
  readonly env: Env;
  readonly log: Log;
}

/** Takes a flusher's batches over. */
export interface BatchCarrier {
  /** Number of batches on their way. */
  readonly inFlight: number;
  /** Whether a batch for this destination is on its way. */
  isSendingTo(destination: Destination): boolean;
  /** Takes a slot that may grow to what the topics have taken so far; waits while all are in use. */
  takeSlot(): Promise<KernelSlot>;
  /** Takes such a slot; undefined where it must be waited for. */
  tryTakeSlot(): KernelSlot | undefined;
  send(open: OpenBatch): void;
  /** Resolves when nothing is on its way. */
  drained(): Promise<void>;
}

/** The batches of one flusher that are on their way. */
export class BatchSender implements BatchCarrier {
  readonly #parts: BatchSenderParts;
  readonly #counts: DeliveryCounts;
  readonly #onDone: () => void;
  #inFlight = 0;
  /** The number of batches on their way to each destination that has any. */
  readonly #inFlightTo = new Map<string, number>();
  readonly #sizes: BatchSizes;
  #waiting: (() => void)[] = [];

  /**
   * @param counts are kept.
   * @param onDone called after each batch, acknowledged or not.
   */
  constructor(parts: BatchSenderParts, counts: DeliveryCounts, onDone: () => void) {
    this.#parts = parts;
    this.#counts = counts;
    this.#onDone = onDone;
    this.#sizes = new BatchSizes(parts.log);
  }

  /** Number of batches on their way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether a batch for this destination is on its way. */
  isSendingTo(destination: Destination): boolean {
    return this.#inFlightTo.has(keyOf(destination));
  }

  /** Takes a slot that may grow to what the topics have taken so far; waits while all are in use. */
  async takeSlot(): Promise<KernelSlot> {
    const slot = await this.#parts.kernel.takeSlot(this.#parts.env.now);
    this.#sizes.limit(slot);
    return slot;
  }

  tryTakeSlot(): KernelSlot | undefined {
    const slot = this.#parts.kernel.tryTakeSlot(this.#parts.env.now);
    if (slot !== undefined) this.#sizes.limit(slot);
    return slot;
  }

  /** Takes a batch over. */
  send(open: OpenBatch): void {
    const { slot, tickets, destination } = open;
    this.#countInFlight(destination, 1);
    void this.#deliver(open).then((isSettled) => {
      slot.release();
      // An abandoned batch keeps its tickets held: its records are read again after the next start.
      if (isSettled) { for (const ticket of tickets) ticket.release(); }
      this.#countInFlight(destination, -1);
      this.#onDone();
      for (const resume of this.#waiting.splice(0)) resume();
    });
  }

  /** Resolves when nothing is on its way. */
  async drained(): Promise<void> {
    while (this.#inFlight > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #countInFlight(destination: Destination, change: 1 | -1): void {
    this.#inFlight += change;
    const key = keyOf(destination);
    const count = (this.#inFlightTo.get(key) ?? 0) + change;
    if (count > 0) this.#inFlightTo.set(key, count);
    else this.#inFlightTo.delete(key);
  }

  /** Sends a slot's records, in parts where the broker finds them too large. Returns false when they were abandoned. */
  async #deliver({ slot, destination: { topic, placement }, origins }: OpenBatch): Promise<boolean> {
    for (let done = 0;;) {
      this.#sizes.fit(slot);
      const outcome = await this.#parts.producer.send(topic, slot, placement);
      if (outcome.kind === "abandoned") return false;
      if (outcome.kind === "undeliverable" && outcome.tooLarge && slot.recordCount > 1) this.#sizes.learn(slot, topic);
      else {
        this.#count(slot, outcome);
        if (outcome.kind === "undeliverable") {
          const letters = lettersOf(slot.records, originsFrom(origins, done));
          this.#parts.deadLetters.add(topic, outcome.reason, letters);
        }
        done += slot.recordCount;
        if (!slot.takeRest()) return true;
      }
    }
  }

  #count(slot: KernelSlot, outcome: SendOutcome): void {
    if (outcome.kind === "acknowledged") {
      this.#counts.records += slot.recordCount;
      this.#counts.bytes += slot.batchBytes;
    } else if (outcome.kind === "undeliverable") {
      this.#counts.undeliverable += slot.recordCount;
    }
  }
}
