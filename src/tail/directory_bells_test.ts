import { assertEquals } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { DirectoryBells } from "./directory_bells.ts";

/** An environment that watches no more than so many directories at a time. */
class BoundedEnv extends ClockEnv {
  directoriesMax = Infinity;

  override watchDirectories(paths: readonly string[], onRing: (path: string) => void) {
    if (paths.length > this.directoriesMax) throw new Error("no space left on device");
    if (paths.some((path) => path.startsWith("/gone"))) throw new Error("not found");
    return super.watchDirectories(paths, onRing);
  }

  get watched(): string[] {
    return [...this.watches.keys()].flat();
  }
}

function setUp() {
  const env = new BoundedEnv();
  const log = new RecordingLog();
  const rung: string[] = [];
  const bells = new DirectoryBells<string>(env, (listeners) => rung.push(...listeners), log);
  return { env, log, rung, bells, rearm: () => bells.rearm(() => true) };
}

Deno.test("who listens is rung for from the next rearming on, and not any more once it has left", () => {
  const { env, rung, bells, rearm } = setUp();
  bells.listen("/tmp", "a");
  bells.listen("/tmp", "b");
  bells.listen("/etc", "c");
  env.ring("/tmp");
  assertEquals([rung, bells.isArmed("/tmp")], [[], false]);
  rearm();
  env.ring("/tmp");
  bells.leave("/tmp", "a");
  env.ring("/tmp");
  assertEquals([rung, bells.isArmed("/tmp"), bells.isArmed("/var")], [["a", "b", "b"], true, false]);
  bells.close();
  assertEquals(env.watched, []);
});

Deno.test("a directory that nobody waits at is no reason to watch it", () => {
  const { env, bells } = setUp();
  bells.listen("/tmp", "awake");
  bells.rearm(() => false);
  assertEquals(env.watched, []);
  bells.rearm(() => true);
  assertEquals(env.watched, ["/tmp"]);
});

Deno.test("a directory that rings all the time is let go of for a minute", () => {
  const { env, rung, bells, rearm } = setUp();
  for (const path of ["/tmp", "/etc"]) bells.listen(path, path);
  rearm();
  for (let count = 0; count < 1000; count++) env.ring("/tmp");
  assertEquals(rung.length, 50);
  rearm();
  assertEquals(env.watched, ["/etc"]);
  env.pass(59_000);
  rearm();
  assertEquals(env.watched, ["/etc"]);
  env.pass(1000);
  rearm();
  assertEquals(env.watched, ["/etc", "/tmp"]);
});

Deno.test("a directory that was silent twice when it should have rung is not relied on for ten minutes", () => {
  const { env, bells, rearm } = setUp();
  bells.listen("/tmp", "a");
  rearm();
  bells.missed("/tmp");
  env.ring("/tmp");
  bells.missed("/tmp");
  assertEquals(bells.isArmed("/tmp"), true);
  bells.missed("/tmp");
  assertEquals([bells.isArmed("/tmp"), env.watched], [false, []]);
  env.pass(599_000);
  rearm();
  assertEquals(bells.isArmed("/tmp"), false);
  env.pass(1000);
  rearm();
  assertEquals(bells.isArmed("/tmp"), true);
});

Deno.test("a directory that is gone is not in the way of the others", () => {
  const { env, log, bells, rearm } = setUp();
  for (const path of ["/tmp", "/gone/a", "/etc"]) bells.listen(path, path);
  rearm();
  assertEquals([env.watched, log.lines], [["/tmp", "/etc"], []]);
});

Deno.test("where no more watches are given, it is said, and asked for again five minutes later", () => {
  const { env, log, bells, rearm } = setUp();
  env.directoriesMax = 0;
  bells.listen("/tmp", "a");
  rearm();
  rearm();
  assertEquals([env.watched, bells.isArmed("/tmp"), log.lines.length], [[], false, 1]);
  env.directoriesMax = Infinity;
  env.pass(300_000);
  rearm();
  assertEquals(env.watched, ["/tmp"]);
});

Deno.test("watches do not grow with ten thousand directories that come and go", () => {
  const { env, bells, rearm } = setUp();
  for (let count = 0; count < 10_000; count++) {
    const path = `/tmp/${count}`;
    bells.listen(path, path);
    if (count % 10 === 0) rearm();
    if (count >= 50) bells.leave(`/tmp/${count - 50}`, `/tmp/${count - 50}`);
    assertEquals(env.watched.length < 100 && bells.size < 100 && env.watches.size <= 2, true, `${env.watched.length}`);
  }
});

Deno.test("the number of watched directories is bounded", () => {
  const { env, log, bells, rearm } = setUp();
  for (let count = 0; count < 5000; count++) bells.listen(`/tmp/${count}`, "a");
  rearm();
  assertEquals([env.watches.size, env.watched.length, bells.size, log.lines.length], [16, 4096, 4096, 1]);
});
