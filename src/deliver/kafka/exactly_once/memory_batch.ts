/**
 * A record batch outside a kernel: positions, and records that must be kept although their slot is needed. Sent as the kernel's are. Format: https://kafka.apache.org/documentation/#recordbatch
 *
 * @module
 */
import { invariant } from "../../../core/assert.ts";
import type { RecordSlot } from "../../../core/slot.ts";
import { WireWriter } from "../wire.ts";
import { crc32c } from "./crc32c.ts";

/** The room that a slot keeps before its batch; see `RecordSlot.frame`. */
const FRAME_BYTES = 1024;
/** Bytes of a batch before its first record, and where the checksummed part begins. */
const HEAD_BYTES = 61;
const CHECKED_FROM = 21;
const LENGTH_FROM = 12;
const MAGIC = 2;
const COMPRESSION_BITS = 0x07;

/** One record: a key, and a value or null where the key is to be forgotten. */
export interface KeyedRecord {
  readonly key: string;
  readonly value: string | null;
}

/** A batch on the heap. */
export class MemoryBatch implements RecordSlot {
  readonly recordCount: number;
  readonly batchBytes: number;
  readonly #room: Uint8Array<ArrayBuffer>;
  readonly #timestampMs: bigint;
  readonly #codec: number;

  /**
   * @param records encoded, numbered from 0, their times equal; compressed as `codec` says. Copied.
   * @param timestampMs their time, in milliseconds since the epoch.
   */
  private constructor(records: Uint8Array, recordCount: number, timestampMs: bigint, codec: number) {
    invariant(recordCount > 0, "a batch without records");
    this.recordCount = recordCount;
    this.batchBytes = HEAD_BYTES + records.length;
    this.#room = new Uint8Array(FRAME_BYTES + this.batchBytes);
    this.#room.set(records, FRAME_BYTES + HEAD_BYTES);
    this.#timestampMs = timestampMs;
    this.#codec = codec;
  }

  /** A copy of what a slot was sealed as. */
  static copyOf(slot: RecordSlot): MemoryBatch {
    const sealed = slot.frame(new Uint8Array());
    const view = new DataView(sealed.buffer, sealed.byteOffset);
    const codec = view.getInt16(CHECKED_FROM) & COMPRESSION_BITS;
    return new MemoryBatch(sealed.subarray(HEAD_BYTES), slot.recordCount, view.getBigInt64(27), codec);
  }

  /** A batch of keyed records. */
  static of(records: readonly KeyedRecord[], timestampMs: number): MemoryBatch {
    const writer = new WireWriter(4096);
    records.forEach((record, index) => writeRecord(writer, record, index));
    return new MemoryBatch(writer.bytes(), records.length, BigInt(timestampMs), 0);
  }

  seal(producerId: bigint, producerEpoch: number, baseSequence: number, flags = 0): void {
    const batch = this.#room.subarray(FRAME_BYTES);
    const view = new DataView(batch.buffer, batch.byteOffset);
    view.setInt32(8, this.batchBytes - LENGTH_FROM);
    view.setInt32(12, -1);
    view.setInt8(16, MAGIC);
    view.setInt16(CHECKED_FROM, this.#codec | flags);
    view.setInt32(23, this.recordCount - 1);
    view.setBigInt64(27, this.#timestampMs);
    view.setBigInt64(35, this.#timestampMs);
    view.setBigInt64(43, producerId);
    view.setInt16(51, producerEpoch);
    view.setInt32(53, baseSequence);
    view.setInt32(57, this.recordCount);
    view.setUint32(17, crc32c(batch.subarray(CHECKED_FROM)));
  }

  frame(header: Uint8Array): Uint8Array {
    invariant(header.length <= FRAME_BYTES, "a request's head is too long for its frame");
    this.#room.set(header, FRAME_BYTES - header.length);
    return this.#room.subarray(FRAME_BYTES - header.length);
  }

  release(): void {}
}

/** Format: https://kafka.apache.org/documentation/#record */
function writeRecord(writer: WireWriter, { key, value }: KeyedRecord, index: number): void {
  const body = writeVarint(new WireWriter(256).int8(0).int8(0), index);
  writeBytes(body, key);
  writeBytes(body, value);
  writeVarint(body, 0);
  writeVarint(writer, body.length).raw(body.bytes());
}

function writeBytes(writer: WireWriter, text: string | null): void {
  if (text === null) return void writeVarint(writer, -1);
  const bytes = new TextEncoder().encode(text);
  writeVarint(writer, bytes.length).raw(bytes);
}

/** Zigzag, then seven bits a byte, lowest first. */
function writeVarint(writer: WireWriter, value: number): WireWriter {
  let zigzag = value < 0 ? -2 * value - 1 : 2 * value;
  for (; zigzag >= 0x80; zigzag = Math.floor(zigzag / 128)) writer.int8((zigzag & 0x7f) | 0x80);
  return writer.int8(zigzag);
}
