/**
 * Compresses the records of a batch from one region of a kernel's memory into another. LZ4 and Snappy are the kernel's own
 * (`assembly/lz4.ts`, `assembly/snappy.ts`); other codecs are functions that delivery brings. What does not get smaller is left to be
 * sent as it is.
 *
 * @module
 */

/** How the records of a batch are compressed. */
export interface BatchCodec {
  /** Bits 0–2 of the batch's attributes: https://kafka.apache.org/documentation/#recordbatch */
  readonly attributes: number;
  /** One of the kernel's own, or a function that leaves its input as it is and keeps no view of it. */
  readonly compress: "lz4" | "snappy" | ((records: Uint8Array) => Uint8Array);
  /** With LZ4: only what is known to repeat is compressed, while it is rendered; see `packed_records.ts`. */
  readonly whileRendering?: boolean;
}

/** Compresses [start, end) to `out`, which must have room for a sixth more and 1,024 bytes. Returns the address after it. */
type Compress = (table: number, start: number, end: number, out: number) => number;

/** The kernel's compressors, as `assembly/index.ts` exports them. */
export interface RecordCompressors {
  readonly compressLz4: Compress;
  readonly compressSnappy: Compress;
}

/** Compresses within one kernel's memory. */
export class RecordPacker {
  readonly #memory: Uint8Array;
  readonly #table: number;
  readonly #compressors: RecordCompressors;

  /** @param table where the compressors remember what they have seen. */
  constructor(memory: Uint8Array, table: number, compressors: RecordCompressors) {
    this.#memory = memory;
    this.#table = table;
    this.#compressors = compressors;
  }

  /**
   * Compresses the records [start, end) to `out`, where there must be room for a sixth more and 1,024 bytes.
   *
   * @returns where they end; undefined when they are no smaller.
   */
  tryPack({ compress }: BatchCodec, start: number, end: number, out: number): number | undefined {
    const packedEnd = typeof compress === "function"
      ? this.#tryStore(compress(this.#memory.subarray(start, end)), end - start, out)
      : this.#compress(compress)(this.#table, start, end, out);
    return packedEnd !== undefined && packedEnd - out < end - start ? packedEnd : undefined;
  }

  #compress(name: "lz4" | "snappy"): Compress {
    return name === "lz4" ? this.#compressors.compressLz4 : this.#compressors.compressSnappy;
  }

  /** Only what is smaller: there is no room for more. */
  #tryStore(packed: Uint8Array, bytes: number, out: number): number | undefined {
    if (packed.length >= bytes) return undefined;
    this.#memory.set(packed, out);
    return out + packed.length;
  }
}
