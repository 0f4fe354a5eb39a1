/**
 * Sends a flusher's batches: in parts where a broker finds them too large, and settles what was waiting for them.
 *
 * @module
 */
import type { DeliveryCounts } from "../../core/flusher.ts";
import type { Log } from "../../core/log.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import { recordsIn } from "../../kernel/records.ts";
import type { KernelSlot } from "../../kernel/slot.ts";
import type { DeadLetters, Undeliverable } from "../dead_letters.ts";
import { type Destination, keyOf, type OpenBatch, type RecordsOrigin } from "./open_batches.ts";
import type { SendOutcome } from "./outcome.ts";
import type { KafkaProducer } from "./producer.ts";

/** Batches are not made smaller than this by what a broker refuses. */
const BATCH_BYTES_MIN = 16 * 1024;

/** What sending needs. */
interface BatchSenderParts {
  readonly kernel: Kernel;
  readonly producer: KafkaProducer;
  readonly deadLetters: DeadLetters;
  readonly log: Log;
}

/** The batches of one flusher that are on their way. */
export class BatchSender {
  readonly #parts: BatchSenderParts;
  readonly #counts: DeliveryCounts;
  readonly #onDone: () => void;
  #inFlight = 0;
  /** The number of batches on their way to each destination that has any. */
  readonly #inFlightTo = new Map<string, number>();
  #batchBytesMax = Infinity;
  #waiting: (() => void)[] = [];

  /**
   * @param counts are kept.
   * @param onDone called after each batch, acknowledged or not.
   */
  constructor(parts: BatchSenderParts, counts: DeliveryCounts, onDone: () => void) {
    this.#parts = parts;
    this.#counts = counts;
    this.#onDone = onDone;
  }

  /** Number of batches on their way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether a batch for this destination is on its way. */
  isSendingTo(destination: Destination): boolean {
    return this.#inFlightTo.has(keyOf(destination));
  }

  /** Lets a new slot grow to what the topics have taken so far. */
  limit(slot: KernelSlot): void {
    slot.limitTo(this.#batchBytesMax);
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
      this.#fit(slot);
      const outcome = await this.#parts.producer.send(topic, slot, placement);
      if (outcome.kind === "abandoned") return false;
      if (outcome.kind === "undeliverable" && outcome.tooLarge && slot.recordCount > 1) this.#learn(slot, topic);
      else {
        this.#count(slot, outcome);
        if (outcome.kind === "undeliverable") this.#bury(slot, topic, outcome.reason, originsFrom(origins, done));
        done += slot.recordCount;
        if (!slot.takeRest()) return true;
      }
    }
  }

  /** The topic takes smaller batches than this one: perhaps half of it. */
  #learn(slot: KernelSlot, topic: string): void {
    const learned = `batches of ${slot.batchBytes} bytes are too large for topic ${topic}; smaller ones are sent`;
    const half = Math.max(BATCH_BYTES_MIN, Math.floor(slot.renderedBytes / 2));
    this.#batchBytesMax = Math.min(this.#batchBytesMax, half);
    // Where that is no help, because its records are large, they go one by one.
    if (slot.renderedBytes <= this.#batchBytesMax) slot.narrow(1);
    const remedy = "MaxMessageBytes of the flusher says so from the start";
    this.#parts.log.throttled(`too large ${topic}`, `${learned}. ${remedy}`);
  }

  /** Puts records aside until the batch is as small as the topic wants it. */
  #fit(slot: KernelSlot): void {
    while (slot.renderedBytes > this.#batchBytesMax && slot.recordCount > 1) {
      const share = this.#batchBytesMax / slot.renderedBytes;
      slot.narrow(Math.max(1, Math.min(slot.recordCount - 1, Math.floor(slot.recordCount * share))));
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

  #bury({ records }: KernelSlot, topic: string, reason: string, origins: Iterator<RecordsOrigin>): void {
    const letters = recordsIn(records, 0, records.length).map(({ key, value }): Undeliverable => {
      const { value: origin } = origins.next();
      const keyText = key && new TextDecoder().decode(key);
      return { message: value, ...(keyText !== undefined && { key: keyText }), ...(origin && { origin }) };
    });
    this.#parts.deadLetters.add(topic, reason, letters);
  }
}

/** The origin of each record of a batch, but for the first `done`. */
function* originsFrom(origins: readonly RecordsOrigin[], done: number): Generator<RecordsOrigin, undefined> {
  let passed = 0;
  for (const origin of origins) {
    const first = Math.max(0, done - passed);
    for (let count = first; count < origin.records; count++) yield origin;
    passed += origin.records;
  }
}
