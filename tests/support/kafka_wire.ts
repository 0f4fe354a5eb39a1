/**
 * A small Kafka client for tests, on a plain TCP connection and independent of the code under test: metadata, topics, offsets,
 * fetching, and who leads. Knows one broker, and asks it whatever it may be that it leads.
 *
 * @module
 */
import { parseMetadataAnswer, type TopicMetadata } from "../../src/deliver/kafka/metadata_request.ts";
import { WireReader, WireWriter } from "../../src/deliver/kafka/wire.ts";

/** Error code of a topic that exists already. */
const TOPIC_ALREADY_EXISTS = 36;
const FETCH_BYTES_MAX = 16 << 20;
/** What a configuration belongs to, and what is done with a value. */
const TOPIC_RESOURCE = 2;
const SET_OPERATION = 0;

/** What a fetch gives for one partition. */
export interface Fetched {
  readonly errorCode: number;
  /** Up to where a `read_committed` consumer may read. */
  readonly lastStableOffset: bigint;
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: bigint }[];
  /** Whole record batches one after another; the last may be cut short. */
  readonly records: Uint8Array;
}

/** One connection to the broker, one request at a time. */
export class KafkaWire implements Disposable {
  readonly #connection: Deno.TcpConn;
  #correlationId = 0;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  static async connect(port: number): Promise<KafkaWire> {
    return new KafkaWire(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }

  /** Metadata of one topic, which is not created by asking. */
  async metadata(topic: string): Promise<TopicMetadata> {
    const body = new WireWriter().int32(1).string(topic).boolean(false);
    return parseMetadataAnswer(await this.#exchange(3, 4, body));
  }

  /** CreateTopics v2; a topic that exists already is left as it is. @throws {Error} when the broker refuses. */
  async createTopic(
    topic: string,
    partitions: number,
    config: Readonly<Record<string, string>>,
    replicas = 1,
  ): Promise<void> {
    const body = new WireWriter().int32(1).string(topic).int32(partitions).int16(replicas).int32(0);
    body.int32(Object.keys(config).length);
    for (const [name, value] of Object.entries(config)) body.string(name).string(value);
    const reader = new WireReader(await this.#exchange(19, 2, body.int32(10_000).boolean(false)));
    reader.int32();
    const [errorCode] = reader.array((item) => {
      item.string();
      const code = item.int16();
      item.nullableString();
      return code;
    });
    if (errorCode !== 0 && errorCode !== TOPIC_ALREADY_EXISTS) throw new Error(`CreateTopics: error ${errorCode}`);
  }

  /** IncrementalAlterConfigs v0. @throws {Error} when the broker refuses. */
  async setTopicConfig(topic: string, config: Readonly<Record<string, string>>): Promise<void> {
    const body = new WireWriter().int32(1).int8(TOPIC_RESOURCE).string(topic).int32(Object.keys(config).length);
    for (const [name, value] of Object.entries(config)) body.string(name).int8(SET_OPERATION).string(value);
    const reader = new WireReader(await this.#exchange(44, 0, body.boolean(false)));
    reader.int32();
    const [errorCode] = reader.array((item) => {
      const code = item.int16();
      item.nullableString();
      item.int8();
      item.string();
      return code;
    });
    if (errorCode !== 0) throw new Error(`IncrementalAlterConfigs: error ${errorCode}`);
  }

  /** DeleteTopics v1. */
  async deleteTopic(topic: string): Promise<void> {
    await this.#exchange(20, 1, new WireWriter().int32(1).string(topic).int32(10_000));
  }

  /** AlterPartitionReassignments v0: the same replicas in another order, of which the first is the preferred leader. */
  async orderReplicas(topic: string, partition: number, replicas: readonly number[]): Promise<void> {
    const body = new WireWriter().int32(10_000).int8(2);
    body.int8(topic.length + 1).raw(new TextEncoder().encode(topic)).int8(2).int32(partition).int8(replicas.length + 1);
    for (const replica of replicas) body.int32(replica);
    await this.#exchange(45, 0, body.int8(0).int8(0).int8(0), true);
  }

  /** ElectLeaders v1, where the preferred one is in sync. */
  async electPreferred(topic: string, partition: number): Promise<void> {
    await this.#exchange(
      43,
      1,
      new WireWriter().int8(0).int32(1).string(topic).int32(1).int32(partition).int32(10_000),
    );
  }

  /** ListOffsets v2: the earliest (`-2`) or the next (`-1`) offset of a partition; undefined while its leader is not ready. */
  async offset(topic: string, partition: number, which: -1n | -2n): Promise<bigint | undefined> {
    const body = new WireWriter().int32(-1).int8(0).int32(1).string(topic).int32(1).int32(partition).int64(which);
    const reader = new WireReader(await this.#exchange(2, 2, body));
    reader.int32();
    const [[offset]] = reader.array((item) => {
      item.string();
      return item.array((answer) => {
        answer.int32();
        const errorCode = answer.int16();
        answer.int64();
        const value = answer.int64();
        return errorCode === 0 ? value : undefined;
      });
    });
    return offset;
  }

  /** Fetch v4 of one partition; where nothing is there, waits for so long. */
  async fetch(
    topic: string,
    partition: number,
    offset: bigint,
    isCommittedOnly: boolean,
    waitMs = 0,
  ): Promise<Fetched> {
    const body = new WireWriter().int32(-1).int32(waitMs).int32(1).int32(FETCH_BYTES_MAX).boolean(isCommittedOnly);
    body.int32(1).string(topic).int32(1).int32(partition).int64(offset).int32(FETCH_BYTES_MAX);
    const reader = new WireReader(await this.#exchange(1, 4, body));
    reader.int32();
    const [[fetched]] = reader.array((item) => {
      item.string();
      return item.array(readFetched);
    });
    return fetched;
  }

  /** @param isFlexible whether the heads of request and answer end with tagged fields: of none is written, and the answer's are left. */
  async #exchange(apiKey: number, apiVersion: number, body: WireWriter, isFlexible = false): Promise<Uint8Array> {
    const request = new WireWriter().int32(0).int16(apiKey).int16(apiVersion).int32(this.#correlationId++);
    request.string("test").raw(new Uint8Array(isFlexible ? 1 : 0)).raw(body.bytes());
    await writeAll(this.#connection, request.patchInt32(0, request.length - 4).bytes());
    const size = new WireReader(await this.#read(4)).int32();
    return (await this.#read(size)).subarray(4);
  }

  async #read(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const count = await this.#connection.read(bytes.subarray(at));
      if (count === null) throw new Error("Kafka closed the connection");
      at += count;
    }
    return bytes;
  }
}

function readFetched(reader: WireReader): Fetched {
  reader.int32();
  const errorCode = reader.int16();
  reader.int64();
  const lastStableOffset = reader.int64();
  const aborted = reader.array((item) => ({ producerId: item.int64(), firstOffset: item.int64() }));
  return { errorCode, lastStableOffset, aborted, records: reader.raw(Math.max(reader.int32(), 0)) };
}

async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
