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
import { type MakeTemplate, Templates } from "../templates.ts";
import type { SendOutcome } from "./outcome.ts";
import type { KafkaProducer } from "./producer.ts";

/** Sends record batches to one topic. */
export class FlusherKafkaV2 implements Flusher {
  readonly counts: DeliveryCounts = { records: 0, bytes: 0, undeliverable: 0 };
  readonly #kernel: Kernel;
  readonly #producer: KafkaProducer;
  readonly #topic: string;
  readonly #templates: Templates;
  readonly #env: Env;
  readonly #log: Log;
  #open: KernelSlot | undefined;
  /** Who is waiting for the open batch's records. */
  #openTickets: Ticket[] = [];
  #inFlight = 0;
  #wantsOut = false;
  #waiting: (() => void)[] = [];

  constructor(
    kernel: Kernel,
    producer: KafkaProducer,
    topic: string,
    makeTemplate: MakeTemplate,
    env: Env,
    log: Log,
  ) {
    this.#kernel = kernel;
    this.#producer = producer;
    this.#topic = topic;
    this.#templates = new Templates(makeTemplate);
    this.#env = env;
    this.#log = log;
  }

  async deliver(batch: Batch, ticket: Ticket): Promise<void> {
    const template = this.#templates.get(batch.fields);
    this.#wantsOut = false;
    for (let row = 0; row < batch.rows;) {
      this.#open ??= await this.#kernel.takeSlot(this.#env.now);
      const next = this.#kernel.renderRecords(template, row, batch.rows, this.#open);
      if (next > row) this.#hold(ticket);
      if (next < batch.rows) this.#send();
      row = next;
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
    this.#producer.send(this.#topic, slot).then((outcome) => this.#finish(slot, tickets, outcome));
  }

  #finish(slot: KernelSlot, tickets: readonly Ticket[], outcome: SendOutcome): void {
    this.#count(slot, outcome);
    slot.release();
    // An abandoned batch keeps its tickets held: its records are read again after the next start.
    if (outcome.kind !== "abandoned") { for (const ticket of tickets) ticket.release(); }
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
      const what = `${slot.recordCount} records for topic ${this.#topic} can never be delivered`;
      this.#log.throttled(`undeliverable ${this.#topic}`, `${what}: ${outcome.reason}`);
    }
  }
}
