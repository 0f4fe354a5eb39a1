/**
 * `processor_drop`: takes fields out, all of a name.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/drop/processor_drop.go
 *
 * @module
 */
import * as z from "zod";
import { requiredList } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { FieldChanger, type NamedField } from "./field_changer.ts";

/** Which fields go. */
export interface ProcessorDropOptions {
  readonly names: ReadonlySet<string>;
}

/** The schema of `ProcessorDropOptions`. */
export const processorDropOptions = (): z.ZodType<ProcessorDropOptions> =>
  z.object({
    DropKeys: requiredList("a list of field names"),
  }).transform((given) => ({ names: new Set(given.DropKeys) }));

/** Drops fields. */
export class ProcessorDrop extends FieldChanger {
  readonly #names: ReadonlySet<string>;

  constructor({ names }: ProcessorDropOptions, context: ProcessorContext) {
    super("processor_drop", context);
    this.#names = names;
  }

  protected override changed<Some extends NamedField>(fields: readonly Some[]): Some[] {
    return fields.filter(({ name }) => !this.#names.has(name));
  }
}
