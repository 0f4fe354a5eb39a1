/**
 * Where everything lies in a kernel's memory. Sizes are fixed when the kernel is made: growing would detach the views that requests
 * in flight are written from. Pages that are never touched cost no memory, so regions are sized for the worst case.
 *
 * @module
 */
import { CAPTURE_SCRATCH_BYTES } from "./captures/compile_captures.ts";
import { STATE_BYTES } from "./kernel_state.ts";
import { UNPACKED_BYTES_MAX } from "./packed_records.ts";

/** Bytes after every region that wide loads and stores may touch. */
const SLACK_BYTES = 64;
/** Longest time text kept with a partial record; it lies before the join buffer. */
const TIME_BYTES_MAX = 64;
/**
 * Below lie the kernel's own constants, from 4096 what its checksums need (`assembly/crc32c.ts`), and the tables and vectors of escapes
 * (`assembly/escape_tables.ts`, `assembly/docker_text.ts`).
 */
const BASE = 36 * 1024 + 64;
/** The largest template: constant bytes and operations. */
export const TEMPLATE_BYTES_MAX = 128 * 1024;
/** Room for the templates that rows need in turn, and for one of the largest. */
export const TEMPLATES_BYTES = 4 * TEMPLATE_BYTES_MAX;
/** What may be around a message in its record: the key that all have, and the headers. */
export const ENVELOPE_BYTES_MAX = 64 * 1024;
/** Room before a record batch for the head of its request. */
export const FRAME_BYTES_MAX = 1024;
/** Bytes of a record batch before its first record. */
export const BATCH_HEAD_BYTES = 61;
/** Columns that a batch may have. */
export const COLUMNS_MAX = 256;

/** Room for the tables of patterns and the shapes of JSON objects. */
const PATTERNS_BYTES = 4 * 1024 * 1024;
/** The longest decimal text of an offset, per row, and of one that the host puts in its place. */
const OFFSET_TEXT_BYTES_MAX = 2 * 20;

/** The largest first record of a batch beside its content: the template and what the kernel adds. */
const FIRST_RECORD_EXTRA_BYTES = TEMPLATE_BYTES_MAX + ENVELOPE_BYTES_MAX + 4096;

/** What the kernel's compressors remember; see `assembly/matches.ts`. */
const COMPRESSION_TABLE_BYTES = 32 * 1024;
/** Room that compression needs beside that of the batch itself and a sixth of it: the frame's own bytes. */
const PACKED_EXTRA_BYTES = 1024;

/** Records that are compressed while they are rendered may be so many times larger uncompressed than a batch may be. */
const UNPACKED_SHARE_MAX = 4;

/** What determines the sizes. */
export interface KernelLimits {
  /** Longest line, and longest record joined from partial lines, in bytes. */
  readonly lineBytesMax: number;
  /** Largest record batch in bytes, its head included. */
  readonly batchBytesMax: number;
  /** Number of record batches that may be open or in flight. */
  readonly slots: number;
  /** Decoding stops when there are so many records. */
  readonly rowsMax: number;
  /** What is read at a time, if that is more than the longest line; none by default. */
  readonly chunkBytesMin?: number;
}

/** Addresses of the regions, in bytes. */
export interface Layout {
  readonly state: number;
  readonly times: number;
  readonly columns: number;
  /** Rows that the columns have room for. */
  readonly rowsRoom: number;
  /** The largest content of a record once it is escaped, in bytes: one that fits a batch beside a usual template. */
  readonly contentBytesMax: number;
  readonly templates: number;
  readonly envelope: number;
  readonly joinStdout: number;
  readonly joinStderr: number;
  readonly chunk: number;
  readonly chunkBytes: number;
  /** A line that has no end in so many bytes is handed out in parts. */
  readonly lineRoomBytes: number;
  readonly arena: number;
  readonly arenaBytes: number;
  /** Messages that are texts, and their keys: what was decoded stays as it is beside them. */
  readonly texts: number;
  readonly textsBytes: number;
  readonly patterns: number;
  readonly patternsBytes: number;
  /** Room for programs while they run, and what they say of each row. */
  readonly captures: number;
  readonly statuses: number;
  /** What the scanner of JSON objects says of each row. */
  readonly shapes: number;
  /** Where each slot's record batch begins; the frame's room lies before it. */
  readonly batches: readonly number[];
  /** The room of a batch: more than `batchBytesMax`, because its first record is never refused. */
  readonly batchRoomBytes: number;
  /** The same for one that is rendered compressed, uncompressed: where it would be is mostly never written. */
  readonly unpackedRoomBytes: number;
  /** Where each slot's batch begins when it is compressed; the frame's room lies before it. */
  readonly packed: readonly number[];
  readonly packedRoomBytes: number;
  readonly compressionTable: number;
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
  const lineRoomBytes = limits.lineBytesMax + 64 * 1024;
  const chunkBytes = Math.max(lineRoomBytes, limits.chunkBytesMin ?? 0);
  const batchRoomBytes = limits.batchBytesMax + FIRST_RECORD_EXTRA_BYTES;
  const unpackedBytesMax = Math.min(UNPACKED_BYTES_MAX, UNPACKED_SHARE_MAX * limits.batchBytesMax);
  const unpackedRoomBytes = Math.max(batchRoomBytes, unpackedBytesMax);
  const packedRoomBytes = Math.ceil(batchRoomBytes * 7 / 6) + PACKED_EXTRA_BYTES;
  const contentBytesMax = Math.max(1024, Math.floor(limits.batchBytesMax * 0.85));
  const rowsRoom = limits.rowsMax + rowsOfLine(chunkBytes, contentBytesMax);
  // What a chunk brings may be unescaped, then joined with all that is pending, and escaped again; the rest is for times. Where contents
  // are not escaped again, it is for what processors make of them.
  const arenaBytes = 16 * chunkBytes + rowsRoom * OFFSET_TEXT_BYTES_MAX;
  const textsBytes = limits.batchBytesMax + ENVELOPE_BYTES_MAX;
  const reserveJoin = () => reserve(TIME_BYTES_MAX + chunkBytes) + TIME_BYTES_MAX;
  const reserveBatches = (bytes: number) =>
    Array.from({ length: limits.slots }, () => reserve(FRAME_BYTES_MAX + bytes) + FRAME_BYTES_MAX);
  return {
    state: reserve(STATE_BYTES),
    times: reserve(rowsRoom * 4),
    columns: reserve(rowsRoom * 8 * COLUMNS_MAX),
    rowsRoom,
    contentBytesMax,
    templates: reserve(TEMPLATES_BYTES),
    envelope: reserve(ENVELOPE_BYTES_MAX),
    joinStdout: reserveJoin(),
    joinStderr: reserveJoin(),
    chunk: reserve(chunkBytes),
    chunkBytes,
    lineRoomBytes,
    arena: reserve(arenaBytes),
    arenaBytes,
    texts: reserve(textsBytes),
    textsBytes,
    patterns: reserve(PATTERNS_BYTES),
    patternsBytes: PATTERNS_BYTES,
    captures: reserve(CAPTURE_SCRATCH_BYTES),
    statuses: reserve(rowsRoom),
    shapes: reserve(rowsRoom * 4),
    batches: reserveBatches(unpackedRoomBytes),
    batchRoomBytes,
    unpackedRoomBytes,
    packed: reserveBatches(packedRoomBytes),
    packedRoomBytes,
    compressionTable: reserve(COMPRESSION_TABLE_BYTES),
    get totalBytes() {
      return next;
    },
  };
}

/** The records that one line makes at most: it may complete a pending record, and every byte may take six escaped. */
function rowsOfLine(chunkBytes: number, contentBytesMax: number): number {
  const contentBytes = Math.floor((contentBytesMax - 6) / 6);
  return 2 * (Math.ceil(chunkBytes / contentBytes) + 1);
}
