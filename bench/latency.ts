/**
 * How long a line takes from being written to where a consumer can read it, which is when the broker has acknowledged it: with many
 * containers that write steadily, and with a line now and then to logs that are at rest.
 *
 * @module
 */
import { accessLine } from "./access_log.ts";
import { Arrivals } from "./arrivals.ts";
import { Histogram } from "./histogram.ts";
import { LiveAgent, type LiveSetting, PARTITION_COUNT } from "./live_agent.ts";
import { criFormat } from "./log_format.ts";
import { writeLines } from "./line_writer.ts";
import { cpuSecondsBetween, readCpu } from "./process_cost.ts";
import { Random } from "../tests/support/random.ts";

const CONTAINERS = 100;
const ARRIVE_MS_MAX = 60_000;
/** What comes so soon after the start is not counted: code is compiled, and after ten seconds the garbage of the start is collected, once. */
const WARM_UP_MS = 14_000;
/** The moment of writing in milliseconds, at the beginning of each line. */
const STAMP = /\bat=(\d+\.\d+) /;

/** How the lines come. */
export interface LatencyLoad {
  readonly name: string;
  readonly linesPerSecond: number;
  /** How long nobody writes before. */
  readonly restMs: number;
}

/** The loads. */
export const LATENCY_LOADS: readonly LatencyLoad[] = [
  { name: "latency", linesPerSecond: 10_000, restMs: 0 },
  { name: "latency-quiet", linesPerSecond: 10, restMs: 10_000 },
];

/** What was found. */
export interface LatencyResult {
  readonly mode: string;
  readonly linesPerSecond: number;
  readonly cpuPercent: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly histogram: string;
}

/** @throws {Error} when lines are missing or came twice. */
export async function measureLatency(setting: LiveSetting, load: LatencyLoad): Promise<LatencyResult> {
  await using agent = await LiveAgent.prepare(setting, load.name, CONTAINERS, "plain");
  const arrivals = new Arrivals(setting.kafka.port, agent.topicName, PARTITION_COUNT);
  const random = new Random(setting.seed);
  const texts = Array.from({ length: 1000 }, () => accessLine(random));
  let index = 0;
  const line = () =>
    criFormat.line(criFormat.time(index), `at=${performance.now().toFixed(3)} ${texts[index++ % texts.length]}`);
  const lines = (count: number) => new TextEncoder().encode(Array.from({ length: count }, line).join(""));
  const write = (linesPerSecond: number, seconds: number) =>
    writeLines({ paths: agent.node.logPaths, linesPerSecond, linesPerWrite: 1, seconds, lines });
  agent.start();
  const first = await write(load.linesPerSecond, WARM_UP_MS / 1000);
  await new Promise((resolve) => setTimeout(resolve, load.restMs));
  const from = performance.now();
  const before = readCpu(agent.pid);
  const second = await write(load.linesPerSecond, setting.seconds);
  const coreShare = cpuSecondsBetween(before, readCpu(agent.pid)) / ((performance.now() - from) / 1000);
  const count = first.lines + second.lines;
  await agent.topic.waitForRecords(count, ARRIVE_MS_MAX, agent.ended);
  await arrivals[Symbol.asyncDispose]();
  return {
    ...resultOf(arrivals, from, count),
    mode: load.name,
    linesPerSecond: load.linesPerSecond,
    cpuPercent: percent(coreShare),
  };
}

function resultOf(arrivals: Arrivals, from: number, count: number) {
  const seen = new Set<string>();
  const durations: number[] = [];
  arrivals.read((value, atMs) => {
    const stamp = STAMP.exec(new TextDecoder().decode(value))?.[1];
    if (stamp === undefined) throw new Error(`A record without a moment: ${new TextDecoder().decode(value)}`);
    seen.add(stamp);
    if (Number(stamp) >= from) durations.push(atMs - Number(stamp));
  });
  if (seen.size > count) throw new Error(`${seen.size} lines arrived where ${count} were written`);
  const histogram = new Histogram(durations);
  const [p50Ms, p99Ms, maxMs] = [0.5, 0.99, 1].map((share) => Math.round(histogram.percentile(share) * 10) / 10);
  return { p50Ms, p99Ms, maxMs, histogram: histogram.draw() };
}

function percent(share: number): number {
  return Math.round(share * 10_000) / 100;
}
