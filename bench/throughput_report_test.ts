/** @module */
import { assertEquals } from "@std/assert";
import { aligned } from "./table.ts";
import { resultsOf, type Run, throughputColumns } from "./throughput_report.ts";

function run(agent: string, cpuS: number): Run {
  return {
    agent,
    mode: "plain",
    codec: "none",
    logMB: 500,
    startCpuS: 0.25,
    startS: 0.5,
    cpuS,
    wallS: 4,
    inputMB: 200,
    lines: 1_000_000,
    rssMB: 80,
    wireRatio: 3.25,
  };
}

/** The cells of the rows, without the heads. */
function cells(runs: readonly Run[]): string[][] {
  return aligned(throughputColumns, resultsOf(runs)).split("\n").slice(1).map((row) => row.split(/ +/));
}

Deno.test("results are medians over the runs of one agent", () => {
  const [slow, fast] = resultsOf([run("slow", 4), run("fast", 1), run("slow", 8), run("fast", 2), run("slow", 5)]);
  assertEquals([slow.inputMBPerCpuSecond, slow.linesPerCpuSecond, slow.inputMBPerSecond], [40, 200_000, 50]);
  assertEquals([slow.rounds, slow.startCpuS, slow.wireRatio], [3, 0.25, 3.25]);
  assertEquals([fast.inputMBPerCpuSecond, fast.rounds], [150, 2]);
});

Deno.test("a row of the table", () => {
  assertEquals(cells([run("sluice", 1)]), [
    ["sluice", "plain", "none", "200", "-", "1,000,000", "50", "0.25", "80", "3.25"],
  ]);
});

for (
  const [what, runs, ratios] of [
    ["rsyslog's, though another is faster", [run("sluice", 1), run("rsyslog", 4), run("other", 2)], [
      "4.0",
      "1.0",
      "2.0",
    ]],
    ["the fastest peer's, without rsyslog", [run("sluice", 1), run("slow", 4), run("fast", 2)], ["2.0", "0.5", "1.0"]],
    ["what it is with the same codec as peers know it", [
      { ...run("sluice", 1), codec: "lz4-1" },
      { ...run("rsyslog", 2), codec: "lz4" },
      run("rsyslog", 8),
    ], ["2.0", "1.0", "1.0"]],
    ["nobody's, when it is alone", [run("sluice", 1), { ...run("rsyslog", 4), mode: "json" }], ["-", "1.0"]],
  ] as const
) {
  Deno.test(`an agent's speed is given in units of ${what}`, () => {
    assertEquals(cells(runs).map((row) => row[4]), [...ratios]);
  });
}
