/**
 * One life of the agent after the other on the same disk: they are killed at any moment, also within a write of the checkpoint, or stopped,
 * and begin again. Whenever a checkpoint is written or left behind, it is held against what has arrived.
 *
 * @module
 */
import type { PipelineConfig } from "../../src/config/validate.ts";
import type { Position } from "../../src/core/position.ts";
import type { KernelModule } from "../../src/kernel/kernel.ts";
import { ROTATED_AFTER_MS_MAX } from "../../src/source_start.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { positionsIn, sourcesIn, tryPositionProblem } from "./check_checkpoint.ts";
import { CHECKPOINT_DIRECTORY, SimulatedAgent } from "./simulated_agent.ts";
import type { SimulatedContainer } from "./simulated_container.ts";
import type { DiskWeather } from "./simulated_files.ts";
import type { Stage } from "./stage.ts";

const CHECKPOINT_PATH = `${CHECKPOINT_DIRECTORY}/sluice.checkpoint.json`;
const SOURCES_PATH = `${CHECKPOINT_DIRECTORY}/sluice.sources.json`;
/** Slots of a pipeline: five on the way, and one that fills. */
const BATCHES_PER_PIPELINE = 6;
/** Where delivery is exactly once: those of a transaction, those of the next one, and positions. */
const BATCHES_PER_EXACT_PIPELINE = 23;

/** What lives are made with. */
export interface LifeParts {
  readonly module: KernelModule;
  readonly configs: readonly PipelineConfig[];
}

/** What others have to do with the lives. */
export interface LifeEvents {
  /** A life has begun, and knows of no container. */
  begun(): void;
  /** The agent looks at the disk. */
  looked(): void;
  containers(): readonly SimulatedContainer[];
}

/** The lives of the agent in one world. */
export class AgentLives {
  readonly log = new RecordingLog();
  /** So many have begun. */
  count = 0;
  /** The one that runs. */
  current: SimulatedAgent | undefined;
  readonly #stage: Stage;
  readonly #parts: LifeParts;
  readonly #events: LifeEvents;
  #endsLeft: number;
  #isStopping = false;
  /** What the current life knew when it began. */
  #known: ReadonlyMap<string, Position> = new Map();
  #knownSources: ReadonlySet<string> = new Set();
  /** What files held before they were replaced, by their paths. */
  readonly #textsBefore = new Map<string, string[]>([[CHECKPOINT_PATH, []], [SOURCES_PATH, []]]);

  constructor(stage: Stage, parts: LifeParts, events: LifeEvents) {
    this.#stage = stage;
    this.#parts = parts;
    this.#events = events;
    this.#endsLeft = stage.plan.endsMax;
    stage.onCommit = () => this.#checkWindow();
  }

  /** Begins a life where there is none. */
  begin(): void {
    if (this.current !== undefined) return;
    const { stage, plan } = { stage: this.#stage, plan: this.#stage.plan };
    this.#known = positionsIn(this.#checkpointText);
    this.#knownSources = sourcesIn(this.#stage.disk.tryGet(SOURCES_PATH)?.text);
    stage.trace(`life ${++this.count} begins`);
    const { clock, random, cluster, disk } = stage;
    const complain = (problem: string) => stage.complain(problem);
    this.current = new SimulatedAgent(this.count, {
      ...this.#parts,
      disk,
      network: { cluster, clock, random, latencyMsMax: plan.latencyMsMax, complain },
      random,
      weather: this.#weather(),
      log: this.log,
      failed: (error) => complain(`the agent failed: ${error instanceof Error ? error.stack : error}`),
    });
    this.#isStopping = false;
    this.#events.begun();
    this.in(random.integer(0, plan.durationMs), () => this.#end());
  }

  /** Does something later, if the agent is still the same then. */
  in(ms: number, action: () => void): void {
    const agent = this.current;
    this.#stage.clock.in(ms, () => {
      if (agent !== undefined && agent === this.current) action();
    });
  }

  /**
   * Since when a file of a container must have been written to so that the current life reads it: the container is older than the pipeline,
   * and was never read. Undefined: it is read anyway.
   */
  writtenSinceMs({ id, key, createdMs }: SimulatedContainer): number | undefined {
    if (this.current === undefined || this.#known.has(key)) return undefined;
    const firstRunMs = Math.max(...this.current.firstRunsMs);
    if (createdMs >= firstRunMs || this.#stage.deliveries.hasArrived(id, this.count)) return undefined;
    return firstRunMs - ROTATED_AFTER_MS_MAX;
  }

  /** Whether the current life knew of a container when it began. */
  knew({ key }: SimulatedContainer): boolean {
    return this.#knownSources.has(key);
  }

  /** The positions on the disk, of containers that have one. */
  positions(): readonly (readonly [SimulatedContainer, Position])[] {
    const positions = positionsIn(this.#checkpointText);
    return this.#events.containers().flatMap((container) => {
      const position = positions.get(container.key);
      return position === undefined ? [] : [[container, position] as const];
    });
  }

  get #checkpointText(): string | undefined {
    return this.#stage.disk.tryGet(CHECKPOINT_PATH)?.text;
  }

  #weather(): DiskWeather {
    const { random, clock, plan } = this.#stage;
    return {
      beforeLook: () => {
        if (random.next() < plan.slownessChance) clock.pass(random.integer(1, 20));
        this.#events.looked();
      },
      lookFails: () => this.#stage.happens(plan.lookFaultChance),
      writeFault: () => this.#stage.happens(plan.diskFaultChance) ? random.pick(["full", "notSynced"]) : "none",
      syncMs: () => {
        if (random.next() < 0.02) this.in(1, () => this.#end());
        return random.pick([0, 2, 20]);
      },
      replaced: (path, before) => {
        if (before !== undefined) this.#textsBefore.get(path)?.push(before);
        if (path === CHECKPOINT_PATH) this.#checkCheckpoint();
      },
    };
  }

  #end(): void {
    const agent = this.current;
    if (this.#stage.isDraining || this.#endsLeft === 0 || agent === undefined) return;
    this.#endsLeft--;
    if (this.#isStopping || this.#stage.happens(0.7)) this.#kill(agent);
    else this.#stop(agent);
  }

  #kill(agent: SimulatedAgent): void {
    this.#stage.trace("the agent is killed");
    agent.kill();
    this.current = undefined;
    for (const path of this.#textsBefore.keys()) if (this.#stage.happens(0.2)) this.#restore(path);
    this.#checkCheckpoint();
    this.#stage.clock.in(this.#stage.random.pick([0, 500, 10_000]), () => this.begin());
  }

  /** The node lost its power, and what was renamed last has its old content again; or somebody has restored a copy, or half of one, or has deleted it. */
  #restore(path: string): void {
    const { random, disk, clock, plan } = this.#stage;
    const texts = this.#textsBefore.get(path)!;
    if (texts.length === 0) return;
    if (path === CHECKPOINT_PATH && plan.isExactlyOnce && random.next() < 0.2) {
      this.#stage.trace("the checkpoint is gone");
      return disk.remove(path);
    }
    const text = random.pick([texts.at(-1)!, random.pick(texts)]);
    const isTorn = random.next() < 0.2;
    this.#stage.trace(`${path} is ${isTorn ? "torn" : "an old one"}`);
    const bytes = new TextEncoder().encode(text);
    disk.create(path).append(isTorn ? bytes.subarray(0, bytes.length >> 1) : bytes, clock.now());
  }

  #stop(agent: SimulatedAgent): void {
    this.#stage.trace("the agent is stopped");
    this.#isStopping = true;
    agent.stop().then(
      () => this.#stopped(agent),
      (error) => this.#stage.complain(`the stop failed: ${error}`),
    );
  }

  #stopped(agent: SimulatedAgent): void {
    if (this.current !== agent) return;
    this.#stage.trace("the agent has stopped");
    if (agent.env.files.openCount > 0) this.#stage.complain(`${agent.env.files.openCount} files are left open`);
    agent.kill();
    this.current = undefined;
    this.#stage.clock.in(this.#stage.random.pick([0, 500]), () => this.begin());
  }

  #checkWindow(): void {
    const batches = this.current?.unansweredBatches ?? 0;
    const { pipelineCount, isExactlyOnce } = this.#stage.plan;
    const batchesMax = (isExactlyOnce ? BATCHES_PER_EXACT_PIPELINE : BATCHES_PER_PIPELINE) * pipelineCount;
    if (batches > batchesMax) this.#stage.complain(`${batches} batches are on their way`);
  }

  #checkCheckpoint(): void {
    for (const [container, position] of this.positions()) {
      const problem = tryPositionProblem(container, position, this.#stage.deliveries);
      if (problem !== undefined) this.#stage.complain(problem);
    }
  }
}
