/**
 * What the parsers share that were called "accelerated" before version 2 (`processor_regex_accelerate` and others): one processor
 * that parses `content`, then takes the record's time from a field and then filters, with options that are called otherwise. What
 * cannot be parsed is dropped, or kept as `__raw_log__`.
 * Source: https://github.com/alibaba/ilogtail/tree/1.8/docs/cn/data-pipeline/accelerator
 *
 * @module
 */
import * as z from "zod";
import { notSupportedYet, refusedBecause, withoutEffect } from "../core/option_notes.ts";
import { bool, text, textList, whenGood } from "../core/options.ts";
import type { Processor, ProcessorCounts } from "../core/processor.ts";
import type { LogRecord } from "../core/record.ts";
import { fieldMatches } from "./filter_condition.ts";
import type { NativeParserOptions } from "./native_parser.ts";
import { patternList, requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ProcessorFilterRegexNative, type ProcessorFilterRegexNativeOptions } from "./processor_filter_regex_native.ts";
import {
  ProcessorParseTimestampNative,
  type ProcessorParseTimestampNativeOptions,
  strptimeFormat,
  timezone,
} from "./processor_parse_timestamp_native.ts";

const UNMATCHED_NAME = "__raw_log__";
const MULTILINE_REASON = "lines are put together by the input: use input_file with Multiline";

/** What follows parsing. */
export interface AcceleratedOptions {
  /** undefined: records keep their time. */
  readonly time: ProcessorParseTimestampNativeOptions | undefined;
  readonly filter: ProcessorFilterRegexNativeOptions;
}

/** The options that all of them have, as parts of a schema. */
export function acceleratedShape() {
  const isOneLine = (given: unknown) => given === undefined || given === "" || given === ".*";
  return {
    SourceKey: requiredText().prefault("content"),
    LogBeginRegex: refusedBecause(MULTILINE_REASON, isOneLine),
    LogContinueRegex: refusedBecause(MULTILINE_REASON, isOneLine),
    LogEndRegex: refusedBecause(MULTILINE_REASON, isOneLine),
    FilterKey: textList("a list of field names").default([]),
    FilterRegex: patternList("s").default([]),
    TimeKey: text().default(""),
    TimeFormat: strptimeFormat().optional(),
    AdjustTimezone: bool().default(false),
    LogTimezone: timezone(),
    EnableTimestampNanosecond: notSupportedYet(),
    EnablePreciseTimestamp: notSupportedYet(),
    PreciseTimestampKey: withoutEffect(text()),
    PreciseTimestampUnit: withoutEffect(text()),
    EnableRawLog: bool().default(false),
    RawLogTag: requiredText().prefault("__raw__"),
    DiscardUnmatch: bool().default(true),
    MergeType: withoutEffect(text()),
    SensitiveKeys: refusedBecause("not supported here: use processor_desensitize_native behind this one"),
  };
}

/** What a schema with `acceleratedShape` gives. */
export type GivenAccelerated = z.output<z.ZodObject<ReturnType<typeof acceleratedShape>>>;

/** When `checkFilter` may run: as soon as both lists are good. */
export const FILTER_GOOD = whenGood("FilterKey", "FilterRegex");

/** The check that a schema with `acceleratedShape` needs. */
export function checkFilter({ FilterKey, FilterRegex }: GivenAccelerated, context: z.RefinementCtx): void {
  if (FilterKey.length === FilterRegex.length) return;
  const message = `must have as many patterns as FilterKey has names: ${FilterKey.length}, not ${FilterRegex.length}`;
  context.addIssue({ code: "custom", path: ["FilterRegex"], message });
}

/** @returns what becomes of the source. */
export function acceleratedParserOptions(given: GivenAccelerated): NativeParserOptions {
  return {
    sourceKey: given.SourceKey,
    keepsOnFailure: !given.DiscardUnmatch,
    keepsOnSuccess: given.EnableRawLog,
    renamedSourceKey: given.EnableRawLog ? given.RawLogTag : UNMATCHED_NAME,
    copiesRawLog: given.EnableRawLog,
    dropsBroken: true,
  };
}

/** @param timeKey the field with the time; `""`: none. */
export function acceleratedOptions(given: GivenAccelerated, timeKey: string): AcceleratedOptions {
  const { FilterKey, FilterRegex, TimeFormat: format, AdjustTimezone, LogTimezone } = given;
  const offsetSeconds = AdjustTimezone ? LogTimezone : undefined;
  const hasTime = format !== undefined && timeKey !== "";
  return {
    time: hasTime ? { sourceKey: timeKey, format, offsetSeconds, year: undefined } : undefined,
    filter: { conditions: FilterKey.map((name, index) => fieldMatches(name, FilterRegex[index])) },
  };
}

/** Parses, takes the time and filters. Its counts are those of the three together. */
export abstract class AcceleratedParser implements Processor {
  readonly #steps: readonly Processor[];

  constructor(parser: Processor, { time, filter }: AcceleratedOptions, context: ProcessorContext) {
    this.#steps = [
      parser,
      ...(time === undefined ? [] : [new ProcessorParseTimestampNative(time, context)]),
      new ProcessorFilterRegexNative(filter, context),
    ];
  }

  get counts(): Readonly<ProcessorCounts> {
    const counts = this.#steps.map((step) => step.counts);
    const sum = (name: keyof ProcessorCounts) => counts.reduce((total, one) => total + one[name], 0);
    return { processed: counts[0].processed, missing: sum("missing"), failed: sum("failed"), dropped: sum("dropped") };
  }

  process(records: LogRecord[]): LogRecord[] {
    return this.#steps.reduce((left, step) => step.process(left), records);
  }
}
