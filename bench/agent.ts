/**
 * `deno task bench:agent`: the compiled binary beside its peers, on the same work and the same real Kafka, in one run, in turns.
 * Measures what each needs of the processor to deliver a log that is there when it starts, and what it costs at rest. Only ratios
 * within one run mean anything.
 *
 * @module
 */
import { join } from "@std/path";
import { TestKafka } from "../tests/support/kafka.ts";
import type { Setting } from "./agent_process.ts";
import { writeCorpus } from "./corpus.ts";
import { measureIdle } from "./idle.ts";
import { LINES_PER_QUIET_FILE, QUIET_FILES } from "./idle_node.ts";
import { isIdleMode, type Mode, type ThroughputMode } from "./mode.ts";
import { type BenchOptions, parseOptions } from "./options.ts";
import type { Peer } from "./peer.ts";
import {
  type IdleResult,
  parseResults,
  type Result,
  resultsOf,
  type Run,
  tableOf,
  type ThroughputResult,
  updated,
} from "./report.ts";
import { rsyslog } from "./rsyslog.ts";
import { sluice } from "./sluice.ts";
import { measureThroughput, type PreparedWork } from "./throughput.ts";
import { workloadOf } from "./workload.ts";

const PEERS: readonly Peer[] = [sluice, rsyslog];

async function bench(options: BenchOptions): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "sluice-bench-" });
  try {
    const programs = new Map<Peer, string>();
    for (const peer of options.peers) programs.set(peer, await peer.prepare());
    const kafkaDirectory = join(directory, "kafka");
    await using kafka = await TestKafka.start({ dataDirectory: kafkaDirectory });
    const setting = { programs, directory, kafka, kafkaDirectory };
    const throughput = await allThroughput(setting, options);
    await save(throughput, options.output);
    const idle = await allIdle(setting, options);
    await save(idle, options.output);
    console.log(tableOf([...throughput, ...idle]));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function allThroughput(setting: Setting, options: BenchOptions): Promise<ThroughputResult[]> {
  const works: PreparedWork[] = [];
  for (const mode of options.modes) if (!isIdleMode(mode)) works.push(await prepared(setting, options, mode));
  const runs: Run[] = [];
  for (let round = 0; round < options.rounds; round++) {
    for (const work of works) runs.push(...await oneRound(setting, options, work, round));
  }
  return resultsOf(runs);
}

async function prepared(setting: Setting, { lines, seed, rounds }: BenchOptions, mode: ThroughputMode) {
  const workload = workloadOf(mode);
  const hostRoot = join(setting.directory, `node-${mode}`);
  const corpus = await writeCorpus(join(hostRoot, workload.container.logPath), workload, lines, seed);
  const size = `${corpus.lines} lines, ${corpus.records} records, ${(corpus.bytes / 1e6).toFixed(0)} MB`;
  say(`${mode}: ${size}, seed ${seed}; ${rounds} rounds`);
  return { mode, hostRoot, corpus };
}

async function oneRound(setting: Setting, options: BenchOptions, work: PreparedWork, round: number): Promise<Run[]> {
  const runs: Run[] = [];
  for (const codec of options.codecs) {
    for (const peer of fitPeers(options, work.mode, round)) {
      const run = await measureThroughput(setting, work, { peer, codec, round });
      runs.push(run);
      say(`${peer.name} ${work.mode} ${codec}: ${(run.inputMB / run.cpuS).toFixed(0)} MB per CPU-second`);
    }
  }
  return runs;
}

/** One run an agent: it is an average over half a minute already. */
async function allIdle(setting: Setting, options: BenchOptions): Promise<IdleResult[]> {
  const results: IdleResult[] = [];
  for (const mode of options.modes.filter(isIdleMode)) {
    say(`${mode}: ${QUIET_FILES} files of ${LINES_PER_QUIET_FILE} lines, seed ${options.seed}`);
    for (const peer of fitPeers(options, mode, 0)) {
      const result = await measureIdle(setting, peer, mode, options.codecs[0], options.seed);
      results.push(result);
      say(`${peer.name} ${mode}: ${result.cpuPercent} % of a core, ${result.rssMB.toFixed(0)} MB`);
    }
  }
  return results;
}

function fitPeers({ peers }: BenchOptions, mode: Mode, round: number): Peer[] {
  return peers.filter((peer) => {
    const reason = peer.unfit(mode);
    if (reason !== undefined && round === 0) say(`${mode} without ${peer.name}: ${reason}`);
    return reason === undefined;
  });
}

/** Modes that were not measured now keep their results. */
async function save(results: readonly Result[], path: string): Promise<void> {
  const before = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  await Deno.writeTextFile(path, JSON.stringify(updated(parseResults(before), results), undefined, 2) + "\n");
}

function say(text: string): void {
  console.error(`bench: ${text}`);
}

if (import.meta.main) {
  try {
    await bench(parseOptions(Deno.args, PEERS));
  } catch (error) {
    say(`failed: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
