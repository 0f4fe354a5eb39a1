/**
 * `processor_split_string`: cuts a field at a separator and names the pieces in turn. What is left over becomes one field, or
 * numbered ones.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/split/string/split_string.go
 *
 * @module
 */
import * as z from "zod";
import { bool, text, textList } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import { requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { removeField, SourceField } from "./source_field.ts";
import { addSurplus, SPLIT_SURPLUS_NAME } from "./surplus_fields.ts";

/** Where a field is cut, and how the pieces are named. */
export interface ProcessorSplitStringOptions {
  /** `""`: the first field. */
  readonly sourceKey: string;
  readonly separator: string;
  readonly names: readonly string[];
  readonly preserveOthers: boolean;
  /** Whether what is left over is cut, too. */
  readonly expandOthers: boolean;
  readonly expandKeyPrefix: string;
  readonly keepSource: boolean;
  readonly noKeyError: boolean;
  readonly noMatchError: boolean;
}

/** The schema of `ProcessorSplitStringOptions`. */
export const processorSplitStringOptions: z.ZodType<ProcessorSplitStringOptions> = z.object({
  SourceKey: text().default(""),
  SplitSep: requiredText().prefault("\n"),
  SplitKeys: textList("a list of field names").default([]),
  PreserveOthers: bool().default(true),
  ExpandOthers: bool().default(false),
  ExpandKeyPrefix: text().default(""),
  KeepSource: bool().default(false),
  NoKeyError: bool().default(false),
  NoMatchError: bool().default(false),
}).transform((given) => ({
  sourceKey: given.SourceKey,
  separator: given.SplitSep,
  names: given.SplitKeys,
  preserveOthers: given.PreserveOthers,
  expandOthers: given.ExpandOthers,
  expandKeyPrefix: given.ExpandKeyPrefix,
  keepSource: given.KeepSource,
  noKeyError: given.NoKeyError,
  noMatchError: given.NoMatchError,
}));

/** Splits a field into several. With fewer pieces than names, the last names have no field. */
export class ProcessorSplitString extends RecordChanger {
  readonly #options: ProcessorSplitStringOptions;
  readonly #source: SourceField;

  constructor(options: ProcessorSplitStringOptions, context: ProcessorContext) {
    super("processor_split_string", context);
    this.#options = options;
    this.#source = new SourceField(options.sourceKey, this.report, options.noKeyError);
  }

  protected override change(record: LogRecord): void {
    const source = this.#source.tryIn(record);
    if (source === undefined) return;
    const { names, separator, keepSource, noMatchError } = this.#options;
    if (!keepSource) removeField(record, source);
    const pieces = source.value.split(separator);
    if (pieces.length < names.length) {
      this.report.failed(`a value has fewer pieces than SplitKeys has names`, source.value, noMatchError);
    }
    pieces.slice(0, names.length).forEach((value, index) => record.fields.push({ name: names[index], value }));
    addSurplus(record, pieces.slice(names.length), this.#options, (others) => {
      return { name: SPLIT_SURPLUS_NAME, value: others.join(separator) };
    });
  }
}
