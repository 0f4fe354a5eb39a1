/**
 * A request as a broker connection sends it, and the header that every request of ours starts with.
 *
 * @module
 */
import { WireWriter } from "./wire.ts";

/** One request, encoded when its correlation id is known. */
export interface KafkaRequest {
  readonly apiKey: number;
  readonly apiName: string;
  readonly apiVersion: number;
  /** @returns the whole request, its size first. The bytes must stay unchanged until the answer or the connection's end. */
  encode(correlationId: number, clientId: string): Uint8Array;
}

/**
 * Starts a request with its size (to be set by `finishRequest`) and header version 1:
 * `size INT32, api_key INT16, api_version INT16, correlation_id INT32, client_id NULLABLE_STRING`.
 * https://kafka.apache.org/protocol.html#protocol_messages
 */
export function startRequest(request: KafkaRequest, correlationId: number, clientId: string): WireWriter {
  return new WireWriter()
    .int32(0)
    .int16(request.apiKey)
    .int16(request.apiVersion)
    .int32(correlationId)
    .string(clientId);
}

/**
 * Sets the size, which does not count its own four bytes.
 *
 * @param bytesFollowing bytes of the request that the caller sends after those of `writer`.
 */
export function finishRequest(writer: WireWriter, bytesFollowing = 0): Uint8Array<ArrayBuffer> {
  return writer.patchInt32(0, writer.length - 4 + bytesFollowing).bytes();
}
