import { assertEquals } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import type { Env } from "../core/env.ts";
import { TailedSource } from "./tailed_source.ts";
import { Tailer } from "./tailer.ts";

function setUp(contents: readonly string[]) {
  const directory = Deno.makeTempDirSync({ prefix: "sluice-tailer-" });
  const env = new ClockEnv();
  const asleep: string[] = [];
  const tailer = new Tailer(env, (key) => asleep.push(key));
  contents.forEach((content, index) => {
    const path = `${directory}/${index}.log`;
    Deno.writeTextFileSync(path, content);
    const source = { key: String(index), path, tags: [], start: "first" as const };
    tailer.add(new TailedSource(source, {}, env, new RecordingLog()));
  });
  const end = () => {
    tailer.close();
    Deno.removeSync(directory, { recursive: true });
  };
  return { env, tailer, asleep, directory, end };
}

/** One turn: which source gave how many bytes. */
function turn(tailer: Tailer, into: Uint8Array): string {
  const reading = tailer.tryNext(into);
  if (reading === undefined) return "none";
  const { tailed, result } = reading;
  if (result.kind === "opened") return turn(tailer, into);
  if (result.kind !== "bytes") return result.kind;
  tailed.advance(tailed.offset + result.size);
  return `${tailed.source.key}:${result.size}`;
}

Deno.test("sources take turns, however much one has", () => {
  const { tailer, end } = setUp(["x".repeat(100), "y".repeat(20), "z".repeat(20)]);
  const turns = Array.from({ length: 6 }, () => turn(tailer, new Uint8Array(10)));
  assertEquals(turns.filter((each) => each.startsWith("0")).length, 2);
  assertEquals(turns.filter((each) => each.startsWith("1")).length, 2);
  end();
});

Deno.test("a quiet source is looked at less and less often, and at once when it has news", () => {
  const { env, tailer, directory, end } = setUp([""]);
  let looks = 0;
  for (let ms = 0; ms < 10_000; ms += 10) {
    const spy = tailer.tryGet("0")!;
    const read = spy.read.bind(spy);
    spy.read = (into) => {
      looks++;
      return read(into);
    };
    turn(tailer, new Uint8Array(10));
    spy.read = read;
    env.pass(10);
  }
  assertEquals(looks < 25, true, `${looks} looks in ten seconds`);
  Deno.writeTextFileSync(`${directory}/0.log`, "news");
  env.pass(1000);
  assertEquals(turn(tailer, new Uint8Array(10)), "0:4");
  end();
});

Deno.test("a removed source is closed and gives nothing more", () => {
  const { tailer, end } = setUp(["abc"]);
  tailer.remove("0");
  assertEquals(turn(tailer, new Uint8Array(10)), "none");
  end();
});

/** Counts the looks at sources from now on. */
function countLooks(tailer: Tailer, keys: readonly string[]): Map<string, number> {
  const looks = new Map<string, number>();
  for (const key of keys) {
    const tailed = tailer.tryGet(key)!;
    const read = tailed.read.bind(tailed);
    tailed.read = (into) => {
      looks.set(key, (looks.get(key) ?? 0) + 1);
      return read(into);
    };
  }
  return looks;
}

/** Passes time as the pipeline does, until `untilMs`. Returns how often the loop woke up. */
async function passTime(tailer: Tailer, env: ClockEnv, ms: number, into = new Uint8Array(10)): Promise<number> {
  const untilMs = env.now() + ms;
  let wakeUps = 0;
  for (; env.now() < untilMs; wakeUps++) {
    while (turn(tailer, into) !== "none");
    await tailer.wait(new AbortController().signal);
  }
  return wakeUps;
}

Deno.test("sources that sleep wake the loop up every two seconds, however many they are and whenever they came", async () => {
  const { env, tailer, end } = setUp([]);
  for (const { key, tailed } of Array.from({ length: 20 }, (_, index) => makeSource(String(index), env))) {
    tailer.add(tailed);
    env.pass(37);
    assertEquals(tailer.tryGet(key), tailed);
  }
  await passTime(tailer, env, 10_000);
  const looks = countLooks(tailer, ["0", "7", "19"]);
  assertEquals(await passTime(tailer, env, 20_000), 10);
  assertEquals([...looks.values()], [10, 10, 10]);
  end();
});

Deno.test("where a thousand sleep they are looked at every four seconds at first, and every ten when they have slept for long", async () => {
  for (const [count, sweepsAtFirst, sweeps] of [[100, 8, 30], [1000, 4, 6], [4000, 3, 6]]) {
    const { env, tailer, end } = setUp([]);
    for (let index = 0; index < count; index++) tailer.add(makeSource(String(index), env).tailed);
    await passTime(tailer, env, 4000);
    const looks = countLooks(tailer, ["7"]);
    await passTime(tailer, env, 16_000);
    assertEquals(looks.get("7"), sweepsAtFirst, `${count}`);
    await passTime(tailer, env, 12_000);
    looks.clear();
    assertEquals([await passTime(tailer, env, 60_000), looks.get("7")], [sweeps, sweeps], `${count}`);
    end();
  }
});

Deno.test("what was read to its end has its next turn in the next round, and no look before", async () => {
  const { env, tailer, directory, end } = setUp([""]);
  await passTime(tailer, env, 100);
  const looks = countLooks(tailer, ["0"]);
  for (let round = 0; round < 100; round++) {
    Deno.writeTextFileSync(`${directory}/0.log`, "line", { append: true });
    await passTime(tailer, env, 10, new Uint8Array(100));
  }
  const [count] = looks.values();
  assertEquals(count <= 102, true, `${count} looks at 100 lines`);
  end();
});

Deno.test("a busy source does not make the loop look at those that sleep", async () => {
  const { env, tailer, directory, end } = setUp(["", ""]);
  await passTime(tailer, env, 5000);
  const looks = countLooks(tailer, ["1"]);
  Deno.writeTextFileSync(`${directory}/0.log`, "x".repeat(1000));
  env.pass(1000);
  let turns = 0;
  while (turn(tailer, new Uint8Array(10)) !== "none") turns++;
  assertEquals([turns, looks.get("1")], [100, 1]);
  end();
});

Deno.test("finishing, reviving and letting go of a source that sleeps have it looked at at once", async () => {
  const { env, tailer, end } = setUp(["a"]);
  await passTime(tailer, env, 5000);
  env.pass(-1);
  assertEquals(turn(tailer, new Uint8Array(10)), "none");
  tailer.finish("0");
  tailer.revive("0");
  assertEquals(turn(tailer, new Uint8Array(10)), "none");
  tailer.finish("0");
  assertEquals(turn(tailer, new Uint8Array(10)), "ended");
  tailer.release("0");
  assertEquals(turn(tailer, new Uint8Array(10)), "released");
  for (const act of [tailer.finish, tailer.revive, tailer.release, tailer.remove]) act.call(tailer, "unknown");
  end();
});

/** An environment whose sleep ends with its signal. */
class SleepingEnv extends ClockEnv {
  readonly signals: (AbortSignal | undefined)[] = [];

  override sleep(_ms: number, signal?: AbortSignal): Promise<void> {
    this.signals.push(signal);
    return new Promise((resolve) => signal?.addEventListener("abort", () => resolve()));
  }
}

Deno.test("waiting ends with the signal, and with a source that is added", async () => {
  const env = new SleepingEnv();
  const tailer = new Tailer(env);
  const stop = new AbortController();
  const added = tailer.wait(stop.signal);
  tailer.add(makeSource("late", env).tailed);
  await added;
  const stopped = tailer.wait(stop.signal);
  stop.abort();
  await stopped;
  await tailer.wait(stop.signal);
  assertEquals(env.signals.map((signal) => signal?.aborted), [true, true]);
  tailer.close();
});

/** A source whose file is empty. */
function makeSource(key: string, env: Env) {
  return {
    key,
    tailed: new TailedSource({ key, path: "/dev/null", tags: [], start: "first" }, {}, env, new RecordingLog()),
  };
}

Deno.test("a source that falls asleep is told of, once, and again after it was awake", () => {
  const { env, tailer, asleep, directory, end } = setUp([""]);
  const rest = () => {
    for (let ms = 0; ms < 10_000; ms += 10) {
      turn(tailer, new Uint8Array(10));
      env.pass(10);
    }
  };
  rest();
  assertEquals(asleep, ["0"]);
  Deno.writeTextFileSync(`${directory}/0.log`, "news");
  rest();
  assertEquals(asleep, ["0", "0"]);
  end();
});
