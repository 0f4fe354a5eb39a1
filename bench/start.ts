/**
 * How long the agent takes from the start of its process to its first record in Kafka, and to one of each log, with a hundred
 * containers that have written before.
 *
 * @module
 */
import { Random } from "../tests/support/random.ts";
import { accessLine } from "./access_log.ts";
import { Arrivals } from "./arrivals.ts";
import { LiveAgent, type LiveSetting, PARTITION_COUNT } from "./live_agent.ts";
import { criFormat } from "./log_format.ts";
import { processCost } from "./process_cost.ts";

const CONTAINERS = 100;
const LINES_PER_LOG = 100;
const ROUNDS = 5;
const ARRIVE_MS_MAX = 60_000;

/** Medians over the rounds. */
export interface StartResult {
  readonly mode: string;
  readonly firstRecordMs: number;
  readonly lastRecordMs: number;
  /** Until the last record. */
  readonly cpuMs: number;
}

/** The first start of all is not counted: the program's compiled code is kept then. */
export async function measureStart(setting: LiveSetting): Promise<StartResult> {
  await oneStart(setting, "start-first");
  const rounds: Omit<StartResult, "mode">[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await oneStart(setting, `start-${round}`));
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  return {
    mode: "start",
    firstRecordMs: median(rounds.map(({ firstRecordMs }) => firstRecordMs)),
    lastRecordMs: median(rounds.map(({ lastRecordMs }) => lastRecordMs)),
    cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)),
  };
}

async function oneStart(setting: LiveSetting, name: string) {
  await using agent = await LiveAgent.prepare(setting, name, CONTAINERS, "plain");
  const random = new Random(setting.seed);
  for (const path of agent.node.logPaths) {
    const lines = Array.from(
      { length: LINES_PER_LOG },
      (_, index) => criFormat.line(criFormat.time(index), accessLine(random)),
    );
    Deno.writeTextFileSync(path, lines.join(""));
  }
  const arrivals = new Arrivals(setting.kafka.port, name, PARTITION_COUNT);
  const started = performance.now();
  agent.start();
  await agent.topic.waitForRecords(CONTAINERS * LINES_PER_LOG, ARRIVE_MS_MAX, agent.ended);
  const cpuMs = Math.round(processCost(agent.pid).cpuS * 1000);
  await arrivals[Symbol.asyncDispose]();
  const times: number[] = [];
  arrivals.read((_value, atMs) => times.push(atMs - started));
  return {
    firstRecordMs: Math.round(Math.min(...times)),
    lastRecordMs: Math.round(times.reduce((last, time) => Math.max(last, time), 0)),
    cpuMs,
  };
}
