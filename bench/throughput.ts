/**
 * One run of one agent on a log that is there when it starts.
 *
 * @module
 */
import { AgentProcess, type Setting } from "./agent_process.ts";
import type { Corpus } from "./corpus.ts";
import type { Codec, ThroughputMode } from "./mode.ts";
import type { Peer } from "./peer.ts";
import { processCost } from "./process_cost.ts";
import { checkRecords } from "./record_check.ts";
import type { Run } from "./report.ts";
import { workloadOf } from "./workload.ts";

const RUN_MS_MAX = 300_000;

/** The log of one mode, written. */
export interface PreparedWork {
  readonly mode: ThroughputMode;
  readonly hostRoot: string;
  readonly corpus: Corpus;
}

/** Which run it is. */
export interface RunName {
  readonly peer: Peer;
  readonly codec: Codec;
  readonly round: number;
}

/**
 * Measures until the last record has arrived for which nothing must be waited, and then waits for the rest. What arrived is compared
 * with the log in the first round; in the others it is counted.
 *
 * @throws {Error} when records are missing, different or repeated, or the agent ends.
 */
export async function measureThroughput(setting: Setting, work: PreparedWork, which: RunName): Promise<Run> {
  const { mode, hostRoot, corpus } = work;
  const { peer, codec, round } = which;
  const { container, heldBack } = workloadOf(mode);
  const name = `${peer.name}-${mode}-${codec}-${round}`;
  await using agent = await AgentProcess.start(setting, { peer, mode, codec, hostRoot, containers: [container], name });
  await agent.topic.waitForRecords(corpus.records - heldBack, RUN_MS_MAX, agent.ended);
  const wallS = (performance.now() - agent.startedMs) / 1_000;
  const { cpuS, rssPeakMB: rssMB } = processCost(agent.pid);
  await agent.topic.waitForRecords(corpus.records, RUN_MS_MAX, agent.ended);
  const wireMB = agent.wireBytes() / 1e6;
  await check(agent, corpus, round);
  const { lines, records, bytes } = corpus;
  return { agent: peer.name, mode, codec, lines, records, inputMB: bytes / 1e6, cpuS, wallS, rssMB, wireMB };
}

async function check(agent: AgentProcess, corpus: Corpus, round: number): Promise<void> {
  if (round === 0) return await checkRecords(corpus, agent.topic.values());
  const count = await agent.topic.recordCount();
  if (count !== corpus.records) throw new Error(`${count} records arrived where ${corpus.records} were written`);
}
