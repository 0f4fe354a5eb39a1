/**
 * The times of the hot functions, as ratios to calibrating work that was measured in the same run, so that a baseline of one machine
 * says something on another. The fastest of many iterations is taken: it hardly depends on what else the machine does.
 *
 * @module
 */

/** Time of one iteration by the bench's name, in units of the calibrating work's. */
export type MicroTimes = ReadonlyMap<string, number>;

/** What is compared. */
export interface Comparison {
  /** Those whose speed is less than {@link SPEED_MIN} of the baseline's, with the ratio of speeds. */
  readonly slower: readonly { readonly name: string; readonly speed: number }[];
  /** The ratios of all speeds. */
  readonly speeds: readonly number[];
  /** In the run and not in the baseline. */
  readonly unknown: readonly string[];
  /** In the baseline and not in the run. */
  readonly gone: readonly string[];
}

/** What `deno bench --json` prints, as far as it is used. https://docs.deno.com/runtime/reference/cli/bench/ */
interface BenchReport {
  readonly benches: readonly {
    readonly name: string;
    readonly results: readonly { readonly ok?: { readonly min: number }; readonly failed?: unknown }[];
  }[];
}

/** A speed below this part of the baseline's is a failure. */
export const SPEED_MIN = 0.8;
const CALIBRATION = "calibration: ";
/** Benches that measure V8 beside the kernel. */
const FOREIGN = /, V8( |$)/;
/** A name may end with what was reached, which is not a name. */
const REACHED = / to 1\/[\d.]+$/;

/** Reads a report. @throws {Error} when a bench has failed, or nothing calibrates. */
export function microTimesOf(text: string): MicroTimes {
  const { benches }: BenchReport = JSON.parse(text);
  const minima = new Map(benches.map(({ name, results: [{ ok }] }) => {
    if (ok === undefined) throw new Error(`the bench "${name}" has failed`);
    return [name, ok.min];
  }));
  const calibrating = [...minima].filter(([name]) => name.startsWith(CALIBRATION)).map(([, time]) => time);
  if (calibrating.length === 0) throw new Error("no bench calibrates");
  const unit = calibrating.reduce((product, time) => product * time, 1) ** (1 / calibrating.length);
  const own = [...minima].filter(([name]) => !name.startsWith(CALIBRATION) && !FOREIGN.test(name));
  return new Map(own.map(([name, time]) => [name.replace(REACHED, ""), time / unit]));
}

/** The best time of each bench in several runs. */
export function bestOf(runs: readonly MicroTimes[]): MicroTimes {
  const best = new Map<string, number>();
  for (const [name, time] of runs.flatMap((run) => [...run])) {
    best.set(name, Math.min(time, best.get(name) ?? Infinity));
  }
  return best;
}

/** The median of each bench's time in several runs. */
export function typicalOf(runs: readonly MicroTimes[]): MicroTimes {
  const names = new Set(runs.flatMap((run) => [...run.keys()]));
  return new Map([...names].map((name) => {
    const sorted = runs.flatMap((run) => run.get(name) ?? []).toSorted((left, right) => left - right);
    return [name, sorted[Math.floor((sorted.length - 1) / 2)]];
  }));
}

/** Holds times against a baseline. */
export function compare(baseline: MicroTimes, times: MicroTimes): Comparison {
  const speeds = [...times].flatMap(([name, time]) => {
    const before = baseline.get(name);
    return before === undefined ? [] : [{ name, speed: before / time }];
  });
  return {
    speeds: speeds.map(({ speed }) => speed),
    slower: speeds.filter(({ speed }) => speed < SPEED_MIN),
    unknown: [...times.keys()].filter((name) => !baseline.has(name)),
    gone: [...baseline.keys()].filter((name) => !times.has(name)),
  };
}
