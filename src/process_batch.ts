/**
 * A batch through the processors of its pipeline: as columns as long as they take them, then as texts.
 *
 * @module
 */
import { type Batch, runsOf } from "./core/batch.ts";
import type { Processor } from "./core/processor.ts";
import type { LogRecord } from "./core/record.ts";

/**
 * Processes a batch that was just decoded. Records without any field are gone afterwards.
 *
 * @param textOf makes text of a batch; not called where no processor asks for it.
 */
export function processBatch(
  batch: Batch,
  processors: readonly Processor[],
  textOf: (batch: Batch) => LogRecord[],
): Batch {
  if (processors.length === 0 || batch.rows === 0) return batch;
  let runs = runsOf(batch);
  for (const [index, processor] of processors.entries()) {
    const processed = processor.processRuns?.(runs);
    if (processed === undefined) return processTexts(textOf({ ...batch, runs }), batch, processors.slice(index));
    runs = processed;
  }
  const left = runs.filter(({ fields }) => fields.length > 0);
  return { ...batch, runs: left, rows: left.reduce((rows, { rowFrom, rowTo }) => rows + rowTo - rowFrom, 0) };
}

function processTexts(texts: LogRecord[], batch: Batch, processors: readonly Processor[]): Batch {
  let records = texts;
  for (const processor of processors) records = processor.process(records);
  return { ...batch, rows: 0, records: records.filter(({ fields }) => fields.length > 0) };
}
