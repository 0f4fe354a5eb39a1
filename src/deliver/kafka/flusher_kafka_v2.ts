/**
 * The flusher `flusher_kafka_v2`: gathers the records of many sources into record batches and hands them to the producer. A batch goes
 * out when it is full, or when nothing more comes and nothing is on its way: an idle agent does not wait, a busy one fills its
 * batches. No destination waits for another: after a second, a batch goes out as soon as nothing is on its way to where it goes. The
 * kernel's slots are the window: when all are in flight, reading waits.
 *
 * Where topic and key are the same for all records of a batch, these are rendered as they were decoded. Otherwise they become text
 * and are sorted by where they go.
 *
 * @module
 */
import type { Batch } from "../../core/batch.ts";
import type { Env } from "../../core/env.ts";
import type { DeliveryCounts, Flusher } from "../../core/flusher.ts";
import type { Log } from "../../core/log.ts";
import type { Ticket } from "../../core/ticket.ts";
import { Envelope, type RecordHeader } from "../../kernel/envelope.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import { recordTexts } from "../../kernel/record_texts.ts";
import type { BatchCodec } from "../../kernel/record_packer.ts";
import { KEY_COLUMN, type RowText } from "../../kernel/text_rows.ts";
import type { DeadLetters, LetterOrigin, Undeliverable } from "../dead_letters.ts";
import type { MessageForm } from "../message_form.ts";
import { type MessageRows, MessageRowsMaker } from "../message_rows.ts";
import type { KernelSlot } from "../../kernel/slot.ts";
import { type BatchCarrier, BatchSender } from "./batch_sender.ts";
import { type Destination, type OpenBatch, OpenBatches } from "./open_batches.ts";
import { type KeyPartitioner, partitionOf, type Placement } from "./partitioner.ts";
import type { KafkaProducer } from "./producer.ts";
import { groupRecords, type RefusedRecord } from "./record_groups.ts";
import type { RecordRouter, Route } from "./record_router.ts";

/** How long a batch waits for company at most where nothing is on its way to its destination. */
const COMPANY_MS_MAX = 1000;

/** What makes records of a flusher what they are. */
export interface FlusherKafkaV2Parts {
  readonly kernel: Kernel;
  readonly producer: KafkaProducer;
  readonly router: RecordRouter;
  readonly form: MessageForm;
  readonly deadLetters: DeadLetters;
  readonly env: Env;
  readonly log: Log;
}

/** How records of a flusher are put into batches. */
export interface BatchingOptions {
  /** Where batches without a key go; those with one go where it leads by this hash. */
  readonly partitioner: "random" | "roundrobin" | KeyPartitioner;
  readonly headers: readonly RecordHeader[];
  readonly codec: BatchCodec | undefined;
  /** Records of one batch at most. */
  readonly recordsMax: number;
  /** How long a batch waits for company; 0: only while others are on their way. */
  readonly lingerMs: number;
  /** Batches that fill at a time: the more, the fuller they get where records go to many places. */
  readonly openMax: number;
}

/** Sends record batches to one topic, or to many. */
export class FlusherKafkaV2 implements Flusher {
  readonly counts: DeliveryCounts = { records: 0, bytes: 0, undeliverable: 0 };
  readonly #parts: FlusherKafkaV2Parts;
  readonly #options: BatchingOptions;
  readonly #messages: MessageRowsMaker;
  readonly #sender: BatchCarrier;
  readonly #open: OpenBatches;
  readonly #keyed: Envelope;
  readonly #stopped = new AbortController();
  /** The envelope of the last key that all records of a batch had. */
  #envelope: { readonly key: string | undefined; readonly envelope: Envelope };
  /** Where the records of the last route go. */
  #last: { readonly route: Route; readonly destination: Destination } | undefined;
  #wantsOut = false;

  /** @param makeSender makes what takes the batches over and keeps the counts; by default it sends them at once. */
  constructor(
    parts: FlusherKafkaV2Parts,
    options: BatchingOptions,
    makeSender: (counts: DeliveryCounts) => BatchCarrier = (counts) =>
      new BatchSender(parts, counts, () => this.#delivered()),
  ) {
    this.#parts = parts;
    this.#options = options;
    this.#messages = new MessageRowsMaker(parts.kernel, parts.form);
    this.#sender = makeSender(this.counts);
    this.#open = new OpenBatches(options.openMax);
    this.#keyed = new Envelope({ column: KEY_COLUMN }, options.headers);
    this.#envelope = { key: undefined, envelope: new Envelope(undefined, options.headers) };
  }

  deliver(batch: Batch, ticket: Ticket): Promise<void> | undefined {
    this.#wantsOut = false;
    this.#sendOverdue();
    const route = this.#parts.router.tryCommon(batch);
    if (route === undefined || "refusal" in route) return this.#deliverSorted(batch, ticket);
    const destination = this.#destinationOf(route);
    if (!(destination instanceof Promise)) return this.#deliverTo(destination, route.key, batch, ticket);
    return destination.then((known) => this.#deliverTo(known, route.key, batch, ticket));
  }

  idle(): void {
    if (this.#options.lingerMs > 0) return;
    this.#wantsOut = this.#open.size > 0;
    if (this.#sender.inFlight === 0) this.#sendAll();
    else this.#sendOverdue();
  }

  /** Hands over what fills. */
  flush(): void {
    this.#sendAll();
  }

  async stop(deadlineMs: number): Promise<void> {
    this.#stopped.abort();
    this.#sendAll();
    const gaveUp = new AbortController();
    await Promise.race([this.#sender.drained(), this.#parts.env.sleep(deadlineMs, gaveUp.signal)]);
    gaveUp.abort();
  }

  #deliverTo(to: Destination, key: string | undefined, batch: Batch, ticket: Ticket): Promise<void> | undefined {
    const origin = originOf(batch);
    const refuse = (message: RowText) => this.#refuseLong(to.topic, message, key, origin);
    const portions = this.#messages.rowsOf(batch, refuse)[Symbol.iterator]();
    return this.#renderAll(portions, to, this.#envelopeOf(key), { ticket, origin });
  }

  async #deliverSorted(batch: Batch, ticket: Ticket): Promise<void> {
    const { kernel, router } = this.#parts;
    const records = batch.records ?? recordTexts(kernel, batch);
    const { groups, refused } = await groupRecords(records, router, (topic, key) => this.#place(topic, key));
    const origin = originOf(batch);
    for (const one of refused) this.#refuse(one, origin);
    for (const { destination, records, keys } of groups) {
      const envelope = keys.length > 0 ? this.#keyed : this.#envelopeOf(undefined);
      const refuse = (message: RowText, index: number) =>
        this.#refuseLong(destination.topic, message, keys[index], origin);
      for (const portion of this.#messages.textRows(records, refuse, keys.length > 0 ? keys : undefined)) {
        await this.#render(portion, destination, envelope, { ticket, origin });
      }
    }
  }

  #destinationOf(route: Exclude<Route, { readonly refusal: string }>): Destination | Promise<Destination> {
    if (this.#last?.route === route) return this.#last.destination;
    const { topic, key } = route;
    const placement = this.#place(topic, key);
    if (placement instanceof Promise) return placement.then((known) => ({ topic, placement: known }));
    const destination = { topic, placement };
    // A key's place changes with the number of partitions.
    if (typeof placement === "string") this.#last = { route, destination };
    return destination;
  }

  #place(topic: string, key: string | undefined): Placement | Promise<Placement> {
    const { partitioner } = this.#options;
    if (partitioner === "random" || partitioner === "roundrobin") return partitioner;
    if (key === undefined) return "random";
    const known = this.#parts.producer.knownPartitions(topic);
    if (known !== undefined) return partitionOf(partitioner, key, known);
    return this.#parts.producer.partitions(topic).then((count) => partitionOf(partitioner, key, count));
  }

  #envelopeOf(key: string | undefined): Envelope {
    if (this.#envelope.key !== key) this.#envelope = { key, envelope: new Envelope(key, this.#options.headers) };
    return this.#envelope.envelope;
  }

  /** Goes on later only where a slot must be waited for: a promise for each batch costs as much as rendering twenty records. */
  #renderAll(
    portions: Iterator<MessageRows>,
    to: Destination,
    envelope: Envelope,
    taken: TakenBatch,
  ): Promise<void> | undefined {
    for (let next = portions.next(); !next.done; next = portions.next()) {
      const rendering = this.#render(next.value, to, envelope, taken);
      if (rendering !== undefined) return rendering.then(() => this.#renderAll(portions, to, envelope, taken));
    }
    return undefined;
  }

  #render(
    rows: MessageRows,
    to: Destination,
    envelope: Envelope,
    taken: TakenBatch,
    rowFrom = rows.rowFrom,
  ): Promise<void> | undefined {
    for (let row = rowFrom; row < rows.rowTo;) {
      const open = this.#open.tryGet(to) ?? this.#tryOpenBatch(to);
      if (open === undefined) return this.#openBatch(to).then(() => this.#render(rows, to, envelope, taken, row));
      const rowTo = Math.min(rows.rowTo, row + this.#options.recordsMax - open.slot.recordCount);
      const next = this.#parts.kernel.renderRecords(rows.template, row, rowTo, open.slot, envelope);
      if (next > row) this.#hold(open, taken, next - row);
      if (next < rows.rowTo) this.#send(open);
      row = next;
    }
    return undefined;
  }

  #hold({ tickets, origins }: OpenBatch, { ticket, origin }: TakenBatch, records: number): void {
    if (tickets[tickets.length - 1] === ticket) {
      origins[origins.length - 1].records += records;
      return;
    }
    ticket.hold();
    tickets.push(ticket);
    origins.push({ ...origin, records });
  }

  #tryOpenBatch(destination: Destination): OpenBatch | undefined {
    if (this.#open.isFull) this.#send(this.#open.largest()!);
    const slot = this.#sender.tryTakeSlot();
    return slot && this.#begin(destination, slot);
  }

  async #openBatch(destination: Destination): Promise<void> {
    this.#begin(destination, await this.#sender.takeSlot());
  }

  #begin(destination: Destination, slot: KernelSlot): OpenBatch {
    slot.compressWith(this.#options.codec);
    const open = { destination, openedAtMs: this.#parts.env.now(), slot, tickets: [], origins: [] };
    this.#open.add(open);
    if (this.#options.lingerMs > 0) void this.#sendLater(open);
    return open;
  }

  async #sendLater(open: OpenBatch): Promise<void> {
    await this.#parts.env.sleep(this.#options.lingerMs, this.#stopped.signal);
    if (open.slot.recordCount > 0) this.#send(open);
  }

  #sendAll(): void {
    this.#wantsOut = false;
    for (const open of this.#open.all()) this.#send(open);
  }

  #sendOverdue(): void {
    if (this.#options.lingerMs > 0 || this.#open.size === 0) return;
    const dueMs = this.#parts.env.now() - COMPANY_MS_MAX;
    for (const open of this.#open.all()) {
      if (open.openedAtMs <= dueMs && !this.#sender.isSendingTo(open.destination)) this.#send(open);
    }
  }

  #send(open: OpenBatch): void {
    if (this.#open.take(open)) this.#sender.send(open);
  }

  #delivered(): void {
    if (this.#wantsOut && this.#sender.inFlight === 0) this.#sendAll();
  }

  #refuseLong(topic: string, message: RowText, key: string | undefined, origin: LetterOrigin): void {
    const reason = `it is longer than a batch of ${this.#parts.kernel.limits.batchBytesMax} bytes takes`;
    this.#bury(topic, reason, { message: bytesOf(message), ...(key !== undefined && { key }), origin });
  }

  #refuse({ record, reason }: RefusedRecord, origin: LetterOrigin): void {
    this.#bury("", reason, { message: bytesOf(this.#parts.form.message(record)), origin });
  }

  #bury(topic: string, reason: string, letter: Undeliverable): void {
    this.counts.undeliverable++;
    this.#parts.deadLetters.add(topic, reason, [letter]);
  }
}

/** A batch that is being put into others: who waits for it, and where it came from. */
interface TakenBatch {
  readonly ticket: Ticket;
  readonly origin: LetterOrigin;
}

function originOf({ source, offsetStart, offsetEnd }: Batch): LetterOrigin {
  return { source: source.key, offsetStart, offsetEnd };
}

function bytesOf(message: RowText): Uint8Array {
  return typeof message === "string" ? new TextEncoder().encode(message) : message;
}
