/**
 * What this project wants to reach, beside what `bench/results.json` says of it, as a table for the README.
 *
 * @module
 */
import { idle } from "./idle.ts";
import { latency, start, steady } from "./live_suites.ts";
import type { Codec, LogKind } from "./mode.ts";
import type { Row } from "./suite.ts";
import { throughput } from "./throughput.ts";
import { OWN, YARDSTICK } from "./throughput_report.ts";

/** One aim. */
interface Target {
  readonly what: string;
  readonly wanted: number;
  /** Whether more is better; less is by default. */
  readonly isMinimum?: boolean;
  readonly unit: string;
  /** What was measured; undefined when it was not. */
  readonly measured: (rows: readonly Row[]) => number | undefined;
}

const CODEC_NAMES: Readonly<Partial<Record<Codec, string>>> = { none: "uncompressed" };

const TARGETS: readonly Target[] = [
  speed("plain", "none", 400),
  speed("plain", "lz4", 850),
  speed("regex", "none", 300),
  speed("regex", "lz4", 550),
  speed("json", "none", 400),
  speed("multiline", "none", 400),
  speed("docker", "none", 350),
  times("plain", "none", 6),
  times("plain", "lz4", 14),
  times("regex", "none", 8),
  times("regex", "lz4", 15),
  { what: "memory at work, in all modes", wanted: 110, unit: "MB", measured: largestMemory },
  {
    what: "1,000 quiet logs",
    wanted: 0.05,
    unit: "% of a core",
    measured: (rows) => own(idle.own(rows), "idle")?.cpuPercent,
  },
  { what: "memory at rest", wanted: 75, unit: "MB", measured: (rows) => own(idle.own(rows), "idle")?.rssMB },
  {
    what: "first record, 100 containers",
    wanted: 1_000,
    unit: "ms",
    measured: (rows) => own(start.own(rows), "start")?.firstRecordMs,
  },
  { what: "latency, p50", wanted: 20, unit: "ms", measured: (rows) => own(latency.own(rows), "latency")?.p50Ms },
  { what: "latency, p99", wanted: 100, unit: "ms", measured: (rows) => own(latency.own(rows), "latency")?.p99Ms },
  steadily("plain", 2),
  steadily("regex", 4),
];

/** The table, in Markdown; what was not measured says so. */
export function targetsTable(rows: readonly Row[]): string {
  const lines = TARGETS.map((target) => {
    const { what, wanted, isMinimum, unit, measured } = target;
    const value = measured(rows);
    const found = value === undefined ? "not measured" : `${value} ${unit}${shortfall(target, value)}`;
    return `| ${what} | ${isMinimum ? "at least" : "at most"} ${wanted} ${unit} | ${found} |`;
  });
  return ["| aim | wanted | measured |", "| --- | --- | --- |", ...lines].join("\n");
}

/** What rsyslog did, uncompressed, on the machine for which the aims were set, in MB per CPU-second. */
const YARDSTICK_THERE = { plain: 59, regex: 36 } as const;

/** A sentence on how this machine compares with the one for which the aims were set; empty where nobody measured that. */
export function machinesText(rows: readonly Row[]): string {
  const kinds = ["plain", "regex"] as const;
  const here = kinds.map((kind) => rounded(tried(rows, YARDSTICK, kind, "none")?.inputMBPerCpuSecond, 0));
  if (here.includes(undefined)) return "";
  const there = kinds.map((kind) => YARDSTICK_THERE[kind]);
  return `Megabytes a CPU-second depend on the processor: ${YARDSTICK} did ${
    there.join(" (plain) and ")
  } (regex) where the ` +
    `aims were set, and does ${here.join(" and ")} here.`;
}

function shortfall({ wanted, isMinimum }: Target, value: number): string {
  const ratio = isMinimum ? value / wanted : wanted / value;
  if (ratio >= 1) return "";
  return isMinimum
    ? `: ${Math.round((1 - ratio) * 100)} % too few`
    : `: ${Math.round((value / wanted - 1) * 100)} % too much`;
}

function speed(mode: LogKind, codec: Codec, wanted: number): Target {
  const measured = (rows: readonly Row[]) => rounded(tried(rows, OWN, mode, codec)?.inputMBPerCpuSecond, 0);
  return { what: `${mode}, ${CODEC_NAMES[codec] ?? codec}`, wanted, isMinimum: true, unit: "MB/CPU-s", measured };
}

function times(mode: LogKind, codec: Codec, wanted: number): Target {
  const measured = (rows: readonly Row[]) => {
    const [ours, theirs] = [OWN, YARDSTICK].map((agent) => tried(rows, agent, mode, codec)?.inputMBPerCpuSecond);
    return ours === undefined || theirs === undefined ? undefined : rounded(ours / theirs, 1);
  };
  return { what: `${mode}, ${CODEC_NAMES[codec] ?? codec}`, wanted, isMinimum: true, unit: `× ${YARDSTICK}`, measured };
}

function steadily(work: "plain" | "regex", wanted: number): Target {
  const measured = (rows: readonly Row[]) => own(steady.own(rows), `steady-${work}`)?.cpuPercent;
  return { what: `10 MB/s over 50 containers, ${work}`, wanted, unit: "% of a core", measured };
}

function largestMemory(rows: readonly Row[]): number | undefined {
  const sizes = throughput.own(rows).filter(({ agent }) => agent === OWN).map(({ rssMB }) => rssMB);
  return sizes.length === 0 ? undefined : rounded(Math.max(...sizes), 0);
}

function tried(rows: readonly Row[], agent: string, mode: LogKind, codec: Codec) {
  return throughput.own(rows).find((row) => row.agent === agent && row.mode === mode && row.codec === codec);
}

function own<Result extends Row>(rows: readonly Result[], mode: string): Result | undefined {
  return rows.find((row) => row.agent === OWN && row.mode === mode);
}

function rounded(value: number | undefined, digits: number): number | undefined {
  return value === undefined ? undefined : Number(value.toFixed(digits));
}
