/**
 * Reading a partition: ListOffsets, version 1, for where it ends, and Fetch, version 4, for what is in it, decided or not.
 * https://kafka.apache.org/protocol.html#The_Messages_Fetch
 *
 * @module
 */
import { finishRequest, type KafkaRequest, startRequest } from "../request.ts";
import { WireReader } from "../wire.ts";
import type { TopicPartition } from "./transaction_requests.ts";

const FETCH = { apiKey: 1, apiName: "Fetch", apiVersion: 4 } as const;
const LIST_OFFSETS = { apiKey: 2, apiName: "ListOffsets", apiVersion: 1 } as const;
const NO_REPLICA = -1;
const READ_UNCOMMITTED = 0;
const MAX_WAIT_MS = 500;

/** Which end of a partition. */
export const EARLIEST = -2n;
export const LATEST = -1n;

/**
 * Asks for the first offset that there is (`EARLIEST`), or for the one after the last that all replicas have (`LATEST`):
 *
 * ```
 * ListOffsets Request (Version: 1) => replica_id [topics]
 *   replica_id => INT32
 *   topics => name [partitions]
 *     name => STRING
 *     partitions => partition_index timestamp
 *       partition_index => INT32, timestamp => INT64
 * ```
 */
export function listOffsetsRequest({ topic, partition }: TopicPartition, which: bigint): KafkaRequest {
  const request: KafkaRequest = {
    ...LIST_OFFSETS,
    encode(correlationId, clientId) {
      const writer = startRequest(request, correlationId, clientId).int32(NO_REPLICA);
      return finishRequest(writer.int32(1).string(topic).int32(1).int32(partition).int64(which));
    },
  };
  return request;
}

/**
 * ```
 * ListOffsets Response (Version: 1) => [topics]
 *   topics => name [partitions]
 *     name => STRING
 *     partitions => partition_index error_code timestamp offset
 *       partition_index => INT32, error_code => INT16, timestamp => INT64, offset => INT64
 * ```
 *
 * @throws {RangeError} when the answer is cut short or is not for one partition.
 */
export function parseListOffsetsAnswer(
  payload: Uint8Array,
): { readonly errorCode: number; readonly offset: bigint } {
  const answers = new WireReader(payload).array((topic) => {
    topic.string();
    return topic.array((partition) => {
      partition.int32();
      const errorCode = partition.int16();
      partition.int64();
      return { errorCode, offset: partition.int64() };
    });
  }).flat();
  if (answers.length !== 1) throw new RangeError(`A ListOffsets answer speaks of ${answers.length} partitions`);
  return answers[0];
}

/**
 * Asks for record batches from `offset` on; the first is given whole, whatever its size:
 *
 * ```
 * Fetch Request (Version: 4) => replica_id max_wait_ms min_bytes max_bytes isolation_level [topics]
 *   replica_id => INT32, max_wait_ms => INT32, min_bytes => INT32, max_bytes => INT32, isolation_level => INT8
 *   topics => topic [partitions]
 *     topic => STRING
 *     partitions => partition fetch_offset partition_max_bytes
 *       partition => INT32, fetch_offset => INT64, partition_max_bytes => INT32
 * ```
 */
export function fetchRequest({ topic, partition }: TopicPartition, offset: bigint, bytesMax: number): KafkaRequest {
  const request: KafkaRequest = {
    ...FETCH,
    encode(correlationId, clientId) {
      const writer = startRequest(request, correlationId, clientId).int32(NO_REPLICA).int32(MAX_WAIT_MS);
      writer.int32(1).int32(bytesMax).int8(READ_UNCOMMITTED).int32(1).string(topic);
      return finishRequest(writer.int32(1).int32(partition).int64(offset).int32(bytesMax));
    },
  };
  return request;
}

/** What is in a partition from an offset on. */
export interface FetchAnswer {
  readonly errorCode: number;
  /** Record batches, of which the last may be cut. */
  readonly records: Uint8Array;
}

/**
 * ```
 * Fetch Response (Version: 4) => throttle_time_ms [responses]
 *   throttle_time_ms => INT32
 *   responses => topic [partitions]
 *     topic => STRING
 *     partitions => partition_index error_code high_watermark last_stable_offset [aborted_transactions] records
 *       partition_index => INT32, error_code => INT16, high_watermark => INT64, last_stable_offset => INT64
 *       aborted_transactions => producer_id first_offset
 *         producer_id => INT64, first_offset => INT64
 *       records => RECORDS
 * ```
 *
 * @throws {RangeError} when the answer is cut short or is not for one partition.
 */
export function parseFetchAnswer(payload: Uint8Array): FetchAnswer {
  const reader = new WireReader(payload);
  reader.int32();
  const answers = reader.array((topic) => {
    topic.string();
    return topic.array(parsePartition);
  }).flat();
  if (answers.length !== 1) throw new RangeError(`A Fetch answer speaks of ${answers.length} partitions, not of 1`);
  return answers[0];
}

function parsePartition(reader: WireReader): FetchAnswer {
  reader.int32();
  const errorCode = reader.int16();
  reader.raw(8 + 8);
  reader.array((aborted) => aborted.raw(8 + 8));
  return { errorCode, records: reader.raw(Math.max(0, reader.int32())) };
}
