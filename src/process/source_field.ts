/**
 * The field that a processor works on, found and removed in the way that all of them share: the first of its name only, and with
 * an empty name the first field of the record, whatever it is. The tags of a file do not count there: in the original they come
 * behind what the file says
 * (https://github.com/alibaba/loongcollector/blob/main/pluginmanager/plugin_runner_v1.go), here before it.
 *
 * @module
 */
import type { LogRecord, RecordField } from "../core/record.ts";
import type { ProcessorReport } from "./processor_report.ts";

/** Finds the field of one name, and counts the records where it is missing. */
export class SourceField {
  readonly #name: string;
  readonly #report: ProcessorReport;
  readonly #missingIsTold: boolean;

  /** @param name `""` stands for the first field. */
  constructor(name: string, report: ProcessorReport, missingIsTold: boolean) {
    this.#name = name;
    this.#report = report;
    this.#missingIsTold = missingIsTold;
  }

  /** @returns the field; undefined, and counted, when the record has none. */
  tryIn(record: LogRecord): RecordField | undefined {
    const field = trySourceOf(record.fields, this.#name);
    if (field === undefined) this.#report.missing(this.#name, this.#missingIsTold);
    return field;
  }
}

/** @returns the field that a processor with this `SourceKey` works on. */
export function trySourceOf<Some extends { readonly name: string }>(
  fields: readonly Some[],
  sourceKey: string,
): Some | undefined {
  return fields.find(({ name }) => sourceKey === "" ? !isTagName(name) : name === sourceKey);
}

/** Tells whether a field is the tag of a file, by its name. */
export function isTagName(name: string): boolean {
  return name.startsWith("__tag__:");
}

/** Takes this very field out of a record; others of the same name stay. */
export function removeField(record: LogRecord, field: RecordField): void {
  const index = record.fields.indexOf(field);
  if (index >= 0) record.fields.splice(index, 1);
}
