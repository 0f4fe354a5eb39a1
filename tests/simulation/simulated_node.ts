/**
 * The containers of one node: they come, write, are rotated, exit, and the agent is told of them late, twice, or wrongly.
 *
 * @module
 */
import type { AgentLives } from "./agent_lives.ts";
import { SimulatedContainer } from "./simulated_container.ts";
import type { Stage } from "./stage.ts";

/** What a container writes at most. */
const LINES_MAX = 400;
/** Rotated files that the kubelet keeps. */
const ROTATED_MAX = 5;

/** The containers. */
export class SimulatedNode {
  readonly containers: SimulatedContainer[] = [];
  readonly #stage: Stage;
  readonly #lives: () => AgentLives;
  readonly #toldInLife = new Set<SimulatedContainer>();

  constructor(stage: Stage, lives: () => AgentLives) {
    this.#stage = stage;
    this.#lives = lives;
  }

  /** Starts containers now and later. */
  begin(): void {
    const { plan, clock, random } = this.#stage;
    for (let count = plan.containerCount; count > 0; count--) {
      clock.in(random.pick([0, 0, random.integer(0, plan.durationMs / 2)]), () => this.#start());
    }
  }

  /** Tells a new life of what is there; of what has gone nobody tells. */
  tellAll(): void {
    const { plan, random } = this.#stage;
    this.#toldInLife.clear();
    for (const container of this.containers) {
      if (container.isRemoved) this.#excuseUntold(container);
      if (container.isRemoved || !container.isTold) continue;
      // A runtime whose list is not complete yet may be believed for a while.
      const isLate = plan.forgetsContainers && random.next() < 0.2;
      this.#lives().in(random.integer(0, isLate ? 20_000 : 2000), () => {
        if (!container.isRemoved) this.#upsert(container);
      });
    }
  }

  /** Somebody writes between two looks of the agent that belong together. */
  race(): void {
    const { plan, random } = this.#stage;
    if (this.containers.length > 0 && this.#stage.happens(plan.raceChance)) this.#act(random.pick(this.containers));
  }

  /** A container is told again; or it is said to be gone for a while although it runs. */
  disturb(): void {
    const { plan, random, clock } = this.#stage;
    const told = this.containers.filter(({ isTold, isRemoved }) => isTold && !isRemoved);
    if (told.length === 0) return;
    const container = random.pick(told);
    if (plan.forgetsContainers && container.state === "running") this.#remove(container);
    clock.in(random.integer(0, 15_000), () => this.#upsert(container));
  }

  /** Everything that was begun is ended, and everybody is told. */
  calm(): void {
    for (const container of this.containers) {
      container.finishLines();
      container.reopen();
      if (!container.isTold && !container.isRemoved) this.#tell(container);
    }
  }

  #start(): void {
    const { plan, clock, random, disk } = this.#stage;
    const number = this.containers.length;
    const createdMs = clock.now();
    const group = `g${number % plan.pipelineCount}`;
    // Of a container that is said to be gone, the half of a line is taken for a whole one.
    const writesParts = !plan.forgetsContainers;
    // Where files may be gone before they were read, what is left of a record that was cut is no line.
    const rotationCuts = !plan.isCareless;
    const containerPlan = { id: `c${number}`, group, createdMs, writesParts, rotationCuts };
    const container = new SimulatedContainer(containerPlan, disk, random, clock.now);
    this.#stage.trace(`${container.id} starts`);
    this.containers.push(container);
    this.#work(container, random.pick([50, 300, 1500, 6000]));
    clock.in(random.pick([0, 100, 2000, 8000]), () => this.#tell(container));
    if (random.next() < 0.4) clock.in(random.integer(0, plan.durationMs), () => this.#exit(container));
  }

  #work(container: SimulatedContainer, paceMs: number): void {
    const { random, clock, isDraining } = this.#stage;
    if (isDraining || container.state === "exited" || container.lines.length > LINES_MAX) return;
    for (let count = random.pick([1, 1, 2, 20]); count > 0; count--) this.#act(container);
    const pauseMs = random.next() < 0.01 ? 15_000 : random.integer(0, paceMs);
    clock.in(pauseMs, () => this.#work(container, paceMs));
  }

  #act(container: SimulatedContainer): void {
    if (container.state === "exited" || this.#stage.isDraining) return;
    container.write();
    if (!this.#stage.happens(this.#stage.plan.rotationChance)) return;
    if (!container.rotate()) return;
    this.#stage.trace(`${container.id} is rotated`);
    this.#excuseUnknown(container);
    this.#reopenSoon(container, this.#stage.random.pick([0, 1, 200, 3000]));
    this.#deleteOld(container);
  }

  #reopenSoon(container: SimulatedContainer, ms: number): void {
    this.#stage.clock.in(ms, () => {
      this.#excuseUnknown(container);
      if (!container.reopen()) this.#reopenSoon(container, 1);
    });
  }

  #deleteOld(container: SimulatedContainer): void {
    const { deliveries, plan } = this.#stage;
    for (const file of container.rotated.slice(0, -ROTATED_MAX)) {
      const unread = [...file.lines, ...file.cut].filter((line) => !deliveries.isDone(line));
      if (unread.length > 0 && !plan.isCareless) return;
      for (const line of unread) deliveries.excuse(line);
      // Who begins again with a checkpoint that does not know that they have arrived finds the ends of records that were cut by themselves.
      for (const line of plan.isExactlyOnce && !plan.isCareless ? [] : file.cut) deliveries.excuseCut(line);
      container.delete(file);
    }
  }

  #exit(container: SimulatedContainer): void {
    const { clock, random, isDraining } = this.#stage;
    if (isDraining) return;
    container.finishLines();
    container.reopen();
    container.state = "exited";
    this.#stage.trace(`${container.id} has exited`);
    if (random.next() < 0.5) clock.in(random.integer(0, 3000), () => this.#tell(container));
    for (let times = random.pick([1, 1, 2]); times > 0; times--) {
      clock.in(random.integer(10, 12_000), () => {
        container.isRemoved = true;
        this.#excuseUntold(container);
        if (this.#toldInLife.has(container)) this.#remove(container);
      });
    }
  }

  #tell(container: SimulatedContainer): void {
    container.isTold = true;
    this.#upsert(container);
  }

  #upsert(container: SimulatedContainer): void {
    const { current, count } = this.#lives();
    if (current === undefined) return;
    this.#stage.trace(`life ${count} is told of ${container.id}`);
    this.#toldInLife.add(container);
    this.#excuseUnknown(container);
    current.upsert(container.description);
  }

  #remove(container: SimulatedContainer): void {
    const { current, count } = this.#lives();
    this.#stage.trace(`life ${count} is told that ${container.id} is gone`);
    current?.remove(container.id).catch((error) => this.#stage.complain(`the removal failed: ${error}`));
  }

  /** A container is gone of which the agent was not told, and does not know from before: nothing more of it is read. */
  #excuseUntold(container: SimulatedContainer): void {
    const { deliveries } = this.#stage;
    this.#excuseUnknown(container);
    if (this.#lives().current === undefined || this.#toldInLife.has(container) || this.#lives().knew(container)) return;
    for (const line of container.lines) if (!deliveries.isDone(line)) deliveries.excuse(line);
  }

  /** Of a container that is older than the pipeline and was never read, files are not that were rotated long before its first run. */
  #excuseUnknown(container: SimulatedContainer): void {
    const sinceMs = this.#lives().writtenSinceMs(container);
    if (sinceMs === undefined) return;
    const rotated = container.files.filter(({ path, inode }) => !path.endsWith(".log") && inode.modifiedMs < sinceMs);
    for (const line of rotated.flatMap(({ lines }) => lines)) this.#stage.deliveries.excuse(line);
    for (const line of rotated.flatMap(({ cut }) => cut)) this.#stage.deliveries.excuseCut(line);
  }
}
