/**
 * Where everything lies in a kernel's memory. Sizes are fixed when the kernel is made: growing would detach the views that requests
 * in flight are written from. Pages that are never touched cost no memory, so regions are sized for the worst case.
 *
 * @module
 */
import { STATE_BYTES } from "./kernel_state.ts";

/** Bytes after every region that wide loads and stores may touch. */
const SLACK_BYTES = 64;
/** Longest time text kept with a partial record; it lies before the join buffer. */
const TIME_BYTES_MAX = 64;
/** Below lie the kernel's own constants and, from 4096, what its checksums need (`assembly/crc32c.ts`). */
const BASE = 32 * 1024;
/** The largest template: constant bytes and operations. */
export const TEMPLATE_BYTES_MAX = 128 * 1024;
/** Room before a record batch for the head of its request. */
export const FRAME_BYTES_MAX = 1024;
/** Bytes of a record batch before its first record. */
export const BATCH_HEAD_BYTES = 61;
/** Columns that a batch may have. */
export const COLUMNS_MAX = 64;

/** What determines the sizes. */
export interface KernelLimits {
  /** Longest line, and longest record joined from partial lines, in bytes. */
  readonly lineBytesMax: number;
  /** Largest record batch in bytes, its head included. */
  readonly batchBytesMax: number;
  /** Number of record batches that may be open or in flight. */
  readonly slots: number;
  /** Records decoded at a time. */
  readonly rowsMax: number;
}

/** Addresses of the regions, in bytes. */
export interface Layout {
  readonly state: number;
  readonly times: number;
  readonly columns: number;
  readonly template: number;
  readonly joinStdout: number;
  readonly joinStderr: number;
  readonly chunk: number;
  readonly chunkBytes: number;
  readonly arena: number;
  /** Where each slot's record batch begins; the frame's room lies before it. */
  readonly batches: readonly number[];
  readonly totalBytes: number;
}

/** Plans a memory for `limits`. */
export function planLayout(limits: KernelLimits): Layout {
  let next = BASE;
  const reserve = (bytes: number): number => {
    const start = next;
    next = Math.ceil((start + bytes + SLACK_BYTES) / 64) * 64;
    return start;
  };
  const chunkBytes = limits.lineBytesMax + 64 * 1024;
  const reserveJoin = () => reserve(TIME_BYTES_MAX + chunkBytes) + TIME_BYTES_MAX;
  return {
    state: reserve(STATE_BYTES),
    times: reserve(limits.rowsMax * 4),
    columns: reserve(limits.rowsMax * 8 * COLUMNS_MAX),
    template: reserve(TEMPLATE_BYTES_MAX),
    joinStdout: reserveJoin(),
    joinStderr: reserveJoin(),
    chunk: reserve(chunkBytes),
    chunkBytes,
    arena: reserve(3 * chunkBytes),
    batches: Array.from(
      { length: limits.slots },
      () => reserve(FRAME_BYTES_MAX + limits.batchBytesMax) + FRAME_BYTES_MAX,
    ),
    get totalBytes() {
      return next;
    },
  };
}
