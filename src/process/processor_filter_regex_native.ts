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
import type { LogRecord } from "../core/record.ts";
import { type Condition, fieldMatches, filterCondition } from "./filter_condition.ts";
import { patternList, patternMap } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ReportingProcessor } from "./reporting_processor.ts";

/** Which records stay: those that meet all conditions. */
export interface ProcessorFilterRegexNativeOptions {
  readonly conditions: readonly Condition[];
}

/** The schema of `ProcessorFilterRegexNativeOptions`. */
export const processorFilterRegexNativeOptions: z.ZodType<ProcessorFilterRegexNativeOptions> = z.object({
  FilterKey: textList("a list of field names").default([]),
  FilterRegex: patternList("s").default([]),
  Include: patternMap("s").default(new Map()),
  ConditionExp: filterCondition.optional(),
  // Text is always valid here: what was not has been replaced by U+FFFD.
  DiscardingNonUTF8: withoutEffect(bool()),
}).superRefine(({ FilterKey, FilterRegex }, context) => {
  if (FilterKey.length === FilterRegex.length) return;
  const message = `must have as many patterns as FilterKey has names: ${FilterKey.length}, not ${FilterRegex.length}`;
  context.addIssue({ code: "custom", path: ["FilterRegex"], message });
}, whenGood("FilterKey", "FilterRegex")).transform(({ FilterKey, FilterRegex, Include, ConditionExp }) => {
  if (FilterKey.length > 0) {
    return { conditions: FilterKey.map((name, index) => fieldMatches(name, FilterRegex[index])) };
  }
  if (Include.size > 0) return { conditions: [...Include].map(([name, regex]) => fieldMatches(name, regex)) };
  return { conditions: ConditionExp === undefined ? [] : [ConditionExp] };
});

/** Filters records. */
export class ProcessorFilterRegexNative extends ReportingProcessor {
  readonly #conditions: readonly Condition[];

  constructor({ conditions }: ProcessorFilterRegexNativeOptions, context: ProcessorContext) {
    super("processor_filter_regex_native", context);
    this.#conditions = conditions;
  }

  protected override processAll(records: LogRecord[]): LogRecord[] {
    return this.filtered(records, (record) => {
      return this.guarded(() => this.#conditions.every((isMet) => isMet(record)), true);
    });
  }
}
