/**
 * What `deno task bench:check` says.
 *
 * @module
 */
import { medianOf } from "./median.ts";
import { type Comparison, SPEED_MIN } from "./micro_times.ts";

/** The report, a line for each function that is too slow or has nothing to be held against, and one for all together. */
export function checkReport({ slower, unknown, gone, speeds }: Comparison, rounds: number): string {
  return [
    ...slower.map(({ name, speed }) => `too slow, ${speed.toFixed(2)} of the baseline's speed: ${name}`),
    ...unknown.map((name) => `not in the baseline: ${name}`),
    ...gone.map((name) => `only in the baseline: ${name}`),
    `${slower.length} of ${speeds.length} hot functions have less than ${SPEED_MIN} of the baseline's speed, after ` +
    `${rounds} rounds; the one in the middle has ${medianOf(speeds).toFixed(2)}`,
  ].join("\n");
}
