/**
 * A node with containers, a cluster and one agent after the other, and what happens to them: everything follows from the seed. In the end
 * all faults stop, and what was written must have arrived.
 *
 * @module
 */
import type { PipelineConfig } from "../../src/config/validate.ts";
import type { KernelModule } from "../../src/kernel/kernel.ts";
import { AgentLives } from "./agent_lives.ts";
import { tryBehindProblem } from "./check_checkpoint.ts";
import { CHECKPOINT_DIRECTORY } from "./simulated_agent.ts";
import type { PlacedLine } from "./simulated_container.ts";
import { SimulatedNode } from "./simulated_node.ts";
import { Stage } from "./stage.ts";
import type { WorldPlan } from "./world_plan.ts";

/** How long delivery may take once everything is calm: longer than all pauses, back-offs and patience together. */
const DRAIN_MS = 300_000;
/** After that: how long the checkpoint may take. What had arrived before the last life may be read once more by it. */
const SETTLE_MS_MAX = 60_000;
const SETTLE_LOOK_MS = 1000;

/** What a run is made with. */
export interface WorldParts {
  readonly module: KernelModule;
  readonly configs: (plan: WorldPlan) => readonly PipelineConfig[];
}

/** One run. */
export class World {
  readonly stage: Stage;
  readonly lives: AgentLives;
  readonly #node: SimulatedNode;

  constructor(seed: number, { module, configs }: WorldParts) {
    this.stage = new Stage(seed);
    this.#node = new SimulatedNode(this.stage, () => this.lives);
    const node = this.#node;
    this.lives = new AgentLives(this.stage, { module, configs: configs(this.stage.plan) }, {
      begun: () => node.tellAll(),
      looked: () => node.race(),
      containers: () => node.containers,
    });
  }

  /** Number of lines that were written. */
  get written(): number {
    return this.#node.containers.reduce((sum, { lines }) => sum + lines.length, 0);
  }

  async run(): Promise<void> {
    const { clock, random, plan } = this.stage;
    this.#node.begin();
    clock.in(random.pick([0, 0, 2000]), () => this.lives.begin());
    clock.in(0, () => this.#disturb());
    await clock.run(plan.durationMs, () => this.stage.hasFailed);
    if (!this.stage.hasFailed) await this.#drain();
    this.lives.current?.kill();
  }

  #disturb(): void {
    const { isDraining, clock, random, cluster, plan } = this.stage;
    if (isDraining) return;
    clock.in(random.integer(100, 6000), () => this.#disturb());
    if (plan.cluster.faultChance === 0) return;
    const act = random.pick(["leader", "broker", "outage", "container"] as const);
    if (act === "leader") cluster.moveLeader(random.pick(cluster.partitions));
    else if (act === "broker") this.#takeDown(1, random.integer(100, 3000));
    else if (act === "container") this.#node.disturb();
    else if (random.next() < 0.2) this.#takeDown(plan.cluster.brokerCount, random.integer(1000, 20_000));
  }

  #takeDown(count: number, ms: number): void {
    const { cluster, random, plan } = this.stage;
    const first = random.integer(0, plan.cluster.brokerCount - 1);
    for (let step = 0; step < count; step++) cluster.takeDown((first + step) % plan.cluster.brokerCount, ms);
  }

  async #drain(): Promise<void> {
    const { stage } = this;
    stage.trace("everything calms down");
    stage.isDraining = true;
    stage.cluster.isCalm = true;
    this.#node.calm();
    this.lives.begin();
    await stage.clock.run(DRAIN_MS, () => stage.hasFailed || this.#hasArrived());
    for (const { writer, number } of this.#missing()) stage.complain(`${writer} ${number} is lost`);
    if (stage.hasFailed) return;
    for (let ms = 0; ms < SETTLE_MS_MAX && this.#behind().length > 0; ms += SETTLE_LOOK_MS) {
      await stage.clock.run(SETTLE_LOOK_MS);
    }
    for (const problem of this.#behind()) stage.complain(problem);
    if (this.lives.log.lines.some((line) => line.includes("delivers no more"))) {
      stage.complain("an agent fenced itself");
    }
    const names = stage.disk.list(CHECKPOINT_DIRECTORY);
    if (names.some((name) => name.includes("dead-letters"))) stage.complain("there are dead letters");
  }

  #hasArrived(): boolean {
    const { deliveries } = this.stage;
    return this.#node.containers.every(({ files }) =>
      files.every(({ lines }) => lines.every((line) => deliveries.isDone(line)))
    );
  }

  #missing(): readonly PlacedLine[] {
    const lines = this.#node.containers.flatMap((container) => container.lines);
    return lines.filter((line) => !this.stage.deliveries.isDone(line));
  }

  /** What is wrong with positions that are not behind everything. One that was removed before the last life is not read any more. */
  #behind(): readonly string[] {
    const positions = new Map(this.lives.positions());
    const there = this.#node.containers.filter(({ isRemoved }) => !isRemoved);
    return there.flatMap((container) => tryBehindProblem(container, positions.get(container)) ?? []);
  }
}
