/**
 * One life of the agent: everything of `src/agent_thread.ts` but sockets, with its loops and its stop, in a simulated environment.
 * Containers are told by the world.
 *
 * @module
 */
import { AgentSources } from "../../src/agent_sources.ts";
import { buildPipeline, type BuiltPipeline } from "../../src/build_pipeline.ts";
import { CheckpointStore } from "../../src/checkpoint/store.ts";
import type { PipelineConfig } from "../../src/config/validate.ts";
import type { Container } from "../../src/core/container.ts";
import type { Log } from "../../src/core/log.ts";
import { msToWholeSecond } from "../../src/core/pace.ts";
import { DeadLetters } from "../../src/deliver/dead_letters.ts";
import type { KernelModule } from "../../src/kernel/kernel.ts";
import { SavedPositions } from "../../src/saved_positions.ts";
import { isFileThere } from "../../src/file_there.ts";
import { UnreadFiles } from "../../src/unread_files.ts";
import type { Random } from "../support/random.ts";
import type { Network } from "./simulated_connection.ts";
import { SimulatedProducers } from "./simulated_directory.ts";
import type { SimulatedDisk } from "./simulated_disk.ts";
import { SimulatedEnv } from "./simulated_env.ts";
import type { DiskWeather } from "./simulated_files.ts";

/** Where the node's `/` is. */
export const HOST_ROOT = "/host";
export const CHECKPOINT_DIRECTORY = "/checkpoint";

// As in `src/agent.ts` and `src/agent_thread.ts`.
const TOLD_AFTER_MS = 10_000;
const TELL_INTERVAL_MS = 60_000;
const STOP_MS_MAX = 10_000;
const PRUNE_INTERVAL_MS = 60_000;
const LET_GO_MS = 500;
const CHECKPOINT_INTERVAL_MS_MIN = 100;
const CHECKPOINT_INTERVAL_MS_MAX = 1000;

/** What a life is made of. */
export interface AgentWorld {
  readonly module: KernelModule;
  readonly configs: readonly PipelineConfig[];
  readonly disk: SimulatedDisk;
  readonly network: Network;
  readonly random: Random;
  readonly weather: DiskWeather;
  readonly log: Log;
  /** Something ended that must not. */
  failed(error: unknown): void;
}

/** One life. It runs from the beginning. */
export class SimulatedAgent {
  readonly number: number;
  readonly env: SimulatedEnv;
  readonly startedMs: number;
  readonly built: readonly BuiltPipeline[];
  readonly unread: UnreadFiles;
  readonly #producers: SimulatedProducers;
  readonly #saved: SavedPositions;
  readonly #sources: AgentSources;
  readonly #stop = new AbortController();
  readonly #reading: Promise<unknown>;
  readonly #keeping: Promise<unknown>;

  constructor(number: number, world: AgentWorld) {
    const { disk, network, random, weather, log } = world;
    const env = new SimulatedEnv(network.clock, random, disk, weather);
    this.number = number;
    this.env = env;
    this.startedMs = env.now();
    this.#producers = new SimulatedProducers(network, { env, lifeNumber: number }, log);
    const deadLetters = new DeadLetters(CHECKPOINT_DIRECTORY, env, log);
    const shared = { producers: this.#producers, deadLetters, env, log, module: world.module };
    const context = { ...shared, hostRoot: HOST_ROOT, printToStdout: false };
    this.built = world.configs.map((config) => buildPipeline(config, context));
    const store = new CheckpointStore(CHECKPOINT_DIRECTORY, env, log);
    const isThere = (key: string) => isFileThere(key, HOST_ROOT, env.files);
    const pipelines = this.built.map(({ pipeline }) => pipeline);
    this.#saved = new SavedPositions(store, pipelines, env, isThere, env.now());
    this.unread = new UnreadFiles({ pipelines, keepFree: { percent: 15 }, hostRoot: HOST_ROOT, env, log });
    this.#sources = new AgentSources(this.built, this.#saved, undefined, env, log);
    const { signal } = this.#stop;
    this.#reading = Promise.all(this.built.map(({ pipeline }) => pipeline.run(signal)));
    this.#keeping = Promise.all([
      this.#saveOften(signal),
      this.#pruneOften(signal),
      this.#readLeftOften(signal),
      this.#sources.run(signal),
      this.unread.run(signal),
    ]);
    this.#reading.catch(world.failed);
    this.#keeping.catch(world.failed);
  }

  /** Record batches that are not answered. */
  get unansweredBatches(): number {
    return this.#producers.directories.reduce((sum, { unansweredBatches }) => sum + unansweredBatches, 0);
  }

  /** When each pipeline first ran, as the agent knows it. */
  get firstRunsMs(): readonly number[] {
    return this.built.map(({ pipeline }) => this.#saved.firstRunMs(pipeline));
  }

  get sourceCount(): number {
    return this.built.reduce((sum, { pipeline }) => sum + pipeline.sourceCount, 0);
  }

  upsert(container: Container): void {
    this.#sources.upsert(container);
  }

  remove(containerId: string): Promise<void> {
    return this.#sources.remove(containerId, this.#stop.signal);
  }

  /** The process is gone, whatever it was doing. */
  kill(): void {
    this.env.end();
    for (const directory of this.#producers.directories) directory.orphan();
  }

  /** Ends in good order. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#keeping;
    const stopAtMs = this.env.now() + STOP_MS_MAX;
    const left = () => Math.max(0, stopAtMs - this.env.now());
    await Promise.race([this.#reading, this.env.sleep(left())]);
    await Promise.all(this.built.map(({ pipeline }) => pipeline.stop(left())));
    await this.#producers.stop(left());
    await this.#saved.saveChanges();
    await Promise.race([this.#reading, this.env.sleep(LET_GO_MS)]);
  }

  async #pruneOften(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.env.sleep(PRUNE_INTERVAL_MS, signal);
      this.#sources.prune();
      this.#saved.prune();
    }
  }

  /** As `src/agent.ts` does while the runtime answers. */
  async #readLeftOften(signal: AbortSignal): Promise<void> {
    for (let pauseMs = TOLD_AFTER_MS; !signal.aborted; pauseMs = TELL_INTERVAL_MS) {
      await this.env.sleep(pauseMs, signal);
      if (signal.aborted) return;
      this.#saved.pruneKnown();
      this.#sources.readLeft(["containerd"]);
    }
  }

  async #saveOften(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#saved.wait(msToWholeSecond(this.env.now(), CHECKPOINT_INTERVAL_MS_MAX), signal);
      const { hasChanges } = this.#saved;
      await this.#saved.saveChanges();
      if (hasChanges) await this.env.sleep(CHECKPOINT_INTERVAL_MS_MIN, signal);
    }
  }
}
