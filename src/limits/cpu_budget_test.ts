import { assertAlmostEquals, assertEquals, assertLessOrEqual } from "@std/assert";
import { seededRandom } from "../../tests/support/random.ts";
import { CpuBudget } from "./cpu_budget.ts";

/** A clock, and what was used. */
class Meter {
  #nowMs = 1_800_000_000_000;
  #usedMs = 300;
  now = () => this.#nowMs;
  cpuMs = () => this.#usedMs;

  work(ms: number): void {
    this.#nowMs += ms;
    this.#usedMs += ms;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
  }
}

Deno.test("over any second no more is used than the limit allows, beside what was saved up", () => {
  const random = seededRandom("cpu budget");
  for (const cores of [0.05, 0.4, 0.9]) {
    const meter = new Meter();
    const budget = new CpuBudget(cores, meter);
    const used: number[] = [];
    for (const startedMs = meter.now(); meter.now() < startedMs + 60_000;) {
      const before = meter.now();
      meter.work(random.integer(1, 12));
      meter.pass(budget.pauseMs());
      used.push((meter.now() - before) * cores);
    }
    const start = meter.cpuMs() - 300;
    assertLessOrEqual(start, 60_000 * cores + 250 * cores + 12, `${cores} cores`);
    assertAlmostEquals(start, 60_000 * cores, 60_000 * cores * 0.1, "and nearly all of it is used");
  }
});

Deno.test("who stays below the limit never pauses", () => {
  const meter = new Meter();
  const budget = new CpuBudget(0.5, meter);
  for (let turn = 0; turn < 1000; turn++) {
    meter.work(10);
    assertEquals(budget.pauseMs(), 0);
    meter.pass(11);
  }
});

Deno.test("a burst after a quiet time is free, a long one is not", () => {
  const meter = new Meter();
  const budget = new CpuBudget(0.4, meter);
  meter.pass(3_600_000);
  meter.work(100);
  assertEquals(budget.pauseMs(), 0);
  meter.work(1000);
  assertAlmostEquals(budget.pauseMs(), 1000 / 0.4 - 1000 - 250, 1);
});

Deno.test("neither a clock that jumps nor foreign work stops reading for long", () => {
  const meter = new Meter();
  const budget = new CpuBudget(0.4, meter);
  meter.pass(-86_400_000);
  assertEquals(budget.pauseMs(), 0);
  meter.work(60_000);
  assertLessOrEqual(budget.pauseMs(), 2000);
  meter.pass(86_400_000);
  assertEquals(budget.pauseMs(), 0);
});
