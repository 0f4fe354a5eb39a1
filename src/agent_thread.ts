/**
 * What one thread of the agent runs: the pipelines and their sources, the positions to save, the memory to give back. Starts them
 * together and stops them front to back. Where there are several threads, each has all pipelines and a share of the sources.
 *
 * @module
 */
import { AgentSources } from "./agent_sources.ts";
import { buildPipeline, type BuiltPipeline } from "./build_pipeline.ts";
import type { PipelineConfig } from "./config/validate.ts";
import type { AgentOptions } from "./core/agent_options.ts";
import type { Container, RuntimeName } from "./core/container.ts";
import type { Env } from "./core/env.ts";
import type { Log } from "./core/log.ts";
import { msToBeat } from "./core/pace.ts";
import { DeadLetters } from "./deliver/dead_letters.ts";
import { ProducerPool } from "./deliver/kafka/producer_pool.ts";
import { compileKernel } from "./kernel/kernel.ts";
import type { Pipeline } from "./pipeline.ts";
import { ResourceLimits } from "./limits/resource_limits.ts";
import { type PositionStore, SavedPositions } from "./saved_positions.ts";
import { isFileThere } from "./file_there.ts";
import { shardOf } from "./source_shard.ts";
import { giveBackSpareMemory } from "./spare_memory.ts";
import { UnreadFiles } from "./unread_files.ts";
import { wholePipelines } from "./whole_pipelines.ts";

/** How long a stop waits for what is in flight. */
export const STOP_MS_MAX = 10_000;
/** How often it is looked whether files still exist that were read before. */
const PRUNE_INTERVAL_MS = 60_000;
/** How long abandoned requests may take to let go. */
const LET_GO_MS = 500;
/**
 * So long after something was settled it is saved, with what was settled meanwhile: a round's batches are acknowledged one after the other.
 * A crash repeats what was settled since the last checkpoint, so checkpoints are frequent while they are cheap.
 */
const CHECKPOINT_DELAY_MS_MIN = 100;
/** How often it is looked whether sources have ended, while nothing is to be saved. */
const CHECKPOINT_INTERVAL_MS_MAX = 2000;
/** The share of the time that checkpoints may take is one in this many. */
const CHECKPOINT_SHARE = 50;

/** What a thread is made of. */
export interface ThreadParts {
  readonly options: AgentOptions;
  /** Which of `options.threads` it is, from 0. */
  readonly thread: number;
  readonly configs: readonly PipelineConfig[];
  /** Undefined: nothing is kept over restarts. */
  readonly store: PositionStore | undefined;
  /** When the agent was started. */
  readonly startedMs: number;
  readonly env: Env;
  readonly log: Log;
}

/** A pipeline that runs. */
interface Reading {
  readonly pipeline: Pipeline;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

/** The pipelines of one thread. */
export class AgentThread {
  readonly #env: Env;
  readonly #producers: ProducerPool;
  readonly #built: readonly BuiltPipeline[];
  readonly #saved: SavedPositions;
  readonly #sources: AgentSources;
  readonly #unread: UnreadFiles;
  #isReady = false;

  constructor({ options, thread, configs, store, startedMs, env, log }: ThreadParts) {
    const { hostRoot, checkpointDirectory, printToStdout, threads, releaseAfterMs, keepFree } = options;
    this.#env = env;
    this.#producers = new ProducerPool(env, log);
    const deadLetters = new DeadLetters(checkpointDirectory, env, log);
    const limits = new ResourceLimits(options, env, log);
    const shared = { producers: this.#producers, deadLetters, limits, env, log };
    const context = { ...shared, module: compileKernel(), hostRoot, printToStdout };
    const whole = threads === 1 ? new Set<string>() : wholePipelines(configs, context);
    const own = configs.filter(({ name }) => thread === 0 || !whole.has(name));
    this.#built = own.map((config) => buildPipeline(config, context));
    const isThere = (key: string) => isFileThere(key, hostRoot, env.files);
    const pipelines = this.#built.map(({ pipeline }) => pipeline);
    this.#saved = new SavedPositions(store, pipelines, env, isThere, startedMs);
    for (const { pipeline, left } of this.#built) left.onAdd = (file) => this.#saved.keepLeft(pipeline, file);
    this.#unread = new UnreadFiles({ pipelines, keepFree, hostRoot, env, log });
    this.#sources = new AgentSources(this.#built, this.#saved, releaseAfterMs, env, log);
    this.#sources.isMine = (source, { name }) => whole.has(name) || shardOf(source, threads, hostRoot) === thread;
  }

  /** Whether anything of containers is read. */
  get readsContainers(): boolean {
    return this.#built.some(({ inputs }) => inputs.some((input) => !input.readsNode));
  }

  /** A container is there, or is no longer what it was. */
  upsert(container: Container): void {
    this.#sources.upsert(container);
  }

  /** A container is gone. */
  remove(containerId: string, signal: AbortSignal): void {
    void this.#sources.remove(containerId, signal);
  }

  /** All runtimes have told what there is: what is not known by now may be forgotten. */
  ready(): void {
    this.#isReady = true;
  }

  /** These runtimes have told of all of their containers, and are still there. */
  told(runtimes: readonly RuntimeName[]): void {
    this.#saved.pruneKnown();
    this.#sources.readLeft(runtimes);
  }

  /** Reads and delivers until `signal` aborts, then delivers what is in flight and saves. Returns the number of records delivered. */
  async run(signal: AbortSignal): Promise<number> {
    const reading = this.#built.map(({ pipeline }) => ({ pipeline, ended: pipeline.run(signal) }));
    const resting = giveBackSpareMemory(this.#env, signal);
    const looking = [this.#sources.run(signal), this.#unread.run(signal)];
    await Promise.all([this.#saveOften(signal), this.#pruneOften(signal), ...looking, resting]);
    return await this.#stop(reading);
  }

  async #pruneOften(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#env.sleep(PRUNE_INTERVAL_MS, signal);
      if (!this.#isReady) continue;
      this.#sources.prune();
      this.#saved.prune();
    }
  }

  async #saveOften(signal: AbortSignal): Promise<void> {
    // When the first run was is saved at once.
    let delayMs = 0;
    while (!signal.aborted) {
      await this.#saved.wait(msToBeat(this.#env.now(), CHECKPOINT_INTERVAL_MS_MAX), signal);
      if (this.#saved.hasChanges) await this.#env.sleep(delayMs, signal);
      const busyMs = await this.#saved.saveChanges();
      delayMs = Math.max(CHECKPOINT_DELAY_MS_MIN, busyMs * CHECKPOINT_SHARE);
    }
  }

  /** Reading has been told to stop: delivers what is in flight and saves. */
  async #stop(readings: readonly Reading[]): Promise<number> {
    const reading = Promise.all(readings.filter((one) => !isReplaced(one)).map(({ ended }) => ended));
    const stopAtMs = this.#env.now() + STOP_MS_MAX;
    const left = () => Math.max(0, stopAtMs - this.#env.now());
    await Promise.race([reading, this.#env.sleep(left())]);
    await Promise.all(this.#built.map(({ pipeline }) => pipeline.stop(left())));
    await this.#producers.stop(left());
    await this.#saved.saveChanges();
    await Promise.race([reading, this.#env.sleep(LET_GO_MS)]);
    const flushers = this.#built.flatMap(({ pipeline }) => pipeline.flushers);
    return flushers.reduce((sum, { counts }) => sum + counts.records, 0);
  }
}

/** Whether a pipeline hangs in a delivery that will never be. */
function isReplaced({ pipeline }: Reading): boolean {
  return pipeline.flushers.some(({ isReplaced }) => isReplaced);
}
