/**
 * The requests to the coordinator of a transaction beside InitProducerId: FindCoordinator, AddPartitionsToTxn and EndTxn, in their last
 * versions without tagged fields. https://kafka.apache.org/protocol.html#protocol_api_keys
 *
 * @module
 */
import type { ProducerIdentity } from "../init_producer_id_request.ts";
import { finishRequest, type KafkaRequest, startRequest } from "../request.ts";
import { WireReader, type WireWriter } from "../wire.ts";

const FIND_COORDINATOR = { apiKey: 10, apiName: "FindCoordinator", apiVersion: 1 } as const;
const ADD_PARTITIONS = { apiKey: 24, apiName: "AddPartitionsToTxn", apiVersion: 1 } as const;
const END_TRANSACTION = { apiKey: 26, apiName: "EndTxn", apiVersion: 1 } as const;
/** `key_type`: the key is a transactional id. */
const OF_TRANSACTIONS = 1;

/** Who acts: a transactional id in its present epoch. */
export interface TransactionActor {
  readonly transactionalId: string;
  readonly identity: ProducerIdentity;
}

/** One partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Asks any broker who coordinates a transactional id:
 *
 * ```
 * FindCoordinator Request (Version: 1) => key key_type
 *   key => STRING
 *   key_type => INT8
 * ```
 */
export function findCoordinatorRequest(transactionalId: string): KafkaRequest {
  return made(FIND_COORDINATOR, (writer) => writer.string(transactionalId).int8(OF_TRANSACTIONS));
}

/**
 * ```
 * FindCoordinator Response (Version: 1) => throttle_time_ms error_code error_message node_id host port
 *   throttle_time_ms => INT32, error_code => INT16, error_message => NULLABLE_STRING, node_id => INT32, host => STRING, port => INT32
 * ```
 *
 * @throws {RangeError} when the answer is cut short.
 */
export function parseFindCoordinatorAnswer(
  payload: Uint8Array,
): { readonly errorCode: number; readonly nodeId: number } {
  const reader = new WireReader(payload);
  reader.int32();
  const errorCode = reader.int16();
  reader.nullableString();
  return { errorCode, nodeId: reader.int32() };
}

/**
 * Makes partitions part of the transaction:
 *
 * ```
 * AddPartitionsToTxn Request (Version: 1) => transactional_id producer_id producer_epoch [topics]
 *   transactional_id => STRING, producer_id => INT64, producer_epoch => INT16
 *   topics => name [partitions]
 *     name => STRING, partitions => INT32
 * ```
 */
export function addPartitionsRequest(actor: TransactionActor, partitions: readonly TopicPartition[]): KafkaRequest {
  return made(ADD_PARTITIONS, (writer) => {
    writeActor(writer, actor).int32(partitions.length);
    for (const { topic, partition } of partitions) writer.string(topic).int32(1).int32(partition);
    return writer;
  });
}

/**
 * ```
 * AddPartitionsToTxn Response (Version: 1) => throttle_time_ms [results]
 *   throttle_time_ms => INT32
 *   results => name [partition_results]
 *     name => STRING
 *     partition_results => partition_index error_code
 *       partition_index => INT32, error_code => INT16
 * ```
 *
 * @returns the error codes of all partitions. @throws {RangeError} when the answer is cut short.
 */
export function parseAddPartitionsAnswer(payload: Uint8Array): readonly number[] {
  const reader = new WireReader(payload);
  reader.int32();
  return reader.array((topic) => {
    topic.string();
    return topic.array((partition) => {
      partition.int32();
      return partition.int16();
    });
  }).flat();
}

/**
 * Ends the transaction:
 *
 * ```
 * EndTxn Request (Version: 1) => transactional_id producer_id producer_epoch committed
 *   transactional_id => STRING, producer_id => INT64, producer_epoch => INT16, committed => BOOLEAN
 * ```
 */
export function endTransactionRequest(actor: TransactionActor, isCommitted: boolean): KafkaRequest {
  return made(END_TRANSACTION, (writer) => writeActor(writer, actor).boolean(isCommitted));
}

/**
 * ```
 * EndTxn Response (Version: 1) => throttle_time_ms error_code
 *   throttle_time_ms => INT32, error_code => INT16
 * ```
 *
 * @returns the error code. @throws {RangeError} when the answer is cut short.
 */
export function parseEndTransactionAnswer(payload: Uint8Array): number {
  const reader = new WireReader(payload);
  reader.int32();
  return reader.int16();
}

function writeActor(writer: WireWriter, { transactionalId, identity }: TransactionActor): WireWriter {
  return writer.string(transactionalId).int64(identity.producerId).int16(identity.epoch);
}

function made(api: Omit<KafkaRequest, "encode">, write: (writer: WireWriter) => WireWriter): KafkaRequest {
  const request: KafkaRequest = {
    ...api,
    encode: (correlationId, clientId) => finishRequest(write(startRequest(request, correlationId, clientId))),
  };
  return request;
}
