/**
 * `processor_timestamp_filter_native`: keeps the records whose time lies between two bounds, both included: the record's own time, or
 * a Unix time in a field. A record without a readable time is kept.
 * Source:
 * https://github.com/alibaba/loongcollector/blob/main/core/plugin/processor/ProcessorTimestampFilterNative.cpp
 *
 * @module
 */
import * as z from "zod";
import { type OptionType, scalar, text } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import { choiceOr } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ReportingProcessor } from "./reporting_processor.ts";
import { SourceField } from "./source_field.ts";

/** How many of a unit are a second. */
const UNITS_PER_SECOND = { second: 1n, millisecond: 1000n, nanosecond: 1_000_000_000n } as const;

/** Which times are kept. */
export interface ProcessorTimestampFilterNativeOptions {
  /** `""`: the record's own time. */
  readonly sourceKey: string;
  /** Of the bounds and of the field. */
  readonly unitsPerSecond: bigint;
  readonly lowest: bigint;
  /** undefined: none. */
  readonly highest: bigint | undefined;
}

/** The schema of `ProcessorTimestampFilterNativeOptions`. */
export const processorTimestampFilterNativeOptions = (): z.ZodType<ProcessorTimestampFilterNativeOptions> =>
  z.object({
    SourceKey: text().default(""),
    TimestampPrecision: choiceOr(["second", "millisecond", "nanosecond"], "second"),
    LowerBound: wholeTime().default(0n),
    UpperBound: wholeTime().default(0n),
  }).transform((given) => ({
    sourceKey: given.SourceKey,
    unitsPerSecond: UNITS_PER_SECOND[given.TimestampPrecision],
    lowest: given.LowerBound,
    highest: given.UpperBound > 0n ? given.UpperBound : undefined,
  }));

/** Nanoseconds since 1970 are more than a number can tell exactly. */
function wholeTime(): OptionType<bigint> {
  return scalar("a Unix time, a whole number", tryWhole);
}

/** @returns undefined for what is no integer of 64 bits. */
function tryWhole(given: string): bigint | undefined {
  if (!/^[+-]?\d{1,19}$/.test(given)) return undefined;
  const value = BigInt(given.replace("+", ""));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Filters records by time. */
export class ProcessorTimestampFilterNative extends ReportingProcessor {
  readonly #options: ProcessorTimestampFilterNativeOptions;
  readonly #source: SourceField;

  constructor(options: ProcessorTimestampFilterNativeOptions, context: ProcessorContext) {
    super("processor_timestamp_filter_native", context);
    this.#options = options;
    this.#source = new SourceField(options.sourceKey, this.report, false);
  }

  protected override processAll(records: LogRecord[]): LogRecord[] {
    const { lowest, highest } = this.#options;
    return this.filtered(records, (record) => {
      const time = this.#tryTime(record);
      return time === undefined || (time >= lowest && (highest === undefined || time <= highest));
    });
  }

  #tryTime(record: LogRecord): bigint | undefined {
    const { sourceKey, unitsPerSecond } = this.#options;
    if (sourceKey === "") return BigInt(record.seconds) * unitsPerSecond;
    const source = this.#source.tryIn(record);
    if (source === undefined) return undefined;
    const time = tryWhole(source.value);
    if (time === undefined) this.report.failed("a value is no Unix time", source.value);
    return time;
  }
}
