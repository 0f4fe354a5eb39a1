/**
 * One partition as its leader keeps it: the log, what the replicas have of it, and what is remembered of producers. The rules are those of
 * https://github.com/apache/kafka/blob/4.1.0/storage/src/main/java/org/apache/kafka/storage/internals/log/ProducerAppendInfo.java
 *
 * @module
 */
import type { DecodedRecordBatch } from "../support/record_batch.ts";

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
  isCommitted: boolean;
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
  readonly #producers = new Map<bigint, AppendedBatch[]>();
  #log: AppendedBatch[] = [];
  #committed = 0;
  #rememberedFrom = 0;

  /** @param refusesUnknown as brokers before 2.5 do with a producer that they have forgotten. */
  constructor(name: string, leader: number, refusesUnknown: boolean, onCommit: (batch: AppendedBatch) => void) {
    this.name = name;
    this.leader = leader;
    this.leaderTold = leader;
    this.#refusesUnknown = refusesUnknown;
    this.#onCommit = onCommit;
  }

  /** Takes a batch, unless its numbers speak against it. */
  append(batch: DecodedRecordBatch, lifeNumber: number): AppendResult {
    const known = this.#producers.get(batch.producerId);
    const twin = known?.find((one) => isSame(one.batch, batch));
    if (twin !== undefined) return { appended: twin };
    const code = this.#tryRefuse(batch, known?.at(-1)?.batch);
    if (code !== undefined) return { code };
    const before = this.#log.at(-1);
    const baseOffset = before === undefined ? 0 : before.baseOffset + before.batch.records.length;
    const appended = { batch, lifeNumber, baseOffset, isCommitted: false };
    this.#log.push(appended);
    this.#remember(appended);
    return { appended };
  }

  /** The replicas have this batch and all before it. */
  commit(batch: AppendedBatch): void {
    const end = this.#log.indexOf(batch) + 1;
    for (; this.#committed < end; this.#committed++) {
      this.#log[this.#committed].isCommitted = true;
      this.#onCommit(this.#log[this.#committed]);
    }
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

  #tryRefuse(batch: DecodedRecordBatch, last: DecodedRecordBatch | undefined): number | undefined {
    if (last === undefined) {
      return this.#refusesUnknown && batch.baseSequence !== 0 ? UNKNOWN_PRODUCER_ID : undefined;
    }
    if (batch.producerEpoch < last.producerEpoch) return INVALID_PRODUCER_EPOCH;
    const expected = batch.producerEpoch > last.producerEpoch ? 0 : sequenceAfter(last);
    return batch.baseSequence === expected ? undefined : OUT_OF_ORDER_SEQUENCE_NUMBER;
  }

  #remember(appended: AppendedBatch): void {
    const { producerId } = appended.batch;
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
