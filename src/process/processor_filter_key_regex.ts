/**
 * `processor_filter_key_regex`: keeps the records whose fields' names match. Every pattern of `Include` must match the name of a
 * field, wherever in it; none of `Exclude` may.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/filter/keyregex/processor_filter_key_regex.go
 *
 * @module
 */
import * as z from "zod";
import type { LogRecord } from "../core/record.ts";
import { patternList } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ReportingProcessor } from "./reporting_processor.ts";

/** Patterns of names. */
export interface ProcessorFilterKeyRegexOptions {
  readonly include: readonly RegExp[];
  readonly exclude: readonly RegExp[];
}

/** The schema of `ProcessorFilterKeyRegexOptions`. */
export const processorFilterKeyRegexOptions: z.ZodType<ProcessorFilterKeyRegexOptions> = z.object({
  Include: patternList().default([]),
  Exclude: patternList().default([]),
}).transform((given) => ({ include: given.Include, exclude: given.Exclude }));

/** Filters records by the names of fields. */
export class ProcessorFilterKeyRegex extends ReportingProcessor {
  readonly #options: ProcessorFilterKeyRegexOptions;

  constructor(options: ProcessorFilterKeyRegexOptions, context: ProcessorContext) {
    super("processor_filter_key_regex", context);
    this.#options = options;
  }

  protected override processAll(records: LogRecord[]): LogRecord[] {
    const { include, exclude } = this.#options;
    const isWanted = (record: LogRecord) => {
      return include.every((regex) => hasName(record, regex)) && !exclude.some((regex) => hasName(record, regex));
    };
    return this.filtered(records, (record) => this.guarded(() => isWanted(record), true));
  }
}

function hasName({ fields }: LogRecord, regex: RegExp): boolean {
  return fields.some(({ name }) => regex.test(name));
}
