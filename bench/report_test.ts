import { assertEquals, assertStringIncludes } from "@std/assert";
import { type IdleResult, parseResults, resultsOf, type Run, tableOf, updated } from "./report.ts";

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

const idle: IdleResult = {
  agent: "quiet",
  mode: "idle",
  files: 1_000,
  cpuPercent: 0.216,
  rssMB: 70.4,
  rssPeakMB: 91.6,
};

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

Deno.test("the ratio of an agent that is alone is not given", () => {
  const [, row] = tableOf(resultsOf([run("slow", 4), { ...run("alone", 1), mode: "multiline" }])).split("\n").slice(1);
  assertEquals(row.split(/ +/).slice(0, 5), ["alone", "multiline", "none", "200", "-"]);
});

Deno.test("what an agent costs at rest is a table of its own, behind that of throughput", () => {
  const throughput = resultsOf([run("one", 4)]);
  const [first, second, ...rest] = tableOf([idle, ...throughput]).split("\n\n");
  assertEquals(first, tableOf(throughput));
  assertEquals(second, tableOf([idle]));
  assertEquals(rest, []);
  assertEquals(second.split("\n"), [
    "agent  mode  files  % of a core  RSS MB  peak MB",
    "quiet  idle  1,000         0.22      70       92",
  ]);
});

Deno.test("new results replace those of their modes and leave the others", () => {
  const before = [...resultsOf([run("old", 1), run("gone", 1)]), idle];
  const names = (...after: Parameters<typeof updated>[1][]) =>
    after.reduce(updated, before).map(({ agent, mode }) => `${agent} ${mode}`);
  assertEquals(names(resultsOf([run("new", 1)])), ["new plain", "quiet idle"]);
  assertEquals(names([{ ...idle, agent: "new" }]), ["old plain", "gone plain", "new idle"]);
  assertEquals(names(resultsOf([{ ...run("new", 1), mode: "docker" }])), [
    "old plain",
    "gone plain",
    "new docker",
    "quiet idle",
  ]);
});

Deno.test("results are read as they were written, and an empty file has none", () => {
  const results = [...resultsOf([run("one", 4)]), idle];
  assertEquals(parseResults(JSON.stringify(results)), results);
  assertEquals(parseResults(""), []);
});
