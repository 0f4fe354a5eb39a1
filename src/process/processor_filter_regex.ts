/**
 * `processor_filter_regex`: keeps the records whose fields match. Every field of `Include` must be there and match; none of
 * `Exclude` may. Patterns are searched for, and may match anywhere in the value.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/filter/regex/processor_filter_regex.go
 *
 * @module
 */
import * as z from "zod";
import type { RowRun } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import { FilterColumns } from "./filter_columns.ts";
import { patternMap } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ReportingProcessor } from "./reporting_processor.ts";

/** Patterns by field name. */
export interface ProcessorFilterRegexOptions {
  readonly include: ReadonlyMap<string, RegExp>;
  readonly exclude: ReadonlyMap<string, RegExp>;
}

/** The schema of `ProcessorFilterRegexOptions`. */
export const processorFilterRegexOptions = (): z.ZodType<ProcessorFilterRegexOptions> =>
  z.object({
    Include: patternMap().default(new Map()),
    Exclude: patternMap().default(new Map()),
  }).transform((given) => ({ include: given.Include, exclude: given.Exclude }));

/** Filters records by the values of fields. Of several fields with one name, all must match to include, one to exclude. */
export class ProcessorFilterRegex extends ReportingProcessor {
  readonly #options: ProcessorFilterRegexOptions;
  readonly #columns: FilterColumns | undefined;

  constructor(options: ProcessorFilterRegexOptions, context: ProcessorContext) {
    super("processor_filter_regex", context);
    this.#options = options;
    this.#columns = FilterColumns.tryMake(options, context.columns, this.report);
  }

  processRuns(runs: readonly RowRun[]): readonly RowRun[] | undefined {
    return this.#columns?.process(runs);
  }

  protected override processAll(records: LogRecord[]): LogRecord[] {
    return this.filtered(records, (record) => this.guarded(() => this.#isWanted(record), true));
  }

  #isWanted(record: LogRecord): boolean {
    const { include, exclude } = this.#options;
    for (const [name, regex] of include) {
      const fields = record.fields.filter((field) => field.name === name);
      if (fields.length === 0 || fields.some(({ value }) => !regex.test(value))) return false;
    }
    return !record.fields.some(({ name, value }) => exclude.get(name)?.test(value));
  }
}
