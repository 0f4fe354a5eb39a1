/**
 * A batch: the records of one read of one source, as columns of slices in a kernel's memory. Only one batch of a kernel is alive at
 * a time: the next decoding overwrites it.
 *
 * @module
 */
import type { FileIdentity, PendingRecord } from "./position.ts";
import type { LogRecord } from "./record.ts";
import type { Source } from "./source.ts";

/** The `offsetSafe` of a batch after which something is pending that began in the file before. */
export const IN_EARLIER_FILE = -1;

/** A field whose text differs from record to record. */
export interface ColumnField {
  readonly name: string;
  readonly column: number;
  /** Whether its bytes may need JSON escaping. */
  readonly escape: boolean;
  /** Its bytes are not its text, but the inside of a JSON string that stands for it, escaped as in messages: not to be escaped again. */
  readonly isJsonText?: true;
}

/** A field with the same text in every record. */
export interface ConstantField {
  readonly name: string;
  readonly text: string;
}

/** One field of every record of a batch; a batch has them in message order. */
export type Field = ColumnField | ConstantField;

/** Rows [rowFrom, rowTo) of a batch whose records have the same fields. */
export interface RowRun {
  /** The same array object for the same fields, as far as possible: templates are remembered by it. */
  readonly fields: readonly Field[];
  readonly rowFrom: number;
  readonly rowTo: number;
}

/** Records × fields. Offsets are bytes in the source's file. */
export interface Batch {
  readonly source: Source;
  /** Number of records; may be 0 where every line was filtered out. */
  readonly rows: number;
  /** The same array object for every batch of a source, until the fields change. */
  readonly fields: readonly Field[];
  /** What processors have made of the rows: runs in order, and rows between them are gone. Undefined: all rows have `fields`. */
  readonly runs?: readonly RowRun[];
  readonly offsetStart: number;
  /** Where the next read begins. */
  readonly offsetEnd: number;
  /**
   * Where reading may start again after a crash: before `offsetEnd` while a partial record is pending, `IN_EARLIER_FILE` while the
   * beginning of that is in the file before this one.
   */
  readonly offsetSafe: number;
  /** The records as text, once a processor has asked for them: then they count, and rows and fields do not. */
  readonly records?: readonly LogRecord[];
}

/** Bytes of a source that were read into the kernel's chunk, to be decoded before the next read. */
export interface Chunk {
  /** Where in the file the bytes begin. */
  readonly offset: number;
  readonly size: number;
}

/** Turns a source's bytes into batches; one per source, carrying partial records from chunk to chunk. */
export interface Decoder {
  /** Never throws on data. The batch's `offsetEnd` is the chunk's beginning when no line is complete yet. */
  decode(chunk: Chunk): Batch;
  /**
   * Hands out what is pending at `offset` without waiting for the rest: the source has "ended", or was "idle" for so long that a
   * record of several lines counts as complete. A line whose writer is in the middle of it waits on while the source is idle.
   */
  flush(offset: number, why: "ended" | "idle"): Batch | undefined;
  /** A file is begun, the first or another: what is pending from the one before goes on in it. */
  beginFile(identity: FileIdentity): void;
  /** What is pending after the last batch; empty where nothing is. Cheap: copies no bytes. */
  pending(): readonly PendingRecord[];
  /** Goes on at `offset` with what was pending there, in a file that was begun. */
  restore(records: readonly PendingRecord[], offset: number): void;
  /** The source has fallen quiet: what can be made again, and what others keep for it, need not be kept. May come at any time. */
  rest?(): void;
}

/** Why lines did not become the records they look like; for metrics. */
export interface DecodeCounts {
  /** Lines that are not of the expected form, delivered raw. */
  malformed: number;
  /** Records cut because they were too long. */
  split: number;
  /** Lines of a stream that is not wanted. */
  filtered: number;
  /** Lines that belong to no record of several lines, as the patterns have it, and were to be discarded. */
  discarded: number;
}

/** The rows of a batch that is not text. */
export function runsOf({ rows, fields, runs }: Batch): readonly RowRun[] {
  return runs ?? [{ fields, rowFrom: 0, rowTo: rows }];
}

/** Number of records, as columns or as text. */
export function recordCountOf({ rows, records }: Batch): number {
  return records?.length ?? rows;
}

/** Whether no complete line was in the chunk. */
export function isStuck(batch: Batch): boolean {
  return batch.rows === 0 && batch.offsetEnd === batch.offsetStart;
}
