/**
 * One record as text: what processors work on that have no faster way. A batch is made into these once, in `src/pipeline.ts`, when
 * the first processor asks for them, and costs an object and strings per record from then on.
 *
 * @module
 */

/** One field of a record. A name may occur twice, as in the original. */
export interface RecordField {
  name: string;
  value: string;
}

/** A record; processors change it in place. Fields are in message order. */
export interface LogRecord {
  /** Seconds since the epoch. */
  seconds: number;
  fields: RecordField[];
}

/** @returns the first field of that name. */
export function tryField(record: LogRecord, name: string): RecordField | undefined {
  return record.fields.find((field) => field.name === name);
}
