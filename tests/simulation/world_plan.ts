/**
 * What is decided once for a whole run, from its seed: how many of what there are, what goes wrong and how often.
 *
 * @module
 */
import type { Random } from "../support/random.ts";
import type { ClusterPlan } from "./simulated_cluster.ts";

/** The largest batch that pipelines make: small, so that many are on their way. */
export const BATCH_BYTES_MAX = 4096;

/** A run. Times in milliseconds, chances from 0 to 1. */
export interface WorldPlan {
  readonly containerCount: number;
  readonly pipelineCount: number;
  readonly cluster: ClusterPlan;
  readonly latencyMsMax: number;
  /** For how long things happen. */
  readonly durationMs: number;
  /** How often the agent is killed, or stopped, at most. */
  readonly endsMax: number;
  /** The chance of a rotation after each write. */
  readonly rotationChance: number;
  /** The chance that somebody does something between two looks of the agent that belong together. */
  readonly raceChance: number;
  /** The chance that a look at the disk takes a while. */
  readonly slownessChance: number;
  /** The chance that a look at the disk fails; none yet, because a look that fails between two files confuses the tailer. */
  readonly lookFaultChance: number;
  /** The chance that the checkpoint cannot be written. */
  readonly diskFaultChance: number;
  /** Whether rotated files are deleted before they were read. */
  readonly isCareless: boolean;
  /** Whether running containers are said to be gone now and then; not yet, because one that then really goes may lose its last lines. */
  readonly forgetsContainers: boolean;
  readonly compression: "none" | "lz4";
  /** Whether pipelines deliver exactly once. */
  readonly isExactlyOnce: boolean;
}

/** Decides. */
export function planWorld(random: Random): WorldPlan {
  const pipelineCount = random.pick([1, 1, 2]);
  const isExactlyOnce = random.next() < 0.4;
  return {
    containerCount: random.integer(1, 5),
    pipelineCount,
    cluster: planCluster(random, pipelineCount, isExactlyOnce),
    latencyMsMax: random.pick([1, 5, 100]),
    durationMs: random.integer(5_000, 60_000),
    endsMax: random.pick([0, 1, 2, 5]),
    rotationChance: random.pick([0, 0.01, 0.05, 0.2]),
    raceChance: random.pick([0, 0.01, 0.1]),
    slownessChance: random.pick([0, 0.02]),
    lookFaultChance: random.pick([0, 0, 0.02]),
    diskFaultChance: random.pick([0, 0, 0.2]),
    isCareless: random.next() < 0.15,
    forgetsContainers: random.next() < 0.3,
    compression: random.pick(["none", "lz4"]),
    isExactlyOnce,
  };
}

function planCluster(random: Random, topicCount: number, isExactlyOnce: boolean): ClusterPlan {
  return {
    brokerCount: random.integer(1, 3),
    partitionCount: random.pick([1, 1, 2, 3]),
    topics: Array.from({ length: topicCount }, (_, index) => `topic-${index}`),
    faultChance: random.pick([0, 0.01, 0.05, 0.2]),
    // Brokers forget no producer that is in a transaction.
    forgetsProducers: random.next() < 0.2 && !isExactlyOnce,
    refusesUnknown: random.next() < 0.5,
    batchBytesMax: random.pick([1_000_000, 1_000_000, 3000]),
  };
}
