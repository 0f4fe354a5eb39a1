/**
 * `processor_csv`: the fields of a CSV line, named in turn. Differs on purpose: a value of several lines counts as broken.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/csv/processor_csv.go
 *
 * @module
 */
import * as z from "zod";
import { bool, scalar, text, textList } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import { type CsvFormat, csvText, tryCsvRecord } from "./csv_record.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { removeField, SourceField } from "./source_field.ts";
import { addSurplus } from "./surplus_fields.ts";

const SURPLUS_NAME = "_decode_preserve_";

/** How a line is read, and how its fields are named. */
export interface ProcessorCsvOptions {
  /** `""`: the first field. */
  readonly sourceKey: string;
  readonly format: CsvFormat;
  readonly names: readonly string[];
  readonly preserveOthers: boolean;
  /** Whether what is left over becomes a field each. */
  readonly expandOthers: boolean;
  readonly expandKeyPrefix: string;
  readonly keepSource: boolean;
  readonly noKeyError: boolean;
}

/** The schema of `ProcessorCsvOptions`. */
export const processorCsvOptions = (): z.ZodType<ProcessorCsvOptions> =>
  z.object({
    SourceKey: text().default(""),
    NoKeyError: bool().default(false),
    SplitKeys: textList("a list of field names").default([]),
    SplitSep: scalar("one character, no quote", (given) => /^[^"\r\n\ufffd]$/u.test(given) ? given : undefined).default(
      ",",
    ),
    TrimLeadingSpace: bool().default(false),
    PreserveOthers: bool().default(false),
    ExpandOthers: bool().default(false),
    ExpandKeyPrefix: text().default(""),
    KeepSource: bool().default(false),
  }).transform((given) => ({
    sourceKey: given.SourceKey,
    format: { separator: given.SplitSep, trimsLeadingSpace: given.TrimLeadingSpace },
    names: given.SplitKeys,
    preserveOthers: given.PreserveOthers,
    expandOthers: given.ExpandOthers,
    expandKeyPrefix: given.ExpandKeyPrefix,
    keepSource: given.KeepSource,
    noKeyError: given.NoKeyError,
  }));

/** Reads CSV. A record whose field is broken stays as it is. */
export class ProcessorCsv extends RecordChanger {
  readonly #options: ProcessorCsvOptions;
  readonly #source: SourceField;

  constructor(options: ProcessorCsvOptions, context: ProcessorContext) {
    super("processor_csv", context);
    this.#options = options;
    this.#source = new SourceField(options.sourceKey, this.report, options.noKeyError);
  }

  protected override change(record: LogRecord): void {
    const source = this.#source.tryIn(record);
    if (source === undefined) return;
    const { names, format, keepSource, preserveOthers } = this.#options;
    const values = names.length === 0 ? [] : tryCsvRecord(source.value, format);
    if (values === undefined) return this.report.failed("a value is not a line of CSV", source.value);
    if (!keepSource) removeField(record, source);
    if (names.length === 0) {
      if (preserveOthers) record.fields.push({ name: SURPLUS_NAME, value: source.value });
      return;
    }
    if (values.length !== names.length) {
      this.report.failed("a value has not as many fields as SplitKeys has names", source.value);
    }
    values.slice(0, names.length).forEach((value, index) => record.fields.push({ name: names[index], value }));
    addSurplus(record, values.slice(names.length), this.#options, (others) => {
      return { name: SURPLUS_NAME, value: csvText(others, format.separator) };
    });
  }
}
