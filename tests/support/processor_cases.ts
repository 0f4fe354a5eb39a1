/**
 * Tests of processors by sentence: each option and each outcome is a test of its own, whose name says what happens.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type * as z from "zod";
import { type Pairs, pairsOf, type ProcessorClass, ProcessorTrial, recordOf } from "./processing.ts";

/** Options as a configuration has them, a record, and the records that come of it. */
export type ProcessorCase = readonly [given: object, record: Pairs, ...expected: readonly Pairs[]];

/** What all cases of a processor share. */
export interface CaseSetting {
  /** Options that a case may replace. */
  readonly defaults?: object;
  /** What the clock shows. */
  readonly nowMs?: number;
  /** Whether the records that come out are shown with a field `Time` before the others. They go in with the time 1. */
  readonly showsTime?: boolean;
  /** Variables of the agent's environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Makes a test of each case, named `processor: sentence`. */
export function processorCases<Options>(
  name: string,
  Class: ProcessorClass<Options>,
  schema: z.ZodType<Options>,
  { defaults = {}, nowMs = 0, showsTime = false, variables = {} }: CaseSetting,
  cases: Readonly<Record<string, ProcessorCase>>,
): void {
  for (const [sentence, [given, record, ...expected]] of Object.entries(cases)) {
    Deno.test(`${name}: ${sentence}`, () => {
      const trial = new ProcessorTrial(Class, schema, { ...defaults, ...given }, variables);
      trial.nowMs = nowMs;
      const records = trial.runRecords(recordOf(record, 1));
      const shown = records.map((one) => [...(showsTime ? [["Time", `${one.seconds}`]] : []), ...pairsOf(one)]);
      assertEquals(shown, expected.map((one) => [...one]) as typeof shown);
      assertEquals(trial.processor.counts.processed, 1);
    });
  }
}
