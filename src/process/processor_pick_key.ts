/**
 * `processor_pick_key`: keeps the fields that `Include` names, all where it is empty, without those that `Exclude` names. A record
 * without any field left is dropped.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/pickkey/processor_pick_key.go
 *
 * @module
 */
import * as z from "zod";
import { textList } from "../core/options.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { FieldChanger, type NamedField } from "./field_changer.ts";

/** Names of fields. */
export interface ProcessorPickKeyOptions {
  /** Empty: all. */
  readonly include: ReadonlySet<string>;
  readonly exclude: ReadonlySet<string>;
}

/** The schema of `ProcessorPickKeyOptions`. */
export const processorPickKeyOptions = (): z.ZodType<ProcessorPickKeyOptions> =>
  z.object({
    Include: textList("a list of field names").default([]),
    Exclude: textList("a list of field names").default([]),
  }).transform((given) => ({ include: new Set(given.Include), exclude: new Set(given.Exclude) }));

/** Picks fields. */
export class ProcessorPickKey extends FieldChanger {
  readonly #options: ProcessorPickKeyOptions;

  constructor(options: ProcessorPickKeyOptions, context: ProcessorContext) {
    super("processor_pick_key", context);
    this.#options = options;
  }

  protected override get dropsEmpty(): boolean {
    return true;
  }

  protected override changed<Some extends NamedField>(fields: readonly Some[]): Some[] {
    const { include, exclude } = this.#options;
    return fields.filter(({ name }) => (include.size === 0 || include.has(name)) && !exclude.has(name));
  }
}
