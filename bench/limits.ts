/**
 * What the agent uses when it is flooded, without limits and with those of which the original takes no smaller ones: 0.4 cores and
 * 384 MB.
 *
 * @module
 */
import { join } from "@std/path";
import { AgentProcess, type Setting } from "./agent_process.ts";
import { type ManyLogs, writeManyLogs } from "./many_logs.ts";
import type { BenchOptions } from "./options.ts";
import { cpuSecondsBetween, processCost, readCpu } from "./process_cost.ts";
import { sluice } from "./sluice.ts";
import { type Row, say, suiteOf } from "./suite.ts";

const LIMITS = { cpu_usage_limit: "0.4", mem_usage_limit: "384" } as const;
const LOGS = 4;
const READ_MS_MAX = 300_000;
/** The start reads nothing. */
const START_MS = 1500;

/** What was used while there was something to read. */
export interface LimitsResult extends Row {
  /** On average. */
  readonly cores: number;
  readonly rssPeakMB: number;
  /** Of the logs, in a second. */
  readonly inputMBPerS: number;
  /** The time over which it was measured. */
  readonly wallS: number;
}

/** With regular expressions and zstd, which are work enough for a while. */
export const limits = suiteOf<LimitsResult>({
  modes: ["limits"],
  measure: measureLimits,
  columns: [
    { head: "agent", isText: true, cell: ({ agent }) => agent },
    { head: "mode", isText: true, cell: ({ mode }) => mode },
    { head: "cores", cell: ({ cores }) => cores.toFixed(2) },
    { head: "peak MB", cell: ({ rssPeakMB }) => rssPeakMB.toFixed(0) },
    { head: "MB/s", cell: ({ inputMBPerS }) => inputMBPerS.toFixed(0) },
    { head: "seconds", cell: ({ wallS }) => wallS.toFixed(1) },
  ],
});

async function measureLimits(
  setting: Setting,
  { megabytes, seed }: BenchOptions,
  mode: string,
): Promise<LimitsResult[]> {
  const numbers = Array.from({ length: LOGS }, (_, index) => index);
  const logs = await writeManyLogs(
    join(setting.directory, "node-limits"),
    "regex",
    numbers,
    megabytes * 1e6 / LOGS,
    seed,
  );
  const results: LimitsResult[] = [];
  for (const [name, env] of Object.entries({ "free": {}, "limited": LIMITS })) {
    const figures = await measureFlood(setting, logs, `limits-${name}`, env);
    const agent = name === "free" ? sluice.name : `${sluice.name}, 0.4 cores, 384 MB`;
    results.push({ agent, mode, ...figures });
    say(`${agent}: ${figures.cores.toFixed(2)} cores, ${figures.rssPeakMB.toFixed(0)} MB`);
  }
  return results;
}

async function measureFlood(setting: Setting, logs: ManyLogs, name: string, env: Record<string, string>) {
  const { hostRoot, containers, corpus } = logs;
  const kind = "regex";
  const task = { peer: sluice, kind, codec: "zstd", hostRoot, containers, logs: "", name, env } as const;
  await using agent = await AgentProcess.start(setting, task);
  await new Promise((resolve) => setTimeout(resolve, START_MS));
  const before = readCpu(agent.pid);
  const recordsBefore = await agent.topic.recordCount();
  const startedMs = performance.now();
  const records = corpus.records * LOGS;
  await agent.topic.waitForRecords(records, READ_MS_MAX, agent.ended);
  const wallS = (performance.now() - startedMs) / 1000;
  const cores = cpuSecondsBetween(before, readCpu(agent.pid)) / wallS;
  const count = await agent.topic.recordCount();
  if (count !== records) throw new Error(`${count} records arrived where ${records} were written`);
  const inputMBPerS = corpus.bytes * LOGS * (1 - recordsBefore / records) / 1e6 / wallS;
  return { cores, rssPeakMB: processCost(agent.pid).rssPeakMB, inputMBPerS, wallS };
}
