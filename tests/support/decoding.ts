/**
 * Decoding whole texts chunk by chunk, as the pipeline does, for tests of decoders.
 *
 * @module
 */
import type { Batch, Decoder } from "../../src/core/batch.ts";
import type { Kernel } from "../../src/kernel/kernel.ts";

/** The values of one record's columns, and its seconds. */
export interface DecodedRow {
  readonly content: string;
  readonly time: string;
  readonly stream: string;
  readonly seconds: number;
  /** The offset column; what is in it is only meant where the decoder writes it. */
  readonly offset: string;
}

const text = new TextDecoder();

/** The rows of a batch, as text. */
export function rowsOf(kernel: Kernel, batch: Batch | undefined): DecodedRow[] {
  return Array.from({ length: batch?.rows ?? 0 }, (_, row) => {
    const [content, time, stream, offset] = [0, 1, 2, 3].map((column) => text.decode(kernel.slice(column, row)));
    return { content, time, stream, offset, seconds: kernel.seconds(row) };
  });
}

/**
 * Decodes `bytes` as a file that is read in chunks of the sizes that `chunkBytes` gives.
 *
 * @returns the records up to the last complete one; what is pending stays with the decoder.
 */
export function decodeAll(kernel: Kernel, decoder: Decoder, bytes: Uint8Array, chunkBytes: () => number): DecodedRow[] {
  const rows: DecodedRow[] = [];
  for (let offset = 0; offset < bytes.length;) {
    let batch = decodeAt(kernel, decoder, bytes, offset, chunkBytes());
    if (isStuck(batch)) batch = decodeAt(kernel, decoder, bytes, offset, kernel.chunk.length);
    if (isStuck(batch)) break;
    rows.push(...rowsOf(kernel, batch));
    offset = batch.offsetEnd;
  }
  return rows;
}

function decodeAt(kernel: Kernel, decoder: Decoder, bytes: Uint8Array, offset: number, size: number): Batch {
  const part = bytes.subarray(offset, offset + Math.min(size, kernel.chunk.length));
  kernel.chunk.set(part);
  return decoder.decode({ offset, size: part.length });
}

function isStuck(batch: Batch): boolean {
  return batch.rows === 0 && batch.offsetEnd === batch.offsetStart;
}
