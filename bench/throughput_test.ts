/** @module */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { resultsOf, type Run, throughput } from "./throughput.ts";

function run(agent: string, cpuS: number): Run {
  return {
    agent,
    mode: "plain",
    codec: "none",
    lines: 1_000_000,
    records: 1_000_000,
    inputMB: 200,
    cpuS,
    wallS: 3,
    rssMB: 80,
    wireMB: 650,
  };
}

Deno.test("results are medians over the runs of one agent", () => {
  const [slow, fast] = resultsOf([run("slow", 4), run("fast", 1), run("slow", 8), run("fast", 2), run("slow", 5)]);
  assertEquals(slow.inputMBPerCpuSecond, 40);
  assertEquals(slow.linesPerCpuSecond, 200_000);
  assertEquals(fast.inputMBPerCpuSecond, 150);
});

Deno.test("the table gives each agent's speed in units of the slowest", () => {
  const [, slow, fast] = throughput.table(resultsOf([run("slow", 4), run("fast", 1)])).split("\n");
  assertStringIncludes(slow, " 1.0 ");
  assertStringIncludes(fast, " 4.0 ");
});

Deno.test("the ratio of an agent that is alone is not given", () => {
  const [, row] = throughput.table(resultsOf([run("slow", 4), { ...run("alone", 1), mode: "multiline" }])).split("\n")
    .slice(1);
  assertEquals(row.split(/ +/).slice(0, 5), ["alone", "multiline", "none", "200", "-"]);
});
