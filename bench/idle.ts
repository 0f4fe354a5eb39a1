/**
 * What an agent costs while nobody writes to the many logs that it follows.
 *
 * @module
 */
import { join } from "@std/path";
import { AgentProcess, type Setting } from "./agent_process.ts";
import {
  IDLE_MODES,
  type IdleMode,
  LINES_PER_QUIET_FILE,
  QUIET_FILES,
  QUIET_LOGS,
  writeQuietNode,
} from "./idle_node.ts";
import type { BenchOptions } from "./options.ts";
import { fitPeers, type Peer } from "./peer.ts";
import { cpuSecondsBetween, processCost, readCpu } from "./process_cost.ts";
import { type Row, say, suiteOf } from "./suite.ts";

const READ_MS_MAX = 120_000;
/** A user pays for hours: what the minute after the start takes, such as optimizing what has run often by then, is not counted. */
const SETTLE_MS = 60_000;
const MEASURE_MS = 30_000;

/** What an agent costs at rest. */
export interface IdleResult extends Row {
  readonly files: number;
  /** Of one core. */
  readonly cpuPercent: number;
  readonly rssMB: number;
  /** The largest that it was, reading included. */
  readonly rssPeakMB: number;
}

/** Containers' logs, and files in their volumes, that are at rest. */
export const idle = suiteOf<IdleResult>({
  modes: IDLE_MODES,
  measure: measureIdle,
  columns: [
    { head: "agent", isText: true, cell: ({ agent }) => agent },
    { head: "mode", isText: true, cell: ({ mode }) => mode },
    { head: "files", cell: ({ files }) => files.toLocaleString("en") },
    { head: "% of a core", cell: ({ cpuPercent }) => cpuPercent.toFixed(2) },
    { head: "RSS MB", cell: ({ rssMB }) => rssMB.toFixed(0) },
    { head: "peak MB", cell: ({ rssPeakMB }) => rssPeakMB.toFixed(0) },
  ],
});

/** One run an agent: it is an average over half a minute already. */
async function measureIdle(setting: Setting, options: BenchOptions, mode: string): Promise<IdleResult[]> {
  const results: IdleResult[] = [];
  const idleMode = mode === "idle-files" ? mode : "idle";
  say(`${mode}: ${QUIET_FILES} files of ${LINES_PER_QUIET_FILE} lines, seed ${options.seed}`);
  for (const peer of fitPeers(options.peers, mode === "idle-files" ? "files" : "plain")) {
    const result = await measurePeer(setting, peer, idleMode, options);
    results.push(result);
    say(`${peer.name} ${mode}: ${result.cpuPercent} % of a core, ${result.rssMB.toFixed(0)} MB`);
  }
  return results;
}

/**
 * Lets the agent read all logs to their ends, waits until it is at rest, and measures; it stays connected to Kafka.
 *
 * @throws {Error} when not every line has arrived once, or the agent ends.
 */
async function measurePeer(setting: Setting, peer: Peer, mode: IdleMode, { seed, codecs: [codec] }: BenchOptions) {
  const name = `${peer.name}-${mode}`;
  const hostRoot = join(setting.directory, `node-${name}`);
  const containers = writeQuietNode(hostRoot, mode, seed);
  const kind = mode === "idle-files" ? "files" : "plain";
  const task = { peer, kind, codec, hostRoot, containers, logs: QUIET_LOGS, name } as const;
  await using agent = await AgentProcess.start(setting, task);
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
