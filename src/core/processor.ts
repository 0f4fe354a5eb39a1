/**
 * What happens to records between decoding and delivery.
 *
 * @module
 */
import type { RowRun } from "./batch.ts";
import type { LogRecord } from "./record.ts";

/** What a processor did since it started, for metrics. Records that are missing or failed went on as its options say. */
export interface ProcessorCounts {
  /** Records that it took. */
  processed: number;
  /** Records without the field that it works on. */
  missing: number;
  /** Records whose field it could not parse. */
  failed: number;
  /** Records that it took out: on purpose, or because nothing was left of them. */
  dropped: number;
}

/** One processor of one pipeline. */
export interface Processor {
  readonly counts: Readonly<ProcessorCounts>;
  /** Whether contents may be JSON text (`ColumnField.isJsonText`) without a cost here: it looks at no values. By default they may not. */
  readonly takesJsonText?: boolean;
  /**
   * Processes the records of one batch, in place or by returning others, in order. Never throws on data. A record without any
   * field is dropped after the last processor.
   */
  process(records: LogRecord[]): LogRecord[];
  /**
   * Processes the rows of a batch as columns. Never throws on data.
   *
   * @returns what has become of them; undefined, and nothing was done, where it takes texts: `process` is called then. A processor without
   *   it always takes texts.
   */
  processRuns?(runs: readonly RowRun[]): readonly RowRun[] | undefined;
}
