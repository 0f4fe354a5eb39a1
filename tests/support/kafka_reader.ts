/**
 * Reads a whole topic back, fast and strictly, as a `read_uncommitted` or `read_committed` consumer would see it.
 *
 * @module
 */
import { type Fetched, KafkaWire } from "./kafka_wire.ts";
import { type DecodedRecordBatch, decodeRecordBatch, type RecordHeader } from "./record_batch.ts";

/** One message as a consumer sees it. */
export interface ConsumedMessage {
  readonly partition: number;
  readonly offset: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly headers: readonly RecordHeader[];
}

/** What to read. */
export interface ConsumeOptions {
  /** Waits until so many messages are there; without it, reads what is there now. */
  readonly count?: number;
  /** How long to wait for `count`; 30 s by default. */
  readonly timeoutMs?: number;
  /** `read_uncommitted` by default. */
  readonly isolation?: "read_uncommitted" | "read_committed";
}

const WAIT_STEP_MS = 50;
/** Type of the control record that ends an aborted transaction: https://kafka.apache.org/documentation/#controlbatch */
const CONTROL_ABORT = 0;

/** Reads all partitions of a topic from the start. @throws {Error} when `count` messages do not come in time. */
export async function consumeTopic(port: number, topic: string, options: ConsumeOptions): Promise<ConsumedMessage[]> {
  using follower = await TopicFollower.connect(port, topic, options.isolation);
  const deadline = Date.now() + (options.timeoutMs ?? 30_000);
  const messages: ConsumedMessage[] = [];
  for (;;) {
    await follower.readOn((message) => messages.push(message));
    if (messages.length >= (options.count ?? 0)) return messages;
    if (Date.now() > deadline) throw new Error(`${topic} has ${messages.length} messages, not ${options.count}`);
    await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS));
  }
}

/** Reads a topic on from where it was, so that whoever waits for a million messages reads each of them once. */
export class TopicFollower implements Disposable {
  readonly #wire: KafkaWire;
  readonly #topic: string;
  readonly #isCommittedOnly: boolean;
  readonly #readers = new Map<number, PartitionReader>();

  private constructor(wire: KafkaWire, topic: string, isCommittedOnly: boolean) {
    this.#wire = wire;
    this.#topic = topic;
    this.#isCommittedOnly = isCommittedOnly;
  }

  /** Begins at the topic's start. */
  static async connect(port: number, topic: string, isolation?: ConsumeOptions["isolation"]): Promise<TopicFollower> {
    return new TopicFollower(await KafkaWire.connect(port), topic, isolation === "read_committed");
  }

  [Symbol.dispose](): void {
    this.#wire[Symbol.dispose]();
  }

  /** Hands out all messages that came since the last time; those of one partition in their order. */
  async readOn(take: (message: ConsumedMessage) => void): Promise<void> {
    for (const partition of (await this.#wire.metadata(this.#topic)).leaders.keys()) {
      const reader = this.#readers.get(partition) ??
        new PartitionReader(this.#wire, this.#topic, partition, this.#isCommittedOnly);
      this.#readers.set(partition, reader);
      await reader.readToEnd(take);
    }
  }
}

/** Reads one partition on from where it was. */
class PartitionReader {
  readonly #wire: KafkaWire;
  readonly #topic: string;
  readonly #partition: number;
  readonly #isCommittedOnly: boolean;
  #offset: bigint | undefined;
  /** Producers whose open transaction, as far as we have read, will turn out aborted. */
  readonly #aborting = new Set<bigint>();

  constructor(wire: KafkaWire, topic: string, partition: number, isCommittedOnly: boolean) {
    this.#wire = wire;
    this.#topic = topic;
    this.#partition = partition;
    this.#isCommittedOnly = isCommittedOnly;
  }

  async readToEnd(take: (message: ConsumedMessage) => void): Promise<void> {
    this.#offset ??= await this.#wire.offset(this.#topic, this.#partition, -2n);
    const end = await this.#wire.offset(this.#topic, this.#partition, -1n);
    if (end === undefined) return;
    while (this.#offset !== undefined && this.#offset < end) {
      const fetched = await this.#wire.fetch(this.#topic, this.#partition, this.#offset, this.#isCommittedOnly);
      if (fetched.errorCode !== 0) throw new Error(`Fetching ${this.#topic}: error ${fetched.errorCode}`);
      if (fetched.records.length === 0) return;
      this.#takeBatches(fetched, take);
    }
  }

  #takeBatches(fetched: Fetched, take: (message: ConsumedMessage) => void): void {
    const { records, aborted } = fetched;
    const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
    for (let at = 0; at + 12 <= records.length && at + 12 + view.getInt32(at + 8) <= records.length;) {
      const batch = decodeRecordBatch(records.subarray(at));
      at += batch.bytes;
      if (this.#isVisible(batch, aborted)) this.#handOut(batch, take);
      this.#offset = batch.baseOffset + BigInt(batch.lastOffsetDelta) + 1n;
    }
  }

  #isVisible(batch: DecodedRecordBatch, aborted: Fetched["aborted"]): boolean {
    const last = batch.baseOffset + BigInt(batch.lastOffsetDelta);
    for (const { producerId, firstOffset } of aborted) {
      if (firstOffset >= (this.#offset ?? 0n) && firstOffset <= last) this.#aborting.add(producerId);
    }
    if (batch.isControl) {
      if (controlType(batch) === CONTROL_ABORT) this.#aborting.delete(batch.producerId);
      return false;
    }
    return !(this.#isCommittedOnly && batch.isTransactional && this.#aborting.has(batch.producerId));
  }

  #handOut(batch: DecodedRecordBatch, take: (message: ConsumedMessage) => void): void {
    const baseOffset = Number(batch.baseOffset);
    for (const { offsetDelta, key, value, timestampMs, headers } of batch.records) {
      const offset = baseOffset + offsetDelta;
      if (offset < Number(this.#offset)) continue;
      take({ partition: this.#partition, offset, key, value, timestamp: timestampMs, headers });
    }
  }
}

/** A control record's key is `version INT16, type INT16`. */
function controlType(batch: DecodedRecordBatch): number {
  const key = batch.records[0]?.key;
  return key === null || key === undefined ? -1 : key[2] << 8 | key[3];
}
