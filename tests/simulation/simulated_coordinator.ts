/**
 * The coordinator of transactions: epochs of transactional ids, which partitions are part of a transaction, its end or its time-out, and the
 * marks that tell readers of it. The rules are those of
 * https://github.com/apache/kafka/blob/4.1.0/core/src/main/scala/kafka/coordinator/transaction/TransactionCoordinator.scala
 *
 * @module
 */
import type { Random } from "../support/random.ts";
import type { SimulatedPartition } from "./simulated_partition.ts";
import type { VirtualClock } from "./virtual_clock.ts";

const INVALID_PRODUCER_EPOCH = 47;
const INVALID_TXN_STATE = 48;
const INVALID_PRODUCER_ID_MAPPING = 49;
const CONCURRENT_TRANSACTIONS = 51;
/** How often the marks of a transaction are tried to be written. */
const MARK_PAUSE_MS = 20;

/** Under which name batches are numbered. */
export interface SimulatedIdentity {
  readonly producerId: bigint;
  readonly epoch: number;
}

/** One transactional id. */
interface State {
  readonly producerId: bigint;
  epoch: number;
  phase: "empty" | "ongoing" | "ending";
  readonly partitions: Set<SimulatedPartition>;
  timeoutMs: number;
  /** Counts transactions, so that a time-out knows whether it is meant. */
  count: number;
  isCommit: boolean;
}

/** All transactional ids. */
export class SimulatedCoordinator {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #trace: (text: string) => void;
  readonly #states = new Map<string, State>();

  constructor(clock: VirtualClock, random: Random, trace: (text: string) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#trace = trace;
  }

  /** InitProducerId. @param newId gives a producer id to an id that has none. */
  init(transactionalId: string, timeoutMs: number, newId: () => bigint): SimulatedIdentity | number {
    const state = this.#states.get(transactionalId) ?? this.#create(transactionalId, newId());
    if (state.phase === "ending") return CONCURRENT_TRANSACTIONS;
    if (state.phase === "ongoing") {
      this.#abort(state, `${transactionalId} has another self`);
      return CONCURRENT_TRANSACTIONS;
    }
    state.epoch++;
    state.isCommit = false;
    state.timeoutMs = timeoutMs;
    return { producerId: state.producerId, epoch: state.epoch };
  }

  /** AddPartitionsToTxn. @returns the error code. */
  add(transactionalId: string, identity: SimulatedIdentity, partitions: readonly SimulatedPartition[]): number {
    const { code, state } = this.#find(transactionalId, identity);
    if (state === undefined) return code;
    if (state.phase === "ending") return CONCURRENT_TRANSACTIONS;
    for (const partition of partitions) state.partitions.add(partition);
    if (state.phase === "empty") this.#begin(state, transactionalId);
    return 0;
  }

  /** EndTxn. @returns the error code. */
  end(transactionalId: string, identity: SimulatedIdentity, isCommit: boolean): number {
    const { code, state } = this.#find(transactionalId, identity);
    if (state === undefined) return code;
    if (state.phase === "ongoing") this.#end(state, isCommit);
    else if (state.isCommit !== isCommit) return INVALID_TXN_STATE;
    else if (state.phase === "ending") return CONCURRENT_TRANSACTIONS;
    return 0;
  }

  /** Whether a batch may be taken by a partition. */
  isPart(transactionalId: string | null, identity: SimulatedIdentity, partition: SimulatedPartition): boolean {
    const { state } = this.#find(transactionalId ?? "", identity);
    return state?.phase === "ongoing" && state.partitions.has(partition);
  }

  #create(transactionalId: string, producerId: bigint): State {
    const partitions = new Set<SimulatedPartition>();
    const state: State = { producerId, epoch: -1, phase: "empty", partitions, timeoutMs: 0, count: 0, isCommit: false };
    this.#states.set(transactionalId, state);
    return state;
  }

  #find(transactionalId: string, { producerId, epoch }: SimulatedIdentity): { code: number; state?: State } {
    const state = this.#states.get(transactionalId);
    if (state?.producerId !== producerId) return { code: INVALID_PRODUCER_ID_MAPPING };
    return state.epoch === epoch ? { code: 0, state } : { code: INVALID_PRODUCER_EPOCH };
  }

  #begin(state: State, transactionalId: string): void {
    state.phase = "ongoing";
    const count = ++state.count;
    this.#clock.in(state.timeoutMs, () => {
      if (state.phase === "ongoing" && state.count === count) this.#abort(state, `${transactionalId} takes too long`);
    });
  }

  /** Whoever has the epoch can do nothing with it any more. */
  #abort(state: State, why: string): void {
    this.#trace(`a transaction is aborted: ${why}`);
    state.epoch++;
    this.#end(state, false);
  }

  #end(state: State, isCommit: boolean): void {
    state.phase = "ending";
    state.isCommit = isCommit;
    const { producerId, epoch } = state;
    if (isCommit) { for (const partition of state.partitions) partition.promise(producerId); }
    for (const partition of state.partitions) this.#mark(partition, { producerId, epoch }, isCommit, state);
  }

  /** Writes the mark as soon as the partition has a leader, and again where it was not replicated. */
  #mark(partition: SimulatedPartition, identity: SimulatedIdentity, isCommit: boolean, state: State): void {
    this.#clock.in(this.#random.integer(0, MARK_PAUSE_MS), () => {
      if (partition.leader < 0) return this.#mark(partition, identity, isCommit, state);
      const mark = partition.appendMark(identity, isCommit);
      this.#clock.in(this.#random.integer(0, MARK_PAUSE_MS), () => {
        if (!partition.has(mark)) return this.#mark(partition, identity, isCommit, state);
        partition.commit(mark);
        state.partitions.delete(partition);
        if (state.partitions.size === 0) state.phase = "empty";
      });
    });
  }
}
