/**
 * The InitProducerId request, version 1, of an idempotent producer without transactions: it gives the identity under which a
 * broker numbers, and so recognizes, our record batches. https://kafka.apache.org/protocol.html#The_Messages_InitProducerId
 *
 * @module
 */
import { finishRequest, type KafkaRequest, startRequest } from "./request.ts";
import { WireReader } from "./wire.ts";

/** Under which identity a producer's record batches are numbered. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly epoch: number;
}

const INIT_PRODUCER_ID = { apiKey: 22, apiName: "InitProducerId", apiVersion: 1 } as const;

/**
 * Asks for a new identity:
 *
 * ```
 * InitProducerId Request (Version: 1) => transactional_id transaction_timeout_ms
 *   transactional_id => NULLABLE_STRING
 *   transaction_timeout_ms => INT32
 * ```
 */
export const initProducerIdRequest: KafkaRequest = initRequest(null, 0x7fffffff);

/**
 * Asks the coordinator for the next epoch of a transactional id: whoever had it before can do nothing any more, and what that one has left
 * open is aborted.
 */
export function initTransactionsRequest(transactionalId: string, timeoutMs: number): KafkaRequest {
  return initRequest(transactionalId, timeoutMs);
}

function initRequest(transactionalId: string | null, timeoutMs: number): KafkaRequest {
  const request: KafkaRequest = {
    ...INIT_PRODUCER_ID,
    encode: (correlationId, clientId) =>
      finishRequest(startRequest(request, correlationId, clientId).string(transactionalId).int32(timeoutMs)),
  };
  return request;
}

/**
 * Decodes the answer:
 *
 * ```
 * InitProducerId Response (Version: 1) => throttle_time_ms error_code producer_id producer_epoch
 *   throttle_time_ms => INT32, error_code => INT16, producer_id => INT64, producer_epoch => INT16
 * ```
 *
 * @throws {RangeError} when the answer is cut short.
 */
export function parseInitProducerIdAnswer(payload: Uint8Array): ProducerIdentity & { readonly errorCode: number } {
  const reader = new WireReader(payload);
  reader.int32();
  return { errorCode: reader.int16(), producerId: reader.int64(), epoch: reader.int16() };
}
