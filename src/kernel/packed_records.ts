/**
 * The records of one slot while they are rendered compressed: an LZ4 block that grows (`assembly/packed_render.ts`). What they are
 * uncompressed is nowhere, and made again where it is asked for after all: a batch that a broker finds too large, a dead letter.
 *
 * @module
 */
import type { Envelope } from "./envelope.ts";
import type { Template } from "./template.ts";

/** What a frame can hold, uncompressed: its one block is as large as the format allows. */
export const UNPACKED_BYTES_MAX = 4 * 1024 * 1024;
/** Templates with fewer constant bytes leave too little to repeat: searching finds more. */
const REPEATED_BYTES_MIN = 64;
/** The state of a block, as in `assembly/lz4_block.ts`, and behind it the places of templates, while there is room for them. */
const BLOCK_STATE_BYTES = 16;
const PLACE_BYTES = 4;
const PLACES_BYTES_MAX = 64 * 1024;
/** What stands behind a frame's block. */
const FRAME_END_BYTES = 4;

/** What `assembly/lz4_block.ts` exports; addresses. */
export interface BlockExports {
  beginLz4(block: number, frame: number): void;
  finishLz4(block: number, frame: number): number;
  unpackLz4(frame: number, target: number): number;
}

/** Where the records of a slot are made. */
export interface PackedPlace {
  /** Where the state of the block is kept, in the room of the records uncompressed: it is needed as long as they are not. */
  readonly block: number;
  /** Where the frame begins. */
  readonly frame: number;
  /** Address that the frame may not pass, its first record excepted. */
  readonly limit: number;
}

/** Whether records of this template repeat enough of each other. */
export function repeatsItself(template: Template): boolean {
  return template.constantBytes >= REPEATED_BYTES_MIN;
}

/** Compressed records of one slot. */
export class PackedRecords {
  /** The block's address, for rendering. */
  readonly block: number;
  /** Address that rendering may not pass. */
  readonly limit: number;
  readonly #frame: number;
  readonly #exports: BlockExports;
  /** By template and envelope, where the places of the constants in the last such record are kept: no longer than others need the template. */
  #places = new WeakMap<Template, { readonly envelope: Envelope; readonly places: number }>();
  #placesNext = 0;

  constructor({ block, frame, limit }: PackedPlace, exports: BlockExports) {
    this.block = block;
    this.limit = limit - FRAME_END_BYTES;
    this.#frame = frame;
    this.#exports = exports;
  }

  /** Begins anew. */
  begin(): void {
    this.#clear();
    this.#exports.beginLz4(this.block, this.#frame);
  }

  /**
   * Where the places of the constants are kept for records of these, and whether there is one already, however far back: records of
   * other templates may have come in between.
   */
  placesOf(template: Template, envelope: Envelope): { readonly places: number; readonly isKnown: boolean } {
    const known = this.#places.get(template);
    if (known?.envelope === envelope) return { places: known.places, isKnown: true };
    const places = known?.places ?? this.#reserve(template);
    this.#places.set(template, { envelope, places });
    return { places, isKnown: false };
  }

  /** No record was rendered after `placesOf`: nothing is kept there. */
  forget(template: Template): void {
    this.#places.delete(template);
  }

  #reserve(template: Template): number {
    // The headers are one constant more.
    const bytes = (template.pieces.length + 1) * PLACE_BYTES;
    if (this.#placesNext + bytes > this.block + PLACES_BYTES_MAX) this.#clear();
    const places = this.#placesNext;
    this.#placesNext += bytes;
    return places;
  }

  #clear(): void {
    this.#places = new WeakMap();
    this.#placesNext = this.block + BLOCK_STATE_BYTES;
  }

  /** Closes the frame; rendering may go on. @returns the address after it. */
  finish(): number {
    return this.#exports.finishLz4(this.block, this.#frame);
  }

  /** Writes the records to `target` uncompressed. Nothing may be rendered afterwards. @returns the address after them. */
  unpackTo(target: number): number {
    this.finish();
    return this.#exports.unpackLz4(this.#frame, target);
  }
}
