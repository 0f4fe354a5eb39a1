/**
 * A template says how a record of one source becomes a message: constant bytes, slices of columns and the time, in order. Made
 * once per source by `encode`, laid out in the kernel's memory before rendering.
 *
 * @module
 */
import { invariant } from "../core/assert.ts";
import { type Layout, TEMPLATE_BYTES_MAX } from "./layout.ts";

/** One piece of a message. Columns are named by their index in the batch. */
export type TemplatePiece =
  | { readonly kind: "constant"; readonly bytes: Uint8Array }
  /** A column as the inside of a JSON string. */
  | { readonly kind: "escaped"; readonly column: number }
  /** A column known to need no escaping. */
  | { readonly kind: "verbatim"; readonly column: number }
  /** The record's time in whole seconds since the epoch, in decimal. */
  | { readonly kind: "seconds" };

/** Where the columns of a kernel are. */
export type ColumnsPlace = Pick<Layout, "columns" | "rowsRoom">;

/** The kernel's codes for the kinds, as in `assembly/render.ts`. */
const CODES = { constant: 0, escaped: 1, verbatim: 2, seconds: 3 } as const;
const OPERATION_BYTES = 12;

/** A message's pieces; immutable. */
export class Template {
  readonly pieces: readonly TemplatePiece[];
  /** The room that it takes in a kernel's memory. */
  readonly bytes: number;

  constructor(pieces: readonly TemplatePiece[]) {
    this.pieces = pieces;
    const constants = pieces.map((piece) => piece.kind === "constant" ? piece.bytes.length : 0);
    this.bytes = constants.reduce((sum, bytes) => sum + bytes, this.#operationsBytes);
    invariant(this.bytes <= TEMPLATE_BYTES_MAX, `a template takes ${this.bytes} bytes`);
  }

  /** Bytes of its constants together. */
  get constantBytes(): number {
    return this.bytes - this.#operationsBytes;
  }

  /** There is room for one operation more, which is the kernel's own. */
  get #operationsBytes(): number {
    return (this.pieces.length + 1) * OPERATION_BYTES;
  }

  /** Writes the operations, then the constants, to `memory` at `address`. Columns become the addresses of their first row. */
  place(memory: Uint8Array, address: number, { columns, rowsRoom }: ColumnsPlace): void {
    const words = new Int32Array(memory.buffer, address, this.pieces.length * 3);
    let constant = address + this.#operationsBytes;
    this.pieces.forEach((piece, index) => {
      words[index * 3] = CODES[piece.kind];
      if (piece.kind === "constant") {
        memory.set(piece.bytes, constant);
        words[index * 3 + 1] = constant;
        words[index * 3 + 2] = piece.bytes.length;
        constant += piece.bytes.length;
      } else if (piece.kind !== "seconds") {
        words[index * 3 + 1] = columns + piece.column * 2 * rowsRoom * 4;
        words[index * 3 + 2] = columns + (piece.column * 2 + 1) * rowsRoom * 4;
      }
    });
  }
}
