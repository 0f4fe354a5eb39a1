/**
 * What the processors that make several records of one share: the field that is split comes last in each, behind copies of the
 * other fields or alone.
 *
 * @module
 */
import { notSupportedYet } from "../core/option_notes.ts";
import { bool, text } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ReportingProcessor } from "./reporting_processor.ts";
import { SourceField } from "./source_field.ts";

/** Which field is split, and what becomes of the others. */
export interface RecordSplitterOptions {
  /** `""`: the first field. */
  readonly splitKey: string;
  readonly preserveOthers: boolean;
  readonly noKeyError: boolean;
}

/** The options that all splitters have, as parts of a schema. */
export function splitterShape(preserveOthers: boolean) {
  return {
    SplitKey: text().default(""),
    PreserveOthers: bool().default(preserveOthers),
    NoKeyError: bool().default(false),
    EnableLogPositionMeta: notSupportedYet(),
  };
}

/** Splits records. One without the field stays as it is, or is dropped where the other fields are not wanted. */
export abstract class RecordSplitter extends ReportingProcessor {
  readonly #source: SourceField;
  readonly #preserveOthers: boolean;

  constructor(name: string, options: RecordSplitterOptions, context: ProcessorContext) {
    super(name, context);
    this.#source = new SourceField(options.splitKey, this.report, options.noKeyError);
    this.#preserveOthers = options.preserveOthers;
  }

  protected override processAll(records: LogRecord[]): LogRecord[] {
    return records.flatMap((record) => {
      const pieces = this.guarded(() => this.#split(record), [record]);
      if (pieces.length === 0) this.report.dropped(1);
      return pieces;
    });
  }

  /** @returns the values of the records that come of one. */
  protected abstract pieces(value: string): readonly string[];

  #split(record: LogRecord): LogRecord[] {
    const source = this.#source.tryIn(record);
    if (source === undefined) return this.#preserveOthers ? [record] : [];
    const others = this.#preserveOthers ? record.fields.filter((field) => field !== source) : [];
    return this.pieces(source.value).map((value) => ({
      seconds: record.seconds,
      fields: [...others.map((field) => ({ ...field })), { name: source.name, value }],
    }));
  }
}
