/**
 * `deno task bench:check`: measures the hot functions and fails when one has become slower than the baseline allows,
 * `bench/micro_baseline.json`. `deno task bench:baseline` writes that. Both measure several times; the check takes each function's best,
 * and measures again before it fails, because a machine that does other things makes functions slower and never faster.
 *
 * Calibrating work tells a slow moment from a slow function, but not one kind of processor from another. `--against DIRECTORY` is right
 * on any: it measures the project as it is there, in turns, and takes that as the baseline. `--only WORDS` measures the functions whose
 * names have these.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { parseArgs } from "node:util";
import { V8_FLAGS } from "../src/core/v8_flags.ts";
import { checkReport } from "./micro_report.ts";
import { bestOf, compare, type MicroTimes, microTimesOf, typicalOf } from "./micro_times.ts";

const ROUNDS = 3;
const ROUNDS_MAX = 6;
const benchDirectory = dirname(fromFileUrl(import.meta.url));
const projectDirectory = dirname(benchDirectory);
const baselinePath = join(benchDirectory, "micro_baseline.json");

/** Runs Deno in a directory of the project. @returns what it prints. @throws {Error} when it fails. */
async function deno(directory: string, args: readonly string[]): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), { args: [...args], cwd: directory });
  const { success, stdout, stderr } = await command.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Measures once those whose names have `words`; all by default. */
async function measure(directory: string, words: string | undefined): Promise<MicroTimes> {
  const filter = words === undefined ? [] : ["--filter", `/^calibration|${RegExp.escape(words)}/`];
  const files = [join(directory, "src"), join(benchDirectory, "calibration_bench.ts")];
  const options = ["-P=test", "--no-prompt", "--no-check", "--json", `--v8-flags=${V8_FLAGS.join(",")}`];
  return microTimesOf(await deno(directory, ["bench", ...options, ...filter, ...files]));
}

async function writeBaseline(): Promise<void> {
  const runs: MicroTimes[] = [];
  for (let round = 0; round < ROUNDS; round++) runs.push(await measure(projectDirectory, undefined));
  const times = typicalOf(runs);
  const rounded = [...times].map(([name, time]) => [name, Number(time.toPrecision(4))]);
  await Deno.writeTextFile(baselinePath, JSON.stringify(Object.fromEntries(rounded), undefined, 2) + "\n");
  console.log(`${times.size} baseline figures`);
}

/** What the functions are held against, after each round. */
type Baseline = () => Promise<MicroTimes>;

async function committedBaseline(words: string | undefined): Promise<Baseline> {
  const all: Record<string, number> = JSON.parse(await Deno.readTextFile(baselinePath));
  const times = new Map(Object.entries(all).filter(([name]) => name.includes(words ?? "")));
  return () => Promise.resolve(times);
}

async function baselineOf(directory: string, words: string | undefined): Promise<Baseline> {
  await deno(directory, ["run", "--lock=deno.lock", "-P=build", "src/kernel/build.ts"]);
  const runs: MicroTimes[] = [];
  return async () => {
    runs.push(await measure(directory, words));
    return bestOf(runs);
  };
}

/** @returns whether no function is too slow. */
async function check(baseline: Baseline, words: string | undefined): Promise<boolean> {
  const runs: MicroTimes[] = [];
  for (;;) {
    runs.push(await measure(projectDirectory, words));
    const comparison = compare(await baseline(), bestOf(runs));
    const isGood = comparison.slower.length === 0;
    if (runs.length < ROUNDS || (!isGood && runs.length < ROUNDS_MAX)) continue;
    console.log(checkReport(comparison, runs.length));
    return isGood;
  }
}

if (import.meta.main) {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ options: { write: { type: "boolean" }, against: text, only: text } });
  const { write, against, only } = values;
  if (write) await writeBaseline();
  else {
    const baseline = against === undefined ? await committedBaseline(only) : await baselineOf(against, only);
    if (!await check(baseline, only)) Deno.exit(1);
  }
}
