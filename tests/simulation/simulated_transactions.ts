/**
 * The requests beside Produce and Metadata that delivery in transactions makes, answered by the brokers of the simulation. The grammars are in
 * `src/deliver/kafka/exactly_once/`.
 *
 * @module
 */
import { WireReader, WireWriter } from "../../src/deliver/kafka/wire.ts";
import type { Random } from "../support/random.ts";
import { decodeRecordBatch } from "../support/record_batch.ts";
import type { ClusterWitness, SimulatedCluster } from "./simulated_cluster.ts";
import { SimulatedCoordinator } from "./simulated_coordinator.ts";
import type { SimulatedPartition } from "./simulated_partition.ts";
import type { VirtualClock } from "./virtual_clock.ts";

const FETCH = 1;
const LIST_OFFSETS = 2;
const FIND_COORDINATOR = 10;
const CREATE_TOPICS = 19;
const ADD_PARTITIONS = 24;
const END_TRANSACTION = 26;
const DESCRIBE_CONFIGS = 32;
const KEYS: readonly number[] = [
  DESCRIBE_CONFIGS,
  FETCH,
  LIST_OFFSETS,
  FIND_COORDINATOR,
  CREATE_TOPICS,
  ADD_PARTITIONS,
  END_TRANSACTION,
];

const UNKNOWN_TOPIC_OR_PARTITION = 3;
const NOT_LEADER_OR_FOLLOWER = 6;
const NOT_COORDINATOR = 16;
/** COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, UNKNOWN_SERVER_ERROR. */
const COORDINATOR_ERRORS = [14, 15, NOT_COORDINATOR, -1];
const EARLIEST = -2n;

/** Whether a request is answered here. */
export function isTransactionKey(apiKey: number): boolean {
  return KEYS.includes(apiKey);
}

/** What brokers answer. */
export class SimulatedTransactions {
  readonly #cluster: SimulatedCluster;
  readonly #random: Random;
  readonly #witness: ClusterWitness;
  readonly #coordinator: SimulatedCoordinator;

  constructor(cluster: SimulatedCluster, clock: VirtualClock, random: Random, witness: ClusterWitness) {
    this.#cluster = cluster;
    this.#random = random;
    this.#witness = witness;
    this.#coordinator = new SimulatedCoordinator(clock, random, (text) => witness.trace(text));
  }

  /** InitProducerId with a transactional id. @param fault an error code; 0: none. */
  init(transactionalId: string, timeoutMs: number, fault: number): Uint8Array {
    const result = fault || this.#coordinator.init(transactionalId, timeoutMs, () => this.#cluster.newProducerId());
    if (typeof result === "number") return new WireWriter().int32(0).int16(result).int64(-1n).int16(-1).bytes();
    this.#witness.trace(`${transactionalId} has the epoch ${result.epoch}`);
    return new WireWriter().int32(0).int16(0).int64(result.producerId).int16(result.epoch).bytes();
  }

  /** Whether a batch is part of a transaction that this partition is part of. */
  mayAppend(transactionalId: string, records: Uint8Array, partition: SimulatedPartition): boolean {
    const { producerId, producerEpoch: epoch, isTransactional } = decodeRecordBatch(records);
    if (!isTransactional) this.#witness.complain("a batch of a transactional producer is part of no transaction");
    return this.#coordinator.isPart(transactionalId, { producerId, epoch }, partition);
  }

  answer(nodeId: number, apiKey: number, reader: WireReader, isFaulty: boolean): Uint8Array {
    const writer = new WireWriter().int32(0);
    const fault = isFaulty ? this.#random.pick(COORDINATOR_ERRORS) : 0;
    switch (apiKey) {
      case FETCH:
        return this.#fetch(nodeId, reader, isFaulty);
      case LIST_OFFSETS:
        return this.#listOffsets(nodeId, reader, isFaulty);
      case FIND_COORDINATOR:
        return writer.int16(fault).string(null).int32(this.#coordinatorNode).string("broker").int32(9092).bytes();
      case DESCRIBE_CONFIGS:
        return describeTopic(reader);
      case CREATE_TOPICS:
        return this.#createTopic(reader);
      case ADD_PARTITIONS:
        return this.#add(reader, fault || this.#refusal(nodeId));
      default:
        return writer.int16(this.#end(reader, fault || this.#refusal(nodeId))).bytes();
    }
  }

  get #coordinatorNode(): number {
    let nodeId = 0;
    while (nodeId < this.#cluster.plan.brokerCount - 1 && !this.#cluster.isUp(nodeId)) nodeId++;
    return nodeId;
  }

  #refusal(nodeId: number): number {
    return nodeId === this.#coordinatorNode ? 0 : NOT_COORDINATOR;
  }

  #createTopic(reader: WireReader): Uint8Array {
    reader.int32();
    const name = reader.string();
    this.#cluster.makeTopic(name, reader.int32());
    return new WireWriter().int32(0).int32(1).string(name).int16(0).string(null).bytes();
  }

  #add(reader: WireReader, fault: number): Uint8Array {
    const transactionalId = reader.string();
    const identity = { producerId: reader.int64(), epoch: reader.int16() };
    const places = reader.array((topic) => ({ topic: topic.string(), index: topic.array((one) => one.int32())[0] }));
    const partitions = places.flatMap(({ topic, index }) => this.#cluster.tryPartition(topic, index) ?? []);
    const code = fault || this.#coordinator.add(transactionalId, identity, partitions);
    const writer = new WireWriter().int32(0).int32(places.length);
    for (const { topic, index } of places) writer.string(topic).int32(1).int32(index).int16(code);
    return writer.bytes();
  }

  #end(reader: WireReader, fault: number): number {
    const transactionalId = reader.string();
    const identity = { producerId: reader.int64(), epoch: reader.int16() };
    return fault || this.#coordinator.end(transactionalId, identity, reader.boolean());
  }

  #listOffsets(nodeId: number, reader: WireReader, isFaulty: boolean): Uint8Array {
    reader.raw(4 + 4);
    const topic = reader.string();
    reader.int32();
    const index = reader.int32();
    const isEarliest = reader.int64() === EARLIEST;
    const { partition, code } = this.#find(nodeId, topic, index, isFaulty);
    const offset = isEarliest ? 0 : partition?.highWatermark ?? 0;
    const writer = new WireWriter().int32(1).string(topic).int32(1).int32(index).int16(code);
    return writer.int64(-1n).int64(BigInt(offset)).bytes();
  }

  #fetch(nodeId: number, reader: WireReader, isFaulty: boolean): Uint8Array {
    reader.raw(4 + 4 + 4 + 4 + 1 + 4);
    const topic = reader.string();
    reader.int32();
    const index = reader.int32();
    const offset = Number(reader.int64());
    const { partition, code } = this.#find(nodeId, topic, index, isFaulty);
    const records = code === 0 ? partition!.fetch(offset) : new Uint8Array();
    const writer = new WireWriter(records.length + 128).int32(0).int32(1).string(topic).int32(1).int32(index).int16(
      code,
    );
    writer.int64(BigInt(partition?.highWatermark ?? -1)).int64(BigInt(partition?.stableOffset ?? -1)).int32(0);
    return writer.int32(records.length).raw(records).bytes();
  }

  #find(nodeId: number, topic: string, index: number, isFaulty: boolean) {
    const partition = this.#cluster.tryPartition(topic, index);
    if (partition === undefined) return { partition, code: UNKNOWN_TOPIC_OR_PARTITION };
    return { partition, code: isFaulty || partition.leader !== nodeId ? NOT_LEADER_OR_FOLLOWER : 0 };
  }
}

/** Topics are compacted. */
function describeTopic(reader: WireReader): Uint8Array {
  reader.raw(4 + 1);
  const writer = new WireWriter().int32(0).int32(1).int16(0).string(null).int8(2).string(reader.string()).int32(1);
  return writer.string("cleanup.policy").string("compact").int8(0).int8(1).int8(0).int32(0).bytes();
}
