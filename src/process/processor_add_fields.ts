/**
 * `processor_add_fields`: fields with fixed values, at the end of each record.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/addfields/processor_add_fields.go
 *
 * @module
 */
import * as z from "zod";
import { bool, textMap } from "../core/options.ts";
import { type LogRecord, tryField } from "../core/record.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";

/** What is added. */
export interface ProcessorAddFieldsOptions {
  /** Names and values. */
  readonly fields: readonly (readonly [string, string])[];
  /** Whether a field of an existing name is left out. */
  readonly ignoreIfExist: boolean;
}

/** The schema of `ProcessorAddFieldsOptions`. */
export const processorAddFieldsOptions: z.ZodType<ProcessorAddFieldsOptions> = z.object({
  Fields: textMap().refine((given) => Object.keys(given).length > 0, "must not be empty"),
  IgnoreIfExist: bool().default(false),
}).transform((given) => ({ fields: Object.entries(given.Fields), ignoreIfExist: given.IgnoreIfExist }));

/** Adds fields, in the order of the configuration. */
export class ProcessorAddFields extends RecordChanger {
  readonly #options: ProcessorAddFieldsOptions;

  constructor(options: ProcessorAddFieldsOptions, context: ProcessorContext) {
    super("processor_add_fields", context);
    this.#options = options;
  }

  protected override change(record: LogRecord): void {
    const { fields, ignoreIfExist } = this.#options;
    for (const [name, value] of fields) {
      if (!ignoreIfExist || tryField(record, name) === undefined) record.fields.push({ name, value });
    }
  }
}
