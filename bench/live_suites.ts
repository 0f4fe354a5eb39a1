/**
 * What is measured of this project's agent alone, while containers write, as suites: latency, steady load, start.
 *
 * @module
 */
import type { Setting } from "./agent_process.ts";
import { LATENCY_LOADS, type LatencyResult, measureLatency } from "./latency.ts";
import type { LiveSetting } from "./live_agent.ts";
import type { BenchOptions } from "./options.ts";
import { measureStart, type StartResult } from "./start.ts";
import { measureSteady, type SteadyResult } from "./steady.ts";
import { type Row, say, suiteOf } from "./suite.ts";
import type { Column } from "./table.ts";
import { OWN } from "./throughput_report.ts";

const SECONDS = 20;
const AGENT_AND_MODE: readonly Column<Row>[] = [
  { head: "agent", isText: true, cell: ({ agent }) => agent },
  { head: "mode", isText: true, cell: ({ mode }) => mode },
];

/** 10 MB/s over 50 containers. */
export const steady = suiteOf<SteadyResult & Row>({
  modes: ["steady-plain", "steady-regex"],
  measure: liveMeasure((setting, mode) => measureSteady(setting, mode === "steady-regex" ? "regex" : "plain")),
  columns: [
    ...AGENT_AND_MODE,
    { head: "MB/s", cell: ({ inputMBPerSecond }) => inputMBPerSecond.toFixed(1) },
    { head: "% of a core", cell: ({ cpuPercent }) => cpuPercent.toFixed(1) },
    { head: "RSS MB", cell: ({ rssMB }) => rssMB.toFixed(0) },
  ],
});

/** From a line's writing to its arrival. */
export const latency = suiteOf<LatencyResult & Row>({
  modes: LATENCY_LOADS.map(({ name }) => name),
  measure: liveMeasure((setting, mode) => measureLatency(setting, LATENCY_LOADS.find(({ name }) => name === mode)!)),
  columns: [
    ...AGENT_AND_MODE,
    { head: "lines/s", cell: ({ linesPerSecond }) => linesPerSecond.toLocaleString("en") },
    { head: "p50 ms", cell: ({ p50Ms }) => p50Ms.toFixed(1) },
    { head: "p99 ms", cell: ({ p99Ms }) => p99Ms.toFixed(1) },
    { head: "max ms", cell: ({ maxMs }) => maxMs.toFixed(1) },
    { head: "% of a core", cell: ({ cpuPercent }) => cpuPercent.toFixed(1) },
  ],
});

/** From the process's start to its records, with a hundred containers present. */
export const start = suiteOf<StartResult & Row>({
  modes: ["start"],
  measure: liveMeasure(measureStart),
  columns: [
    ...AGENT_AND_MODE,
    { head: "first record ms", cell: ({ firstRecordMs }) => firstRecordMs.toFixed(0) },
    { head: "all 10,000 ms", cell: ({ lastRecordMs }) => lastRecordMs.toFixed(0) },
    { head: "CPU ms", cell: ({ cpuMs }) => cpuMs.toFixed(0) },
  ],
});

/** Measures this project's agent where it is among those that are measured. */
function liveMeasure<Result extends { readonly mode: string }>(
  measure: (setting: LiveSetting, mode: string) => Promise<Result>,
): (setting: Setting, options: BenchOptions, mode: string) => Promise<(Result & Row)[]> {
  return async ({ programs, directory, kafka }, { peers, seed }, mode) => {
    const peer = peers.find(({ name }) => name === OWN);
    const binary = peer && programs.get(peer);
    if (binary === undefined) return [];
    say(`${mode}: seed ${seed}`);
    const result = await measure({ binary, directory, kafka, seconds: SECONDS, seed }, mode);
    if ("histogram" in result) say(`${mode}:\n${result.histogram}`);
    return [{ ...result, agent: OWN }];
  };
}
