/**
 * `processor_filter_regex_native`: keeps the records whose fields match, each as a whole. A missing field does not match. The rule is
 * `FilterKey` with `FilterRegex`, or else `Include`, or else `ConditionExp`.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/plugin/processor/ProcessorFilterNative.cpp
 *
 * @module
 */
import * as z from "zod";
import { withoutEffect } from "../core/option_notes.ts";
import { bool, textList, whenGood } from "../core/options.ts";
import type { RowRun } from "../core/batch.ts";
import type { LogRecord } from "../core/record.ts";
import { type Condition, fieldMatches, filterCondition } from "./filter_condition.ts";
import { FilterColumns, tryFilterProblem } from "./filter_columns.ts";
import { patternList, patternMap, wholeMatch } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ReportingProcessor } from "./reporting_processor.ts";

/** Which records stay: those that meet all conditions. */
export interface ProcessorFilterRegexNativeOptions {
  readonly conditions: readonly Condition[];
  /** The same as a pattern for whole values of each field, where it can be said so: fields that are missing do not match. */
  readonly wholes?: ReadonlyMap<string, RegExp>;
}

/** The schema of `ProcessorFilterRegexNativeOptions`. */
export const processorFilterRegexNativeOptions = (): z.ZodType<ProcessorFilterRegexNativeOptions> =>
  z.object({
    FilterKey: textList("a list of field names").default([]),
    FilterRegex: patternList("s").default([]),
    Include: patternMap("s").default(new Map()),
    ConditionExp: filterCondition().optional(),
    // Text is always valid here: what was not has been replaced by U+FFFD.
    DiscardingNonUTF8: withoutEffect(bool()),
  }).superRefine(({ FilterKey, FilterRegex }, context) => {
    if (FilterKey.length === FilterRegex.length) return;
    const message = `must have as many patterns as FilterKey has names: ${FilterKey.length}, not ${FilterRegex.length}`;
    context.addIssue({ code: "custom", path: ["FilterRegex"], message });
  }, whenGood("FilterKey", "FilterRegex")).transform(({ FilterKey, FilterRegex, Include, ConditionExp }) => {
    const wanted = FilterKey.length > 0
      ? FilterKey.map((name, index) => [name, FilterRegex[index]] as const)
      : [...Include];
    if (wanted.length > 0) {
      const wholes = new Map(wanted.map(([name, regex]) => [name, wholeMatch(regex)]));
      const conditions = wanted.map(([name, regex]) => fieldMatches(name, regex));
      return { conditions, wholes: wholes.size === wanted.length ? wholes : undefined };
    }
    return { conditions: ConditionExp === undefined ? [] : [ConditionExp] };
  });

/** @returns what the kernel cannot have, for users. */
export function tryFilterNativeProblem({ wholes }: ProcessorFilterRegexNativeOptions): string | undefined {
  if (wholes === undefined) return "ConditionExp, no rule, or two rules for a field";
  return tryFilterProblem({ include: wholes, exclude: new Map() });
}

/** Filters records. */
export class ProcessorFilterRegexNative extends ReportingProcessor {
  readonly #conditions: readonly Condition[];
  readonly #wholes: ReadonlyMap<string, RegExp>;
  readonly #columns: FilterColumns | undefined;

  constructor({ conditions, wholes }: ProcessorFilterRegexNativeOptions, context: ProcessorContext) {
    super("processor_filter_regex_native", context);
    this.#conditions = conditions;
    this.#wholes = wholes ?? new Map();
    const filter = wholes && { include: wholes, exclude: new Map<string, RegExp>() };
    this.#columns = filter && FilterColumns.tryMake(filter, context.columns, this.report);
  }

  /** Of fields with one name, the first counts here. */
  processRuns(runs: readonly RowRun[]): readonly RowRun[] | undefined {
    const isTwice = ({ fields }: RowRun) => {
      const names = fields.map(({ name }) => name).filter((name) => this.#wholes.has(name));
      return new Set(names).size < names.length;
    };
    return runs.some(isTwice) ? undefined : this.#columns?.process(runs);
  }

  protected override processAll(records: LogRecord[]): LogRecord[] {
    return this.filtered(records, (record) => {
      return this.guarded(() => this.#conditions.every((isMet) => isMet(record)), true);
    });
  }
}
