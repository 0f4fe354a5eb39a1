/**
 * What an agent needs of the processor to deliver a log that is there when it starts.
 *
 * @module
 */
import { join } from "@std/path";
import { AgentProcess, type Setting } from "./agent_process.ts";
import { type Corpus, writeCorpus } from "./corpus.ts";
import { medianOf } from "./median.ts";
import { type Codec, LOG_KINDS, type LogKind } from "./mode.ts";
import type { BenchOptions } from "./options.ts";
import { fitPeers, type Peer } from "./peer.ts";
import { processCost } from "./process_cost.ts";
import { checkRecords } from "./record_check.ts";
import { type Row, say, suiteOf } from "./suite.ts";
import { WORKLOADS } from "./workload.ts";

const RUN_MS_MAX = 300_000;

/** What one run of one agent has shown. */
export interface Run {
  readonly agent: string;
  readonly mode: LogKind;
  readonly codec: Codec;
  readonly lines: number;
  readonly records: number;
  readonly inputMB: number;
  readonly cpuS: number;
  readonly wallS: number;
  readonly rssMB: number;
  readonly wireMB: number;
}

/** The medians over the runs of one agent with one codec. Megabytes are 10^6 bytes. */
export interface ThroughputResult extends Row {
  readonly codec: Codec;
  readonly lines: number;
  readonly records: number;
  readonly inputMBPerCpuSecond: number;
  readonly linesPerCpuSecond: number;
  readonly wallS: number;
  /** The largest that it was. */
  readonly rssMB: number;
  readonly wireMB: number;
}

/** Every kind of work. */
export const throughput = suiteOf<ThroughputResult>({
  modes: LOG_KINDS,
  measure: measureThroughput,
  columns: [
    { head: "agent", isText: true, cell: ({ agent }) => agent },
    { head: "mode", isText: true, cell: ({ mode }) => mode },
    { head: "codec", isText: true, cell: ({ codec }) => codec },
    { head: "MB/CPU-s", cell: ({ inputMBPerCpuSecond }) => inputMBPerCpuSecond.toFixed(0) },
    { head: "ratio", cell: ratioText },
    { head: "lines/CPU-s", cell: ({ linesPerCpuSecond }) => linesPerCpuSecond.toLocaleString("en") },
    { head: "wall s", cell: ({ wallS }) => wallS.toFixed(1) },
    { head: "RSS MB", cell: ({ rssMB }) => rssMB.toFixed(0) },
    { head: "wire MB", cell: ({ wireMB }) => wireMB.toFixed(0) },
  ],
});

/** Each agent's speed in units of the slowest agent of the same mode and codec, unless it is the only one. */
function ratioText(result: ThroughputResult, results: readonly ThroughputResult[]): string {
  const rivals = results.filter(({ mode, codec }) => mode === result.mode && codec === result.codec);
  if (rivals.length === 1) return "-";
  return (result.inputMBPerCpuSecond / Math.min(...rivals.map((rival) => rival.inputMBPerCpuSecond))).toFixed(1);
}

/** The medians, in the order in which agents and codecs first ran. */
export function resultsOf(runs: readonly Run[]): ThroughputResult[] {
  const groups = Map.groupBy(runs, ({ agent, mode, codec }) => `${agent} ${mode} ${codec}`);
  return [...groups.values()].map(resultOf);
}

function resultOf(runs: readonly Run[]): ThroughputResult {
  const median = (value: (run: Run) => number) => Math.round(medianOf(runs.map(value)) * 10) / 10;
  const { agent, mode, codec, lines, records } = runs[0];
  return {
    agent,
    mode,
    codec,
    lines,
    records,
    inputMBPerCpuSecond: median(({ inputMB, cpuS }) => inputMB / cpuS),
    linesPerCpuSecond: Math.round(medianOf(runs.map(({ cpuS }) => lines / cpuS))),
    wallS: median(({ wallS }) => wallS),
    rssMB: median(({ rssMB }) => rssMB),
    wireMB: median(({ wireMB }) => wireMB),
  };
}

/** The log of one kind of work, written. */
interface PreparedWork {
  readonly kind: LogKind;
  readonly hostRoot: string;
  readonly corpus: Corpus;
}

/** Agents take turns, so that all of them have the machine's good and bad moments. */
async function measureThroughput(setting: Setting, options: BenchOptions, mode: string): Promise<ThroughputResult[]> {
  const kind = LOG_KINDS.find((kind) => kind === mode)!;
  const work = await prepared(setting, options, kind);
  const peers = fitPeers(options.peers, kind);
  const runs: Run[] = [];
  for (let round = 0; round < options.rounds; round++) {
    for (const codec of options.codecs) {
      for (const peer of peers) {
        const run = await measureRun(setting, work, { peer, codec, round });
        runs.push(run);
        say(`${peer.name} ${kind} ${codec}: ${(run.inputMB / run.cpuS).toFixed(0)} MB per CPU-second`);
      }
    }
  }
  await Deno.remove(work.hostRoot, { recursive: true });
  return resultsOf(runs);
}

async function prepared(setting: Setting, { lines, seed, rounds }: BenchOptions, kind: LogKind): Promise<PreparedWork> {
  const workload = WORKLOADS[kind];
  const hostRoot = join(setting.directory, `node-${kind}`);
  const corpus = await writeCorpus(join(hostRoot, workload.container.logPath), workload, lines, seed);
  const size = `${corpus.lines} lines, ${corpus.records} records, ${(corpus.bytes / 1e6).toFixed(0)} MB`;
  say(`${kind}: ${size}, seed ${seed}; ${rounds} rounds`);
  return { kind, hostRoot, corpus };
}

/** Which run it is. */
interface RunName {
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
async function measureRun(setting: Setting, { kind, hostRoot, corpus }: PreparedWork, which: RunName): Promise<Run> {
  const { peer, codec, round } = which;
  const { container, heldBack } = WORKLOADS[kind];
  const name = `${peer.name}-${kind}-${codec}-${round}`;
  const task = { peer, kind, codec, hostRoot, containers: [container], logs: container.logPath, name };
  await using agent = await AgentProcess.start(setting, task);
  await agent.topic.waitForRecords(corpus.records - heldBack, RUN_MS_MAX, agent.ended);
  const wallS = (performance.now() - agent.startedMs) / 1_000;
  const { cpuS, rssPeakMB: rssMB } = processCost(agent.pid);
  await agent.topic.waitForRecords(corpus.records, RUN_MS_MAX, agent.ended);
  const wireMB = agent.wireBytes() / 1e6;
  await check(agent, corpus, round);
  const { lines, records, bytes } = corpus;
  return { agent: peer.name, mode: kind, codec, lines, records, inputMB: bytes / 1e6, cpuS, wallS, rssMB, wireMB };
}

async function check(agent: AgentProcess, corpus: Corpus, round: number): Promise<void> {
  if (round === 0) return await checkRecords(corpus, agent.topic.values());
  const count = await agent.topic.recordCount();
  if (count !== corpus.records) throw new Error(`${count} records arrived where ${corpus.records} were written`);
}
