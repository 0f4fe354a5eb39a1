/** @module */
import { assert, assertEquals } from "@std/assert";
import { type CpuReading, cpuSecondsBetween, machineCpuS, processCost, readCpu } from "./process_cost.ts";

/** Keeps this process busy until it has cost `seconds` more, however much of a core it gets. */
function work(seconds: number): void {
  for (const end = processCost(Deno.pid).cpuS + seconds; processCost(Deno.pid).cpuS < end;);
}

Deno.test("the cost of this process grows with what it does, in the finer way too", () => {
  const [costBefore, cpuBefore] = [processCost(Deno.pid), readCpu(Deno.pid)];
  work(0.05);
  const [costAfter, cpuAfter] = [processCost(Deno.pid), readCpu(Deno.pid)];
  assert(costAfter.cpuS > costBefore.cpuS);
  assert(cpuSecondsBetween(cpuBefore, cpuAfter) > 0.02);
  assert(costAfter.rssMB > 10 && costAfter.rssPeakMB >= costAfter.rssMB, JSON.stringify(costAfter));
});

Deno.test("what this process costs is part of what the machine does", () => {
  const before = machineCpuS();
  work(0.1);
  assert(machineCpuS() - before > 0.05);
});

function reading(processS: number, threadsNs: Readonly<Record<string, number>>): CpuReading {
  return { processS, threadsNs: new Map(Object.entries(threadsNs)) };
}

for (
  const [what, after, milliseconds] of [
    ["nothing", reading(6, { 1: 1e9, 2: 5e9 }), 0],
    ["less than the process's time shows", reading(6, { 1: 1.003e9, 2: 5e9 }), 3],
    ["a thread that has begun", reading(6.75, { 1: 1.5e9, 2: 5e9, 3: 0.25e9 }), 750],
    ["a thread that has ended at rest", reading(6.51, { 1: 1.5e9 }), 500],
    ["a thread that has ended at work", reading(7.25, { 1: 1.5e9 }), 1_250],
  ] as const
) {
  Deno.test(`CPU time between two readings: ${what}`, () => {
    assertEquals(Math.round(cpuSecondsBetween(reading(6, { 1: 1e9, 2: 5e9 }), after) * 1_000), milliseconds);
  });
}
