/**
 * Runs a target on mutants for a bounded time: a few seconds, `FUZZ_SECONDS`, or minutes with `SLUICE_TEST_LONG`. A failure names the
 * seed of its one case; with `SEED=…` that case comes first.
 *
 * @module
 */
import { cpuUsage } from "node:process";
import { Random } from "../support/random.ts";

const DEFAULT_MS = 2500;
/** With `SLUICE_TEST_LONG`: all targets together take an hour. */
const LONG_MS = 250_000;
/** What a case may compute: far above what the largest mutants need. */
const WORK_MS_MAX = 1000;
/** What it may take with all waiting, on a machine that has other things to do. */
const CASE_MS_MAX = 10_000;

/** Tries one case: everything random in it comes from `random`. Throws where something is wrong. */
export type TryCase = (random: Random) => void | Promise<void>;

/**
 * Tries cases until the time is over.
 *
 * @returns how many.
 * @throws {Error} for the first that fails, whose cause is what it threw, or takes more than a second of the processor's time.
 */
export async function fuzz(name: string, tryCase: TryCase): Promise<number> {
  const first = Number(Deno.env.get("SEED") ?? Math.floor(Math.random() * 2 ** 31));
  const endMs = performance.now() + durationMs();
  let count = 0;
  do await tryOne(name, tryCase, first + count++); while (performance.now() < endMs);
  console.log(`${name}: ${count} cases from SEED=${first}`);
  return count;
}

function durationMs(): number {
  const seconds = Number(Deno.env.get("FUZZ_SECONDS") ?? 0);
  if (seconds > 0) return seconds * 1000;
  return Deno.env.has("SLUICE_TEST_LONG") ? LONG_MS : DEFAULT_MS;
}

async function tryOne(name: string, tryCase: TryCase, seed: number): Promise<void> {
  const startMs = performance.now();
  const startUsage = cpuUsage();
  try {
    await tryCase(new Random(seed));
  } catch (cause) {
    throw new Error(`${name}: fails with SEED=${seed}`, { cause });
  }
  const { user, system } = cpuUsage(startUsage);
  const [workMs, ms] = [(user + system) / 1000, performance.now() - startMs];
  if (workMs > WORK_MS_MAX || ms > CASE_MS_MAX) {
    throw new Error(`${name}: SEED=${seed} takes ${Math.round(workMs)} ms of work in ${Math.round(ms)} ms`);
  }
}
