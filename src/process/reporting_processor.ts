/**
 * What all processors share: counts, and a voice for what they could not do.
 *
 * @module
 */
import type { Processor, ProcessorCounts } from "../core/processor.ts";
import type { LogRecord } from "../core/record.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ProcessorReport } from "./processor_report.ts";

/** A processor with a report. */
export abstract class ReportingProcessor implements Processor {
  protected readonly report: ProcessorReport;

  /** @param name the processor's `Type`. */
  constructor(name: string, { log }: ProcessorContext) {
    this.report = new ProcessorReport(name, log);
  }

  get counts(): Readonly<ProcessorCounts> {
    return this.report.counts;
  }

  process(records: LogRecord[]): LogRecord[] {
    this.report.counts.processed += records.length;
    return this.processAll(records);
  }

  /** @returns the records that `isKept` wants; the others are counted as dropped. */
  protected filtered(records: LogRecord[], isKept: (record: LogRecord) => boolean): LogRecord[] {
    const kept = records.filter(isKept);
    this.report.dropped(records.length - kept.length);
    return kept;
  }

  /** `process`, with the records counted. */
  protected abstract processAll(records: LogRecord[]): LogRecord[];

  /**
   * Runs what applies patterns of the user's to one record. A value may be too large for a pattern (`core/guarded_regex.ts`): that
   * counts as a failure, with `otherwise` as the result.
   */
  protected guarded<Value>(action: () => Value, otherwise: Value): Value {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.report.failed("a value is too large for a regular expression; the record goes on as it is", error.message);
      return otherwise;
    }
  }
}
