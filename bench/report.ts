/**
 * From single runs to results: medians, the file `bench/results.json` and the tables. Ratios are what counts: the figures of one
 * machine mean little on another.
 *
 * @module
 */
import { type Codec, type IdleMode, MODES, type ThroughputMode } from "./mode.ts";

/** What one run of one agent has shown. */
export interface Run {
  readonly agent: string;
  readonly mode: ThroughputMode;
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
export interface ThroughputResult {
  readonly agent: string;
  readonly mode: ThroughputMode;
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

/** What an agent costs at rest. */
export interface IdleResult {
  readonly agent: string;
  readonly mode: IdleMode;
  readonly files: number;
  /** Of one core. */
  readonly cpuPercent: number;
  readonly rssMB: number;
  /** The largest that it was, reading included. */
  readonly rssPeakMB: number;
}

/** A row of `bench/results.json`. */
export type Result = ThroughputResult | IdleResult;

/** The medians, in the order in which agents and codecs first ran. */
export function resultsOf(runs: readonly Run[]): ThroughputResult[] {
  const groups = Map.groupBy(runs, ({ agent, mode, codec }) => `${agent} ${mode} ${codec}`);
  return [...groups.values()].map(resultOf);
}

function resultOf(runs: readonly Run[]): ThroughputResult {
  const medianOf = (value: (run: Run) => number) => round(median(runs.map(value)));
  const { agent, mode, codec, lines, records } = runs[0];
  return {
    agent,
    mode,
    codec,
    lines,
    records,
    inputMBPerCpuSecond: medianOf(({ inputMB, cpuS }) => inputMB / cpuS),
    linesPerCpuSecond: Math.round(median(runs.map(({ cpuS }) => lines / cpuS))),
    wallS: medianOf(({ wallS }) => wallS),
    rssMB: medianOf(({ rssMB }) => rssMB),
    wireMB: medianOf(({ wireMB }) => wireMB),
  };
}

/** Reads the text of a file of results. An empty one has none. @throws {SyntaxError} when it is not JSON. */
export function parseResults(text: string): Result[] {
  return text.trim() === "" ? [] : JSON.parse(text);
}

/** `before` with the rows of the modes in `after` replaced, ordered by mode: ratios mean something only within one run. */
export function updated(before: readonly Result[], after: readonly Result[]): Result[] {
  const measured = new Set(after.map(({ mode }) => mode));
  const rows = [...before.filter(({ mode }) => !measured.has(mode)), ...after];
  return rows.toSorted((left, right) => MODES.indexOf(left.mode) - MODES.indexOf(right.mode));
}

/** The tables: one of throughput and, behind an empty line, one of rest; a table without rows is left out. */
export function tableOf(results: readonly Result[]): string {
  const throughput = results.filter((result) => "codec" in result);
  const idle = results.filter((result) => "files" in result);
  return [throughputTable(throughput), idleTable(idle)].filter((table) => table !== "").join("\n\n");
}

/** Each agent's speed is also given in units of the slowest agent of the same mode and codec, unless it is the only one. */
function throughputTable(results: readonly ThroughputResult[]): string {
  const header = ["agent", "mode", "codec", "MB/CPU-s", "ratio", "lines/CPU-s", "wall s", "RSS MB", "wire MB"];
  return aligned(header, 3, results, (result) => [
    result.agent,
    result.mode,
    result.codec,
    result.inputMBPerCpuSecond.toFixed(0),
    ratioText(result, results),
    result.linesPerCpuSecond.toLocaleString("en"),
    result.wallS.toFixed(1),
    result.rssMB.toFixed(0),
    result.wireMB.toFixed(0),
  ]);
}

function idleTable(results: readonly IdleResult[]): string {
  const header = ["agent", "mode", "files", "% of a core", "RSS MB", "peak MB"];
  return aligned(header, 2, results, (result) => [
    result.agent,
    result.mode,
    result.files.toLocaleString("en"),
    result.cpuPercent.toFixed(2),
    result.rssMB.toFixed(0),
    result.rssPeakMB.toFixed(0),
  ]);
}

/** A table whose first columns are text. */
function aligned<Row>(
  header: readonly string[],
  textColumns: number,
  results: readonly Row[],
  cellsOf: (result: Row) => readonly string[],
): string {
  if (results.length === 0) return "";
  const rows = [header, ...results.map(cellsOf)];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const padded = (cell: string, column: number) => {
    return column < textColumns ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  };
  return rows.map((row) => row.map(padded).join("  ")).join("\n");
}

function ratioText(result: ThroughputResult, results: readonly ThroughputResult[]): string {
  const rivals = results.filter(({ mode, codec }) => mode === result.mode && codec === result.codec);
  if (rivals.length === 1) return "-";
  return (result.inputMBPerCpuSecond / Math.min(...rivals.map((rival) => rival.inputMBPerCpuSecond))).toFixed(1);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
