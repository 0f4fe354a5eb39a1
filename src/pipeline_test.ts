import { assertEquals, assertThrows } from "@std/assert";
import { ClockEnv } from "../tests/support/clock_env.ts";
import { testKernel } from "../tests/support/kernel.ts";
import { RecordingLog } from "../tests/support/recording_log.ts";
import type { Container } from "./core/container.ts";
import type { Flusher } from "./core/flusher.ts";
import type { Position } from "./core/position.ts";
import type { Ticket } from "./core/ticket.ts";
import { CriDecoder } from "./decode/cri.ts";
import { FlusherStdout } from "./deliver/flusher_stdout.ts";
import { tutorialTemplate } from "./encode/tutorial_form.ts";
import { Pipeline } from "./pipeline.ts";

const HEAD = "2022-07-13T23:45:54.976593653+08:00 stdout";
/** Longer than the tailer's pauses and its patience with a replaced file together. */
const QUIET_MS = 5000;

/** Stops the pipeline when nothing has been written for a while. */
class QuietEnv extends ClockEnv {
  stop = new AbortController();
  #seenBytes = 0;
  #quietSinceMs = 0;

  override sleep(ms: number): Promise<void> {
    if (this.stdout.length !== this.#seenBytes) this.#quietSinceMs = this.now();
    this.#seenBytes = this.stdout.length;
    if (this.now() - this.#quietSinceMs > QUIET_MS) this.stop.abort();
    return super.sleep(ms);
  }

  restart(): AbortSignal {
    this.stop = new AbortController();
    this.#quietSinceMs = this.now();
    return this.stop.signal;
  }
}

/** A pipeline that reads logs in a temporary directory and prints them. */
class Scene implements Disposable {
  readonly directory = Deno.makeTempDirSync({ prefix: "sluice-pipeline-" });
  readonly env = new QuietEnv();
  readonly kernel = testKernel();
  readonly pipeline: Pipeline;

  constructor(makeFlusher: (scene: Scene) => Flusher = ({ kernel, env }) => {
    return new FlusherStdout(kernel, tutorialTemplate, env);
  }) {
    this.pipeline = new Pipeline("p", this.kernel, [makeFlusher(this)], this.env, new RecordingLog());
  }

  pathOf(key: string): string {
    return `${this.directory}/${key}.log`;
  }

  append(key: string, text: string): void {
    Deno.writeTextFileSync(this.pathOf(key), text, { append: true });
  }

  add(key: string, position?: Position): void {
    // Of a container only the id matters here.
    const container = { id: key } as Container;
    const source = { key, path: this.pathOf(key), container, tags: [["source", key]] as const };
    this.pipeline.add({
      source,
      start: "first",
      position,
      makeDecoder: (kernel, counts) => new CriDecoder(kernel, source, { stdout: true, stderr: true }, counts, () => 0),
    });
  }

  /** Runs until nothing more comes. Returns what was printed: contents by source, in order. */
  async run(): Promise<Record<string, string[]>> {
    this.env.stdout = "";
    await this.pipeline.run(this.env.restart());
    const contents: Record<string, string[]> = {};
    for (const line of this.env.stdout.split("\n").filter((line) => line !== "")) {
      const { Contents }: { Contents: { Key: string; Value: string }[] } = JSON.parse(line);
      const valueOf = (key: string) => Contents.find(({ Key }) => Key === key)?.Value ?? "";
      (contents[valueOf("source")] ??= []).push(valueOf("content"));
    }
    return contents;
  }

  /** How far a source is settled. */
  offsetOf(key: string): number | undefined {
    return this.pipeline.ledger.position(key)?.offset;
  }

  [Symbol.dispose](): void {
    void this.pipeline.stop(0);
    Deno.removeSync(this.directory, { recursive: true });
  }
}

/** A flusher whose deliveries are never acknowledged. */
class HoldingFlusher implements Flusher {
  readonly counts = { records: 0, bytes: 0, undeliverable: 0 };
  readonly tickets: Ticket[] = [];

  deliver(_batch: unknown, ticket: Ticket): Promise<void> {
    ticket.hold();
    this.tickets.push(ticket);
    return Promise.resolve();
  }

  idle(): void {}

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

Deno.test("two sources are read side by side, each in order, and settled to their ends", async () => {
  using scene = new Scene();
  const lines = (key: string) => Array.from({ length: 5000 }, (_, number) => `${key} ${number}`);
  for (const key of ["a", "b"]) {
    scene.append(key, lines(key).map((line) => `${HEAD} F ${line}\n`).join(""));
    scene.add(key);
  }
  assertEquals(await scene.run(), { a: lines("a"), b: lines("b") });
  for (const key of ["a", "b"]) assertEquals(scene.offsetOf(key), Deno.statSync(scene.pathOf(key)).size);
  assertEquals(scene.pipeline.sourceCount, 2);
});

Deno.test("a source begins where it was settled before", async () => {
  using scene = new Scene();
  scene.append("a", `${HEAD} F one\n`);
  scene.add("a");
  await scene.run();
  const position = scene.pipeline.ledger.position("a");
  using next = new Scene();
  scene.append("a", `${HEAD} F two\n`);
  Deno.renameSync(scene.pathOf("a"), next.pathOf("a"));
  next.add("a", position);
  assertEquals(await next.run(), { a: ["two"] });
});

Deno.test("a rotation loses nothing and joins the record that it cuts", async () => {
  using scene = new Scene();
  scene.append("a", `${HEAD} F one\n`);
  scene.add("a");
  assertEquals(await scene.run(), { a: ["one"] });
  scene.append("a", `${HEAD} F two\n${HEAD} P first half, `);
  scene.append("a", `second line of the half\n`);
  Deno.renameSync(scene.pathOf("a"), `${scene.pathOf("a")}.20261123-120000`);
  scene.append("a", `${HEAD} F second half\n${HEAD} F three\n`);
  assertEquals(await scene.run(), { a: ["two", "first half, second line of the halfsecond half", "three"] });
  assertEquals(scene.offsetOf("a"), Deno.statSync(scene.pathOf("a")).size);
});

Deno.test("of a container that is gone the rest is read, then its source is forgotten", async () => {
  using scene = new Scene();
  scene.add("a");
  scene.add("b");
  scene.append("a", `${HEAD} F one\n${HEAD} P unfinished\n`);
  scene.pipeline.finishContainer("a");
  scene.pipeline.finishContainer("nobody");
  assertEquals(await scene.run(), { a: ["one", "unfinished"] });
  assertEquals([scene.pipeline.has("a"), scene.pipeline.has("b")], [false, true]);
  assertEquals(scene.offsetOf("a"), Deno.statSync(scene.pathOf("a")).size);
  scene.pipeline.forgetEnded();
  assertEquals(scene.offsetOf("a"), undefined);
});

Deno.test("what ended is remembered until it is delivered", async () => {
  const flusher = new HoldingFlusher();
  using scene = new Scene(() => flusher);
  scene.append("a", `${HEAD} F one\n`);
  scene.add("a");
  scene.pipeline.finishContainer("a");
  await scene.run();
  scene.pipeline.forgetEnded();
  assertEquals(scene.pipeline.ledger.isPending("a"), true);
  for (const ticket of flusher.tickets) ticket.release();
  assertEquals(scene.offsetOf("a"), Deno.statSync(scene.pathOf("a")).size);
  scene.pipeline.forgetEnded();
  assertEquals(scene.offsetOf("a"), undefined);
});

Deno.test("nothing is settled before it is delivered", async () => {
  using scene = new Scene(() => new HoldingFlusher());
  scene.append("a", `${HEAD} F one\n`);
  scene.add("a");
  await scene.run();
  assertEquals([scene.offsetOf("a"), scene.pipeline.ledger.isPending("a")], [undefined, true]);
});

Deno.test("a record is settled only as a whole: reading starts again before its first piece", async () => {
  using scene = new Scene();
  const whole = `${HEAD} F one\n`;
  scene.append("a", `${whole}${HEAD} P begun\n`);
  scene.add("a");
  assertEquals(await scene.run(), { a: ["one"] });
  assertEquals(scene.offsetOf("a"), whole.length);
  scene.append("a", `${HEAD} F , ended\n`);
  assertEquals(await scene.run(), { a: ["begun, ended"] });
  assertEquals(scene.offsetOf("a"), Deno.statSync(scene.pathOf("a")).size);
});

Deno.test("a line longer than a turn arrives whole, half a line waits for its end", async () => {
  using scene = new Scene();
  const long = "x".repeat(400_000);
  scene.append("a", `${HEAD} F before\n${HEAD} F ${long}\n${HEAD} F after\n${HEAD} F ${long.slice(0, 300_000)}`);
  scene.add("a");
  assertEquals(await scene.run(), { a: ["before", long, "after"] });
  scene.append("a", `${long.slice(300_000)}\n`);
  assertEquals(await scene.run(), { a: [long] });
});

Deno.test("adding a source twice is a bug", () => {
  using scene = new Scene();
  scene.add("a");
  assertThrows(() => scene.add("a"), Error, "added twice");
});
