/**
 * One slot of a kernel: the place where a record batch grows and from which it is sent. Slots are handed out by the kernel and go
 * back to it by `release`.
 *
 * @module
 */
import { invariant } from "../core/assert.ts";
import type { RecordSlot } from "../core/slot.ts";
import { BATCH_HEAD_BYTES, FRAME_BYTES_MAX } from "./layout.ts";
import { moveRecords, recordsIn } from "./records.ts";

/** Seals the batch [batch, end) of a kernel's memory; see `assembly/record_batch.ts`. */
export type Seal = (
  batch: number,
  end: number,
  records: number,
  timestampMs: bigint,
  producerId: bigint,
  producerEpoch: number,
  baseSequence: number,
) => void;

/** A record batch in a kernel's memory. */
export class KernelSlot implements RecordSlot {
  readonly #memory: Uint8Array;
  readonly #batch: number;
  readonly #roomBytes: number;
  #limit: number;
  readonly #seal: Seal;
  readonly #release: (slot: KernelSlot) => void;
  #end: number;
  #records = 0;
  /** Where the records end that were put aside by `narrow`, and their number. */
  #restEnd = 0;
  #restRecords = 0;
  #timestampMs = 0;

  /** @param batch the address of the batch; @param roomBytes what it may take at most, head included. */
  constructor(
    memory: Uint8Array,
    batch: number,
    roomBytes: number,
    seal: Seal,
    release: (slot: KernelSlot) => void,
  ) {
    this.#memory = memory;
    this.#batch = batch;
    this.#roomBytes = roomBytes;
    this.#limit = batch + roomBytes;
    this.#seal = seal;
    this.#release = release;
    this.#end = batch + BATCH_HEAD_BYTES;
  }

  /** Number of records in it. */
  get recordCount(): number {
    return this.#records;
  }

  /** Size in bytes, head included. */
  get batchBytes(): number {
    return this.#end - this.#batch;
  }

  /** Address after the last record. */
  get end(): number {
    return this.#end;
  }

  /** Address that no record may pass. */
  get limit(): number {
    return this.#limit;
  }

  /** What was rendered, without the batch's head; valid until `release`. */
  get records(): Uint8Array {
    return this.#memory.subarray(this.#batch + BATCH_HEAD_BYTES, this.#end);
  }

  /** Empties it for a new batch whose records carry the time `timestampMs`. */
  open(timestampMs: number): void {
    this.#end = this.#batch + BATCH_HEAD_BYTES;
    this.#records = 0;
    this.#restRecords = 0;
    this.#limit = this.#batch + this.#roomBytes;
    this.#timestampMs = timestampMs;
  }

  /** Takes note of `records` more, which end at `end`. */
  extend(records: number, end: number): void {
    invariant(end >= this.#end && end <= this.#batch + this.#roomBytes, "records end outside their slot");
    this.#records += records;
    this.#end = end;
  }

  /** Lets the batch grow to at most `bytes` from now on, its first record excepted. */
  limitTo(bytes: number): void {
    this.#limit = this.#batch + Math.min(bytes, this.#roomBytes);
  }

  /** The messages in it, in order. */
  *messages(): Generator<Uint8Array> {
    for (const { value } of recordsIn(this.#memory, this.#batch + BATCH_HEAD_BYTES, this.#end)) yield value;
  }

  /** Puts all but the first `records` records aside, to be sent after them. */
  narrow(records: number): void {
    invariant(records > 0 && records < this.#records, "a batch was narrowed to nothing or not at all");
    if (this.#restRecords === 0) this.#restEnd = this.#end;
    this.#restRecords += this.#records - records;
    this.#records = records;
    let left = records;
    for (const { end } of recordsIn(this.#memory, this.#batch + BATCH_HEAD_BYTES, this.#end)) {
      this.#end = end;
      if (--left === 0) return;
    }
  }

  /** Replaces the records by those put aside. Returns false when there are none. */
  takeRest(): boolean {
    if (this.#restRecords === 0) return false;
    this.#end = moveRecords(this.#memory, this.#end, this.#restEnd, this.#batch + BATCH_HEAD_BYTES);
    this.#records = this.#restRecords;
    this.#restRecords = 0;
    return true;
  }

  seal(producerId: bigint, producerEpoch: number, baseSequence: number): void {
    invariant(this.#records > 0, "a batch without records was to be sent");
    const timestamp = BigInt(this.#timestampMs);
    this.#seal(this.#batch, this.#end, this.#records, timestamp, producerId, producerEpoch, baseSequence);
  }

  frame(header: Uint8Array): Uint8Array {
    invariant(header.length <= FRAME_BYTES_MAX, "a request's head is too long for its frame");
    this.#memory.set(header, this.#batch - header.length);
    return this.#memory.subarray(this.#batch - header.length, this.#end);
  }

  release(): void {
    this.#release(this);
  }
}
