/**
 * What an agent needs of the processor to deliver a log that is there when it starts. The log is one piece, repeated until it is long
 * enough for a steady figure; the piece alone, which every agent delivers first, is compared with what arrives.
 *
 * @module
 */
import { join } from "@std/path";
import { AgentProcess, type Setting, type Task } from "./agent_process.ts";
import { type Corpus, repeatCorpus, writeCorpus } from "./corpus.ts";
import { type Codec, LOG_KINDS, type LogKind, peerCodec } from "./mode.ts";
import type { BenchOptions } from "./options.ts";
import { fitPeers, type Peer } from "./peer.ts";
import { processCost } from "./process_cost.ts";
import { checkRecords } from "./record_check.ts";
import { say, suiteOf } from "./suite.ts";
import { OWN, resultsOf, type Run, throughputColumns, type ThroughputResult } from "./throughput_report.ts";
import { WORKLOADS } from "./workload.ts";

const PIECE_MB = 10;
const START_MS_MAX = 60_000;
const CHECK_MS_MAX = 60_000;
const RUN_MS_MAX = 300_000;
/** The agents have the first core, and the broker what remains. */
const CORE = 0;
/** Who has come so far when the time is over may finish, so that what arrived can be counted. */
const DONE_SHARE = 0.98;

/** Every kind of work on a log. */
export const throughput = suiteOf<ThroughputResult>({
  modes: LOG_KINDS,
  measure: measureThroughput,
  columns: throughputColumns,
});

/** The log of one kind of work, written. */
interface PreparedWork {
  readonly kind: LogKind;
  /** What is in the piece, which is the log of this node. */
  readonly piece: Corpus;
  readonly pieceRoot: string;
  /** How often the log of this node has the piece. */
  readonly times: number;
  readonly hostRoot: string;
}

/** Who works, and how messages are compressed. */
interface Turn {
  readonly peer: Peer;
  readonly codec: Codec;
}

/** Agents take turns, so that all of them have the machine's good and bad moments. */
async function measureThroughput(setting: Setting, options: BenchOptions, mode: string): Promise<ThroughputResult[]> {
  const kind = LOG_KINDS.find((kind) => kind === mode)!;
  const work = await prepared(setting, options, kind);
  const peers = fitPeers(options.peers, kind);
  const turns: Turn[] = [];
  for (const codec of options.codecs) {
    const able = peers.filter(({ ownCodecs }) => codec === peerCodec(codec) || ownCodecs?.includes(codec));
    for (const peer of able) if (await isCorrect(setting, work, { peer, codec })) turns.push({ peer, codec });
  }
  const runs: Run[] = [];
  for (let round = 0; round < options.rounds; round++) {
    for (const turn of turns) runs.push(await measureRun(setting, options, work, { ...turn, round }));
  }
  await Deno.remove(work.pieceRoot, { recursive: true });
  await Deno.remove(work.hostRoot, { recursive: true });
  return resultsOf(runs);
}

async function prepared(setting: Setting, options: BenchOptions, kind: LogKind): Promise<PreparedWork> {
  const { megabytes, seed, rounds } = options;
  const workload = WORKLOADS[kind];
  const [pieceRoot, hostRoot] = ["piece", "node"].map((name) => join(setting.directory, `${name}-${kind}`));
  const piecePath = join(pieceRoot, workload.container.logPath);
  const piece = await writeCorpus(piecePath, workload, Math.min(PIECE_MB, megabytes) * 1e6, seed);
  const times = Math.ceil(megabytes * 1e6 / piece.bytes);
  await repeatCorpus(piecePath, join(hostRoot, workload.container.logPath), times);
  const size = `${times} times ${piece.lines} lines, ${piece.records} records`;
  say(`${kind}: ${(times * piece.bytes / 1e6).toFixed(0)} MB, ${size}, seed ${seed}; ${rounds} rounds`);
  return { kind, piece, pieceRoot, times, hostRoot };
}

/** Peers that do not do the work are left out, aloud. @throws {Error} when it is this project's agent. */
async function isCorrect(setting: Setting, work: PreparedWork, turn: Turn): Promise<boolean> {
  try {
    await checkPiece(setting, work, turn);
    return true;
  } catch (error) {
    if (turn.peer.name === OWN) throw error;
    say(`${work.kind} ${turn.codec} without ${turn.peer.name}: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}

/** Lets the agent deliver the piece. @throws {Error} when what arrives is not what was written. */
async function checkPiece(setting: Setting, { kind, piece, pieceRoot }: PreparedWork, turn: Turn): Promise<void> {
  const name = `${turn.peer.name}-${kind}-${turn.codec}-check`;
  await using agent = await AgentProcess.start(setting, taskOf(kind, pieceRoot, turn, name));
  await agent.topic.waitForRecords(piece.records, CHECK_MS_MAX, agent.ended);
  await checkRecords(piece, agent.topic.values(), turn.peer.readMessage);
}

function taskOf(kind: LogKind, hostRoot: string, { peer, codec }: Turn, name: string): Task {
  const { container } = WORKLOADS[kind];
  return { peer, kind, codec, hostRoot, containers: [container], logs: container.logPath, name, core: CORE };
}

/**
 * Measures from the first record's arrival until all records have arrived for which nothing must be waited, or until the time is
 * over.
 *
 * @throws {Error} when records are missing or repeated, or the agent ends.
 */
async function measureRun(
  setting: Setting,
  { seconds }: BenchOptions,
  work: PreparedWork,
  turn: Turn & { readonly round: number },
): Promise<Run> {
  const { kind, hostRoot, piece, times } = work;
  const { peer, codec, round } = turn;
  const records = piece.records * times;
  const logMB = piece.bytes * times / 1e6;
  await using agent = await AgentProcess.start(
    setting,
    taskOf(kind, hostRoot, turn, `${peer.name}-${kind}-${codec}-${round}`),
  );
  const first = await momentOf(agent, 1, START_MS_MAX);
  const last = await momentOf(agent, records - WORKLOADS[kind].heldBack, seconds * 1_000);
  const { rssPeakMB: rssMB } = processCost(agent.pid);
  const { arrived, wireMB } = await finish(agent, last.records, records);
  const share = (last.records - first.records) / records;
  const run = {
    agent: peer.name,
    mode: kind,
    codec,
    logMB,
    startCpuS: first.cpuS,
    startS: first.wallS,
    cpuS: last.cpuS - first.cpuS,
    wallS: last.wallS - first.wallS,
    inputMB: logMB * share,
    lines: piece.lines * times * share,
    rssMB,
    wireRatio: wireMB / (logMB * arrived / records),
  };
  say(`${peer.name} ${kind} ${codec}: ${(run.inputMB / run.cpuS).toFixed(0)} MB per CPU-second`);
  return run;
}

/** What an agent had done and cost at a moment. */
interface Moment {
  readonly records: number;
  readonly cpuS: number;
  readonly wallS: number;
}

/** The moment at which so many records have arrived, or that at which `afterMs` are over, whichever is the earlier. */
async function momentOf(agent: AgentProcess, recordCount: number, afterMs: number): Promise<Moment> {
  const records = await agent.topic.waitForRecordsOrTime(recordCount, afterMs, agent.ended);
  return { records, cpuS: processCost(agent.pid).cpuS, wallS: (performance.now() - agent.startedMs) / 1_000 };
}

/** Waits for the rest, if there is little, and counts; an agent that is not done is ended where it is. */
async function finish(agent: AgentProcess, reached: number, records: number) {
  const isDone = reached >= records * DONE_SHARE;
  if (isDone) await agent.topic.waitForRecords(records, RUN_MS_MAX, agent.ended);
  else await agent.kill();
  const arrived = await agent.topic.recordCount();
  if (arrived > records) throw new Error(`${arrived} records arrived where ${records} were written`);
  return { arrived, wireMB: agent.wireBytes() / 1e6 };
}
