import { assertEquals } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { loadPipelines } from "../config/validate.ts";
import { plugins } from "../plugins.ts";
import { letterPaths, waitingLines } from "./dead_letters_file.ts";
import { dropLetters, measureLetters } from "./dead_letters_drop.ts";
import { replayLetters } from "./dead_letters_replay.ts";

/** A checkpoint directory with letters, and one pipeline for them. */
class Scene implements Disposable {
  readonly directory = Deno.makeTempDirSync({ prefix: "sluice-replay-" });
  readonly env = new ClockEnv();
  readonly #configPath = `${this.directory}/web.yaml`;

  constructor(...letters: readonly { topic: string; reason: string; key?: string }[]) {
    const lines = letters.map((letter, index) => JSON.stringify({ time: "", ...letter, message: String(index) }));
    Deno.writeTextFileSync(letterPaths(this.directory).letters, lines.map((line) => `${line}\n`).join(""));
  }

  async replay(brokers: string, filter = {}, signal = new AbortController().signal) {
    const flusher = `{Type: flusher_kafka_v2, Brokers: ["${brokers}"], Topic: known, ` +
      "PartitionerType: hash, HashKeys: [content.a]}";
    Deno.writeTextFileSync(this.#configPath, `inputs: [{Type: service_docker_stdout}]\nflushers: [${flusher}]\n`);
    const { pipelines } = loadPipelines(this.#configPath, plugins, this.env.files);
    const order = { directory: this.directory, filter, to: undefined, pipelines };
    const world = { env: this.env, log: new RecordingLog(), signal };
    return await replayLetters(order, world);
  }

  get waiting() {
    return [...waitingLines(letterPaths(this.directory), this.env.files)].map(({ letter, text }) =>
      letter?.message ?? text
    );
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }
}

/** A port that nothing listens at. */
const NOBODY = "127.0.0.1:1";
const KNOWN = { topic: "known", reason: "too large" };

Deno.test("letters stay where Kafka does not answer in time, and each topic is waited for once", async () => {
  using scene = new Scene(KNOWN, { ...KNOWN, key: "k" }, { topic: "other", reason: "too large" }, KNOWN);
  const startedMs = scene.env.now();
  const report = await scene.replay(NOBODY);
  assertEquals(report, {
    lines: [
      "1 kept: for other: no flusher_kafka_v2 of the configuration names this topic",
      "3 kept: for known: Kafka did not take it within 30 s",
    ],
    isDone: false,
  });
  assertEquals(scene.waiting, ["0", "1", "2", "3"]);
  assertEquals(scene.env.now() - startedMs < 60_000, true);
});

Deno.test("letters stay when the command is told to stop, which does not wait for Kafka", async () => {
  using scene = new Scene(KNOWN, { ...KNOWN, key: "k" });
  scene.env.sleep = (_ms: number, signal?: AbortSignal) => {
    return new Promise<void>((resolve) => {
      if (signal === undefined || signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve());
    });
  };
  const report = await scene.replay(NOBODY, {}, AbortSignal.timeout(20));
  assertEquals(report, { lines: ["2 kept: for known: sending was stopped"], isDone: false });
  assertEquals(scene.waiting, ["0", "1"]);
});

Deno.test("nothing is touched where no letter is meant", async () => {
  using scene = new Scene(KNOWN);
  const before = Deno.statSync(letterPaths(scene.directory).letters).ino;
  const report = await scene.replay(NOBODY, { topic: "none" });
  assertEquals(report, { lines: ["0 sent: no dead letter is meant"], isDone: true });
  assertEquals(Deno.statSync(letterPaths(scene.directory).letters).ino, before);
});

Deno.test("lines that are no letters are kept, and said", async () => {
  using scene = new Scene();
  Deno.writeTextFileSync(letterPaths(scene.directory).letters, "what is this\n");
  const report = await scene.replay(NOBODY);
  assertEquals(report, { lines: ["1 kept: a line that is no dead letter"], isDone: false });
  assertEquals(scene.waiting, ["what is this"]);
});

Deno.test("drop removes what is meant, and without a filter everything", async () => {
  using scene = new Scene(KNOWN, { topic: "other", reason: "forbidden" }, KNOWN);
  Deno.writeTextFileSync(letterPaths(scene.directory).letters, "what is this\n", { append: true });
  const filters = [{ topic: "known" }, { reason: "forbid" }, { topic: "known", reason: "forbid" }, {}];
  assertEquals(filters.map((filter) => measureLetters(scene.directory, filter, scene.env).count), [2, 1, 0, 4]);
  assertEquals(await dropLetters(scene.directory, { reason: "forbid" }, scene.env), 1);
  assertEquals(scene.waiting, ["0", "2", "what is this"]);
  assertEquals(await dropLetters(scene.directory, { topic: "known" }, scene.env), 2);
  assertEquals(await dropLetters(scene.directory, {}, scene.env), 1);
  assertEquals([...Deno.readDirSync(scene.directory)], []);
});
