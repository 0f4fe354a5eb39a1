/**
 * A processor whose outcome depends on the names of a record's fields only: it does for all rows of a run at once what it does for a
 * record.
 *
 * @module
 */
import type { Field, RowRun } from "../core/batch.ts";
import type { LogRecord, RecordField } from "../core/record.ts";
import { ReportingProcessor } from "./reporting_processor.ts";

/** A field, whatever its values are. */
export interface NamedField {
  readonly name: string;
}

/** Makes a field of a fixed text. */
export type MakeField<Some> = (name: string, text: string) => Some;

/** Changes the list of fields. */
export abstract class FieldChanger extends ReportingProcessor {
  readonly takesJsonText = true;
  /** What has become of the field lists of runs, by these lists: a source has the same one for all its batches. */
  readonly #changed = new WeakMap<readonly Field[], readonly Field[]>();

  processRuns(runs: readonly RowRun[]): readonly RowRun[] {
    const kept: RowRun[] = [];
    for (const run of runs) {
      const rows = run.rowTo - run.rowFrom;
      this.report.counts.processed += rows;
      this.note(run.fields, rows);
      const fields = this.#fieldsOf(run.fields);
      if (fields.length > 0 || !this.dropsEmpty) kept.push({ ...run, fields });
      else this.report.dropped(rows);
    }
    return kept;
  }

  protected override processAll(records: LogRecord[]): LogRecord[] {
    for (const record of records) {
      this.note(record.fields, 1);
      record.fields = this.changed<RecordField>(record.fields, (name, value) => ({ name, value }));
    }
    return this.dropsEmpty ? this.filtered(records, ({ fields }) => fields.length > 0) : records;
  }

  /** Whether records that have no field any more are dropped here, and counted. */
  protected get dropsEmpty(): boolean {
    return false;
  }

  /** Takes note of records with these fields; for counts. */
  protected note(_fields: readonly NamedField[], _records: number): void {}

  /** @returns the new list; fields that are renamed are new objects. */
  protected abstract changed<Some extends NamedField>(fields: readonly Some[], make: MakeField<Some>): Some[];

  #fieldsOf(fields: readonly Field[]): readonly Field[] {
    const known = this.#changed.get(fields) ?? this.changed<Field>(fields, (name, text) => ({ name, text }));
    this.#changed.set(fields, known);
    return known;
  }
}
