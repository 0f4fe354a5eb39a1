/**
 * `processor_parse_timestamp_native`: a record's time is what a field says, read after a format of C's `strptime`. As in the
 * original, a record whose time is more than 12 hours ago is dropped.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/plugin/processor/ProcessorParseTimestampNative.cpp
 *
 * @module
 */
import * as z from "zod";
import { integer, type OptionType, text } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import { type CivilTime, epochSecondsOf, localOffsetSeconds, tryOffset } from "./civil_time.ts";
import { requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ReportingProcessor } from "./reporting_processor.ts";
import { SourceField } from "./source_field.ts";
import { Strptime } from "./strptime.ts";

const AGE_SECONDS_MAX = 12 * 3600;
const DAY_SECONDS = 86_400;

/** How a time is read. */
export interface ProcessorParseTimestampNativeOptions {
  readonly sourceKey: string;
  readonly format: Strptime;
  /** How far a time without an offset is ahead of UTC; undefined: as the machine. */
  readonly offsetSeconds: number | undefined;
  /** The year of a time without one; undefined: the latest that does not lie ahead. */
  readonly year: number | undefined;
}

/** The schema of `ProcessorParseTimestampNativeOptions`. */
export const processorParseTimestampNativeOptions = (): z.ZodType<ProcessorParseTimestampNativeOptions> =>
  z.object({
    SourceKey: requiredText(),
    SourceFormat: strptimeFormat(),
    SourceTimezone: timezone(),
    SourceYear: integer({ min: -1, max: 9999 }).default(-1),
  }).transform((given) => ({
    sourceKey: given.SourceKey,
    format: given.SourceFormat,
    offsetSeconds: given.SourceTimezone,
    year: given.SourceYear > 0 ? given.SourceYear : undefined,
  }));

/** A format of C's `strptime`. */
export function strptimeFormat(): OptionType<Strptime> {
  return requiredText().transform((given, context) => {
    const format = Strptime.tryMake(given);
    if (format === undefined) context.addIssue({ code: "custom", message: "has an unknown % directive" });
    return format ?? z.NEVER;
  });
}

/** `GMT+08:00` → seconds ahead of UTC; undefined where it is empty or left out. */
export function timezone(): OptionType<number | undefined> {
  return text().default("").transform((given, context) => {
    const offset = /^GMT[+-]\d\d:\d\d$/.test(given) ? tryOffset(given.slice(3)) : undefined;
    if (given !== "" && offset === undefined) {
      context.addIssue({ code: "custom", message: `must be a time zone such as GMT+08:00, not "${given}"` });
    }
    return offset;
  });
}

/** Sets records' times. One whose field is missing or unreadable keeps its time. */
export class ProcessorParseTimestampNative extends ReportingProcessor {
  readonly #options: ProcessorParseTimestampNativeOptions;
  readonly #source: SourceField;
  readonly #now: () => number;

  constructor(options: ProcessorParseTimestampNativeOptions, context: ProcessorContext) {
    super("processor_parse_timestamp_native", context);
    this.#options = options;
    this.#source = new SourceField(options.sourceKey, this.report, false);
    this.#now = () => context.env.now();
  }

  protected override processAll(records: LogRecord[]): LogRecord[] {
    const nowMs = this.#now();
    return this.filtered(records, (record) => this.#isKept(record, nowMs));
  }

  #isKept(record: LogRecord, nowMs: number): boolean {
    const source = this.#source.tryIn(record);
    if (source === undefined) return true;
    const time = this.#options.format.tryParse(source.value);
    if (time === undefined) {
      this.report.failed("a time does not follow SourceFormat", source.value);
      return true;
    }
    const seconds = this.#secondsOf(time, nowMs);
    const isOld = seconds <= 0 || nowMs / 1000 - seconds > AGE_SECONDS_MAX;
    if (isOld) this.report.warn("a record of more than 12 hours ago was dropped", source.value);
    else record.seconds = seconds;
    return !isOld;
  }

  #secondsOf(time: CivilTime, nowMs: number): number {
    const offsetSeconds = this.#options.offsetSeconds ?? localOffsetSeconds(nowMs);
    const thisYear = new Date(nowMs).getUTCFullYear();
    const seconds = epochSecondsOf(time, { year: this.#options.year ?? thisYear, offsetSeconds });
    // On New Year's Day, December is last year's.
    const isAhead = this.#options.year === undefined && seconds > nowMs / 1000 + DAY_SECONDS;
    return isAhead ? epochSecondsOf(time, { year: thisYear - 1, offsetSeconds }) : seconds;
  }
}
