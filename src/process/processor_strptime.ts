/**
 * `processor_strptime`: a record's time is what a field says, read after a format of C's `strptime`. A year that the format does not
 * tell is the present one. Differs on purpose: an offset in the text always counts, and a time before 1970 counts as unreadable.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/strptime/strptime.go
 *
 * @module
 */
import * as z from "zod";
import { bool, integer, text } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import { type CivilTime, epochSecondsOf, localOffsetSeconds } from "./civil_time.ts";
import { choiceOr, requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { removeField, SourceField } from "./source_field.ts";
import { Strptime } from "./strptime.ts";

const NANOSECONDS_PER_UNIT = { ms: 1_000_000n, us: 1000n, ns: 1n } as const;

/** How a time is read. */
export interface ProcessorStrptimeOptions {
  readonly sourceKey: string;
  readonly format: Strptime;
  /** How far a time without an offset is ahead of UTC; undefined: as the machine. */
  readonly offsetSeconds: number | undefined;
  readonly keepSource: boolean;
  readonly alarmIfFail: boolean;
  /** A field with the exact time. */
  readonly precise: { readonly name: string; readonly unit: keyof typeof NANOSECONDS_PER_UNIT } | undefined;
}

/** The schema of `ProcessorStrptimeOptions`. */
export const processorStrptimeOptions = (): z.ZodType<ProcessorStrptimeOptions> =>
  z.object({
    SourceKey: text().default("time").transform((given) => given || "time"),
    Format: requiredText(),
    KeepSource: bool().default(true),
    AlarmIfFail: bool().default(true),
    AdjustUTCOffset: bool().default(false),
    UTCOffset: integer({ min: -12 * 3600, max: 14 * 3600 }).default(0),
    EnablePreciseTimestamp: bool().default(false),
    PreciseTimestampKey: text().default("precise_timestamp").transform((given) => given || "precise_timestamp"),
    PreciseTimestampUnit: choiceOr(["ms", "us", "ns"], "ms"),
  }).transform((given, context) => {
    const format = Strptime.tryMake(given.Format);
    if (format === undefined) {
      context.addIssue({ code: "custom", path: ["Format"], message: "has an unknown % directive" });
      return z.NEVER;
    }
    return {
      sourceKey: given.SourceKey,
      format,
      offsetSeconds: given.AdjustUTCOffset ? given.UTCOffset : undefined,
      keepSource: given.KeepSource,
      alarmIfFail: given.AlarmIfFail,
      precise: given.EnablePreciseTimestamp
        ? { name: given.PreciseTimestampKey, unit: given.PreciseTimestampUnit }
        : undefined,
    };
  });

/** Sets records' times. One whose field is missing or unreadable keeps its time and its fields. */
export class ProcessorStrptime extends RecordChanger {
  readonly #options: ProcessorStrptimeOptions;
  readonly #source: SourceField;
  readonly #now: () => number;

  constructor(options: ProcessorStrptimeOptions, { log, env }: ProcessorContext) {
    super("processor_strptime", { log, env });
    this.#options = options;
    this.#source = new SourceField(options.sourceKey, this.report, false);
    this.#now = () => env.now();
  }

  protected override change(record: LogRecord): void {
    const source = this.#source.tryIn(record);
    if (source === undefined) return;
    const { format, keepSource, precise, alarmIfFail } = this.#options;
    const time = format.tryParse(source.value);
    const seconds = time === undefined ? -1 : this.#secondsOf(time);
    if (seconds < 0) return this.report.failed("a time does not follow Format", source.value, alarmIfFail);
    record.seconds = seconds;
    if (!keepSource) removeField(record, source);
    if (precise === undefined) return;
    const nanoseconds = BigInt(seconds) * 1_000_000_000n + BigInt(time?.nanoseconds ?? 0);
    record.fields.push({ name: precise.name, value: `${nanoseconds / NANOSECONDS_PER_UNIT[precise.unit]}` });
  }

  #secondsOf(time: CivilTime): number {
    const nowMs = this.#now();
    const offsetSeconds = this.#options.offsetSeconds ?? localOffsetSeconds(nowMs);
    return epochSecondsOf(time, { year: new Date(nowMs).getUTCFullYear(), offsetSeconds });
  }
}
