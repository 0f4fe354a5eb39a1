/**
 * `processor_rate_limit`: lets only so many records a second, minute or hour pass, for each combination of some fields' values, and
 * drops the rest. A token bucket for each combination: it is full at first, so that a burst may use the whole limit at once.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/processor/ratelimit/processor_rate_limit.go
 *
 * @module
 */
import * as z from "zod";
import { scalar, textList } from "../core/options.ts";
import { type LogRecord, tryField } from "../core/record.ts";
import type { ProcessorContext } from "./processor_context.ts";
import { ReportingProcessor } from "./reporting_processor.ts";
import { TokenBuckets } from "./token_buckets.ts";

/** How many records may pass. */
export interface ProcessorRateLimitOptions {
  /** Whose values have a limit of their own; empty: all records together. */
  readonly names: readonly string[];
  readonly records: number;
  readonly periodMs: number;
}

const PERIODS_MS: ReadonlyMap<string, number> = new Map([["s", 1000], ["m", 60_000], ["h", 3_600_000]]);

/** The schema of `ProcessorRateLimitOptions`. */
export const processorRateLimitOptions = (): z.ZodType<ProcessorRateLimitOptions> =>
  z.object({
    Fields: textList("a list of field names").default([]),
    Limit: scalar("a limit such as 100/s, 100/m or 100/h", tryLimit),
  }).transform((given) => ({ names: given.Fields, ...given.Limit }));

function tryLimit(given: string): { records: number; periodMs: number } | undefined {
  const [, records, unit] = /^\s*(\d+(?:\.\d+)?)\s*\/\s*([smh])\s*$/.exec(given) ?? [];
  const periodMs = PERIODS_MS.get(unit);
  return periodMs === undefined ? undefined : { records: Number(records), periodMs };
}

/** Limits a rate. A field that is missing counts as empty. */
export class ProcessorRateLimit extends ReportingProcessor {
  readonly #names: readonly string[];
  readonly #buckets: TokenBuckets;
  readonly #now: () => number;

  constructor({ names, records, periodMs }: ProcessorRateLimitOptions, context: ProcessorContext) {
    super("processor_rate_limit", context);
    this.#names = names;
    this.#buckets = new TokenBuckets(records, periodMs);
    this.#now = () => context.env.now();
  }

  protected override processAll(records: LogRecord[]): LogRecord[] {
    const nowMs = this.#now();
    return this.filtered(records, (record) => this.#buckets.tryTake(this.#keyOf(record), nowMs));
  }

  #keyOf(record: LogRecord): string {
    return this.#names.map((name) => tryField(record, name)?.value ?? "").join("\0");
  }
}
