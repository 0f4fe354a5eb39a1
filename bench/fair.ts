/**
 * How long the lines of 99 quiet containers take into the topic while another one floods, and while it does not.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { Random } from "../tests/support/random.ts";
import { accessLine } from "./access_log.ts";
import { AgentProcess, type Setting } from "./agent_process.ts";
import { QUIET_LOGS } from "./idle_node.ts";
import { criFormat } from "./log_format.ts";
import type { MadeUpContainer } from "./made_up_container.ts";
import type { BenchOptions } from "./options.ts";
import { fitPeers, type Peer } from "./peer.ts";
import { type Row, say, suiteOf } from "./suite.ts";

const QUIET_CONTAINERS = 99;
/** Each quiet container writes a line so often. */
const PAUSE_MS = 500;
const CALM_MS = 10_000;
/** At the highest: a machine that is slower than expected must not take for ever. */
const FLOOD_MS_MAX = 120_000;
/** Some seconds' work. */
const FLOOD_LINES = 2_000_000;
const PIECE_LINES = 20_000;
const READ_MS_MAX = 60_000;
const QUIET_LINE = /quiet (\d+) /;

/** The delays of quiet containers' lines, in milliseconds. */
export interface FairResult extends Row {
  readonly lines: number;
  readonly calmP50Ms: number;
  readonly calmP99Ms: number;
  readonly floodP50Ms: number;
  readonly floodP99Ms: number;
}

/** One flooding container beside quiet ones. */
export const fair = suiteOf<FairResult>({
  modes: ["fair"],
  measure: measureFair,
  columns: [
    { head: "agent", isText: true, cell: ({ agent }) => agent },
    { head: "lines of the flood", cell: ({ lines }) => lines.toLocaleString("en") },
    { head: "delay p50 ms", cell: ({ calmP50Ms }) => calmP50Ms.toFixed(0) },
    { head: "p99 ms", cell: ({ calmP99Ms }) => calmP99Ms.toFixed(0) },
    { head: "in the flood p50 ms", cell: ({ floodP50Ms }) => floodP50Ms.toFixed(0) },
    { head: "p99 ms", cell: ({ floodP99Ms }) => floodP99Ms.toFixed(0) },
  ],
});

async function measureFair(setting: Setting, options: BenchOptions): Promise<FairResult[]> {
  const results: FairResult[] = [];
  say(`fair: ${QUIET_CONTAINERS} quiet containers, and one that floods with ${FLOOD_LINES} lines`);
  for (const peer of fitPeers(options.peers, "plain")) {
    const result = await tryMeasure(setting, peer, options);
    if (result !== undefined) results.push(result);
  }
  return results;
}

/** An agent that cannot follow a hundred directories, or loses lines, has no figures. */
async function tryMeasure(setting: Setting, peer: Peer, options: BenchOptions): Promise<FairResult | undefined> {
  try {
    const result = await measurePeer(setting, peer, options);
    say(`${peer.name} fair: p99 ${result.calmP99Ms} ms, in the flood ${result.floodP99Ms} ms`);
    return result;
  } catch (error) {
    say(`${peer.name} fair: no figures: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

async function measurePeer(setting: Setting, peer: Peer, options: BenchOptions): Promise<FairResult> {
  const name = `${peer.name}-fair`;
  const hostRoot = join(setting.directory, `node-${name}`);
  const containers = Array.from({ length: QUIET_CONTAINERS + 1 }, (_, index) => containerOf(index));
  const paths = containers.map(({ logPath }) => join(hostRoot, logPath));
  for (const path of paths) begin(path);
  const task = { peer, kind: "plain", codec: options.codecs[0], hostRoot, containers, logs: QUIET_LOGS, name } as const;
  await using agent = await AgentProcess.start(setting, task);
  await setting.kafka.setTopicConfig(name, { "message.timestamp.type": "LogAppendTime" });
  await agent.topic.waitForRecords(paths.length, READ_MS_MAX, agent.ended);
  const quiet = new QuietWriters(paths.slice(1));
  await pause(CALM_MS);
  const floodsMs = Date.now();
  await flood(paths[0], options.seed);
  await agent.topic.waitForRecords(FLOOD_LINES, FLOOD_MS_MAX, agent.ended);
  const overMs = Date.now();
  const written = await quiet.stop();
  await agent.topic.waitForRecords(FLOOD_LINES + paths.length + written, READ_MS_MAX, agent.ended);
  const delays = await delaysOf(agent);
  const of = (fromMs: number, untilMs: number) =>
    delays.filter(({ writtenMs }) => writtenMs >= fromMs && writtenMs < untilMs).map(({ delayMs }) => delayMs);
  const [calm, flooded] = [of(0, floodsMs), of(floodsMs, overMs)];
  return {
    agent: peer.name,
    mode: "fair",
    lines: FLOOD_LINES,
    calmP50Ms: quantile(calm, 0.5),
    calmP99Ms: quantile(calm, 0.99),
    floodP50Ms: quantile(flooded, 0.5),
    floodP99Ms: quantile(flooded, 0.99),
  };
}

/** Writers of the quiet containers, each in turn, so that they write all the time and not all at once. */
class QuietWriters {
  #lines = 0;
  #isStopped = false;
  readonly #writing: Promise<void>;

  constructor(paths: readonly string[]) {
    this.#writing = this.#write(paths);
  }

  /** @returns number of lines that were written. */
  async stop(): Promise<number> {
    this.#isStopped = true;
    await this.#writing;
    return this.#lines;
  }

  async #write(paths: readonly string[]): Promise<void> {
    for (const startMs = Date.now(); !this.#isStopped;) {
      const due = Math.floor((Date.now() - startMs) * paths.length / PAUSE_MS);
      for (; this.#lines < due; this.#lines++) {
        const line = criFormat.line(criFormat.time(this.#lines), `quiet ${Date.now()} of its container`);
        Deno.writeTextFileSync(paths[this.#lines % paths.length], line, { append: true });
      }
      await pause(1);
    }
  }
}

function containerOf(index: number): MadeUpContainer {
  const number = String(index).padStart(4, "0");
  return { id: number.padEnd(64, "0"), logPath: QUIET_LOGS.replace("*", `default_fair-${number}_${number}`) };
}

function begin(path: string): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  Deno.writeTextFileSync(path, criFormat.line(criFormat.time(0), "the first line"));
}

/** Writes faster than any agent reads: the same piece again and again. */
async function flood(path: string, seed: number): Promise<void> {
  const random = new Random(seed);
  const piece = Array.from({ length: PIECE_LINES }, (_, index) => {
    return criFormat.line(criFormat.time(index), accessLine(random));
  });
  for (let left = FLOOD_LINES; left > 0; left -= piece.length) {
    Deno.writeTextFileSync(path, piece.slice(0, left).join(""), { append: true });
    await pause(0);
  }
}

/** When quiet lines were written, and how much later the broker had them. */
async function delaysOf(agent: AgentProcess): Promise<{ readonly writtenMs: number; readonly delayMs: number }[]> {
  const delays: { writtenMs: number; delayMs: number }[] = [];
  const decoder = new TextDecoder();
  for await (const { records, maxTimestampMs } of agent.topic.batches()) {
    for (const { value } of records) {
      const match = value === null ? null : QUIET_LINE.exec(decoder.decode(value));
      if (match === null) continue;
      const writtenMs = Number(match[1]);
      delays.push({ writtenMs, delayMs: Math.max(0, maxTimestampMs - writtenMs) });
    }
  }
  return delays;
}

/** @throws {Error} when there is nothing to choose from. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error("no quiet line was written in that time");
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
