/**
 * The Metadata request, version 4, for one topic: its partitions and their leaders, and the brokers' addresses. Ours instead
 * of the library's, which fails as a whole when a single partition has no leader.
 * https://kafka.apache.org/protocol.html#The_Messages_Metadata
 *
 * @module
 */
import { finishRequest, type KafkaRequest, startRequest } from "./request.ts";
import { WireReader } from "./wire.ts";

const METADATA = { apiKey: 3, apiName: "Metadata", apiVersion: 4 } as const;

/** Where a broker listens. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** What a broker knows of one topic. */
export interface TopicMetadata {
  /** By node id. */
  readonly brokers: ReadonlyMap<number, BrokerAddress>;
  /** The node id of the broker that makes topics. */
  readonly controllerId?: number;
  /** Of the topic as a whole; 0 when it exists. */
  readonly errorCode: number;
  /** Partition to the node id of its leader; -1 while it has none. */
  readonly leaders: ReadonlyMap<number, number>;
}

/**
 * A request for one topic; a broker that may (`auto.create.topics.enable`) creates the topic where it is missing, if `mayCreate`:
 *
 * ```
 * Metadata Request (Version: 4) => [topics] allow_auto_topic_creation
 *   topics => name
 *     name => STRING
 *   allow_auto_topic_creation => BOOLEAN
 * ```
 */
export function metadataRequest(topic: string, mayCreate = true): KafkaRequest {
  const request: KafkaRequest = {
    ...METADATA,
    encode: (correlationId, clientId) =>
      finishRequest(startRequest(request, correlationId, clientId).int32(1).string(topic).boolean(mayCreate)),
  };
  return request;
}

/**
 * Decodes the answer to a request for exactly one topic:
 *
 * ```
 * Metadata Response (Version: 4) => throttle_time_ms [brokers] cluster_id controller_id [topics]
 *   throttle_time_ms => INT32
 *   brokers => node_id host port rack
 *     node_id => INT32, host => STRING, port => INT32, rack => NULLABLE_STRING
 *   cluster_id => NULLABLE_STRING
 *   controller_id => INT32
 *   topics => error_code name is_internal [partitions]
 *     error_code => INT16, name => STRING, is_internal => BOOLEAN
 *     partitions => error_code partition_index leader_id [replica_nodes] [isr_nodes]
 *       error_code => INT16, partition_index => INT32, leader_id => INT32, replica_nodes => INT32, isr_nodes => INT32
 * ```
 *
 * @throws {RangeError} when the answer is cut short or is not for one topic.
 */
export function parseMetadataAnswer(payload: Uint8Array): TopicMetadata {
  const reader = new WireReader(payload);
  reader.int32();
  const brokers = new Map(reader.array(parseBroker));
  reader.nullableString();
  const controllerId = reader.int32();
  const topics = reader.array(parseTopic);
  if (topics.length !== 1) throw new RangeError(`A Metadata answer speaks of ${topics.length} topics, not of 1`);
  return { brokers, controllerId, ...topics[0] };
}

function parseBroker(reader: WireReader): [number, BrokerAddress] {
  const nodeId = reader.int32();
  const address = { host: reader.string(), port: reader.int32() };
  reader.nullableString();
  return [nodeId, address];
}

function parseTopic(reader: WireReader): Omit<TopicMetadata, "brokers" | "controllerId"> {
  const errorCode = reader.int16();
  reader.string();
  reader.boolean();
  return { errorCode, leaders: new Map(reader.array(parseLeader)) };
}

function parseLeader(reader: WireReader): [number, number] {
  reader.int16();
  const partition = reader.int32();
  const leader = reader.int32();
  reader.array((nodes) => nodes.int32());
  reader.array((nodes) => nodes.int32());
  return [partition, leader];
}
