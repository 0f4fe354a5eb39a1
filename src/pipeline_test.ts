import { assertEquals, assertThrows } from "@std/assert";
import { openFilesBelow } from "../tests/support/open_files.ts";
import { HEAD, PipelineScene } from "../tests/support/pipeline_scene.ts";
import type { Flusher } from "./core/flusher.ts";
import { safePlace } from "./core/position.ts";
import type { Source } from "./core/source.ts";
import type { Ticket } from "./core/ticket.ts";
import { containerLogDecoder } from "./decode/container_log.ts";
import { READ_BYTES } from "./pipeline.ts";

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

/** A flusher that takes the first batch, and does not return before it is told to. */
class BlockedFlusher implements Flusher {
  readonly counts = { records: 0, bytes: 0, undeliverable: 0 };
  readonly #blocked = Promise.withResolvers<void>();
  readonly #going = Promise.withResolvers<void>();

  /** Resolves when a batch is being delivered. */
  get blocked(): Promise<void> {
    return this.#blocked.promise;
  }

  go(): void {
    this.#going.resolve();
  }

  deliver(): Promise<void> {
    this.#blocked.resolve();
    return this.#going.promise;
  }

  idle(): void {}

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

Deno.test("two sources are read side by side, each in order, and settled to their ends", async () => {
  using scene = new PipelineScene();
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
  using scene = new PipelineScene();
  scene.append("a", `${HEAD} F one\n`);
  scene.add("a");
  await scene.run();
  const position = scene.pipeline.ledger.position("a");
  using next = new PipelineScene();
  scene.append("a", `${HEAD} F two\n`);
  Deno.renameSync(scene.pathOf("a"), next.pathOf("a"));
  next.add("a", { position });
  assertEquals(await next.run(), { a: ["two"] });
});

Deno.test("of a container that is gone the rest is read, then its source is forgotten", async () => {
  using scene = new PipelineScene();
  scene.add("a");
  scene.add("b");
  scene.append("a", `${HEAD} F one\n${HEAD} P unfinished\n`);
  scene.pipeline.finishContainer("a");
  scene.pipeline.finishContainer("nobody");
  assertEquals(await scene.run(), { a: ["one", "unfinished"] });
  assertEquals([scene.pipeline.has("a"), scene.pipeline.has("b")], [false, true]);
  assertEquals(scene.offsetOf("a"), Deno.statSync(scene.pathOf("a")).size);
  scene.pipeline.takeEnded();
  assertEquals(scene.offsetOf("a"), undefined);
});

Deno.test("what ended is remembered until it is delivered", async () => {
  const flusher = new HoldingFlusher();
  using scene = new PipelineScene(() => flusher);
  scene.append("a", `${HEAD} F one\n`);
  scene.add("a");
  scene.pipeline.finishContainer("a");
  await scene.run();
  scene.pipeline.takeEnded();
  assertEquals(scene.pipeline.ledger.isPending("a"), true);
  for (const ticket of flusher.tickets) ticket.release();
  assertEquals(scene.offsetOf("a"), Deno.statSync(scene.pathOf("a")).size);
  scene.pipeline.takeEnded();
  assertEquals(scene.offsetOf("a"), undefined);
});

Deno.test("nothing is settled before it is delivered: a restart would begin where this life has begun", async () => {
  using scene = new PipelineScene(() => new HoldingFlusher());
  scene.append("a", `${HEAD} F one\n`);
  scene.add("a");
  await scene.run();
  assertEquals([scene.offsetOf("a"), scene.pipeline.ledger.isPending("a")], [0, true]);
  assertEquals(scene.pipeline.ledger.position("a")?.identity.inode, Deno.statSync(scene.pathOf("a")).ino);
});

Deno.test("a record is settled only as a whole: reading starts again before its first piece, or with what there is of it", async () => {
  using scene = new PipelineScene();
  const whole = `${HEAD} F one\n`;
  scene.append("a", `${whole}${HEAD} P begun\n`);
  scene.add("a");
  assertEquals(await scene.run(), { a: ["one"] });
  const position = scene.pipeline.ledger.position("a")!;
  assertEquals([safePlace(position).offset, position.pending?.records.length], [whole.length, 1]);
  scene.append("a", `${HEAD} F , ended\n`);
  assertEquals(await scene.run(), { a: ["begun, ended"] });
  assertEquals(scene.offsetOf("a"), Deno.statSync(scene.pathOf("a")).size);
});

Deno.test("a line longer than a turn arrives whole, half a line waits for its end", async () => {
  using scene = new PipelineScene();
  const long = "x".repeat(400_000);
  scene.append("a", `${HEAD} F before\n${HEAD} F ${long}\n${HEAD} F after\n${HEAD} F ${long.slice(0, 300_000)}`);
  scene.add("a");
  assertEquals(await scene.run(), { a: ["before", long, "after"] });
  scene.append("a", `${long.slice(300_000)}\n`);
  assertEquals(await scene.run(), { a: [long] });
});

Deno.test("adding a source twice is a bug", () => {
  using scene = new PipelineScene();
  scene.add("a");
  assertThrows(() => scene.add("a"), Error, "added twice");
});

Deno.test("a file that is being read is known by its inode, until another one is read and all of it is delivered", async () => {
  const flusher = new HoldingFlusher();
  using scene = new PipelineScene(() => flusher);
  scene.append("a", `${HEAD} F one\n`);
  const { dev, ino } = Deno.statSync(scene.pathOf("a"));
  const isReading = () => scene.pipeline.isReading(dev, ino!);
  assertEquals(isReading(), false);
  scene.add("a", { namesMove: true });
  await scene.run();
  assertEquals(isReading(), true);
  Deno.renameSync(scene.pathOf("a"), `${scene.directory}/a.1.log`);
  scene.append("a", `${HEAD} F two\n`);
  await scene.run();
  assertEquals([isReading(), scene.left.length], [true, 0]);
  for (const ticket of flusher.tickets) ticket.release();
  assertEquals(isReading(), false);
  assertEquals(scene.left.map(({ key, identity, offset }) => [key, identity.inode, offset]), [
    ["a", ino, `${HEAD} F one\n`.length],
  ]);
});

Deno.test("a file where reading is to go on counts as being read before it is opened", () => {
  using scene = new PipelineScene();
  scene.add("a", { position: { identity: { device: 7, inode: 8, headBytes: 0, headHash: 0 }, offset: 0 } });
  assertEquals([scene.pipeline.isReading(7, 8), scene.pipeline.isReading(7, 9)], [true, false]);
});

Deno.test("of a source that has ended, where its file was left is told, too", async () => {
  using scene = new PipelineScene();
  scene.append("a", `${HEAD} F one\n`);
  scene.add("a", { namesMove: true });
  scene.pipeline.finish("a");
  scene.pipeline.finish("unknown");
  assertEquals(await scene.run(), { a: ["one"] });
  const { dev, ino, size } = Deno.statSync(scene.pathOf("a"));
  assertEquals(scene.left.map(({ key, identity, offset }) => [key, identity.inode, offset]), [["a", ino, size]]);
  assertEquals([scene.pipeline.isReading(dev, ino!), scene.pipeline.sourceCount], [false, 0]);
});

Deno.test("a source that is revived before it has ended goes on", async () => {
  using scene = new PipelineScene();
  scene.append("a", `${HEAD} F one\n`);
  scene.add("a");
  scene.pipeline.finish("a", 1000);
  scene.pipeline.revive("a");
  scene.pipeline.revive("unknown");
  assertEquals(await scene.run(), { a: ["one"] });
  scene.pipeline.takeEnded();
  scene.append("a", `${HEAD} F two\n`);
  assertEquals(await scene.run(), { a: ["two"] });
});

Deno.test("a file that blocked delivery keeps open too long is closed, and keeps the position that is settled", async () => {
  const flusher = new BlockedFlusher();
  using scene = new PipelineScene(() => flusher);
  const line = `${HEAD} F ${"x".repeat(1000)}\n`;
  scene.append("a", line.repeat(2000));
  scene.add("a");
  const running = scene.pipeline.run(scene.env.restart());
  scene.pipeline.finish("a", 120_000);
  await flusher.blocked;
  scene.env.pass(119_999);
  scene.pipeline.finish("a", 120_000);
  scene.pipeline.takeEnded();
  assertEquals(scene.log.lines, []);
  scene.env.pass(1);
  scene.pipeline.takeEnded();
  assertEquals(scene.log.lines.length, 1);
  const taken = Math.floor(READ_BYTES / line.length) * line.length;
  assertEquals(scene.log.lines[0].includes(`${2000 * line.length - taken} bytes unread`), true);
  flusher.go();
  await running;
  const ended = scene.pipeline.takeEnded();
  assertEquals([scene.pipeline.sourceCount, ended.get("a")?.offset, scene.left], [0, taken, []]);
});

Deno.test("pods that are made again and again under one name leave no file open", async () => {
  using scene = new PipelineScene();
  const directory = scene.pathOf("pod").replace(/\/[^/]*$/, "");
  for (let generation = 0; generation < 30; generation++) {
    const path = scene.pathOf("pod");
    scene.append("pod", `${HEAD} F ${generation}\n`);
    const source: Source = { key: `${generation}:pod`, path, tags: [], start: "first" };
    scene.pipeline.add({
      source,
      position: undefined,
      idleFlush: undefined,
      makeDecoder: (kernel, counts) => {
        const options = { stdout: true, stderr: true, multiline: undefined, timeOfFirst: false };
        return containerLogDecoder(options, { kernel, source, counts, nowSeconds: () => 0 });
      },
    });
    scene.pipeline.finish(source.key);
    assertEquals(await scene.run(), { "": [String(generation)] });
    Deno.removeSync(path);
  }
  assertEquals([openFilesBelow(directory), scene.pipeline.sourceCount], [[], 0]);
});
