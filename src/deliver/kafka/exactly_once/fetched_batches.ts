/**
 * Record batches as a broker gives them back: their heads, and keys and values of records that are not compressed. For topics that hold only
 * what Sluice itself has written. Format: https://kafka.apache.org/documentation/#recordbatch
 *
 * @module
 */
import { WireReader } from "../wire.ts";

const HEAD_BYTES = 61;
/** Bytes up to and including the batch's length. */
const LENGTH_END = 12;
const MAGIC = 2;
const COMPRESSION_BITS = 0x07;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** A broker has compressed what was sent to it as it is. */
export class CompressedBatch extends RangeError {
  override readonly name = "CompressedBatch";

  constructor() {
    super("a record batch is compressed");
  }
}

/** One record; `value` is null where its key is to be forgotten. */
export interface FetchedRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

/** One batch. */
export interface FetchedBatch {
  readonly baseOffset: bigint;
  /** The offset after its last record, which may have been compacted away. */
  readonly offsetEnd: bigint;
  readonly producerId: bigint;
  readonly isTransactional: boolean;
  /** Whether it is the mark that ends a transaction. */
  readonly isControl: boolean;
  readonly records: readonly FetchedRecord[];
}

/**
 * The whole batches in `bytes`; what is cut at their end is left out.
 *
 * @throws {RangeError} where they are of another format.
 * @throws {CompressedBatch}
 */
export function* fetchedBatches(bytes: Uint8Array): Generator<FetchedBatch> {
  for (let at = 0; at + HEAD_BYTES <= bytes.length;) {
    const size = LENGTH_END + new WireReader(bytes.subarray(at + 8)).int32();
    if (size < HEAD_BYTES) throw new RangeError("a record batch says that it is shorter than its head");
    if (at + size > bytes.length) return;
    yield readBatch(bytes.subarray(at, at + size));
    at += size;
  }
}

function readBatch(bytes: Uint8Array): FetchedBatch {
  const reader = new WireReader(bytes);
  const baseOffset = reader.int64();
  reader.raw(4 + 4);
  if (reader.int8() !== MAGIC) throw new RangeError("a record batch is of an old format");
  reader.int32();
  const attributes = reader.int16();
  if ((attributes & COMPRESSION_BITS) !== 0) throw new CompressedBatch();
  const offsetEnd = baseOffset + BigInt(reader.int32()) + 1n;
  reader.raw(8 + 8);
  const producerId = reader.int64();
  reader.raw(2 + 4);
  const count = reader.int32();
  const cursor = { bytes, at: HEAD_BYTES };
  const records: FetchedRecord[] = [];
  while (records.length < count) records.push(readRecord(cursor));
  return {
    baseOffset,
    offsetEnd,
    producerId,
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    records,
  };
}

/** Whether the record of a control batch says that its transaction was committed: its key is a version and a type, INT16 each. */
export function isCommitMark({ key }: FetchedRecord): boolean {
  return key !== null && new WireReader(key.subarray(2)).int16() === 1;
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

function readRecord(cursor: Cursor): FetchedRecord {
  const end = readVarint(cursor) + cursor.at;
  cursor.at++;
  readVarint(cursor);
  readVarint(cursor);
  const key = readBytes(cursor);
  const value = readBytes(cursor);
  if (end > cursor.bytes.length || cursor.at > end) throw new RangeError("a record reaches beyond its end");
  cursor.at = end;
  return { key, value };
}

function readBytes(cursor: Cursor): Uint8Array | null {
  const size = readVarint(cursor);
  if (size < 0) return null;
  if (cursor.at + size > cursor.bytes.length) throw new RangeError("a record reaches beyond its batch");
  cursor.at += size;
  return cursor.bytes.subarray(cursor.at - size, cursor.at);
}

/** In doubles: exact up to 2^53, which no time or size here exceeds. */
function readVarint(cursor: Cursor): number {
  let zigzag = 0;
  for (let factor = 1;; factor *= 128) {
    const byte = cursor.bytes.at(cursor.at++);
    if (byte === undefined) throw new RangeError("a number reaches beyond its batch");
    zigzag += (byte & 0x7f) * factor;
    if (byte < 0x80) return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }
}
