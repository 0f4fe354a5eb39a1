/**
 * Kafka record batches (format v2) in plain, slow, obvious TypeScript: the oracle that tests hold the kernel against, and the
 * way tests make slots without it. Decoding checks everything that can be checked.
 * https://kafka.apache.org/documentation/#recordbatch
 *
 * @module
 */
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import type { RecordSlot } from "../../src/core/slot.ts";
import { WireReader, WireWriter } from "../../src/deliver/kafka/wire.ts";
import { crc32c } from "../../src/deliver/kafka/exactly_once/crc32c.ts";
import { lz4FrameDecompress } from "./lz4_frame.ts";
import { snappyBlocksDecompress } from "./snappy_blocks.ts";

/** One header of a record. */
export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** One record as it is put in. */
export interface RecordInput {
  readonly key?: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** Milliseconds since the epoch; that of the first record by default, which is now by default. */
  readonly timestampMs?: number;
  readonly headers?: readonly RecordHeader[];
}

/** One record as it is read back. */
export interface DecodedRecord {
  readonly offsetDelta: number;
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/** One record batch as it is read back. */
export interface DecodedRecordBatch {
  readonly baseOffset: bigint;
  /** The whole batch's size in bytes. */
  readonly bytes: number;
  readonly attributes: number;
  readonly compression: CompressionName;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  readonly lastOffsetDelta: number;
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly records: readonly DecodedRecord[];
}

const compressionNames = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
export type CompressionName = typeof compressionNames[number];

/** Where fields of the batch header are, in bytes from its start. */
const AT = { batchLength: 8, magic: 16, crc: 17, attributes: 21, producerId: 43, records: 61 } as const;

/** Encodes an uncompressed record batch under the given producer identity. */
export function encodeRecordBatch(
  records: readonly RecordInput[],
  identity: { producerId: bigint; producerEpoch: number; baseSequence: number } = {
    producerId: -1n,
    producerEpoch: -1,
    baseSequence: -1,
  },
): Uint8Array<ArrayBuffer> {
  const base = records[0].timestampMs ?? Date.now();
  const times = records.map((record) => record.timestampMs ?? base);
  const writer = new WireWriter(4096).int64(0n).int32(0).int32(-1).int8(2).int32(0).int16(0).int32(records.length - 1);
  writer.int64(BigInt(base)).int64(BigInt(times.reduce((latest, time) => Math.max(latest, time))));
  writer.int64(identity.producerId).int16(identity.producerEpoch).int32(identity.baseSequence).int32(records.length);
  records.forEach((record, index) => writeRecord(writer, record, times[index] - base, index));
  writer.patchInt32(AT.batchLength, writer.length - AT.batchLength - 4);
  const bytes = writer.bytes().slice();
  new DataView(bytes.buffer).setUint32(AT.crc, crc32c(bytes.subarray(AT.attributes)));
  return bytes;
}

/** Encodes the mark that ends a transaction: https://kafka.apache.org/documentation/#controlbatch */
export function encodeControlBatch(
  isCommit: boolean,
  identity: { producerId: bigint; producerEpoch: number; baseSequence: number },
): Uint8Array<ArrayBuffer> {
  const key = new WireWriter(4).int16(0).int16(isCommit ? 1 : 0).bytes();
  const bytes = encodeRecordBatch([{ key, value: new WireWriter(6).int16(0).int32(0).bytes() }], identity);
  const view = new DataView(bytes.buffer);
  view.setInt16(AT.attributes, 0x30);
  view.setUint32(AT.crc, crc32c(bytes.subarray(AT.attributes)));
  return bytes;
}

/**
 * Decodes one record batch, decompressing it.
 *
 * @param bytes begins with the batch; may go on behind it.
 * @throws {Error} when anything about the batch is wrong: magic, checksum, counts, lengths, bytes left over.
 */
export function decodeRecordBatch(bytes: Uint8Array): DecodedRecordBatch {
  const header = new WireReader(bytes);
  const baseOffset = header.int64();
  const batchBytes = header.int32() + AT.batchLength + 4;
  header.int32();
  check(header.int8() === 2, "the magic byte is not 2");
  check(header.int32() >>> 0 === crc32c(bytes.subarray(AT.attributes, batchBytes)), "the checksum does not match");
  const attributes = header.int16();
  const lastOffsetDelta = header.int32();
  const baseTimestampMs = Number(header.int64());
  const fields = {
    baseOffset,
    bytes: batchBytes,
    attributes,
    compression: compressionNames[attributes & 7],
    isTransactional: (attributes & 16) !== 0,
    isControl: (attributes & 32) !== 0,
    lastOffsetDelta,
    baseTimestampMs,
    maxTimestampMs: Number(header.int64()),
    producerId: header.int64(),
    producerEpoch: header.int16(),
    baseSequence: header.int32(),
  };
  const count = header.int32();
  const plain = decompress(fields.compression, bytes.subarray(AT.records, batchBytes));
  return { ...fields, records: readRecords(plain, count, baseTimestampMs) };
}

/** A slot over a plain array: what the kernel's slots are to delivery. Counts what is done to it. */
export class ArraySlot implements RecordSlot {
  static readonly #ROOM = 1024;
  readonly recordCount: number;
  readonly batchBytes: number;
  readonly #room: Uint8Array<ArrayBuffer>;
  /** Every sealing so far. */
  readonly seals: { producerId: bigint; producerEpoch: number; baseSequence: number }[] = [];
  released = false;

  constructor(records: readonly RecordInput[]) {
    const batch = encodeRecordBatch(records);
    this.recordCount = records.length;
    this.batchBytes = batch.length;
    this.#room = new Uint8Array(ArraySlot.#ROOM + batch.length);
    this.#room.set(batch, ArraySlot.#ROOM);
  }

  seal(producerId: bigint, producerEpoch: number, baseSequence: number, flags = 0): void {
    this.seals.push({ producerId, producerEpoch, baseSequence });
    const batch = this.#room.subarray(ArraySlot.#ROOM);
    const view = new DataView(batch.buffer, batch.byteOffset);
    view.setBigInt64(AT.producerId, producerId);
    view.setInt16(AT.producerId + 8, producerEpoch);
    view.setInt32(AT.producerId + 10, baseSequence);
    view.setInt16(AT.attributes, flags);
    view.setUint32(AT.crc, crc32c(batch.subarray(AT.attributes)));
  }

  frame(header: Uint8Array): Uint8Array {
    const start = ArraySlot.#ROOM - header.length;
    this.#room.set(header, start);
    return this.#room.subarray(start);
  }

  release(): void {
    this.released = true;
  }
}

function writeRecord(writer: WireWriter, record: RecordInput, timestampDelta: number, offsetDelta: number): void {
  const body = new WireWriter(128).int8(0);
  writeVarint(body, BigInt(timestampDelta));
  writeVarint(body, BigInt(offsetDelta));
  writeVarintBytes(body, record.key ?? null);
  writeVarintBytes(body, record.value);
  writeVarint(body, BigInt(record.headers?.length ?? 0));
  for (const { key, value } of record.headers ?? []) {
    writeVarintBytes(body, new TextEncoder().encode(key));
    writeVarintBytes(body, value);
  }
  writeVarintBytes(writer, body.bytes());
}

function writeVarintBytes(writer: WireWriter, bytes: Uint8Array | null): void {
  writeVarint(writer, BigInt(bytes?.length ?? -1));
  if (bytes !== null) writer.raw(bytes);
}

/** Zigzag, then seven bits a byte, lowest first, as in Protocol Buffers. */
function writeVarint(writer: WireWriter, value: bigint): void {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest > 0x7fn; rest >>= 7n) writer.int8(Number(rest & 0x7fn) | 0x80);
  writer.int8(Number(rest));
}

function readRecords(bytes: Uint8Array, count: number, baseTimestampMs: number): DecodedRecord[] {
  const cursor = { bytes, at: 0 };
  const records: DecodedRecord[] = [];
  for (let index = 0; index < count; index++) records.push(readRecord(cursor, index, baseTimestampMs));
  check(cursor.at === bytes.length, `${bytes.length - cursor.at} bytes follow the last record`);
  return records;
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

function readRecord(cursor: Cursor, index: number, baseTimestampMs: number): DecodedRecord {
  const length = readVarint(cursor);
  const end = cursor.at + length;
  check(end <= cursor.bytes.length, `record ${index} reaches beyond its batch`);
  cursor.at++;
  const timestampMs = baseTimestampMs + readVarint(cursor);
  const offsetDelta = readVarint(cursor);
  check(offsetDelta === index, `record ${index} has the offset delta ${offsetDelta}`);
  const key = readVarintBytes(cursor);
  const value = readVarintBytes(cursor);
  const headers = readHeaders(cursor);
  check(cursor.at === end, `record ${index} is ${cursor.at - end} bytes longer than it says`);
  return { offsetDelta, timestampMs, key, value, headers };
}

function readHeaders(cursor: Cursor): RecordHeader[] {
  const headers: RecordHeader[] = [];
  for (let count = readVarint(cursor); count > 0; count--) {
    const key = new TextDecoder().decode(readVarintBytes(cursor) ?? new Uint8Array());
    headers.push({ key, value: readVarintBytes(cursor) });
  }
  return headers;
}

function readVarintBytes(cursor: Cursor): Uint8Array | null {
  const length = readVarint(cursor);
  if (length < 0) return null;
  check(cursor.at + length <= cursor.bytes.length, "a length reaches beyond the batch");
  cursor.at += length;
  return cursor.bytes.subarray(cursor.at - length, cursor.at);
}

/** In doubles, not bigints, for speed: exact up to 2^53. */
function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let factor = 1;; factor *= 128) {
    check(cursor.at < cursor.bytes.length, "a number reaches beyond the batch");
    const byte = cursor.bytes[cursor.at++];
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) break;
  }
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function decompress(compression: CompressionName, bytes: Uint8Array): Uint8Array {
  if (compression === "none") return bytes;
  if (compression === "gzip") return gunzipSync(bytes);
  if (compression === "zstd") return zstdDecompressSync(bytes);
  return compression === "lz4" ? lz4FrameDecompress(bytes) : snappyBlocksDecompress(bytes);
}

function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Not a valid record batch: ${message}`);
}
