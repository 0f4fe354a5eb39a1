/**
 * The CPU time that the process may use, as a budget: it fills with the time that passes and empties with what is used, by whichever
 * thread. Whoever reads pauses while it is overdrawn, so that the average over about a second stays at the limit.
 *
 * @module
 */
import type { Env } from "../core/env.ts";

/** So much may be saved up: what a burst after a quiet time may take beyond the limit. */
const SAVED_MS_MAX = 250;
/** So much debt is remembered: what the agent needs beside reading, such as its start, does not stop reading for longer. */
const DEBT_MS_MAX = 2000;
/** Between two looks at the clock no more can have passed: a clock that was set forward gives nothing away. */
const PASSED_MS_MAX = 10_000;

/** The budget of one process. */
export class CpuBudget {
  readonly #cores: number;
  readonly #env: Pick<Env, "now" | "cpuMs">;
  #leftMs: number;
  #lookedAtMs: number;
  #usedMs: number;

  /** @param cores how many cores' time may be used on average; > 0. */
  constructor(cores: number, env: Pick<Env, "now" | "cpuMs">) {
    this.#cores = cores;
    this.#env = env;
    this.#leftMs = cores * SAVED_MS_MAX;
    this.#lookedAtMs = env.now();
    this.#usedMs = env.cpuMs();
  }

  /** @returns for how many milliseconds nothing should be used so that the budget is even again; 0: there is some left. Cheap. */
  pauseMs(): number {
    const now = this.#env.now();
    const usedMs = this.#env.cpuMs();
    const passedMs = Math.min(Math.max(0, now - this.#lookedAtMs), PASSED_MS_MAX);
    const leftMs = this.#leftMs + passedMs * this.#cores - (usedMs - this.#usedMs);
    this.#leftMs = Math.min(Math.max(leftMs, -DEBT_MS_MAX * this.#cores), SAVED_MS_MAX * this.#cores);
    this.#lookedAtMs = now;
    this.#usedMs = usedMs;
    return this.#leftMs >= 0 ? 0 : -this.#leftMs / this.#cores;
  }
}
