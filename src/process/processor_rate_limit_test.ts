import { assertEquals } from "@std/assert";
import { ProcessorTrial, recordOf, refusals } from "../../tests/support/processing.ts";
import { ProcessorRateLimit, processorRateLimitOptions } from "./processor_rate_limit.ts";

function trial(given: object) {
  return new ProcessorTrial(ProcessorRateLimit, processorRateLimitOptions(), given);
}

Deno.test("each unit of time lets its number pass, evenly refilled", () => {
  for (const [Limit, periodMs] of [["4/s", 1000], ["4/m", 60_000], ["4/h", 3_600_000], [" 4 / s ", 1000]] as const) {
    const one = trial({ Limit });
    const passing = () => one.runRecords(...Array.from({ length: 10 }, () => recordOf([["a", "1"]]))).length;
    assertEquals([passing(), passing()], [4, 0]);
    one.nowMs += periodMs / 2;
    assertEquals([passing(), passing()], [2, 0]);
    one.nowMs += periodMs * 10;
    assertEquals(passing(), 4);
    assertEquals(one.processor.counts.processed, 50);
  }
});

Deno.test("each combination of values has its own limit", () => {
  const one = trial({ Limit: "1/s", Fields: ["ip", "path"] });
  const records = [["1", "a"], ["1", "b"], ["1", "a"], ["2", "a"]].map(([ip, path]) =>
    [["ip", ip], ["path", path]] as const
  );
  assertEquals(one.run(...records).length, 3);
  assertEquals(one.run([["ip", "1"]], [["ip", "1"], ["path", ""]]).length, 1);
});

Deno.test("a limit that is none is refused", () => {
  for (const Limit of ["", "10", "10/d", "-1/s", "x/s"]) {
    assertEquals(refusals(processorRateLimitOptions(), { Limit }), [
      `Limit: must be a limit such as 100/s, 100/m or 100/h, not "${Limit}"`,
    ]);
  }
  assertEquals(refusals(processorRateLimitOptions(), {}), [
    "Limit: missing: must be a limit such as 100/s, 100/m or 100/h",
  ]);
});

Deno.test("processor_rate_limit: Limit: the excess is dropped and counted", () => {
  const one = trial({ Limit: "2/s" });
  assertEquals(one.run([["a", "1"]], [["a", "2"]], [["a", "3"]]), [[["a", "1"]], [["a", "2"]]]);
  assertEquals(one.processor.counts, { processed: 3, missing: 0, failed: 0, dropped: 1 });
});

Deno.test("processor_rate_limit: Fields: without any all records share one limit", () => {
  assertEquals(trial({ Limit: "1/m" }).run([["a", "1"]], [["b", "2"]]), [[["a", "1"]]]);
});

Deno.test("processor_rate_limit: Fields: a missing field counts as an empty one", () => {
  assertEquals(trial({ Limit: "1/h", Fields: ["a"] }).run([["b", "1"]], [["a", ""]], [["a", "1"]]).length, 2);
});
