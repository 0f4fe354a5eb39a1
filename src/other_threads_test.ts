import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { ClockEnv } from "../tests/support/clock_env.ts";
import { makeContainer } from "../tests/support/node_directory.ts";
import { RecordingLog } from "../tests/support/recording_log.ts";
import { JoinedCheckpoint } from "./checkpoint/joined_checkpoint.ts";
import type { Checkpoint } from "./checkpoint/store.ts";
import type { AgentOptions } from "./core/agent_options.ts";
import { OtherThreads, type ThreadPort } from "./other_threads.ts";
import type { MessageFromThread, MessageToThread } from "./thread_messages.ts";

/** A thread that says what the test wants, and remembers what it was told. */
class FakeThread implements ThreadPort {
  readonly told: MessageToThread[] = [];
  onMessage: (message: MessageFromThread) => void = () => {};

  postMessage(message: MessageToThread): void {
    this.told.push(message);
  }

  get kinds(): string[] {
    return this.told.map(({ kind }) => kind);
  }

  say(message: MessageFromThread): void {
    this.onMessage(structuredClone(message));
  }
}

const POSITION = { identity: { device: 1, inode: 2, headBytes: 0, headHash: 0 }, offset: 7 };
const PART: Checkpoint = {
  positions: new Map([["p", new Map([["a", POSITION]])]]),
  firstRunsMs: new Map([["p", 3]]),
};
/** Longer than everything that waits for nothing but its turn. */
const turns = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

function makeScene(threads: number) {
  const env = new ClockEnv();
  const log = new RecordingLog();
  const stop = new AbortController();
  const opened: (FakeThread & { name?: string })[] = [];
  const saved: Checkpoint[] = [];
  const checkpoint = new JoinedCheckpoint({
    save: (one) => {
      saved.push(one);
      return Promise.resolve(true);
    },
  });
  // Nothing else of the options matters here.
  const options = { threads } as AgentOptions;
  const start = { options, program: "main.ts", startedMs: 1, checkpoint: PART, configFiles: new Map() };
  const others = new OtherThreads(start, checkpoint, env, log, (program, name) => {
    const thread = Object.assign(new FakeThread(), { name: `${program} ${name}` });
    opened.push(thread);
    return thread;
  });
  return { env, log, stop, opened, saved, others };
}

Deno.test("one thread needs no others", () => {
  const { others, stop, opened } = makeScene(1);
  others.start(stop.signal);
  others.tell({ kind: "ready" });
  assertEquals([opened.length, others.ended.length], [0, 0]);
});

Deno.test("a thread is told everything in order, once it listens", () => {
  const { others, stop, opened } = makeScene(3);
  others.start(stop.signal);
  assertEquals(opened.map(({ name }) => name), ["main.ts thread 1", "main.ts thread 2"]);
  others.tell({ kind: "upsert", container: makeContainer([], []) });
  assertEquals(opened[0].kinds, []);
  opened[0].say({ kind: "listening" });
  others.tell({ kind: "ready" });
  opened[1].say({ kind: "listening" });
  stop.abort();
  for (const { kinds } of opened) assertEquals(kinds, ["start", "upsert", "ready", "stop"]);
  assertEquals(opened.map(({ told: [start] }) => start.kind === "start" && start.thread), [1, 2]);
});

Deno.test("what only one may do is done for them, and answered", async () => {
  const { env, log, others, stop, opened, saved } = makeScene(2);
  others.start(stop.signal);
  const [thread] = opened;
  thread.say({ kind: "listening" });
  thread.say({ kind: "log", level: "warn", message: "hm" });
  thread.say({ kind: "log", level: "throttled", key: "k", message: "again" });
  thread.say({ kind: "print", bytes: new TextEncoder().encode("one\n") });
  thread.say({ kind: "print", bytes: new TextEncoder().encode("two\n") });
  thread.say({ kind: "save", part: PART });
  await turns();
  assertEquals(log.lines, ["warn: hm", "throttled k: again"]);
  assertEquals(env.stdout, "one\ntwo\n");
  assertEquals(saved, [PART]);
  assertEquals(thread.kinds.toSorted(), ["printed", "printed", "saved", "start"]);
});

Deno.test("records are counted when a thread has ended; one that does not end is left, with a word", async () => {
  const { others, stop, opened, log } = makeScene(3);
  others.start(stop.signal);
  opened[0].say({ kind: "listening" });
  opened[0].say({ kind: "ended", records: 5 });
  assertEquals(await others.ended[0], 5);
  stop.abort();
  assertEquals(await others.ended[1], 0);
  assertEquals(log.lines.filter((line) => line.startsWith("warn: Thread 2 does not stop")).length, 1);
});

/** Starts one thread beside itself, of a module that is its argument, and would go on for ever. */
const STARTER = `
import { OtherThreads } from "${new URL("./other_threads.ts", import.meta.url)}";
import { makeDenoEnv } from "${new URL("./core/deno_env.ts", import.meta.url)}";
const log = { info() {}, warn() {}, error() {}, throttled() {} };
const start = { options: { threads: 2 }, program: Deno.args[0], startedMs: 0, checkpoint: { positions: new Map(), firstRunsMs: new Map() }, configFiles: new Map() };
new OtherThreads(start, undefined, makeDenoEnv(), log).start(new AbortController().signal);
setInterval(() => {}, 1000);
`;
const BROKEN =
  `self.onmessage = () => { throw new Error("a bug in a thread"); }; self.postMessage({ kind: "listening" });`;

Deno.test("a bug in a thread ends the process", async () => {
  const directory = await Deno.makeTempDir({ prefix: "sluice-threads-" });
  const [starter, broken] = ["starter.ts", "broken.js"].map((name) => `${directory}/${name}`);
  Deno.writeTextFileSync(starter, STARTER);
  Deno.writeTextFileSync(broken, BROKEN);
  const config = fromFileUrl(new URL("../deno.json", import.meta.url));
  const args = ["run", "--allow-all", "--no-check", "--config", config, starter, `file://${broken}`];
  const { code, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  assertEquals(code, 1);
  assertStringIncludes(new TextDecoder().decode(stderr), "a bug in a thread");
  await Deno.remove(directory, { recursive: true });
});
