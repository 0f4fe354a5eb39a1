/**
 * `processor_pick_key`: keeps the fields that `Include` names, all where it is empty, without those that `Exclude` names. A record
 * without any field left is dropped.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/pickkey/processor_pick_key.go
 *
 * @module
 */
import * as z from "zod";
import { textList } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ReportingProcessor } from "./reporting_processor.ts";

/** Names of fields. */
export interface ProcessorPickKeyOptions {
  /** Empty: all. */
  readonly include: ReadonlySet<string>;
  readonly exclude: ReadonlySet<string>;
}

/** The schema of `ProcessorPickKeyOptions`. */
export const processorPickKeyOptions: z.ZodType<ProcessorPickKeyOptions> = z.object({
  Include: textList("a list of field names").default([]),
  Exclude: textList("a list of field names").default([]),
}).transform((given) => ({ include: new Set(given.Include), exclude: new Set(given.Exclude) }));

/** Picks fields. */
export class ProcessorPickKey extends ReportingProcessor {
  readonly #options: ProcessorPickKeyOptions;

  constructor(options: ProcessorPickKeyOptions, context: ProcessorContext) {
    super("processor_pick_key", context);
    this.#options = options;
  }

  protected override processAll(records: LogRecord[]): LogRecord[] {
    for (const record of records) record.fields = record.fields.filter(({ name }) => this.#isWanted(name));
    return this.filtered(records, ({ fields }) => fields.length > 0);
  }

  #isWanted(name: string): boolean {
    const { include, exclude } = this.#options;
    return (include.size === 0 || include.has(name)) && !exclude.has(name);
  }
}
