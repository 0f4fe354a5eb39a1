/**
 * `processor_drop`: takes fields out, all of a name.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/drop/processor_drop.go
 *
 * @module
 */
import * as z from "zod";
import type { LogRecord } from "../core/record.ts";
import { requiredList } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";

/** Which fields go. */
export interface ProcessorDropOptions {
  readonly names: ReadonlySet<string>;
}

/** The schema of `ProcessorDropOptions`. */
export const processorDropOptions: z.ZodType<ProcessorDropOptions> = z.object({
  DropKeys: requiredList("a list of field names"),
}).transform((given) => ({ names: new Set(given.DropKeys) }));

/** Drops fields. */
export class ProcessorDrop extends RecordChanger {
  readonly #names: ReadonlySet<string>;

  constructor({ names }: ProcessorDropOptions, context: ProcessorContext) {
    super("processor_drop", context);
    this.#names = names;
  }

  protected override change(record: LogRecord): void {
    record.fields = record.fields.filter(({ name }) => !this.#names.has(name));
  }
}
