/**
 * The flusher `flusher_kafka_v2`: gathers the records of many sources into record batches and hands them to the producer. A batch goes
 * out when it is full, or when nothing more comes and nothing is on its way: an idle agent does not wait, a busy one fills its
 * batches. The kernel's slots are the window: when all are in flight, reading waits.
 *
 * @module
 */
import type { Batch } from "../../core/batch.ts";
import type { Env } from "../../core/env.ts";
import type { DeliveryCounts, Flusher } from "../../core/flusher.ts";
import type { Log } from "../../core/log.ts";
import type { Ticket } from "../../core/ticket.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import type { KernelSlot } from "../../kernel/slot.ts";
import type { DeadLetters } from "../dead_letters.ts";
import type { MessageForm } from "../message_form.ts";
import { type MessageRows, MessageRowsMaker } from "../message_rows.ts";
import type { SendOutcome } from "./outcome.ts";
import type { KafkaProducer } from "./producer.ts";

/** Batches are not made smaller than this by what a broker refuses. */
const BATCH_BYTES_MIN = 16 * 1024;

/** Sends record batches to one topic. */
export class FlusherKafkaV2 implements Flusher {
  readonly counts: DeliveryCounts = { records: 0, bytes: 0, undeliverable: 0 };
  readonly #kernel: Kernel;
  readonly #producer: KafkaProducer;
  readonly #topic: string;
  readonly #messages: MessageRowsMaker;
  readonly #deadLetters: DeadLetters;
  readonly #env: Env;
  readonly #log: Log;
  #open: KernelSlot | undefined;
  /** Who is waiting for the open batch's records. */
  #openTickets: Ticket[] = [];
  #inFlight = 0;
  #batchBytesMax = Infinity;
  #wantsOut = false;
  #waiting: (() => void)[] = [];

  constructor(
    kernel: Kernel,
    producer: KafkaProducer,
    topic: string,
    form: MessageForm,
    deadLetters: DeadLetters,
    env: Env,
    log: Log,
  ) {
    this.#deadLetters = deadLetters;
    this.#kernel = kernel;
    this.#producer = producer;
    this.#topic = topic;
    this.#messages = new MessageRowsMaker(kernel, form);
    this.#env = env;
    this.#log = log;
  }

  async deliver(batch: Batch, ticket: Ticket): Promise<void> {
    this.#wantsOut = false;
    for (const portion of this.#messages.rowsOf(batch, (message) => this.#refuse(message))) {
      await this.#render(portion, ticket);
    }
  }

  idle(): void {
    this.#wantsOut = this.#open !== undefined;
    if (this.#inFlight === 0) this.#send();
  }

  async stop(deadlineMs: number): Promise<void> {
    this.#send();
    const gaveUp = new AbortController();
    await Promise.race([this.#drained(), this.#env.sleep(deadlineMs, gaveUp.signal)]);
    gaveUp.abort();
  }

  async #render({ template, rows }: MessageRows, ticket: Ticket): Promise<void> {
    for (let row = 0; row < rows;) {
      this.#open ??= await this.#takeSlot();
      const next = this.#kernel.renderRecords(template, row, rows, this.#open);
      if (next > row) this.#hold(ticket);
      if (next < rows) this.#send();
      row = next;
    }
  }

  #refuse(message: string): void {
    this.counts.undeliverable++;
    const reason = `it is longer than a batch of ${this.#kernel.limits.batchBytesMax} bytes takes`;
    this.#deadLetters.add(this.#topic, reason, [new TextEncoder().encode(message)]);
  }

  async #takeSlot(): Promise<KernelSlot> {
    const slot = await this.#kernel.takeSlot(this.#env.now);
    slot.limitTo(Math.min(this.#batchBytesMax, this.#kernel.limits.batchBytesMax));
    return slot;
  }

  async #drained(): Promise<void> {
    while (this.#inFlight > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #hold(ticket: Ticket): void {
    ticket.hold();
    this.#openTickets.push(ticket);
  }

  #send(): void {
    const slot = this.#open;
    if (slot === undefined) return;
    const tickets = this.#openTickets;
    this.#open = undefined;
    this.#openTickets = [];
    this.#wantsOut = false;
    this.#inFlight++;
    void this.#deliverSlot(slot).then((isSettled) => this.#finish(slot, tickets, isSettled));
  }

  /** Sends a slot's records, in parts where the broker finds them too large. Returns false when they were abandoned. */
  async #deliverSlot(slot: KernelSlot): Promise<boolean> {
    for (;;) {
      this.#fit(slot);
      const outcome = await this.#producer.send(this.#topic, slot);
      if (outcome.kind === "abandoned") return false;
      if (outcome.kind === "undeliverable" && outcome.tooLarge && slot.recordCount > 1) this.#learn(slot);
      else {
        this.#count(slot, outcome);
        if (!slot.takeRest()) return true;
      }
    }
  }

  /** The topic takes smaller batches than this one: perhaps half of it. */
  #learn(slot: KernelSlot): void {
    const half = Math.max(BATCH_BYTES_MIN, Math.floor(slot.batchBytes / 2));
    this.#batchBytesMax = Math.min(this.#batchBytesMax, half);
    // Where that is no help, because its records are large, they go one by one.
    if (slot.batchBytes <= this.#batchBytesMax) slot.narrow(1);
    const learned = `batches of ${slot.batchBytes} bytes are too large for topic ${this.#topic}; smaller ones are sent`;
    const remedy = "MaxMessageBytes of the flusher says so from the start";
    this.#log.throttled(`too large ${this.#topic}`, `${learned}. ${remedy}`);
  }

  /** Puts records aside until the batch is as small as the topic wants it. */
  #fit(slot: KernelSlot): void {
    while (slot.batchBytes > this.#batchBytesMax && slot.recordCount > 1) {
      const share = this.#batchBytesMax / slot.batchBytes;
      slot.narrow(Math.max(1, Math.min(slot.recordCount - 1, Math.floor(slot.recordCount * share))));
    }
  }

  #finish(slot: KernelSlot, tickets: readonly Ticket[], isSettled: boolean): void {
    slot.release();
    // An abandoned batch keeps its tickets held: its records are read again after the next start.
    if (isSettled) { for (const ticket of tickets) ticket.release(); }
    this.#inFlight--;
    if (this.#wantsOut && this.#inFlight === 0) this.#send();
    for (const resume of this.#waiting.splice(0)) resume();
  }

  #count(slot: KernelSlot, outcome: SendOutcome): void {
    if (outcome.kind === "acknowledged") {
      this.counts.records += slot.recordCount;
      this.counts.bytes += slot.batchBytes;
    } else if (outcome.kind === "undeliverable") {
      this.counts.undeliverable += slot.recordCount;
      this.#deadLetters.add(this.#topic, outcome.reason, slot.messages());
    }
  }
}
