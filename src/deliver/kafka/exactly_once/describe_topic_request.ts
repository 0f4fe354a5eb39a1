/**
 * The DescribeConfigs request, version 1, for one setting of one topic. https://kafka.apache.org/protocol.html#The_Messages_DescribeConfigs
 *
 * @module
 */
import { finishRequest, type KafkaRequest, startRequest } from "../request.ts";
import { WireReader } from "../wire.ts";

const DESCRIBE_CONFIGS = { apiKey: 32, apiName: "DescribeConfigs", apiVersion: 1 } as const;
/** `resource_type`: the name is a topic's. */
const OF_TOPIC = 2;

/**
 * ```
 * DescribeConfigs Request (Version: 1) => [resources] include_synonyms
 *   resources => resource_type resource_name [configuration_keys]
 *     resource_type => INT8, resource_name => STRING, configuration_keys => STRING
 *   include_synonyms => BOOLEAN
 * ```
 */
export function describeTopicRequest(topic: string, setting: string): KafkaRequest {
  const request: KafkaRequest = {
    ...DESCRIBE_CONFIGS,
    encode(correlationId, clientId) {
      const writer = startRequest(request, correlationId, clientId).int32(1).int8(OF_TOPIC).string(topic);
      return finishRequest(writer.int32(1).string(setting).boolean(false));
    },
  };
  return request;
}

/**
 * ```
 * DescribeConfigs Response (Version: 1) => throttle_time_ms [results]
 *   throttle_time_ms => INT32
 *   results => error_code error_message resource_type resource_name [configs]
 *     error_code => INT16, error_message => NULLABLE_STRING, resource_type => INT8, resource_name => STRING
 *     configs => name value read_only config_source is_sensitive [synonyms]
 *       name => STRING, value => NULLABLE_STRING, read_only => BOOLEAN, config_source => INT8, is_sensitive => BOOLEAN
 *       synonyms => name value source
 *         name => STRING, value => NULLABLE_STRING, source => INT8
 * ```
 *
 * @returns the setting's value; undefined where it was not told. @throws {RangeError} when the answer is cut short.
 */
export function parseDescribeTopicAnswer(payload: Uint8Array): string | undefined {
  const reader = new WireReader(payload);
  reader.int32();
  const values = reader.array((result) => {
    result.int16();
    result.nullableString();
    result.int8();
    result.string();
    return result.array(parseSetting);
  }).flat();
  return values.at(0) ?? undefined;
}

function parseSetting(reader: WireReader): string | null {
  reader.string();
  const value = reader.nullableString();
  reader.raw(1 + 1 + 1);
  reader.array((synonym) => {
    synonym.string();
    synonym.nullableString();
    synonym.int8();
  });
  return value;
}
