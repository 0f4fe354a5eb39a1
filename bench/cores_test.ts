/** @module */
import { assertEquals } from "@std/assert";
import { type CoresResult, leastDisturbed } from "./cores.ts";

function run(sink: string, threads: number, othersCores: number, inputMBPerS: number): CoresResult {
  return { agent: "sluice", mode: "cores", sink, threads, inputMBPerS, cores: threads, othersCores, rssPeakMB: 100 };
}

Deno.test("of each case the run counts in which others used least, whether it is the fastest or not", () => {
  const runs = [
    run("files", 1, 0.5, 300),
    run("files", 2, 0.4, 400),
    run("files", 1, 0.1, 350),
    run("files", 2, 0.2, 380),
  ];
  const counting = leastDisturbed(runs).map(({ threads, inputMBPerS }) => [threads, inputMBPerS]);
  assertEquals(counting, [[1, 350], [2, 380]]);
});
