import { assertEquals, assertStringIncludes } from "@std/assert";
import { resultsOf, type Run, tableOf } from "./report.ts";

function run(agent: string, cpuS: number): Run {
  return {
    agent,
    mode: "plain",
    codec: "none",
    lines: 1_000_000,
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
  const [, slow, fast] = tableOf(resultsOf([run("slow", 4), run("fast", 1)])).split("\n");
  assertStringIncludes(slow, " 1.0 ");
  assertStringIncludes(fast, " 4.0 ");
});
