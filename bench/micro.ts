/**
 * `deno task bench:check`: measures the hot functions and fails when one has become slower than the baseline allows,
 * `bench/micro_baseline.json`. `deno task bench:baseline` writes that. Both measure several times; the check takes each function's best,
 * and measures again before it fails, because a machine that does other things makes functions slower and never faster.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { V8_FLAGS } from "../src/core/v8_flags.ts";
import {
  bestOf,
  compare,
  type Comparison,
  type MicroTimes,
  microTimesOf,
  SPEED_MIN,
  typicalOf,
} from "./micro_times.ts";

const ROUNDS = 3;
const ROUNDS_MAX = 6;
const benchDirectory = dirname(fromFileUrl(import.meta.url));
const projectDirectory = dirname(benchDirectory);
const baselinePath = join(benchDirectory, "micro_baseline.json");

async function measure(): Promise<MicroTimes> {
  const files = [join(projectDirectory, "src"), join(benchDirectory, "calibration_bench.ts")];
  const args = ["bench", "-P=test", "--no-prompt", "--json", `--v8-flags=${V8_FLAGS.join(",")}`, ...files];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: projectDirectory }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return microTimesOf(new TextDecoder().decode(stdout));
}

async function measured(rounds: number): Promise<MicroTimes[]> {
  const runs: MicroTimes[] = [];
  for (let round = 0; round < rounds; round++) runs.push(await measure());
  return runs;
}

async function writeBaseline(): Promise<void> {
  const times = typicalOf(await measured(ROUNDS));
  const rounded = [...times].map(([name, time]) => [name, Number(time.toPrecision(4))]);
  await Deno.writeTextFile(baselinePath, JSON.stringify(Object.fromEntries(rounded), undefined, 2) + "\n");
  console.log(`${times.size} baseline figures`);
}

/** @returns whether no function is too slow. */
async function check(): Promise<boolean> {
  const baseline: MicroTimes = new Map(Object.entries(JSON.parse(await Deno.readTextFile(baselinePath))));
  const runs = await measured(ROUNDS);
  while (compare(baseline, bestOf(runs)).slower.length > 0 && runs.length < ROUNDS_MAX) runs.push(await measure());
  const comparison = compare(baseline, bestOf(runs));
  console.log(reportOf(comparison, runs.length));
  return comparison.slower.length === 0;
}

function reportOf({ slower, unknown, gone }: Comparison, rounds: number): string {
  return [
    ...slower.map(({ name, speed }) => `too slow, ${speed.toFixed(2)} of the baseline's speed: ${name}`),
    ...unknown.map((name) => `not in the baseline: ${name}`),
    ...gone.map((name) => `only in the baseline: ${name}`),
    `${slower.length} of the hot functions have less than ${SPEED_MIN} of the baseline's speed, after ${rounds} rounds`,
  ].join("\n");
}

if (import.meta.main) {
  if (Deno.args.includes("--write")) await writeBaseline();
  else if (!await check()) Deno.exit(1);
}
