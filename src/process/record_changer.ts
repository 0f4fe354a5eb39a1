/**
 * A processor that changes each record in place, and neither drops nor makes any.
 *
 * @module
 */
import type { LogRecord } from "../core/record.ts";
import { ReportingProcessor } from "./reporting_processor.ts";

/** Changes one record after the other. */
export abstract class RecordChanger extends ReportingProcessor {
  protected override processAll(records: LogRecord[]): LogRecord[] {
    for (const record of records) this.guarded(() => this.change(record), undefined);
    return records;
  }

  /** Changes a record in place. */
  protected abstract change(record: LogRecord): void;
}
