/**
 * Processors on records that are easy to write down, for tests.
 *
 * @module
 */
import type * as z from "zod";
import type { Processor } from "../../src/core/processor.ts";
import type { LogRecord } from "../../src/core/record.ts";
import type { ProcessorContext } from "../../src/process/processor_context.ts";
import { RecordingLog } from "./recording_log.ts";

/** A record's fields as pairs of name and value. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** A processor's class, whose options the schema gives. */
export type ProcessorClass<Options> = new (options: Options, context: ProcessorContext) => Processor;

/** One processor, its log and its world. */
export class ProcessorTrial<Options> {
  readonly log = new RecordingLog();
  /** What its clock shows. */
  nowMs = 0;
  readonly processor: Processor;

  /**
   * @param given the options as a configuration file has them: text, lists and maps.
   * @param variables those of the agent's environment.
   */
  constructor(
    Class: ProcessorClass<Options>,
    schema: z.ZodType<Options>,
    given: object,
    variables: Readonly<Record<string, string>> = {},
  ) {
    const tryVariable = (name: string) => variables[name];
    const env = { now: () => this.nowMs, hostName: "node-1", hostIp: "10.0.0.1", tryVariable };
    this.processor = new Class(schema.parse(given), { log: this.log, env });
  }

  /** @returns the fields of every record that comes out. */
  run(...records: readonly Pairs[]): Pairs[] {
    return this.runRecords(...records.map((pairs) => recordOf(pairs))).map(pairsOf);
  }

  runRecords(...records: LogRecord[]): LogRecord[] {
    return this.processor.process(records);
  }
}

export function recordOf(pairs: Pairs, seconds = 0): LogRecord {
  return { seconds, fields: pairs.map(([name, value]) => ({ name, value })) };
}

export function pairsOf({ fields }: LogRecord): Pairs {
  return fields.map(({ name, value }) => [name, value]);
}

/** @returns the messages with which a schema refuses options, each as `path: message`. */
export function refusals(schema: z.ZodType, given: object): string[] {
  return schema.safeParse(given).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
}
