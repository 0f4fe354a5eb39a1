/**
 * `processor_gotime`: reads a time after a layout of Go, or as a Unix time, writes it after another one into a new field, and makes it
 * the record's time. A year that the layout does not tell is the present one. Differs on purpose: a time that cannot be read
 * changes nothing, even without `AlarmIfFail`.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/gotime/processor_gotime.go
 *
 * @module
 */
import * as z from "zod";
import { bool, integer, type OptionType } from "../core/options.ts";
import type { LogRecord } from "../core/record.ts";
import { epochSecondsOf, localOffsetSeconds } from "./civil_time.ts";
import { GoLayout } from "./go_layout.ts";
import { requiredText } from "./option_parts.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { RecordChanger } from "./record_changer.ts";
import { removeField, SourceField } from "./source_field.ts";

/** Stands for the machine's time zone. */
const MACHINE_ZONE = -100;
const NANOSECONDS_PER_SECOND = 1_000_000_000n;
/** The calendar ends here, and before 1970 as far away: in the year 275760. */
const NANOSECONDS_MAX = 8_640_000_000_000n * NANOSECONDS_PER_SECOND;
/** Formats that are a Unix time, and how many nanoseconds each counts. */
const UNIX_FORMATS: ReadonlyMap<string, bigint> = new Map([
  ["seconds", NANOSECONDS_PER_SECOND],
  ["milliseconds", 1_000_000n],
  ["microseconds", 1000n],
  ["nanoseconds", 1n],
]);

/** How a time is read and written. */
export interface ProcessorGotimeOptions {
  readonly sourceKey: string;
  /** A layout, or the nanoseconds of a Unix time's unit. */
  readonly source: GoLayout | bigint;
  /** How far a time without an offset is ahead of UTC; undefined: as the machine. */
  readonly sourceOffsetSeconds: number | undefined;
  readonly destKey: string;
  readonly dest: GoLayout;
  readonly destOffsetSeconds: number | undefined;
  readonly setTime: boolean;
  readonly keepSource: boolean;
  readonly noKeyError: boolean;
  readonly alarmIfFail: boolean;
}

/** The schema of `ProcessorGotimeOptions`. */
export const processorGotimeOptions = (): z.ZodType<ProcessorGotimeOptions> =>
  z.object({
    SourceKey: requiredText(),
    SourceFormat: requiredText(),
    SourceLocation: location(),
    DestKey: requiredText(),
    DestFormat: requiredText(),
    DestLocation: location(),
    SetTime: bool().default(true),
    KeepSource: bool().default(true),
    NoKeyError: bool().default(true),
    AlarmIfFail: bool().default(true),
  }).transform((given) => ({
    sourceKey: given.SourceKey,
    source: UNIX_FORMATS.get(given.SourceFormat) ?? new GoLayout(given.SourceFormat),
    sourceOffsetSeconds: given.SourceLocation,
    destKey: given.DestKey,
    dest: new GoLayout(given.DestFormat),
    destOffsetSeconds: given.DestLocation,
    setTime: given.SetTime,
    keepSource: given.KeepSource,
    noKeyError: given.NoKeyError,
    alarmIfFail: given.AlarmIfFail,
  }));

/** Hours ahead of UTC → seconds. */
function location(): OptionType<number | undefined> {
  return integer({ min: MACHINE_ZONE, max: 100 }).default(MACHINE_ZONE)
    .transform((hours) => hours === MACHINE_ZONE ? undefined : hours * 3600);
}

/** Rewrites times. The new field comes last. */
export class ProcessorGotime extends RecordChanger {
  readonly #options: ProcessorGotimeOptions;
  readonly #source: SourceField;
  readonly #now: () => number;

  constructor(options: ProcessorGotimeOptions, context: ProcessorContext) {
    super("processor_gotime", context);
    this.#options = options;
    this.#source = new SourceField(options.sourceKey, this.report, options.noKeyError);
    this.#now = () => context.env.now();
  }

  protected override change(record: LogRecord): void {
    const source = this.#source.tryIn(record);
    if (source === undefined) return;
    const { setTime, keepSource, destKey, alarmIfFail } = this.#options;
    const nanoseconds = this.#tryNanoseconds(source.value);
    if (nanoseconds === undefined || nanoseconds > NANOSECONDS_MAX || nanoseconds < -NANOSECONDS_MAX) {
      return this.report.failed("a time does not follow SourceFormat", source.value, alarmIfFail);
    }
    // Times before 1970 have no place in a record.
    if (setTime && nanoseconds >= 0) record.seconds = secondsOf(nanoseconds);
    if (!keepSource) removeField(record, source);
    record.fields.push({ name: destKey, value: this.#written(nanoseconds) });
  }

  /** @returns nanoseconds since the epoch. */
  #tryNanoseconds(value: string): bigint | undefined {
    const { source, sourceOffsetSeconds } = this.#options;
    if (typeof source === "bigint") return /^[+-]?\d{1,19}$/.test(value) ? BigInt(value) * source : undefined;
    const time = source.tryParse(value);
    if (time === undefined) return undefined;
    const nowMs = this.#now();
    const year = new Date(nowMs).getUTCFullYear();
    const seconds = epochSecondsOf(time, { year, offsetSeconds: sourceOffsetSeconds ?? localOffsetSeconds(nowMs) });
    return BigInt(seconds) * NANOSECONDS_PER_SECOND + BigInt(time.nanoseconds ?? 0);
  }

  #written(nanoseconds: bigint): string {
    const { dest, destOffsetSeconds } = this.#options;
    const seconds = secondsOf(nanoseconds);
    const offsetSeconds = destOffsetSeconds ?? localOffsetSeconds(seconds * 1000);
    return dest.format({
      seconds,
      nanoseconds: Number(nanoseconds - BigInt(seconds) * NANOSECONDS_PER_SECOND),
      offsetSeconds,
      // The name that the original gives to a zone of so many hours.
      zoneName: destOffsetSeconds === undefined ? "UTC" : "SpecifiedTimezone",
    });
  }
}

function secondsOf(nanoseconds: bigint): number {
  const rest = ((nanoseconds % NANOSECONDS_PER_SECOND) + NANOSECONDS_PER_SECOND) % NANOSECONDS_PER_SECOND;
  return Number((nanoseconds - rest) / NANOSECONDS_PER_SECOND);
}
