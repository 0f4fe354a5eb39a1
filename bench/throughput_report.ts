/**
 * From the runs on a log to results: medians, and the columns of their table.
 *
 * @module
 */
import { medianOf } from "./median.ts";
import { type Codec, type LogKind, peerCodec } from "./mode.ts";
import type { Row } from "./suite.ts";
import type { Column } from "./table.ts";

/** The peer to which the others are compared where it can do the work: the fastest of them on most. */
export const YARDSTICK = "rsyslog";
/** This project's own agent. */
export const OWN = "sluice";

/** What one run of one agent has shown. Megabytes are 10^6 bytes. */
export interface Run {
  readonly agent: string;
  readonly mode: LogKind;
  readonly codec: Codec;
  /** Of the whole log. */
  readonly logMB: number;
  /** What it needed until the first record had arrived, in seconds of the processor and by the clock. */
  readonly startCpuS: number;
  readonly startS: number;
  /** From then on, and how much of the log it delivered in that. */
  readonly cpuS: number;
  readonly wallS: number;
  readonly inputMB: number;
  readonly lines: number;
  /** The largest that it was. */
  readonly rssMB: number;
  /** Bytes on the wire for each byte of the log. */
  readonly wireRatio: number;
}

/** The medians over the runs of one agent with one codec. */
export interface ThroughputResult extends Row {
  readonly codec: Codec;
  readonly logMB: number;
  readonly rounds: number;
  readonly inputMBPerCpuSecond: number;
  readonly linesPerCpuSecond: number;
  /** By the clock, on one core. */
  readonly inputMBPerSecond: number;
  readonly startCpuS: number;
  readonly startS: number;
  readonly rssMB: number;
  readonly wireRatio: number;
}

/** The table's columns. */
export const throughputColumns: readonly Column<ThroughputResult>[] = [
  { head: "agent", isText: true, cell: ({ agent }) => agent },
  { head: "mode", isText: true, cell: ({ mode }) => mode },
  { head: "codec", isText: true, cell: ({ codec }) => codec },
  { head: "MB/CPU-s", cell: ({ inputMBPerCpuSecond }) => inputMBPerCpuSecond.toFixed(0) },
  { head: "ratio", cell: ratioText },
  { head: "lines/CPU-s", cell: ({ linesPerCpuSecond }) => linesPerCpuSecond.toLocaleString("en") },
  { head: "MB/s", cell: ({ inputMBPerSecond }) => inputMBPerSecond.toFixed(0) },
  { head: "start CPU-s", cell: ({ startCpuS }) => startCpuS.toFixed(2) },
  { head: "RSS MB", cell: ({ rssMB }) => rssMB.toFixed(0) },
  { head: "wire/input", cell: ({ wireRatio }) => wireRatio.toFixed(2) },
];

/** The medians, in the order in which agents and codecs first ran. */
export function resultsOf(runs: readonly Run[]): ThroughputResult[] {
  const groups = Map.groupBy(runs, ({ agent, mode, codec }) => `${agent} ${mode} ${codec}`);
  return [...groups.values()].map(resultOf);
}

function resultOf(runs: readonly Run[]): ThroughputResult {
  const median = (value: (run: Run) => number, digits = 1) => Number(medianOf(runs.map(value)).toFixed(digits));
  const { agent, mode, codec, logMB } = runs[0];
  return {
    agent,
    mode,
    codec,
    logMB: Math.round(logMB),
    rounds: runs.length,
    inputMBPerCpuSecond: median(({ inputMB, cpuS }) => inputMB / cpuS),
    linesPerCpuSecond: median(({ lines, cpuS }) => lines / cpuS, 0),
    inputMBPerSecond: median(({ inputMB, wallS }) => inputMB / wallS),
    startCpuS: median(({ startCpuS }) => startCpuS, 2),
    startS: median(({ startS }) => startS, 2),
    rssMB: median(({ rssMB }) => rssMB),
    wireRatio: median(({ wireRatio }) => wireRatio, 3),
  };
}

/** Its speed in units of rsyslog's, or of the fastest other peer's where that cannot do the work; `-` when there is none. */
function ratioText(result: ThroughputResult, results: readonly ThroughputResult[]): string {
  const yardstick = yardstickOf(result, results);
  return yardstick === undefined ? "-" : (result.inputMBPerCpuSecond / yardstick.inputMBPerCpuSecond).toFixed(1);
}

/** The result of the same mode, and the same codec as peers know it, to which `result` is compared. */
export function yardstickOf(
  { mode, codec }: ThroughputResult,
  results: readonly ThroughputResult[],
): ThroughputResult | undefined {
  const peers = results.filter((other) => {
    return other.mode === mode && other.codec === peerCodec(codec) && other.agent !== OWN;
  });
  const fastestFirst = peers.toSorted((left, right) => right.inputMBPerCpuSecond - left.inputMBPerCpuSecond);
  return peers.find(({ agent }) => agent === YARDSTICK) ?? fastestFirst[0];
}
