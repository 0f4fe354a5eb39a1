import { assert, assertAlmostEquals, assertEquals, assertLessOrEqual } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { type LimitOptions, ResourceLimits } from "./resource_limits.ts";

const MEGABYTE = 1024 * 1024;

/** A clock on which working takes CPU time. */
class WorkingEnv extends ClockEnv {
  usedMs = 0;
  usedMegabytes = 80;
  readonly startedMs = this.now();

  override cpuMs = () => this.usedMs;
  override residentBytes = () => this.usedMegabytes * MEGABYTE;

  work(ms: number): void {
    this.usedMs += ms;
    this.pass(ms);
  }

  get passedMs(): number {
    return this.now() - this.startedMs;
  }
}

function makeLimits(options: Partial<LimitOptions>) {
  const env = new WorkingEnv();
  const log = new RecordingLog();
  const limits = new ResourceLimits({ cpuCoresMax: undefined, memoryBytesMax: undefined, ...options }, env, log);
  return { env, log, limits, signal: new AbortController().signal };
}

Deno.test("without limits nothing pauses and nothing is said", async () => {
  const { env, log, limits, signal } = makeLimits({});
  env.usedMegabytes = 10_000;
  for (let turn = 0; turn < 3000; turn++) {
    env.work(10);
    await limits.turn(signal);
  }
  assertEquals(env.usedMs, env.passedMs);
  assertEquals(log.lines, []);
});

Deno.test("reading stays below the CPU limit, and says so once a minute at most", async () => {
  const { env, log, limits, signal } = makeLimits({ cpuCoresMax: 0.4 });
  while (env.passedMs < 60_000) {
    env.work(10);
    await limits.turn(signal);
  }
  assertLessOrEqual(env.usedMs / env.passedMs, 0.41);
  assertAlmostEquals(env.usedMs / env.passedMs, 0.4, 0.04);
  assert(log.lines.length > 0);
  assertEquals(
    log.lines[0],
    "throttled cpu limit: Reading is slowed down: there is work for more than the 0.4 cores of the CPU limit; records arrive later; none is lost while " +
      "the files that they are in exist. Raise cpu_usage_limit (--cpu-limit), or collect less",
  );
});

Deno.test("a short burst is paced without a word", async () => {
  const { env, log, limits, signal } = makeLimits({ cpuCoresMax: 0.4 });
  for (let minute = 0; minute < 10; minute++) {
    for (let turn = 0; turn < 50; turn++) {
      env.work(10);
      await limits.turn(signal);
    }
    env.pass(60_000);
  }
  assertEquals(log.lines, []);
});

Deno.test("whatever else uses the CPU or memory, a turn is taken every second", async () => {
  const { env, log, limits, signal } = makeLimits({ cpuCoresMax: 0.01, memoryBytesMax: 64 * MEGABYTE });
  for (let turn = 0; turn < 100; turn++) {
    env.usedMs += 10_000;
    const before = env.now();
    await limits.turn(signal);
    assertLessOrEqual(env.now() - before, 1000);
  }
  assert(log.lines.length > 0);
});

Deno.test("at the memory limit reading pauses and says so", async () => {
  const { env, log, limits, signal } = makeLimits({ memoryBytesMax: 384 * MEGABYTE });
  env.usedMegabytes = 400;
  while (env.passedMs < 30_000) {
    env.work(10);
    await limits.turn(signal);
  }
  assertLessOrEqual(env.usedMs / env.passedMs, 0.1);
  assertEquals(
    log.lines[0],
    "throttled memory limit: Reading is slowed down: 400 MB of memory are in use, the limit is 384 MB; records arrive later; none is lost while the files " +
      "that they are in exist. Raise mem_usage_limit (--memory-limit), or run fewer pipelines",
  );
});

Deno.test("pipelines that pause together count once", async () => {
  const { env, log, limits, signal } = makeLimits({ cpuCoresMax: 0.95 });
  while (env.passedMs < 60_000) {
    env.work(10);
    for (let pipeline = 0; pipeline < 30; pipeline++) void limits.turn(signal);
    await limits.turn(signal);
  }
  assertEquals(log.lines, [], "5 % of the time is not worth a message");
});
