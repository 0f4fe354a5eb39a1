/**
 * The compacted topic of positions: makes it where it is missing, and reads of one partition what was committed. Read without regard to
 * others' transactions, which may be open for long: which of its own were committed, the marks in the partition tell.
 *
 * @module
 */
import { BrokerError } from "../broker_error.ts";
import type { BrokerDirectory } from "../cluster.ts";
import { UNKNOWN_TOPIC_OR_PARTITION } from "../error_codes.ts";
import type { KafkaRequest } from "../request.ts";
import { createTopicRequest, parseCreateTopicAnswer } from "./create_topic_request.ts";
import { describeTopicRequest, parseDescribeTopicAnswer } from "./describe_topic_request.ts";
import {
  EARLIEST,
  fetchRequest,
  LATEST,
  listOffsetsRequest,
  parseFetchAnswer,
  parseListOffsetsAnswer,
} from "./fetch_request.ts";
import { type FetchedBatch, fetchedBatches, type FetchedRecord, isCommitMark } from "./fetched_batches.ts";
import { type RetryContext, untilDone } from "./until_done.ts";

/** Agents are spread over so many partitions. */
const PARTITIONS = 12;
const REPLICAS_MAX = 3;
const FETCH_BYTES = 4 * 1024 * 1024;
const TOPIC_ALREADY_EXISTS = 36;
const CLEANUP_POLICY = "cleanup.policy";
/** Small segments, cleaned early, so that little is read at a start; what is pending of a record may be large. */
const SETTINGS = {
  [CLEANUP_POLICY]: "compact",
  "compression.type": "producer",
  "segment.bytes": String(16 * 1024 * 1024),
  "min.cleanable.dirty.ratio": "0.1",
  "max.message.bytes": String(16 * 1024 * 1024),
};

/** One key and its value, or null where it was forgotten. */
export interface KeptRecord {
  readonly key: string;
  readonly value: string | null;
}

/** The topic as one session sees it. */
export class PositionsTopic {
  readonly name: string;
  readonly #cluster: BrokerDirectory;
  readonly #context: RetryContext;

  constructor(name: string, cluster: BrokerDirectory, context: RetryContext) {
    this.name = name;
    this.#cluster = cluster;
    this.#context = context;
  }

  /** Makes the topic where it is missing. @returns the number of its partitions. @throws {TransactionBroken} when delivery stops. */
  partitionCount(): Promise<number> {
    return this.#untilDone(async () => {
      const { errorCode, leaders, brokers, controllerId } = await this.#cluster.metadata(this.name, false);
      if (errorCode === UNKNOWN_TOPIC_OR_PARTITION) await this.#create(controllerId, brokers.size);
      if (errorCode !== 0) throw new BrokerError(errorCode);
      if (leaders.size === 0) throw new Error(`topic ${this.name} has no partitions yet`);
      return leaders.size;
    });
  }

  /** Whether positions may be deleted from the topic for their age; false where it cannot be found out. Does not reject. */
  async isForgetful(): Promise<boolean> {
    try {
      const channel = await this.#cluster.connection();
      const policy = parseDescribeTopicAnswer(await channel.request(describeTopicRequest(this.name, CLEANUP_POLICY)));
      return policy !== undefined && policy !== "compact";
    } catch {
      return false;
    }
  }

  /**
   * Reads what is in a partition now, as far as it was committed, in order.
   *
   * @throws {TransactionBroken} when delivery stops.
   */
  async read(partition: number, take: (record: KeptRecord) => void): Promise<void> {
    // Given out only as a whole: a reading that fails begins anew.
    const records = await this.#untilDone(async () => {
      const end = await this.#offset(partition, LATEST);
      return await this.#readTo(partition, await this.#offset(partition, EARLIEST), end);
    });
    records.forEach(take);
  }

  async #readTo(partition: number, start: bigint, end: bigint): Promise<readonly KeptRecord[]> {
    const committed = new CommittedRecords();
    let at = start;
    while (at < end) {
      const answer = parseFetchAnswer(
        await this.#ask(partition, fetchRequest({ topic: this.name, partition }, at, FETCH_BYTES)),
      );
      if (answer.errorCode !== 0) throw new BrokerError(answer.errorCode);
      const batches = [...fetchedBatches(answer.records)];
      if (batches.length === 0) throw new Error(`partition ${partition} of topic ${this.name} ends too early`);
      for (const batch of batches) {
        // A broker gives whole batches, also the one that holds the offset.
        if (batch.offsetEnd <= at) continue;
        committed.add(batch);
        at = batch.offsetEnd;
      }
    }
    return committed.all;
  }

  async #offset(partition: number, which: bigint): Promise<bigint> {
    const request = listOffsetsRequest({ topic: this.name, partition }, which);
    const { errorCode, offset } = parseListOffsetsAnswer(await this.#ask(partition, request));
    if (errorCode !== 0) throw new BrokerError(errorCode);
    return offset;
  }

  async #ask(partition: number, request: KafkaRequest): Promise<Uint8Array> {
    const { errorCode, leaders } = await this.#cluster.metadata(this.name, false);
    if (errorCode !== 0) throw new BrokerError(errorCode);
    const leader = leaders.get(partition) ?? -1;
    if (leader < 0) throw new Error(`partition ${partition} of topic ${this.name} has no leader`);
    const channel = await this.#cluster.connection(leader);
    return await channel.request(request);
  }

  async #create(controllerId: number | undefined, brokerCount: number): Promise<void> {
    const channel = await this.#cluster.connection(controllerId);
    const replicas = Math.min(REPLICAS_MAX, brokerCount);
    // What one broker alone has acknowledged may be lost with it.
    const settings = { ...SETTINGS, "min.insync.replicas": replicas === REPLICAS_MAX ? "2" : "1" };
    const plan = { name: this.name, partitions: PARTITIONS, replicas, settings };
    const code = parseCreateTopicAnswer(await channel.request(createTopicRequest(plan)));
    if (code !== 0 && code !== TOPIC_ALREADY_EXISTS) throw new BrokerError(code);
  }

  #untilDone<Result>(attempt: () => Promise<Result>): Promise<Result> {
    return untilDone(`topic ${this.name}`, this.#context, attempt);
  }
}

/** Records of a partition in the order of their commits. A mark is kept as long as records of its transaction are. */
class CommittedRecords {
  readonly all: KeptRecord[] = [];
  /** Of transactions whose end has not come yet, by producer. */
  readonly #open = new Map<bigint, KeptRecord[]>();

  add({ producerId, isControl, isTransactional, records }: FetchedBatch): void {
    if (isControl) return this.#end(producerId, records);
    const kept = records.flatMap(tryKeptRecord);
    if (!isTransactional) this.all.push(...kept);
    else this.#open.set(producerId, [...this.#open.get(producerId) ?? [], ...kept]);
  }

  #end(producerId: bigint, marks: readonly FetchedRecord[]): void {
    const records = this.#open.get(producerId) ?? [];
    this.#open.delete(producerId);
    if (marks.some(isCommitMark)) this.all.push(...records);
  }
}

function tryKeptRecord({ key, value }: FetchedRecord): KeptRecord[] {
  if (key === null) return [];
  const decoder = new TextDecoder();
  return [{ key: decoder.decode(key), value: value && decoder.decode(value) }];
}
