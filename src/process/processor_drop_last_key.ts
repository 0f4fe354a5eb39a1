/**
 * `processor_drop_last_key`: takes one field out of the records that have any of some others: a source that stayed because it could
 * not be parsed goes where parsing gave its fields.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/droplastkey/processor_drop_last_key.go
 *
 * @module
 */
import * as z from "zod";
import { type LogRecord, tryField } from "../core/record.ts";
import { requiredList, requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { removeField } from "./source_field.ts";

/** Which field goes, and what must be there. */
export interface ProcessorDropLastKeyOptions {
  readonly dropKey: string;
  /** One of these is enough. */
  readonly include: ReadonlySet<string>;
}

/** The schema of `ProcessorDropLastKeyOptions`. */
export const processorDropLastKeyOptions = (): z.ZodType<ProcessorDropLastKeyOptions> =>
  z.object({
    DropKey: requiredText().describe("the field that is taken out where one of `Include` is there"),
    Include: requiredList("a list of field names").describe("fields of which one is enough"),
  }).transform((given) => ({ dropKey: given.DropKey, include: new Set(given.Include) }));

/** Drops the first field of a name. */
export class ProcessorDropLastKey extends RecordChanger {
  readonly #options: ProcessorDropLastKeyOptions;

  constructor(options: ProcessorDropLastKeyOptions, context: ProcessorContext) {
    super("processor_drop_last_key", context);
    this.#options = options;
  }

  protected override change(record: LogRecord): void {
    const { dropKey, include } = this.#options;
    const field = tryField(record, dropKey);
    if (field !== undefined && record.fields.some(({ name }) => include.has(name))) removeField(record, field);
  }
}
