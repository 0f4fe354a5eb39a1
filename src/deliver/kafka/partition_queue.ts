/**
 * What is on its way to one partition, in order: sequence numbers, what may be sent now, and what an answer means. Pure state,
 * no connection and no clock: `partition_sender.ts` moves the bytes.
 *
 * Invariants, by which nothing is lost, doubled or reordered:
 * - After a failure nothing is sent until every older request has been answered or its connection is gone; then all that is
 *   unacknowledged is sent again, in order (`begin`).
 * - A batch keeps its sequence number until the identity changes or an earlier batch turned out undeliverable.
 * - Nothing is sent that is five or more batches behind the oldest unacknowledged one, even if those between are acknowledged:
 *   the broker would forget that it has the oldest, and take it twice.
 * - Under a new identity one batch travels alone until the first acknowledgement: a broker that does not know an identity
 *   accepts any first number, so a second batch could slip past the first.
 *
 * @module
 */
import { invariant } from "../../core/assert.ts";
import { errorCode, type Verdict } from "./error_codes.ts";
import type { ProducerIdentity } from "./init_producer_id_request.ts";
import type { PendingSend } from "./outcome.ts";

/** Sequence numbers are int32 and wrap to 0: https://kafka.apache.org/documentation/#recordbatch (baseSequence). */
const SEQUENCE_COUNT = 2 ** 31;
/**
 * The broker recognizes a repeated batch among the last five of an identity.
 * https://github.com/apache/kafka/blob/4.1.0/storage/src/main/java/org/apache/kafka/storage/internals/log/ProducerStateEntry.java
 */
const BROKER_MEMORY_BATCHES = 5;
/** So often may a broker find one batch damaged before we believe it. */
const SUSPICIONS_MAX = 5;

/** A batch in the queue. Its number and identity are valid from `take` on. */
export interface QueuedBatch {
  readonly send: PendingSend;
  /** Place in the order of arrival. */
  readonly order: number;
  identity: ProducerIdentity;
  baseSequence: number;
  numbered: boolean;
  /** How often it was sent. */
  attempts: number;
  suspicions: number;
}

/** What an answer comes to, once the rest of the queue is taken into account. */
export type Consequence = "acknowledged" | "undeliverable" | "retry";

const NO_IDENTITY: ProducerIdentity = { producerId: -1n, epoch: -1 };

/** The unacknowledged batches of one partition. */
export class PartitionQueue {
  readonly #inFlightMax: number;
  #batches: QueuedBatch[] = [];
  #takenCount = 0;
  #inFlight = 0;
  #orderNext = 0;
  #sequenceNext = 0;
  #identity = NO_IDENTITY;
  #identityRefused = false;
  #identityProven = false;
  #failing = false;
  /** Whether requests under this identity were lost on their way, and may still arrive. */
  #hasStrays = false;
  /** Numbers that were given to batches which turned out undeliverable, and so are missing at the broker. */
  #gaps: { readonly order: number; readonly recordCount: number }[] = [];

  constructor(inFlightMax: number) {
    invariant(inFlightMax >= 1 && inFlightMax <= BROKER_MEMORY_BATCHES, "in flight per partition: 1 to 5");
    this.#inFlightMax = inFlightMax;
  }

  /** Batches not yet acknowledged, in flight or waiting. */
  get size(): number {
    return this.#batches.length;
  }

  /** Batches taken and not yet answered or lost. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The identity to go on with, whatever others use by now; undefined: a new one is needed. */
  get goodIdentity(): ProducerIdentity | undefined {
    const isGood = this.#identity !== NO_IDENTITY && this.refusedIdentity === undefined;
    return isGood ? this.#identity : undefined;
  }

  /** The identity that must not be used again; undefined while it is good. */
  get refusedIdentity(): ProducerIdentity | undefined {
    const next = this.#batches.at(0);
    const isUsedUp = next !== undefined && this.#isHeldBack(next);
    return this.#identityRefused || isUsedUp ? this.#identity : undefined;
  }

  add(send: PendingSend): void {
    const order = this.#orderNext++;
    this.#batches.push({
      send,
      order,
      identity: NO_IDENTITY,
      baseSequence: 0,
      numbered: false,
      attempts: 0,
      suspicions: 0,
    });
  }

  /** Starts (again) to send from the first unacknowledged batch on. Only when nothing is in flight. */
  begin(identity: ProducerIdentity): void {
    invariant(this.#inFlight === 0, "a partition starts over while requests are unanswered");
    if (identity !== this.#identity) this.#adopt(identity);
    else if (!this.#hasStrays) this.#closeGaps();
    this.#takenCount = 0;
    this.#failing = false;
  }

  /** The next batch that may be sent now; undefined when none may. */
  take(): QueuedBatch | undefined {
    const batch = this.#batches.at(this.#takenCount);
    if (batch === undefined || !this.#maySend(batch)) return undefined;
    this.#takenCount++;
    if (!batch.numbered) this.#number(batch);
    this.#inFlight++;
    batch.attempts++;
    return batch;
  }

  /** Takes note of the broker's answer to a taken batch. */
  answered(batch: QueuedBatch, code: number): Consequence {
    this.#inFlight--;
    const verdict = this.#judge(batch, errorCode(code).verdict);
    if (verdict === "acknowledged") return this.#acknowledge(batch);
    this.#failing = true;
    if (verdict === "undeliverable") return this.#giveUp(batch);
    if (verdict === "renumber") this.#identityRefused = true;
    return "retry";
  }

  /** Takes note that a taken batch's connection is gone: the broker has it or not. */
  lost(): void {
    this.#inFlight--;
    this.#failing = true;
    this.#hasStrays = true;
  }

  /** Empties the queue, for a partition that no longer exists. Only when nothing is in flight. */
  evict(): PendingSend[] {
    invariant(this.#inFlight === 0, "a partition is given up while requests are unanswered");
    const sends = this.#batches.map((batch) => batch.send);
    this.#batches = [];
    this.#identityRefused = this.#identity !== NO_IDENTITY;
    return sends;
  }

  #maySend(batch: QueuedBatch): boolean {
    const limit = this.#identityProven ? this.#inFlightMax : 1;
    const isRemembered = batch.order - this.#batches[0].order < BROKER_MEMORY_BATCHES;
    return !this.#failing && this.#inFlight < limit && isRemembered && !this.#isHeldBack(batch);
  }

  /**
   * Whether a batch must wait for another identity: with the numbers that an undeliverable one left it would be taken for a stray that
   * had them before, and be lost. What is older than the gap goes out first, as it was: the broker may have it.
   */
  #isHeldBack({ order }: QueuedBatch): boolean {
    return this.#hasStrays && this.#gaps.some((gap) => gap.order < order);
  }

  /** Resolves the verdicts that depend on what else is in the queue. */
  #judge(batch: QueuedBatch, verdict: Verdict): Verdict {
    if (verdict === "outOfOrder") return this.#misses(batch) ? "retry" : "renumber";
    if (verdict === "suspect") return ++batch.suspicions > SUSPICIONS_MAX ? "undeliverable" : "retry";
    return verdict;
  }

  /** Whether the broker lacks, to our knowledge, something that comes before this batch. */
  #misses(batch: QueuedBatch): boolean {
    return this.#batches[0] !== batch || this.#gaps.some((gap) => gap.order < batch.order);
  }

  #acknowledge(batch: QueuedBatch): Consequence {
    this.#remove(batch);
    this.#identityProven = true;
    // The broker took a later number, so it does not miss these.
    this.#gaps = this.#gaps.filter((gap) => gap.order > batch.order);
    return "acknowledged";
  }

  #giveUp(batch: QueuedBatch): Consequence {
    this.#remove(batch);
    this.#gaps.push({ order: batch.order, recordCount: batch.send.slot.recordCount });
    return "undeliverable";
  }

  #remove(batch: QueuedBatch): void {
    const index = this.#batches.indexOf(batch);
    invariant(index >= 0 && index < this.#takenCount, "an answer for a batch that is not in flight");
    this.#batches.splice(index, 1);
    this.#takenCount--;
  }

  #number(batch: QueuedBatch): void {
    batch.identity = this.#identity;
    batch.baseSequence = this.#sequenceNext;
    batch.numbered = true;
    this.#sequenceNext = (this.#sequenceNext + batch.send.slot.recordCount) % SEQUENCE_COUNT;
  }

  #adopt(identity: ProducerIdentity): void {
    for (const batch of this.#batches) batch.numbered = false;
    this.#identity = identity;
    this.#identityRefused = false;
    this.#identityProven = false;
    this.#hasStrays = false;
    this.#sequenceNext = 0;
    this.#gaps = [];
  }

  /** Moves the numbers of later batches down over those that the broker will never see. */
  #closeGaps(): void {
    for (const gap of this.#gaps) {
      const later = this.#batches.filter((batch) => batch.numbered && batch.order > gap.order);
      for (const batch of later) batch.baseSequence = stepBack(batch.baseSequence, gap.recordCount);
      this.#sequenceNext = stepBack(this.#sequenceNext, gap.recordCount);
    }
    this.#gaps = [];
  }
}

function stepBack(sequence: number, recordCount: number): number {
  return (sequence - recordCount + SEQUENCE_COUNT) % SEQUENCE_COUNT;
}
