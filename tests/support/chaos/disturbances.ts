/**
 * What happens to the agent and to the brokers in a chaos run: one thing after the other, by chance, until it is told to stop. In the end
 * everything runs again.
 *
 * @module
 */
import type { TestKafka } from "../kafka.ts";
import type { TestKafkaCluster } from "../kafka_cluster.ts";
import type { Random } from "../random.ts";
import { eventually, type TestSluice } from "../sluice.ts";
import { type ChaosPods, CONTAINER } from "./chaos_pods.ts";
import type { RepeatBound } from "./repeat_bound.ts";

/** Agents are killed more often than brokers, which need seconds to come back. */
const KINDS = [
  "agent",
  "agent",
  "agent",
  "broker killed",
  "broker stopped",
  "broker hangs",
  "leader",
  "pod",
  "pod",
] as const;
type Kind = typeof KINDS[number];

const FOUND_MS_MAX = 60_000;

/** What is disturbed. */
export interface DisturbedScene {
  readonly cluster: TestKafkaCluster;
  readonly topic: string;
  readonly partitions: number;
  readonly sluice: TestSluice;
  readonly pods: ChaosPods;
  readonly bound: RepeatBound;
  readonly random: Random;
}

/** Disturbs one scene. */
export class Disturbances {
  /** How often what was done. */
  readonly counts: Record<Kind, number> = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  readonly #scene: DisturbedScene;

  constructor(scene: DisturbedScene) {
    this.#scene = scene;
  }

  /** Goes on until `isOver`; each kind happens, and the agent is killed three times, however short that is. */
  async run(isOver: () => boolean): Promise<void> {
    const { random, bound } = this.#scene;
    const first = KINDS.toSorted(() => random.next() - 0.5);
    while (first.length > 0 || !isOver()) {
      await bound.sample();
      await pause(random.integer(200, 3000));
      await bound.sample();
      await this.#disturb(first.shift() ?? random.pick(KINDS));
    }
  }

  #disturb(kind: Kind): Promise<void> {
    const { cluster, random, bound } = this.#scene;
    this.counts[kind]++;
    const node = random.pick(cluster.nodes);
    switch (kind) {
      case "agent":
        return this.#killAgent();
      case "broker killed":
        return bound.during(() => this.#restart(node, () => node.kill()));
      case "broker stopped":
        return bound.during(() => this.#restart(node, () => node.stop()));
      case "broker hangs":
        return bound.during(() => this.#hang(node));
      case "leader":
        return bound.during(() => this.#moveLeader());
      case "pod":
        return this.#letPodDie();
    }
  }

  /** @param meanwhile happens while no agent runs. */
  async #killAgent(meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const { sluice, random, bound } = this.#scene;
    const atMs = Date.now();
    if (!isRunning(sluice.pid)) throw new Error(`The agent has ended by itself:\n${sluice.log.slice(-4000)}`);
    await sluice.kill();
    // What the operating system had taken of it arrives now.
    await pause(random.pick([100, 500, 2000]));
    await bound.killed(atMs);
    await meanwhile();
    sluice.start();
  }

  /** Down for a moment; the agent may be killed meanwhile. */
  async #restart(node: TestKafka, end: () => Promise<void>): Promise<void> {
    const { random } = this.#scene;
    await end();
    await pause(random.integer(0, 2000));
    if (random.next() < 0.3) await this.#disturb("agent");
    await node.restart();
  }

  async #hang(node: TestKafka): Promise<void> {
    const { random } = this.#scene;
    node.pause();
    await pause(random.integer(500, 6000));
    if (random.next() < 0.3) await this.#disturb("agent");
    node.resume();
  }

  /** A pod goes for good, as soon as the agent has noted that it reads it; by chance while no agent runs. */
  async #letPodDie(): Promise<void> {
    const { sluice, pods, random } = this.#scene;
    const mortal = await pods.live();
    await eventually(
      `${mortal.pod.name} is known`,
      () => sluice.knows(mortal.pod.containerId(CONTAINER)),
      FOUND_MS_MAX,
    );
    if (random.next() < 0.5) return await pods.die(mortal);
    this.counts.agent++;
    await this.#killAgent(() => pods.die(mortal));
  }

  async #moveLeader(): Promise<void> {
    const { cluster, topic, partitions, random } = this.#scene;
    const leader = random.integer(1, cluster.nodes.length);
    await cluster.moveLeader(topic, random.integer(0, partitions - 1), leader);
  }
}

function isRunning(pid: number): boolean {
  try {
    Deno.statSync(`/proc/${pid}`);
    return true;
  } catch {
    return false;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
