import { assertEquals } from "@std/assert";
import { TestCounter } from "./test_counts.ts";

function countsOf(lines: string[], success: boolean) {
  const counter = new TestCounter();
  lines.forEach((line) => counter.add(line));
  return counter.counts(success);
}

Deno.test("the counts are those of the summary line", () => {
  const lines = ["a ... ok (1ms)", "FAILED | 12 passed (3 steps) | 2 failed | 1 ignored (4s)"];
  assertEquals(countsOf(lines, false), { passed: 12, failed: 2, skipped: 1 });
});

Deno.test("colours do not hide the summary line", () => {
  const lines = ["\u001b[0m\u001b[32mok\u001b[0m | 4 passed | 0 failed \u001b[38;5;245m(12ms)\u001b[0m"];
  assertEquals(countsOf(lines, true), { passed: 4, failed: 0, skipped: 0 });
});

Deno.test("a failed step does not hide the summary line", () => {
  assertEquals(countsOf(["FAILED | 1 passed | 2 failed (1 step) (3s)"], false), { passed: 1, failed: 2, skipped: 0 });
});

Deno.test("a test that said SKIPPED counts as skipped and not as passed", () => {
  const lines = ["SKIPPED: this machine lacks kafka", "ok | 3 passed | 0 failed (1s)"];
  assertEquals(countsOf(lines, true), { passed: 2, failed: 0, skipped: 1 });
});

Deno.test("a run without a summary counts as one failure", () => {
  assertEquals(countsOf(["error: Module not found"], false), { passed: 0, failed: 1, skipped: 0 });
});

Deno.test("a run that ends badly counts a failure although its summary has none", () => {
  assertEquals(countsOf(["ok | 3 passed | 0 failed (1s)", "error: leak"], false), { passed: 3, failed: 1, skipped: 0 });
});
