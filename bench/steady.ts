/**
 * What an agent needs of the processor at the load that most nodes have: 10 MB/s over 50 containers.
 *
 * @module
 */
import { Random } from "../tests/support/random.ts";
import { accessLine } from "./access_log.ts";
import { writeLines } from "./line_writer.ts";
import { LiveAgent, type LiveSetting } from "./live_agent.ts";
import type { LineWork } from "./live_node.ts";
import { criFormat } from "./log_format.ts";
import { cpuSecondsBetween, processCost, readCpu } from "./process_cost.ts";

const CONTAINERS = 50;
const BYTES_PER_SECOND = 10_000_000;
/** So many lines come at once from a container; at 1,000 lines a second each. */
const LINES_PER_WRITE = 5;
/** Code is compiled in this time, and after ten seconds the garbage of the start is collected, once. */
const WARM_UP_SECONDS = 14;
const ARRIVE_MS_MAX = 60_000;
const MADE_LINES = 5000;

/** What was found. */
export interface SteadyResult {
  readonly mode: string;
  readonly inputMBPerSecond: number;
  readonly cpuPercent: number;
  readonly rssMB: number;
}

/** @throws {Error} when not every line has arrived once. */
export async function measureSteady(setting: LiveSetting, work: LineWork): Promise<SteadyResult> {
  const mode = `steady-${work}`;
  await using agent = await LiveAgent.prepare(setting, mode, CONTAINERS, work);
  const random = new Random(setting.seed);
  const chunks = Array.from({ length: MADE_LINES }, (_, index) => {
    const lines = Array.from(
      { length: LINES_PER_WRITE },
      () => criFormat.line(criFormat.time(index), accessLine(random)),
    );
    return new TextEncoder().encode(lines.join(""));
  });
  const bytesPerLine = chunks.reduce((sum, { length }) => sum + length, 0) / MADE_LINES / LINES_PER_WRITE;
  let at = 0;
  const lines = () => chunks[at++ % chunks.length];
  const linesPerSecond = BYTES_PER_SECOND / bytesPerLine;
  const write = (seconds: number) =>
    writeLines({ paths: agent.node.logPaths, linesPerSecond, linesPerWrite: LINES_PER_WRITE, seconds, lines });
  agent.start();
  const first = await write(WARM_UP_SECONDS);
  const before = readCpu(agent.pid);
  const started = performance.now();
  const second = await write(setting.seconds);
  const wallS = (performance.now() - started) / 1000;
  const cpuS = cpuSecondsBetween(before, readCpu(agent.pid));
  const { rssMB } = processCost(agent.pid);
  const count = first.lines + second.lines;
  await agent.topic.waitForRecords(count, ARRIVE_MS_MAX, agent.ended);
  const arrived = await agent.topic.recordCount();
  if (arrived !== count) throw new Error(`${arrived} records arrived where ${count} were written`);
  const tenth = (value: number) => Math.round(value * 10) / 10;
  return {
    mode,
    inputMBPerSecond: tenth(second.bytes / wallS / 1e6),
    cpuPercent: tenth(cpuS / wallS * 100),
    rssMB: tenth(rssMB),
  };
}
