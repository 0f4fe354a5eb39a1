/**
 * From single runs to results: medians, the file `bench/results.json` and the table. Ratios are what counts: the figures of
 * one machine mean little on another.
 *
 * @module
 */
import type { Codec, Mode } from "./peer.ts";

/** What one run of one agent has shown. */
export interface Run {
  readonly agent: string;
  readonly mode: Mode;
  readonly codec: Codec;
  readonly lines: number;
  readonly inputMB: number;
  readonly cpuS: number;
  readonly wallS: number;
  readonly rssMB: number;
  readonly wireMB: number;
}

/** The medians over the runs of one agent with one codec. Megabytes are 10^6 bytes. */
export interface Result {
  readonly agent: string;
  readonly mode: Mode;
  readonly codec: Codec;
  readonly lines: number;
  readonly inputMBPerCpuSecond: number;
  readonly linesPerCpuSecond: number;
  readonly wallS: number;
  readonly rssMB: number;
  readonly wireMB: number;
}

/** The medians, in the order in which agents and codecs first ran. */
export function resultsOf(runs: readonly Run[]): Result[] {
  const groups = Map.groupBy(runs, ({ agent, mode, codec }) => `${agent} ${mode} ${codec}`);
  return [...groups.values()].map(resultOf);
}

function resultOf(runs: readonly Run[]): Result {
  const medianOf = (value: (run: Run) => number) => round(median(runs.map(value)));
  const { agent, mode, codec, lines } = runs[0];
  return {
    agent,
    mode,
    codec,
    lines,
    inputMBPerCpuSecond: medianOf(({ inputMB, cpuS }) => inputMB / cpuS),
    linesPerCpuSecond: Math.round(median(runs.map(({ cpuS }) => lines / cpuS))),
    wallS: medianOf(({ wallS }) => wallS),
    rssMB: medianOf(({ rssMB }) => rssMB),
    wireMB: medianOf(({ wireMB }) => wireMB),
  };
}

/** The table, with each agent's speed in units of the slowest agent of the same mode and codec. */
export function tableOf(results: readonly Result[]): string {
  const header = ["agent", "mode", "codec", "MB/CPU-s", "ratio", "lines/CPU-s", "wall s", "RSS MB", "wire MB"];
  const rows = results.map((result) => [
    result.agent,
    result.mode,
    result.codec,
    result.inputMBPerCpuSecond.toFixed(0),
    ratioOf(result, results).toFixed(1),
    result.linesPerCpuSecond.toLocaleString("en"),
    result.wallS.toFixed(1),
    result.rssMB.toFixed(0),
    result.wireMB.toFixed(0),
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  return [header, ...rows].map((row) => row.map((cell, column) => padded(cell, widths[column], column)).join("  "))
    .join("\n");
}

function padded(cell: string, width: number, column: number): string {
  return column < 3 ? cell.padEnd(width) : cell.padStart(width);
}

function ratioOf(result: Result, results: readonly Result[]): number {
  const rivals = results.filter(({ mode, codec }) => mode === result.mode && codec === result.codec);
  return result.inputMBPerCpuSecond / Math.min(...rivals.map((rival) => rival.inputMBPerCpuSecond));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
