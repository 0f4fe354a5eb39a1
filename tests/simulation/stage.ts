/**
 * What all parts of a simulated world share: its plan, its time, its chance, its disk and its brokers, and where its story and its problems are
 * told.
 *
 * @module
 */
import { Random } from "../support/random.ts";
import { Deliveries } from "./deliveries.ts";
import { SimulatedCluster } from "./simulated_cluster.ts";
import { SimulatedDisk } from "./simulated_disk.ts";
import { RUN_BEGINS_MS, VirtualClock } from "./virtual_clock.ts";
import { BATCH_BYTES_MAX, planWorld, type WorldPlan } from "./world_plan.ts";

/** So many problems are enough. */
const PROBLEMS_MAX = 10;

/** What the parts of one world share. */
export class Stage {
  readonly problems: string[] = [];
  readonly story: string[] = [];
  readonly random: Random;
  readonly plan: WorldPlan;
  readonly clock = new VirtualClock();
  readonly disk = new SimulatedDisk(this.clock.now);
  readonly deliveries: Deliveries;
  readonly cluster: SimulatedCluster;
  /** Whether everything is calm, and only what is left is waited for. */
  isDraining = false;
  /** Called when something has arrived for good. */
  onCommit: () => void = () => {};

  /** @param planned what is not left to the seed. */
  constructor(seed: number, planned: Partial<WorldPlan> = {}) {
    this.random = new Random(seed);
    this.plan = { ...planWorld(this.random), ...planned };
    const { partitionCount, batchBytesMax } = this.plan.cluster;
    // The halves of a batch that is too large for a topic go out behind those that were on their way with it.
    const isOrdered = batchBytesMax > BATCH_BYTES_MAX;
    const { isExactlyOnce } = this.plan;
    const options = { isSinglePartition: partitionCount === 1, isOrdered, isExactlyOnce };
    this.deliveries = new Deliveries(options, (problem) => this.complain(problem));
    this.cluster = new SimulatedCluster(this.plan.cluster, this.clock, this.random, {
      committed: (partition, batch) => {
        if (this.cluster.partitions.some(({ forgottenCount }) => forgottenCount > 0)) this.deliveries.loosen();
        this.onCommit();
        if (this.plan.cluster.topics.includes(partition.topic)) this.deliveries.add(partition, batch);
      },
      promised: (partition, batch) => {
        if (this.plan.cluster.topics.includes(partition.topic)) this.deliveries.promise(batch);
      },
      complain: (problem) => this.complain(problem),
      trace: (text) => this.trace(text),
    });
  }

  /** Whether it is of no use to go on. */
  get hasFailed(): boolean {
    return this.problems.length >= PROBLEMS_MAX;
  }

  complain(problem: string): void {
    this.trace(`PROBLEM: ${problem}`);
    this.problems.push(problem);
  }

  trace(text: string): void {
    this.story.push(`${String(this.clock.now() - RUN_BEGINS_MS).padStart(7)} ${text}`);
  }

  /** Whether something happens that has this chance; never while everything is calm. */
  happens(chance: number): boolean {
    return !this.isDraining && this.random.next() < chance;
  }
}
