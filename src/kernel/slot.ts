/**
 * One slot of a kernel: the place where a record batch grows and from which it is sent. Slots are handed out by the kernel and go
 * back to it by `release`.
 *
 * @module
 */
import { invariant } from "../core/assert.ts";
import type { RecordSlot } from "../core/slot.ts";
import { BATCH_HEAD_BYTES, FRAME_BYTES_MAX } from "./layout.ts";
import { type BlockExports, PackedRecords, repeatsItself, UNPACKED_BYTES_MAX } from "./packed_records.ts";
import type { BatchCodec, RecordPacker } from "./record_packer.ts";
import { moveRecords, recordsIn } from "./records.ts";
import type { Template } from "./template.ts";

/** Seals the batch [batch, end) of a kernel's memory; see `assembly/record_batch.ts`. */
export type Seal = (
  batch: number,
  end: number,
  attributes: number,
  records: number,
  timestampMs: bigint,
  producerId: bigint,
  producerEpoch: number,
  baseSequence: number,
) => void;

/** Addresses of a slot, and its size. Room for the request's head lies before both batches. */
export interface SlotPlace {
  /** Where the batch of what is rendered begins. */
  readonly batch: number;
  /** What it may take at most, head included. */
  readonly roomBytes: number;
  /** The same where the records are rendered compressed: so much they may be uncompressed. */
  readonly unpackedRoomBytes: number;
  /** Beyond this it does not grow, its first record excepted; nor does what is sent of records that are rendered compressed. */
  readonly batchBytesMax: number;
  /** Where the batch of the same records begins once they are compressed; see `RecordPacker`. */
  readonly packed: number;
}

/** A batch as it is sent. */
interface SentBatch {
  readonly batch: number;
  readonly end: number;
  readonly attributes: number;
}

/** A record batch in a kernel's memory. */
export class KernelSlot implements RecordSlot {
  readonly #memory: Uint8Array;
  readonly #place: SlotPlace;
  readonly #batch: number;
  readonly #packer: RecordPacker;
  readonly #packing: PackedRecords;
  /** Whether the records are rendered compressed: `#end` is then where they would end otherwise. */
  #isPacking = false;
  #growsTo = Infinity;
  readonly #seal: Seal;
  readonly #release: (slot: KernelSlot) => void;
  #end: number;
  #records = 0;
  /** Where the records end that were put aside by `narrow`, and their number. */
  #restEnd = 0;
  #restRecords = 0;
  #timestampMs = 0;
  #codec: BatchCodec | undefined;
  /** What the records were last sealed as; undefined when they are others since. */
  #sent: SentBatch | undefined;

  constructor(
    memory: Uint8Array,
    place: SlotPlace,
    exports: { readonly sealBatch: Seal } & BlockExports,
    packer: RecordPacker,
    release: (slot: KernelSlot) => void,
  ) {
    const { batch, packed, batchBytesMax } = place;
    this.#memory = memory;
    this.#place = place;
    this.#batch = batch;
    this.#packing = new PackedRecords(
      { block: batch, frame: packed + BATCH_HEAD_BYTES, limit: packed + batchBytesMax },
      exports,
    );
    this.#seal = exports.sealBatch;
    this.#packer = packer;
    this.#release = release;
    this.#end = batch + BATCH_HEAD_BYTES;
  }

  /** Number of records in it. */
  get recordCount(): number {
    return this.#records;
  }

  /** Size in bytes, head included: of what is sent once it is sealed, of what is rendered before. */
  get batchBytes(): number {
    return this.#sent === undefined ? this.renderedBytes : this.#sent.end - this.#sent.batch;
  }

  /** Size in bytes of what is rendered, head included, whatever compression makes of it. */
  get renderedBytes(): number {
    return this.#end - this.#batch;
  }

  /** Address of the first record. */
  get firstRecord(): number {
    return this.#batch + BATCH_HEAD_BYTES;
  }

  /** Address after the last record; where they would end uncompressed. */
  get end(): number {
    return this.#end;
  }

  /** Address that no record may pass. */
  get limit(): number {
    const bytesMax = this.#isPacking ? this.#place.unpackedRoomBytes : this.#place.batchBytesMax;
    return this.#batch + Math.min(this.#growsTo, bytesMax);
  }

  /** What was rendered, uncompressed and without the batch's head; valid until `release`. */
  get records(): Uint8Array {
    this.#unpack();
    return this.#memory.subarray(this.#batch + BATCH_HEAD_BYTES, this.#end);
  }

  /** Empties it for a new batch whose records carry the time `timestampMs`. */
  open(timestampMs: number): void {
    this.#end = this.#batch + BATCH_HEAD_BYTES;
    this.#records = 0;
    this.#restRecords = 0;
    this.#growsTo = Infinity;
    this.#isPacking = false;
    this.#timestampMs = timestampMs;
    this.#codec = undefined;
    this.#sent = undefined;
  }

  /** Compresses the records from now on when they are sealed, unless they do not get smaller by it. */
  compressWith(codec: BatchCodec | undefined): void {
    this.#unpack();
    this.#codec = codec;
    this.#sent = undefined;
  }

  /** The block that records of this template are to be rendered into; undefined: they are rendered as they are. */
  packing(template: Template): PackedRecords | undefined {
    if (this.#records === 0) {
      const isPossible = this.#place.roomBytes <= UNPACKED_BYTES_MAX;
      this.#isPacking = isPossible && this.#codec?.whileRendering === true && repeatsItself(template);
      if (this.#isPacking) this.#packing.begin();
    }
    return this.#isPacking ? this.#packing : undefined;
  }

  /** Takes note of `records` more, which end at `end`. */
  extend(records: number, end: number): void {
    invariant(end >= this.#end && end <= this.#batch + this.#place.unpackedRoomBytes, "records end outside their slot");
    this.#records += records;
    this.#end = end;
    this.#sent = undefined;
  }

  /** Lets the batch grow to at most `bytes`, uncompressed, from now on, its first record excepted. */
  limitTo(bytes: number): void {
    this.#growsTo = bytes;
  }

  /** The messages in it, in order. */
  *messages(): Generator<Uint8Array> {
    this.#unpack();
    for (const { value } of recordsIn(this.#memory, this.#batch + BATCH_HEAD_BYTES, this.#end)) yield value;
  }

  /** Puts all but the first `records` records aside, to be sent after them. */
  narrow(records: number): void {
    invariant(records > 0 && records < this.#records, "a batch was narrowed to nothing or not at all");
    this.#unpack();
    if (this.#restRecords === 0) this.#restEnd = this.#end;
    this.#restRecords += this.#records - records;
    this.#records = records;
    this.#sent = undefined;
    let left = records;
    for (const { end } of recordsIn(this.#memory, this.#batch + BATCH_HEAD_BYTES, this.#end)) {
      this.#end = end;
      if (--left === 0) return;
    }
  }

  /** Whether records were put aside. */
  get hasRest(): boolean {
    return this.#restRecords > 0;
  }

  /** Replaces the records by those put aside. Returns false when there are none. */
  takeRest(): boolean {
    if (this.#restRecords === 0) return false;
    this.#end = moveRecords(this.#memory, this.#end, this.#restEnd, this.#batch + BATCH_HEAD_BYTES);
    this.#records = this.#restRecords;
    this.#restRecords = 0;
    this.#sent = undefined;
    return true;
  }

  seal(producerId: bigint, producerEpoch: number, baseSequence: number, flags = 0): void {
    invariant(this.#records > 0, "a batch without records was to be sent");
    this.#sent ??= this.#tryPack() ?? { batch: this.#batch, end: this.#end, attributes: 0 };
    const { batch, end, attributes } = this.#sent;
    const timestamp = BigInt(this.#timestampMs);
    this.#seal(batch, end, attributes | flags, this.#records, timestamp, producerId, producerEpoch, baseSequence);
  }

  frame(header: Uint8Array): Uint8Array {
    invariant(header.length <= FRAME_BYTES_MAX, "a request's head is too long for its frame");
    invariant(this.#sent !== undefined, "a batch was to be sent before it was sealed");
    const { batch, end } = this.#sent;
    this.#memory.set(header, batch - header.length);
    return this.#memory.subarray(batch - header.length, end);
  }

  release(): void {
    this.#release(this);
  }

  /** @returns the batch with compressed records; undefined where that is not wanted or does not pay. */
  #tryPack(): SentBatch | undefined {
    if (this.#codec === undefined) return undefined;
    const { attributes } = this.#codec;
    const batch = this.#place.packed;
    const packedEnd = this.#isPacking ? this.#packing.finish() : Infinity;
    if (packedEnd - batch < this.renderedBytes) return { batch, end: packedEnd, attributes };
    this.#unpack();
    const out = batch + BATCH_HEAD_BYTES;
    const end = this.#packer.tryPack(this.#codec, this.#batch + BATCH_HEAD_BYTES, this.#end, out);
    return end === undefined ? undefined : { batch, end, attributes };
  }

  /** From now on the records lie there uncompressed. */
  #unpack(): void {
    if (!this.#isPacking) return;
    this.#isPacking = false;
    const end = this.#packing.unpackTo(this.#batch + BATCH_HEAD_BYTES);
    invariant(end === this.#end, "compressed records are not what was rendered");
  }
}
