/**
 * Delivers a flusher's batches in transactions, one after the other: while one is committed, the next one fills. The loop is the only one that
 * talks to Kafka. Where a session breaks, the next one reads what was committed; what was not is sent again from memory.
 *
 * Invariants: a transaction is closed only between two batches of the pipeline, so that its positions speak of exactly its records; it holds
 * their slots until it is committed; where one batch of the pipeline needs more slots than there are, acknowledged ones are copied.
 *
 * @module
 */
import { invariant } from "../../../core/assert.ts";
import type { DeliveryCounts, PositionKeeper } from "../../../core/flusher.ts";
import type { Position } from "../../../core/position.ts";
import type { Ticket } from "../../../core/ticket.ts";
import type { Kernel } from "../../../kernel/kernel.ts";
import type { KernelSlot } from "../../../kernel/slot.ts";
import type { DeadLetters } from "../../dead_letters.ts";
import type { BatchCarrier } from "../batch_sender.ts";
import { BatchSizes } from "../batch_sizes.ts";
import { type Destination, keyOf, type OpenBatch } from "../open_batches.ts";
import { BatchDelivery } from "./batch_delivery.ts";
import { type EpochOptions, type EpochParts, Epochs } from "./epochs.ts";
import { Transaction, TransactionBatch } from "./transaction.ts";

/** Positions alone, of what was filtered out, are not worth many transactions. */
const POSITIONS_INTERVAL_MS = 1000;
/** How long a transaction that cannot be finished may take to be aborted, when delivery stops. */
const ABORT_MS_MAX = 500;

/** What delivery in transactions needs. */
export interface TransactionSenderParts extends EpochParts {
  readonly kernel: Kernel;
  readonly deadLetters: DeadLetters;
}

/** How it is done. */
export interface TransactionSenderOptions extends EpochOptions {
  /** The time from one commit to the next at least, unless there is much to commit. */
  readonly commitIntervalMs: number;
  /** A transaction that holds so many slots is committed at once. */
  readonly slotsMax: number;
}

/** Where delivery stands. */
type Phase = "idle" | "delivering" | "fenced" | "stopped";

/** The transactions of one flusher. */
export class TransactionSender implements BatchCarrier, PositionKeeper {
  readonly #parts: TransactionSenderParts;
  readonly #options: TransactionSenderOptions;
  readonly #counts: DeliveryCounts;
  readonly #sizes: BatchSizes;
  readonly #delivery: BatchDelivery;
  readonly #epochs: Epochs;
  readonly #flush: () => void;
  readonly #stopped = new AbortController();
  readonly #kept = Promise.withResolvers<ReadonlyMap<string, Position>>();
  #phase: Phase = "idle";
  #filling = new Transaction();
  #committing: Transaction | undefined;
  /** Whether a batch of the pipeline is being taken over. */
  #isInside = false;
  #isStopping = false;
  #closedAtMs = -Infinity;
  #isTicking = false;
  #changed = Promise.withResolvers<void>();

  /**
   * @param counts are kept.
   * @param flush has everything handed over that fills.
   */
  constructor(
    parts: TransactionSenderParts,
    options: TransactionSenderOptions,
    counts: DeliveryCounts,
    flush: () => void,
  ) {
    this.#parts = parts;
    this.#options = options;
    this.#counts = counts;
    this.#flush = flush;
    this.#sizes = new BatchSizes(parts.log);
    this.#delivery = new BatchDelivery(this.#sizes, parts.deadLetters, counts);
    this.#epochs = new Epochs(parts, options, () => this.#notify(), this.#stopped.signal);
  }

  /** The positions of all that was committed before. Asking for them begins delivery. */
  get kept(): Promise<ReadonlyMap<string, Position>> {
    if (this.#phase === "idle") void this.#run();
    return this.#kept.promise;
  }

  /** True when another agent delivers. */
  get isFenced(): boolean {
    return this.#phase === "fenced";
  }

  get inFlight(): number {
    return this.#producing.batches.filter(({ state }) => state === "sending").length;
  }

  isSendingTo(destination: Destination): boolean {
    const key = keyOf(destination);
    return this.#producing.batches.some(({ state, open }) => state === "sending" && keyOf(open.destination) === key);
  }

  /** A batch of the pipeline is taken over from now on; resolves when delivery is possible: never where another agent delivers. */
  async enter(): Promise<void> {
    if (this.#phase === "idle") void this.#run();
    await this.#kept.promise;
    while (this.#phase === "fenced") await this.#change();
    this.#isInside = true;
    this.#filling.begin(this.#parts.env.now());
  }

  /** All records of the batch were handed over, or fill. */
  leave(ticket: Ticket): void {
    this.#isInside = false;
    ticket.hold();
    this.#filling.tickets.push(ticket);
    this.#notePosition(ticket);
    this.tick();
  }

  pass(ticket: Ticket): void {
    this.#notePosition(ticket);
    this.tick();
  }

  note(key: string, position: Position | undefined): void {
    if (position === undefined && !this.#epochs.has(key) && !this.#isOnItsWay(key)) return;
    this.#filling.begin(this.#parts.env.now());
    this.#filling.positions.set(key, position);
    this.tick();
  }

  async takeSlot(): Promise<KernelSlot> {
    while (!this.#parts.kernel.canTakeSlot) {
      const batch = this.#committing === undefined && this.#filling.batches.find(isSpare);
      if (batch) batch.keepPart();
      else await this.#change();
    }
    return this.tryTakeSlot()!;
  }

  tryTakeSlot(): KernelSlot | undefined {
    const slot = this.#parts.kernel.tryTakeSlot(this.#parts.env.now);
    if (slot !== undefined) this.#sizes.limit(slot);
    return slot;
  }

  send(open: OpenBatch): void {
    this.#filling.batches.push(new TransactionBatch(open));
    this.#notify();
  }

  async drained(): Promise<void> {
    while (this.#committing !== undefined || !this.#filling.isEmpty) await this.#change();
  }

  /** Closes the transaction that fills, if it is time. */
  tick(): void {
    if (this.#filling.isEmpty || this.#isInside || this.#committing !== undefined) return;
    const waitMs = this.#dueMs() - this.#parts.env.now();
    if (waitMs <= 0) this.#close();
    else void this.#tickIn(waitMs);
  }

  /** Commits what is there until `deadlineMs` have passed, then aborts the rest. */
  async stop(deadlineMs: number): Promise<void> {
    const { env } = this.#parts;
    this.#isStopping = true;
    this.tick();
    const gaveUp = new AbortController();
    const isOver = this.#phase === "idle" || this.#phase === "fenced";
    await Promise.race([isOver ? undefined : this.drained(), env.sleep(deadlineMs, gaveUp.signal)]);
    await Promise.race([this.#epochs.session.abort(), env.sleep(ABORT_MS_MAX, gaveUp.signal)]);
    gaveUp.abort();
    this.#phase = "stopped";
    this.#stopped.abort();
    this.#epochs.session.stop();
    this.#notify();
  }

  /** The transaction whose batches are sent. */
  get #producing(): Transaction {
    return this.#committing ?? this.#filling;
  }

  #isOnItsWay(key: string): boolean {
    return this.#filling.positions.has(key) || this.#committing?.positions.get(key) !== undefined;
  }

  #notePosition({ claim }: Ticket): void {
    invariant(claim !== undefined, "a ticket without a position");
    this.#filling.begin(this.#parts.env.now());
    this.#filling.positions.set(claim.sourceKey, claim.position);
  }

  #dueMs(): number {
    const { isWithoutRecords, openedAtMs, slotCount } = this.#filling;
    if (this.#isStopping || slotCount >= this.#options.slotsMax) return 0;
    return isWithoutRecords
      ? openedAtMs! + POSITIONS_INTERVAL_MS
      : Math.min(openedAtMs!, this.#closedAtMs) + this.#options.commitIntervalMs;
  }

  async #tickIn(ms: number): Promise<void> {
    if (this.#isTicking) return;
    this.#isTicking = true;
    await this.#parts.env.sleep(ms, this.#stopped.signal);
    this.#isTicking = false;
    if (!this.#stopped.signal.aborted) this.tick();
  }

  #close(): void {
    this.#flush();
    this.#committing = this.#filling;
    this.#filling = new Transaction();
    this.#closedAtMs = this.#parts.env.now();
    this.#notify();
  }

  async #run(): Promise<void> {
    this.#phase = "delivering";
    while (this.#phase === "delivering") {
      if (!this.#epochs.isClaimed) await this.#claim();
      else if (this.#epochs.session.isBroken) await this.#recover();
      else await this.#work();
    }
  }

  async #claim(): Promise<void> {
    const positions = await this.#epochs.tryClaim();
    if (positions !== undefined) this.#kept.resolve(positions);
  }

  async #recover(): Promise<void> {
    const result = await this.#epochs.tryRecover();
    if (result === "fenced") return this.#fence();
    if (result === "committed" && this.#committing !== undefined) this.#finish(this.#committing);
    else if (result !== undefined) this.#producing.rewind();
  }

  async #work(): Promise<void> {
    for (const batch of this.#producing.batches) if (batch.state === "unsent") void this.#send(batch);
    const committing = this.#committing;
    if (!committing?.isAcknowledged) await this.#change();
    else if (await this.#epochs.tryCommit(committing.positions)) this.#finish(committing);
  }

  /** Sends a batch in the present session. Where that breaks, the next one sends it. */
  async #send(batch: TransactionBatch): Promise<void> {
    const { session } = this.#epochs;
    batch.state = "sending";
    const outcome = await this.#delivery.send(session, batch);
    if (session !== this.#epochs.session || outcome.kind === "abandoned") return;
    if (outcome.kind === "undeliverable") {
      return await this.#epochs.waitFor(session, batch.open.destination.topic, outcome.reason);
    }
    batch.state = "acknowledged";
    this.#notify();
  }

  #finish(transaction: Transaction): void {
    this.#epochs.note(transaction.positions);
    this.#committing = undefined;
    for (const { recordCount, batchBytes } of transaction.batches) {
      this.#counts.records += recordCount;
      this.#counts.bytes += batchBytes;
    }
    transaction.settle();
    this.#notify();
    this.tick();
  }

  #fence(): void {
    const { pipeline, transactionalId } = this.#options;
    this.#parts.log.error(
      `${pipeline} delivers no more: another agent delivers as ${transactionalId}, which is right if it took over from this one. ` +
        "If both are to deliver, give each its own TransactionalIDPrefix or host name, and start this one again",
    );
    this.#phase = "fenced";
    this.#epochs.session.stop();
    this.#notify();
  }

  #change(): Promise<void> {
    return this.#changed.promise;
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

/** Whether a batch holds a slot that only a new session would need. */
function isSpare({ state, slot }: TransactionBatch): boolean {
  return state === "acknowledged" && slot !== undefined;
}
