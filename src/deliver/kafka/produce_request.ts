/**
 * The Produce request, version 7, for one record batch of one partition: everything up to the records themselves, which are
 * sent from where they lie, and the answer to it. Version 7 is the first that allows every compression (Kafka 2.1) and is
 * still plain, without tagged fields. https://kafka.apache.org/protocol.html#The_Messages_Produce
 *
 * @module
 */
import { invariant } from "../../core/assert.ts";
import type { RecordSlot } from "../../core/slot.ts";
import { finishRequest, type KafkaRequest, startRequest } from "./request.ts";
import { WireReader } from "./wire.ts";

/** The room that a slot keeps before its batch; see `RecordSlot.frame`. */
const HEADER_BYTES_MAX = 1024;

/** All in-sync replicas must have the batch before the broker answers. */
const ACKS_ALL = -1;

/** Behind the size, the API key and its version; see `startRequest`. */
const CORRELATION_ID_AT = 8;

/** API key and version of our Produce requests. */
export const PRODUCE = { apiKey: 0, apiName: "Produce", apiVersion: 7 } as const;

/** Where a record batch goes, and how long the broker may wait for its replicas. */
export interface ProduceTarget {
  readonly topic: string;
  readonly partition: number;
  readonly timeoutMs: number;
  /** Of the transaction that the batch is part of; undefined: of none. */
  readonly transactionalId?: string;
}

/** The broker's answer for the one partition asked. `baseOffset` is -1 where it is not known. */
export interface ProduceAnswer {
  readonly errorCode: number;
  readonly baseOffset: bigint;
}

/**
 * Encodes a Produce request up to and including the length of the records:
 *
 * ```
 * Produce Request (Version: 7) => transactional_id acks timeout_ms [topic_data]
 *   transactional_id => NULLABLE_STRING
 *   acks => INT16
 *   timeout_ms => INT32
 *   topic_data => name [partition_data]
 *     name => STRING
 *     partition_data => index records
 *       index => INT32
 *       records => RECORDS        (INT32 length, then the record batch)
 * ```
 *
 * @param batchBytes size of the record batch that follows.
 */
export function encodeProduceHeader(
  target: ProduceTarget,
  batchBytes: number,
  correlationId: number,
  clientId: string,
): Uint8Array<ArrayBuffer> {
  const request = { ...PRODUCE, encode: () => new Uint8Array() };
  const writer = startRequest(request, correlationId, clientId).string(target.transactionalId ?? null);
  writer.int16(ACKS_ALL).int32(target.timeoutMs);
  writer.int32(1).string(target.topic).int32(1).int32(target.partition).int32(batchBytes);
  const header = finishRequest(writer, batchBytes);
  invariant(header.length <= HEADER_BYTES_MAX, "client id, transactional id and topic do not fit a slot's header room");
  return header;
}

/** The Produce requests for one target, whose heads differ in three numbers only. */
export class ProduceRequests {
  readonly #target: ProduceTarget;
  #clientId: string | undefined;
  #header = new Uint8Array(0);
  #view = new DataView(this.#header.buffer);

  constructor(target: ProduceTarget) {
    this.#target = target;
  }

  /** A Produce request that sends a sealed slot's own bytes, without copying them. */
  of(slot: RecordSlot): KafkaRequest {
    return {
      ...PRODUCE,
      encode: (correlationId, clientId) => slot.frame(this.header(slot.batchBytes, correlationId, clientId)),
    };
  }

  /** The same as `encodeProduceHeader`; valid until the next call. */
  header(batchBytes: number, correlationId: number, clientId: string): Uint8Array<ArrayBuffer> {
    if (this.#clientId !== clientId) {
      this.#clientId = clientId;
      this.#header = encodeProduceHeader(this.#target, 0, 0, clientId).slice();
      this.#view = new DataView(this.#header.buffer);
    }
    this.#view.setInt32(0, this.#header.length - 4 + batchBytes);
    this.#view.setInt32(CORRELATION_ID_AT, correlationId);
    this.#view.setInt32(this.#header.length - 4, batchBytes);
    return this.#header;
  }
}

/**
 * Decodes the answer to a request for exactly one partition. The throttle time is left to the broker, which stops reading from a
 * client over its quota:
 *
 * ```
 * Produce Response (Version: 7) => [responses] throttle_time_ms
 *   responses => name [partition_responses]
 *     name => STRING
 *     partition_responses => index error_code base_offset log_append_time_ms log_start_offset
 *       index => INT32
 *       error_code => INT16
 *       base_offset => INT64
 *       log_append_time_ms => INT64
 *       log_start_offset => INT64
 *   throttle_time_ms => INT32
 * ```
 *
 * @throws {RangeError} when the answer is cut short or is not for one partition.
 */
export function parseProduceAnswer(payload: Uint8Array): ProduceAnswer {
  const reader = new WireReader(payload);
  expectOne(reader.int32(), "topics");
  reader.skip(Math.max(0, reader.int16()));
  expectOne(reader.int32(), "partitions");
  const answer = parsePartitionAnswer(reader);
  reader.int32();
  return answer;
}

function expectOne(count: number, what: string): void {
  if (count !== 1) throw new RangeError(`A Produce answer speaks of ${count} ${what}, not of 1`);
}

function parsePartitionAnswer(reader: WireReader): ProduceAnswer {
  reader.int32();
  const errorCode = reader.int16();
  const baseOffset = reader.int64();
  reader.skip(8 + 8);
  return { errorCode, baseOffset };
}
