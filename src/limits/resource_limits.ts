/**
 * Keeps the agent below the CPU and memory that it may use, by pausing between turns of reading and by fewer batches on their way. It
 * never stops: after each pause a turn is taken, whatever is used. Says so when reading is held back for a good part of the time.
 *
 * @module
 */
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import { CpuBudget } from "./cpu_budget.ts";
import { MemoryWindow, type SlotWindow } from "./memory_window.ts";

/** What the agent may use; undefined: as much as there is. */
export interface LimitOptions {
  /** Cores, on average over about a second. */
  readonly cpuCoresMax: number | undefined;
  readonly memoryBytesMax: number | undefined;
}

/** What is asked before each turn of reading. */
export interface Pace {
  /** Resolves when the next turn may be taken, or `signal` aborts. */
  turn(signal: AbortSignal): Promise<void>;
}

/** No pause is longer, so that reading goes on whatever else uses the CPU. */
const PAUSE_MS_MAX = 1000;
/** It is judged over so long whether reading is held back. */
const JUDGED_MS = 10_000;
/** The share of the time that is worth a message. */
const HELD_BACK_SHARE = 0.2;
const MEGABYTE = 1024 * 1024;

/** The limits of one process. */
export class ResourceLimits implements Pace {
  readonly #options: LimitOptions;
  readonly #env: Env;
  readonly #log: Log;
  readonly #cpu: CpuBudget | undefined;
  readonly #memory: MemoryWindow | undefined;
  readonly #held = { cpuMs: 0, memoryMs: 0, sinceMs: 0 };
  /** Pipelines pause at the same time: it counts once. */
  #pausedUntilMs = 0;

  constructor(options: LimitOptions, env: Env, log: Log) {
    const { cpuCoresMax, memoryBytesMax } = options;
    this.#options = options;
    this.#env = env;
    this.#log = log;
    this.#cpu = cpuCoresMax === undefined ? undefined : new CpuBudget(cpuCoresMax, env);
    this.#memory = memoryBytesMax === undefined ? undefined : new MemoryWindow(memoryBytesMax, env);
    this.#held.sinceMs = env.now();
  }

  /** Keeps back slots of a pipeline while there is little memory. */
  watch(slots: SlotWindow): void {
    this.#memory?.add(slots);
  }

  /** Of several pipelines that pause together, the first to go on uses up what there is, and the others pause again. */
  async turn(signal: AbortSignal): Promise<void> {
    const memoryMs = this.#memory?.pauseMs() ?? 0;
    if (memoryMs > 0) await this.#pause(memoryMs, "memoryMs", signal);
    let leftMs = PAUSE_MS_MAX - memoryMs;
    while (leftMs > 0 && !signal.aborted) {
      const cpuMs = Math.min(Math.ceil(this.#cpu?.pauseMs() ?? 0), leftMs);
      if (cpuMs === 0) return;
      await this.#pause(cpuMs, "cpuMs", signal);
      leftMs -= cpuMs;
    }
  }

  async #pause(ms: number, cause: "cpuMs" | "memoryMs", signal: AbortSignal): Promise<void> {
    this.#note(ms, cause);
    await this.#env.sleep(ms, signal);
  }

  #note(pauseMs: number, cause: "cpuMs" | "memoryMs"): void {
    const now = this.#env.now();
    const until = now + pauseMs;
    const alreadyUntilMs = Math.max(now, Math.min(this.#pausedUntilMs, now + PAUSE_MS_MAX));
    this.#held[cause] += Math.max(0, until - alreadyUntilMs);
    this.#pausedUntilMs = Math.max(until, alreadyUntilMs);
    const judgedMs = now - this.#held.sinceMs;
    if (judgedMs >= 0 && judgedMs < JUDGED_MS) return;
    this.#judge();
    Object.assign(this.#held, { cpuMs: 0, memoryMs: 0, sinceMs: now });
  }

  #judge(): void {
    const { cpuCoresMax, memoryBytesMax } = this.#options;
    const worthMs = JUDGED_MS * HELD_BACK_SHARE;
    const consequence = "records arrive later; none is lost while the files that they are in exist";
    if (this.#held.cpuMs >= worthMs) {
      const cause = `Reading is slowed down: there is work for more than the ${cpuCoresMax} cores of the CPU limit`;
      this.#log.throttled(
        "cpu limit",
        `${cause}; ${consequence}. Raise cpu_usage_limit (--cpu-limit), or collect less`,
      );
    }
    if (this.#held.memoryMs >= worthMs) {
      const used = Math.round(this.#memory!.residentBytes / MEGABYTE);
      const cause = `Reading is slowed down: ${used} MB of memory are in use, the limit is ${
        memoryBytesMax! / MEGABYTE
      } MB`;
      const remedy = "Raise mem_usage_limit (--memory-limit), or run fewer pipelines";
      this.#log.throttled("memory limit", `${cause}; ${consequence}. ${remedy}`);
    }
  }
}
