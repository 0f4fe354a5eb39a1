/**
 * What an agent costs while nobody writes to the many logs that it follows.
 *
 * @module
 */
import { join } from "@std/path";
import { AgentProcess, type Setting } from "./agent_process.ts";
import { LINES_PER_QUIET_FILE, QUIET_FILES, writeQuietNode } from "./idle_node.ts";
import type { Codec, IdleMode } from "./mode.ts";
import type { Peer } from "./peer.ts";
import { cpuSecondsBetween, processCost, readCpu } from "./process_cost.ts";
import type { IdleResult } from "./report.ts";

const READ_MS_MAX = 120_000;
const SETTLE_MS = 20_000;
const MEASURE_MS = 30_000;

/**
 * Lets the agent read all logs to their ends, waits until it is at rest, and measures; it stays connected to Kafka.
 *
 * @throws {Error} when not every line has arrived once, or the agent ends.
 */
export async function measureIdle(setting: Setting, peer: Peer, mode: IdleMode, codec: Codec, seed: number) {
  const name = `${peer.name}-${mode}`;
  const hostRoot = join(setting.directory, `node-${name}`);
  const containers = writeQuietNode(hostRoot, mode, seed);
  await using agent = await AgentProcess.start(setting, { peer, mode, codec, hostRoot, containers, name });
  const records = QUIET_FILES * LINES_PER_QUIET_FILE;
  await agent.topic.waitForRecords(records, READ_MS_MAX, agent.ended);
  await sleep(SETTLE_MS);
  const result = await restingCost(agent.pid, peer.name, mode);
  const count = await agent.topic.recordCount();
  if (count !== records) throw new Error(`${count} records arrived where ${records} were written`);
  return result;
}

async function restingCost(pid: number, agent: string, mode: IdleMode): Promise<IdleResult> {
  const before = readCpu(pid);
  const started = performance.now();
  await sleep(MEASURE_MS);
  const cpuS = cpuSecondsBetween(before, readCpu(pid));
  const coreShare = cpuS / ((performance.now() - started) / 1_000);
  const { rssMB, rssPeakMB } = processCost(pid);
  const tenth = (value: number) => Math.round(value * 10) / 10;
  return {
    agent,
    mode,
    files: QUIET_FILES,
    cpuPercent: Math.round(coreShare * 10_000) / 100,
    rssMB: tenth(rssMB),
    rssPeakMB: tenth(rssPeakMB),
  };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
