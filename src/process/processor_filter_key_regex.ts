/**
 * `processor_filter_key_regex`: keeps the records whose fields' names match. Every pattern of `Include` must match the name of a
 * field, wherever in it; none of `Exclude` may.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/filter/keyregex/processor_filter_key_regex.go
 *
 * @module
 */
import * as z from "zod";
import type { Field, RowRun } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import type { NamedField } from "./field_changer.ts";
import { patternList } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ReportingProcessor } from "./reporting_processor.ts";

/** Longer names are looked at record by record: a pattern may refuse them. */
const NAME_CHARS_MAX = 1024;

/** Patterns of names. */
export interface ProcessorFilterKeyRegexOptions {
  readonly include: readonly RegExp[];
  readonly exclude: readonly RegExp[];
}

/** The schema of `ProcessorFilterKeyRegexOptions`. */
export const processorFilterKeyRegexOptions = (): z.ZodType<ProcessorFilterKeyRegexOptions> =>
  z.object({
    Include: patternList().default([]),
    Exclude: patternList().default([]),
  }).transform((given) => ({ include: given.Include, exclude: given.Exclude }));

/** Filters records by the names of fields. */
export class ProcessorFilterKeyRegex extends ReportingProcessor {
  readonly #options: ProcessorFilterKeyRegexOptions;
  /** Whether records with these fields are wanted. */
  readonly #known = new WeakMap<readonly Field[], boolean>();

  constructor(options: ProcessorFilterKeyRegexOptions, context: ProcessorContext) {
    super("processor_filter_key_regex", context);
    this.#options = options;
  }

  processRuns(runs: readonly RowRun[]): readonly RowRun[] | undefined {
    if (runs.some(({ fields }) => fields.some(({ name }) => name.length > NAME_CHARS_MAX))) return undefined;
    return runs.filter((run) => {
      const rows = run.rowTo - run.rowFrom;
      const isKept = this.#known.get(run.fields) ?? this.#isWanted(run.fields);
      this.#known.set(run.fields, isKept);
      this.report.counts.processed += rows;
      if (!isKept) this.report.dropped(rows);
      return isKept;
    });
  }

  protected override processAll(records: LogRecord[]): LogRecord[] {
    return this.filtered(records, ({ fields }) => this.guarded(() => this.#isWanted(fields), true));
  }

  #isWanted(fields: readonly NamedField[]): boolean {
    const { include, exclude } = this.#options;
    const hasName = (regex: RegExp) => fields.some(({ name }) => regex.test(name));
    return include.every(hasName) && !exclude.some(hasName);
  }
}
