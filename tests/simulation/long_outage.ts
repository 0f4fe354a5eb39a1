/**
 * A node whose Kafka is away for long, while its containers write and the kubelet rotates and deletes: what the agent holds meanwhile, and what
 * has arrived afterwards.
 *
 * @module
 */
import type { KernelModule } from "../../src/kernel/kernel.ts";
import type { PipelineConfig } from "../../src/config/validate.ts";
import { AgentLives } from "./agent_lives.ts";
import { SimulatedContainer } from "./simulated_container.ts";
import { Stage } from "./stage.ts";
import type { WorldPlan } from "./world_plan.ts";

const CONTAINERS = 3;
/** Rotated files that the kubelet leaves. */
const ROTATED_MAX = 4;
/** Longer than all pauses of an agent that has nothing to do. */
const SETTLED_MS = 15_000;
const STEP_MS = 1000;

/** No faults but those of the scene. */
const CALM: Partial<WorldPlan> = {
  containerCount: CONTAINERS,
  pipelineCount: 1,
  cluster: {
    brokerCount: 1,
    partitionCount: 2,
    topics: ["topic-0"],
    faultChance: 0,
    forgetsProducers: false,
    refusesUnknown: true,
    batchBytesMax: 1_000_000,
  },
  latencyMsMax: 1,
  endsMax: 0,
  rotationChance: 0,
  raceChance: 0,
  slownessChance: 0,
  lookFaultChance: 0,
  diskFaultChance: 0,
  isCareless: true,
  forgetsContainers: false,
  compression: "lz4",
};

/** What the agent holds at a moment. */
export interface Held {
  readonly openFiles: number;
  readonly deletedFiles: number;
  readonly unansweredBatches: number;
  /** Tickets and positions, of all sources. */
  readonly sources: number;
}

/** The scene. Its containers write and are read. */
export class LongOutage {
  readonly stage: Stage;
  readonly lives: AgentLives;
  readonly containers: readonly SimulatedContainer[];

  /** @param configs the pipelines of a plan. */
  constructor(seed: number, module: KernelModule, configs: (plan: WorldPlan) => readonly PipelineConfig[]) {
    this.stage = new Stage(seed, CALM);
    const { disk, random, clock, plan } = this.stage;
    this.containers = Array.from({ length: CONTAINERS }, (_, index) => {
      const parts = { createdMs: clock.now(), writesParts: false, rotationCuts: false };
      return new SimulatedContainer({ id: `c${index}`, group: "g0", ...parts }, disk, random, clock.now);
    });
    this.lives = new AgentLives(this.stage, { module, configs: configs(plan) }, {
      begun: () => this.containers.forEach(({ description }) => this.lives.current?.upsert(description)),
      looked: () => {},
      containers: () => this.containers,
    });
    this.lives.begin();
  }

  /** Each container writes lines. */
  write(linesEach: number): void {
    for (const container of this.containers) for (let line = 0; line < linesEach; line++) container.write();
  }

  /**
   * The kubelet rotates each log and deletes old files, read or not.
   *
   * @param isLossExcused whether what was deleted need not arrive.
   */
  rotate(isLossExcused = false): void {
    for (const container of this.containers) {
      container.rotate();
      container.reopen();
      for (const file of container.rotated.slice(0, -ROTATED_MAX)) {
        if (isLossExcused) { for (const line of file.lines) this.stage.deliveries.excuse(line); }
        container.delete(file);
      }
    }
  }

  /** Kafka is away for so long from now on. */
  takeKafkaAway(ms: number): void {
    this.stage.cluster.takeDown(0, ms);
  }

  pass(ms: number): Promise<void> {
    return this.stage.clock.run(ms, () => this.stage.hasFailed);
  }

  /** Lets the agent come to rest. */
  settle(): Promise<void> {
    return this.pass(SETTLED_MS);
  }

  /** @returns milliseconds until every line had arrived; `msMax` where one has not. */
  async arriveWithin(msMax: number): Promise<number> {
    let ms = 0;
    for (; ms < msMax && this.missing().length > 0; ms += STEP_MS) await this.pass(STEP_MS);
    return ms;
  }

  /** The lines that have not arrived, by container. */
  missing(): readonly string[] {
    const { deliveries } = this.stage;
    const lines = this.containers.flatMap((container) => container.lines.filter((line) => !deliveries.isDone(line)));
    return lines.map(({ writer, number }) => `${writer} ${number}`);
  }

  get held(): Held {
    const agent = this.lives.current!;
    return {
      openFiles: agent.env.files.openCount,
      deletedFiles: this.stage.disk.unnamedCount,
      unansweredBatches: agent.unansweredBatches,
      sources: agent.sourceCount,
    };
  }
}
