/**
 * The CreateTopics request, version 2, for one topic. https://kafka.apache.org/protocol.html#The_Messages_CreateTopics
 *
 * @module
 */
import { finishRequest, type KafkaRequest, startRequest } from "../request.ts";
import { WireReader } from "../wire.ts";

const CREATE_TOPICS = { apiKey: 19, apiName: "CreateTopics", apiVersion: 2 } as const;
const TIMEOUT_MS = 10_000;

/** A topic to be made. */
export interface TopicPlan {
  readonly name: string;
  readonly partitions: number;
  readonly replicas: number;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * ```
 * CreateTopics Request (Version: 2) => [topics] timeout_ms validate_only
 *   topics => name num_partitions replication_factor [assignments] [configs]
 *     name => STRING, num_partitions => INT32, replication_factor => INT16
 *     assignments => partition_index [broker_ids]
 *     configs => name value
 *       name => STRING, value => NULLABLE_STRING
 *   timeout_ms => INT32, validate_only => BOOLEAN
 * ```
 */
export function createTopicRequest({ name, partitions, replicas, settings }: TopicPlan): KafkaRequest {
  const request: KafkaRequest = {
    ...CREATE_TOPICS,
    encode(correlationId, clientId) {
      const entries = Object.entries(settings);
      const writer = startRequest(request, correlationId, clientId).int32(1).string(name);
      writer.int32(partitions).int16(replicas).int32(0).int32(entries.length);
      for (const [key, value] of entries) writer.string(key).string(value);
      return finishRequest(writer.int32(TIMEOUT_MS).boolean(false));
    },
  };
  return request;
}

/**
 * ```
 * CreateTopics Response (Version: 2) => throttle_time_ms [topics]
 *   throttle_time_ms => INT32
 *   topics => name error_code error_message
 *     name => STRING, error_code => INT16, error_message => NULLABLE_STRING
 * ```
 *
 * @returns the error code. @throws {RangeError} when the answer is cut short or is not for one topic.
 */
export function parseCreateTopicAnswer(payload: Uint8Array): number {
  const reader = new WireReader(payload);
  reader.int32();
  const codes = reader.array((topic) => {
    topic.string();
    const code = topic.int16();
    topic.nullableString();
    return code;
  });
  if (codes.length !== 1) throw new RangeError(`A CreateTopics answer speaks of ${codes.length} topics, not of 1`);
  return codes[0];
}
