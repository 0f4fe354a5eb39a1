/**
 * One partition as its leader keeps it: the log, what the replicas have of it, and what is remembered of producers. The rules are those of
 * https://github.com/apache/kafka/blob/4.1.0/storage/src/main/java/org/apache/kafka/storage/internals/log/ProducerAppendInfo.java
 *
 * @module
 */
import { type DecodedRecordBatch, decodeRecordBatch, encodeControlBatch } from "../support/record_batch.ts";
import type { SimulatedIdentity } from "./simulated_coordinator.ts";

/** A producer's batches that are known again when they come again. */
const REMEMBERED_BATCHES = 5;
const SEQUENCE_COUNT = 2 ** 31;
const OUT_OF_ORDER_SEQUENCE_NUMBER = 45;
const INVALID_PRODUCER_EPOCH = 47;
const UNKNOWN_PRODUCER_ID = 59;

/** A batch in the log. */
export interface AppendedBatch {
  readonly batch: DecodedRecordBatch;
  /** Which life of the agent has sent it. */
  readonly lifeNumber: number;
  readonly baseOffset: number;
  /** As it came. */
  readonly bytes: Uint8Array;
  isCommitted: boolean;
  /** What is known of its transaction; undefined: it is part of none. */
  outcome?: "open" | "committed" | "aborted";
  /** Whether its transaction will be committed, though those who read do not know yet. */
  isPromised?: boolean;
}

/** What became of a batch: where it is in the log, from now on or since before, or the error code. */
export type AppendResult = { readonly appended: AppendedBatch } | { readonly code: number };

/** One partition. */
export class SimulatedPartition {
  readonly name: string;
  /** The broker that leads it; -1 for none. */
  leader: number;
  /** What brokers say of it, which may be old. */
  leaderTold: number;
  /** How often producers were forgotten. */
  forgottenCount = 0;
  readonly #refusesUnknown: boolean;
  readonly #onCommit: (batch: AppendedBatch) => void;
  readonly #onPromise: (batch: AppendedBatch) => void;
  readonly #producers = new Map<bigint, AppendedBatch[]>();
  #log: AppendedBatch[] = [];
  #committed = 0;
  #rememberedFrom = 0;
  /** So much of the log is told to those who read what is committed. */
  #told = 0;
  /** The epoch of a producer below which nothing is taken. */
  readonly #epochs = new Map<bigint, number>();

  /** @param refusesUnknown as brokers before 2.5 do with a producer that they have forgotten. */
  constructor(
    name: string,
    leader: number,
    refusesUnknown: boolean,
    onCommit: (batch: AppendedBatch) => void,
    onPromise: (batch: AppendedBatch) => void,
  ) {
    this.name = name;
    this.leader = leader;
    this.leaderTold = leader;
    this.#refusesUnknown = refusesUnknown;
    this.#onCommit = onCommit;
    this.#onPromise = onPromise;
  }

  get topic(): string {
    return this.name.slice(0, this.name.lastIndexOf("-"));
  }

  /** Takes a batch, unless its numbers speak against it. */
  append(bytes: Uint8Array, lifeNumber: number): AppendResult {
    const batch = decodeRecordBatch(bytes);
    const known = this.#producers.get(batch.producerId);
    const twin = known?.find((one) => isSame(one.batch, batch));
    if (twin !== undefined) return { appended: twin };
    const code = this.#tryRefuse(batch, known?.at(-1)?.batch);
    if (code !== undefined) return { code };
    const appended = this.#push(bytes, batch, lifeNumber);
    if (batch.isTransactional) appended.outcome = "open";
    this.#remember(appended);
    return { appended };
  }

  /** A producer's transaction is going to be committed: nothing can keep it from that. */
  promise(producerId: bigint): void {
    for (const one of this.#log) {
      if (one.outcome !== "open" || one.isPromised || one.batch.producerId !== producerId) continue;
      one.isPromised = true;
      this.#onPromise(one);
    }
  }

  /** Appends the mark that ends a producer's transaction. */
  appendMark({ producerId, epoch }: SimulatedIdentity, isCommit: boolean): AppendedBatch {
    this.#epochs.set(producerId, Math.max(epoch, this.#epochs.get(producerId) ?? 0));
    const bytes = encodeControlBatch(isCommit, { producerId, producerEpoch: epoch, baseSequence: -1 });
    return this.#push(bytes, decodeRecordBatch(bytes), 0);
  }

  /** The replicas have this batch and all before it. */
  commit(batch: AppendedBatch): void {
    const end = this.#log.indexOf(batch) + 1;
    for (; this.#committed < end; this.#committed++) {
      const one = this.#log[this.#committed];
      one.isCommitted = true;
      if (one.batch.isControl) this.#decide(one.batch);
    }
    this.#tell();
  }

  /** The offset after what all replicas have. */
  get highWatermark(): number {
    return this.#offsetAt(this.#committed);
  }

  /** The offset before which every transaction has ended. */
  get stableOffset(): number {
    return this.#offsetAt(this.#told);
  }

  /** What all replicas have, from an offset on, as it is sent: with offsets. */
  fetch(offset: number): Uint8Array {
    const batches = this.#log.slice(0, this.#committed).filter(({ baseOffset, batch }) => {
      return baseOffset + batch.records.length > offset;
    });
    const parts = batches.map(({ bytes, baseOffset }) => {
      const part = bytes.slice();
      new DataView(part.buffer).setBigInt64(0, BigInt(baseOffset));
      return part;
    });
    const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  /** Another broker leads from now on: it has only what was committed. */
  cutUncommitted(): void {
    this.#log = this.#log.slice(0, this.#committed);
    this.#rememberedFrom = Math.min(this.#rememberedFrom, this.#committed);
    this.#producers.clear();
    for (const batch of this.#log.slice(this.#rememberedFrom)) this.#remember(batch);
  }

  /** Whether a batch was not cut away. */
  has(batch: AppendedBatch): boolean {
    return this.#log.includes(batch);
  }

  /** Forgets all producers, as after a long time without news of them. */
  forgetProducers(): void {
    this.forgottenCount++;
    this.#rememberedFrom = this.#log.length;
    this.#producers.clear();
  }

  #push(bytes: Uint8Array, batch: DecodedRecordBatch, lifeNumber: number): AppendedBatch {
    const baseOffset = this.#offsetAt(this.#log.length);
    const appended: AppendedBatch = { batch, bytes, lifeNumber, baseOffset, isCommitted: false };
    this.#log.push(appended);
    return appended;
  }

  #offsetAt(index: number): number {
    const before = this.#log.at(index - 1);
    return index === 0 || before === undefined ? 0 : before.baseOffset + before.batch.records.length;
  }

  #decide({ producerId, records }: DecodedRecordBatch): void {
    const isCommit = records[0].key?.[3] === 1;
    for (const one of this.#log.slice(this.#told, this.#committed)) {
      const isMeant = one.outcome === "open" && one.batch.producerId === producerId;
      if (isMeant) one.outcome = isCommit ? "committed" : "aborted";
    }
  }

  /** Tells what is decided, in order, up to what is not. */
  #tell(): void {
    for (; this.#told < this.#committed; this.#told++) {
      const one = this.#log[this.#told];
      if (one.outcome === "open") return;
      if (one.outcome !== "aborted" && !one.batch.isControl) this.#onCommit(one);
    }
  }

  #tryRefuse(batch: DecodedRecordBatch, last: DecodedRecordBatch | undefined): number | undefined {
    if (batch.producerEpoch < (this.#epochs.get(batch.producerId) ?? 0)) return INVALID_PRODUCER_EPOCH;
    if (last === undefined) {
      return this.#refusesUnknown && batch.baseSequence !== 0 ? UNKNOWN_PRODUCER_ID : undefined;
    }
    if (batch.producerEpoch < last.producerEpoch) return INVALID_PRODUCER_EPOCH;
    const expected = batch.producerEpoch > last.producerEpoch ? 0 : sequenceAfter(last);
    return batch.baseSequence === expected ? undefined : OUT_OF_ORDER_SEQUENCE_NUMBER;
  }

  #remember(appended: AppendedBatch): void {
    const { producerId, isControl } = appended.batch;
    if (isControl) return;
    const known = this.#producers.get(producerId) ?? [];
    this.#producers.set(producerId, [...known, appended].slice(-REMEMBERED_BATCHES));
  }
}

function sequenceAfter({ baseSequence, records }: DecodedRecordBatch): number {
  return (baseSequence + records.length) % SEQUENCE_COUNT;
}

function isSame(one: DecodedRecordBatch, other: DecodedRecordBatch): boolean {
  return one.producerEpoch === other.producerEpoch && one.baseSequence === other.baseSequence &&
    one.records.length === other.records.length;
}
