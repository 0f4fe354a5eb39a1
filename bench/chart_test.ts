/** @module */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { chartOf } from "./chart.ts";
import { parseResults } from "./results.ts";
import { throughput } from "./throughput.ts";
import type { ThroughputResult } from "./throughput_report.ts";

const directory = dirname(fromFileUrl(import.meta.url));

function result(agent: string, codec: "none" | "lz4", inputMBPerCpuSecond: number): ThroughputResult {
  const others = { logMB: 1, rounds: 1, linesPerCpuSecond: 1, inputMBPerSecond: 1, startCpuS: 1, startS: 1, rssMB: 1 };
  return { agent, mode: "plain", codec, inputMBPerCpuSecond, wireRatio: 1, ...others };
}

Deno.test("bench/chart.svg is that of bench/results.json: `deno task bench:publish` makes it", () => {
  const results = parseResults(Deno.readTextFileSync(join(directory, "results.json")));
  assertEquals(Deno.readTextFileSync(join(directory, "chart.svg")), chartOf(throughput.own(results)));
});

Deno.test("bars are as long as agents are fast", () => {
  const chart = chartOf([result("sluice", "none", 400), result("sluice", "lz4", 800), result("other", "none", 100)]);
  const widths = [...chart.matchAll(/<rect x="136" .* width="([\d.]+)"/g)].map(([, width]) => Number(width));
  assertEquals(widths.map((width) => Math.round(100 * width / widths[1])), [50, 100, 13]);
  for (const text of ["sluice", "other", "plain", "800", "100"]) assertStringIncludes(chart, `>${text}<`);
});

Deno.test("without results the chart is empty", () => assertStringIncludes(chartOf([]), "</svg>"));
