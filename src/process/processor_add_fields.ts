/**
 * `processor_add_fields`: fields with fixed values, at the end of each record.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/addfields/processor_add_fields.go
 *
 * @module
 */
import * as z from "zod";
import { bool, textMap } from "../core/options.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { FieldChanger, type MakeField, type NamedField } from "./field_changer.ts";

/** What is added. */
export interface ProcessorAddFieldsOptions {
  /** Names and values. */
  readonly fields: readonly (readonly [string, string])[];
  /** Whether a field of an existing name is left out. */
  readonly ignoreIfExist: boolean;
}

/** The schema of `ProcessorAddFieldsOptions`. */
export const processorAddFieldsOptions = (): z.ZodType<ProcessorAddFieldsOptions> =>
  z.object({
    Fields: textMap().refine((given) => Object.keys(given).length > 0, "must not be empty"),
    IgnoreIfExist: bool().default(false),
  }).transform((given) => ({ fields: Object.entries(given.Fields), ignoreIfExist: given.IgnoreIfExist }));

/** Adds fields, in the order of the configuration. */
export class ProcessorAddFields extends FieldChanger {
  readonly #options: ProcessorAddFieldsOptions;

  constructor(options: ProcessorAddFieldsOptions, context: ProcessorContext) {
    super("processor_add_fields", context);
    this.#options = options;
  }

  protected override changed<Some extends NamedField>(fields: readonly Some[], make: MakeField<Some>): Some[] {
    const { fields: added, ignoreIfExist } = this.#options;
    const changed = [...fields];
    for (const [name, text] of added) {
      if (!ignoreIfExist || changed.every((field) => field.name !== name)) changed.push(make(name, text));
    }
    return changed;
  }
}
