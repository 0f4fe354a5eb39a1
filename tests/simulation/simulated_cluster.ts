/**
 * Kafka's brokers as they answer the requests that the agent really sends: topics, identities of producers, record batches. They refuse,
 * change leaders, go away, forget and lose answers as long as they are not told to be calm.
 *
 * @module
 */
import { WireReader, WireWriter } from "../../src/deliver/kafka/wire.ts";
import type { Random } from "../support/random.ts";
import { type AppendedBatch, SimulatedPartition } from "./simulated_partition.ts";
import { isTransactionKey, SimulatedTransactions } from "./simulated_transactions.ts";
import type { VirtualClock } from "./virtual_clock.ts";

/** API keys: https://kafka.apache.org/protocol.html#protocol_api_keys */
const PRODUCE = 0;
const METADATA = 3;
const INIT_PRODUCER_ID = 22;

const UNKNOWN_TOPIC_OR_PARTITION = 3;
const INVALID_TXN_STATE = 48;
/** There are no more partitions than that of a topic that an agent makes. */
const MADE_PARTITIONS_MAX = 2;
const NOT_LEADER_OR_FOLLOWER = 6;
const MESSAGE_TOO_LARGE = 10;
/** Errors before anything was written: UNKNOWN_TOPIC_OR_PARTITION, LEADER_NOT_AVAILABLE, NOT_ENOUGH_REPLICAS and others. */
const ERRORS_BEFORE = [3, 5, NOT_LEADER_OR_FOLLOWER, 19, 56, -1];
/** Errors although it was written: REQUEST_TIMED_OUT, NOT_ENOUGH_REPLICAS_AFTER_APPEND. */
const ERRORS_AFTER = [7, 20];
/** COORDINATOR_LOAD_IN_PROGRESS and others. */
const IDENTITY_ERRORS = [14, 15, -1];

/** What a broker does with a request: answers, hangs up, or nothing at all. */
export type BrokerReaction = Uint8Array | "hangs up" | "silence";

/** What is the same for a whole run. */
export interface ClusterPlan {
  readonly brokerCount: number;
  readonly partitionCount: number;
  readonly topics: readonly string[];
  /** The chance of a fault, of each kind and for each request. */
  readonly faultChance: number;
  readonly forgetsProducers: boolean;
  readonly refusesUnknown: boolean;
  /** The largest record batch that topics take. */
  readonly batchBytesMax: number;
}

/** Who is told what happens. */
export interface ClusterWitness {
  committed(partition: SimulatedPartition, batch: AppendedBatch): void;
  /** A batch will be committed with its transaction. */
  promised(partition: SimulatedPartition, batch: AppendedBatch): void;
  complain(problem: string): void;
  trace(text: string): void;
}

/** All brokers. */
export class SimulatedCluster {
  /** Whether nothing goes wrong any more. */
  isCalm = false;
  readonly plan: ClusterPlan;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #witness: ClusterWitness;
  readonly #topics: Map<string, readonly SimulatedPartition[]>;
  readonly #transactions: SimulatedTransactions;
  readonly #down = new Set<number>();
  #nextProducerId = 1n;

  constructor(plan: ClusterPlan, clock: VirtualClock, random: Random, witness: ClusterWitness) {
    this.plan = plan;
    this.#clock = clock;
    this.#random = random;
    this.#witness = witness;
    this.#topics = new Map(plan.topics.map((topic) => [topic, this.#makePartitions(topic, plan.partitionCount)]));
    this.#transactions = new SimulatedTransactions(this, clock, random, witness);
  }

  /** Makes a topic unless it is there. */
  makeTopic(name: string, partitionCount: number): void {
    if (this.#topics.has(name)) return;
    this.#topics.set(name, this.#makePartitions(name, Math.min(partitionCount, MADE_PARTITIONS_MAX)));
  }

  tryPartition(topic: string, index: number): SimulatedPartition | undefined {
    return this.#topics.get(topic)?.[index];
  }

  newProducerId(): bigint {
    return this.#nextProducerId++;
  }

  get partitions(): readonly SimulatedPartition[] {
    return [...this.#topics.values()].flat();
  }

  isUp(nodeId: number): boolean {
    return !this.#down.has(nodeId);
  }

  /** A partition gets another leader after a while without any. */
  moveLeader(partition: SimulatedPartition): void {
    partition.leader = -1;
    if (this.#random.next() < 0.5) partition.leaderTold = -1;
    partition.cutUncommitted();
    this.#clock.in(this.#random.integer(0, 800), () => this.#elect(partition));
  }

  /** A broker is away for a while. */
  takeDown(nodeId: number, ms: number): void {
    this.#witness.trace(`broker ${nodeId} is away for ${ms} ms`);
    this.#down.add(nodeId);
    for (const partition of this.partitions) if (partition.leader === nodeId) this.moveLeader(partition);
    this.#clock.in(ms, () => this.#down.delete(nodeId));
  }

  /** Works one request off. `react` is called once, perhaps later. */
  handle(nodeId: number, request: Uint8Array, lifeNumber: number, react: (reaction: BrokerReaction) => void): void {
    const reader = new WireReader(request);
    if (reader.int32() !== request.length - 4) this.#witness.complain("a request says another size than it has");
    const apiKey = reader.int16();
    reader.raw(2 + 4);
    reader.nullableString();
    if (apiKey === PRODUCE) return this.#produce(nodeId, reader, lifeNumber, react);
    if (this.#happens()) return react(this.#random.pick(["hangs up", "silence"]));
    if (apiKey === METADATA) return react(this.#metadata(reader));
    if (apiKey === INIT_PRODUCER_ID) return react(this.#identity(reader));
    if (isTransactionKey(apiKey)) {
      const answer = this.#transactions.answer(nodeId, apiKey, reader, this.#happens());
      return react(this.#happens() ? this.#random.pick(["hangs up", "silence"]) : answer);
    }
    this.#witness.complain(`a request with the API key ${apiKey}`);
  }

  #makePartitions(topic: string, partitionCount: number): readonly SimulatedPartition[] {
    const { brokerCount, refusesUnknown } = this.plan;
    return Array.from({ length: partitionCount }, (_, index) => {
      const partition: SimulatedPartition = new SimulatedPartition(
        `${topic}-${index}`,
        index % brokerCount,
        refusesUnknown,
        (batch) => this.#witness.committed(partition, batch),
        (batch) => this.#witness.promised(partition, batch),
      );
      return partition;
    });
  }

  /** Whether something goes wrong now. */
  #happens(): boolean {
    return !this.isCalm && this.#random.next() < this.plan.faultChance;
  }

  #elect(partition: SimulatedPartition): void {
    const up = Array.from({ length: this.plan.brokerCount }, (_, nodeId) => nodeId).filter((id) => this.isUp(id));
    if (up.length === 0) return void this.#clock.in(100, () => this.#elect(partition));
    partition.leader = this.#random.pick(up);
    this.#witness.trace(`broker ${partition.leader} leads ${partition.name}`);
    this.#clock.in(this.#random.integer(0, 500), () => partition.leaderTold = partition.leader);
  }

  #metadata(reader: WireReader): Uint8Array {
    const [topic] = reader.array((names) => names.string());
    const writer = new WireWriter().int32(0).int32(this.plan.brokerCount);
    for (let nodeId = 0; nodeId < this.plan.brokerCount; nodeId++) {
      writer.int32(nodeId).string(`broker-${nodeId}`).int32(9092).string(null);
    }
    const partitions = this.#topics.get(topic) ?? [];
    const isMissing = !this.#topics.has(topic);
    const code = isMissing ? UNKNOWN_TOPIC_OR_PARTITION : this.#happens() ? this.#random.pick([3, 5]) : 0;
    writer.string("cluster").int32(0).int32(1).int16(code).string(topic).int8(0).int32(partitions.length);
    partitions.forEach(({ leaderTold }, index) => writer.int16(0).int32(index).int32(leaderTold).int32(0).int32(0));
    return writer.bytes();
  }

  #identity(reader: WireReader): Uint8Array {
    const code = this.#happens() ? this.#random.pick(IDENTITY_ERRORS) : 0;
    const transactionalId = reader.nullableString();
    if (transactionalId !== null) return this.#transactions.init(transactionalId, reader.int32(), code);
    return new WireWriter().int32(0).int16(code).int64(this.#nextProducerId++).int16(0).bytes();
  }

  #produce(nodeId: number, reader: WireReader, lifeNumber: number, react: (reaction: BrokerReaction) => void): void {
    const transactionalId = reader.nullableString();
    if (reader.int16() !== -1) this.#witness.complain("not all replicas are waited for");
    reader.raw(4 + 4);
    const topic = reader.string();
    reader.raw(4);
    const index = reader.int32();
    const records = reader.raw(reader.int32());
    const partition = this.#topics.get(topic)![index];
    const isMade = !this.plan.topics.includes(topic);
    const answer = (code: number, baseOffset = -1) => react(produceAnswer(topic, index, code, baseOffset));
    if (partition.leader !== nodeId) return answer(NOT_LEADER_OR_FOLLOWER);
    if (transactionalId !== null && !this.#transactions.mayAppend(transactionalId, records, partition)) {
      return answer(INVALID_TXN_STATE);
    }
    if (!isMade && records.length > this.plan.batchBytesMax) return answer(MESSAGE_TOO_LARGE);
    if (this.#happens()) return react("silence");
    if (this.#happens()) return answer(this.#random.pick(ERRORS_BEFORE));
    if (this.plan.forgetsProducers && this.#happens()) this.#forget(partition);
    const result = partition.append(records.slice(), lifeNumber);
    if ("code" in result) this.#witness.trace(`${partition.name} answers ${result.code}`);
    if ("code" in result) return answer(result.code);
    this.#replicate(partition, result.appended, answer, react);
  }

  #forget(partition: SimulatedPartition): void {
    this.#witness.trace(`${partition.name} forgets its producers`);
    partition.forgetProducers();
  }

  #replicate(
    partition: SimulatedPartition,
    appended: AppendedBatch,
    answer: (code: number, baseOffset?: number) => void,
    react: (reaction: BrokerReaction) => void,
  ): void {
    this.#clock.in(this.#random.integer(0, this.isCalm ? 2 : 40), () => {
      if (!partition.has(appended)) return answer(NOT_LEADER_OR_FOLLOWER);
      if (this.#happens()) return answer(this.#random.pick(ERRORS_AFTER));
      partition.commit(appended);
      if (this.#happens()) return react(this.#random.pick(["hangs up", "silence"]));
      answer(0, appended.baseOffset);
    });
  }
}

/** The grammar is in `src/deliver/kafka/produce_request.ts`. */
function produceAnswer(topic: string, partition: number, code: number, baseOffset: number): Uint8Array {
  const writer = new WireWriter().int32(1).string(topic).int32(1).int32(partition).int16(code);
  return writer.int64(BigInt(baseOffset)).int64(-1n).int64(0n).int32(0).bytes();
}
