import { assertEquals } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { TailedSource } from "./tailed_source.ts";
import { Tailer } from "./tailer.ts";

/** Sources that sleep, in directories that are watched. */
class Scene implements Disposable {
  readonly root = Deno.makeTempDirSync({ prefix: "sluice-bells-" });
  readonly env = new ClockEnv();
  readonly tailer = new Tailer(this.env);
  /** When which source gave bytes, since `begin`. */
  readonly news: string[] = [];
  #begunMs = 0;

  async begin(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      Deno.mkdirSync(this.directory(index));
      Deno.writeTextFileSync(this.path(index), "");
      const place = { path: this.path(index), directory: this.directory(index) };
      const source = { key: String(index), ...place, tags: [], start: "first" as const };
      this.tailer.add(new TailedSource(source, {}, this.env, new RecordingLog()));
    }
    await this.pass(20_000);
    this.#begunMs = this.env.now();
  }

  directory(index: number): string {
    return `${this.root}/${index}`;
  }

  path(index: number): string {
    return `${this.directory(index)}/0.log`;
  }

  write(index: number): void {
    Deno.writeTextFileSync(this.path(index), "news", { append: true });
  }

  /** Runs the loop as the pipeline does. @returns how often it woke up. */
  async pass(ms: number): Promise<number> {
    const untilMs = this.env.now() + ms;
    let wakeUps = 0;
    for (; this.env.now() < untilMs; wakeUps++) {
      this.look();
      await this.tailer.wait(new AbortController().signal);
    }
    return wakeUps;
  }

  look(): void {
    const into = new Uint8Array(1000);
    for (let reading = this.tailer.tryNext(into); reading !== undefined; reading = this.tailer.tryNext(into)) {
      const { tailed, result } = reading;
      if (result.kind !== "bytes") continue;
      tailed.advance(tailed.offset + result.size);
      this.news.push(`${tailed.source.key} after ${this.env.now() - this.#begunMs} ms`);
    }
  }

  get watched(): number {
    return [...this.env.watches.keys()].flat().length;
  }

  [Symbol.dispose](): void {
    this.tailer.close();
    Deno.removeSync(this.root, { recursive: true });
  }
}

Deno.test("who sleeps in a watched directory is read when the bell rings, and nobody else", async () => {
  using scene = new Scene();
  await scene.begin(3);
  assertEquals(scene.watched, 3);
  scene.look();
  scene.write(1);
  scene.look();
  assertEquals(scene.news, []);
  scene.env.ring(scene.directory(1));
  scene.look();
  assertEquals(scene.news, ["1 after 0 ms"]);
});

Deno.test("sources that are rung for wake the loop up every ten seconds", async () => {
  using scene = new Scene();
  await scene.begin(30);
  assertEquals(await scene.pass(100_000), 10);
});

Deno.test("a bell that does not ring delays, and loses nothing; the second time it is not relied on any more", async () => {
  using scene = new Scene();
  await scene.begin(2);
  const found: number[] = [];
  for (let round = 0; round < 3; round++) {
    const writtenMs = scene.env.now();
    scene.write(0);
    while (scene.news.length === round) await scene.pass(1);
    found.push(scene.env.now() - writtenMs);
    await scene.pass(20_000);
  }
  assertEquals(found.map((ms) => Math.ceil(ms / 1000) <= 11), [true, true, true]);
  assertEquals([found[2] <= 3000, scene.watched], [true, 1]);
});

Deno.test("a bell that rings late, for nothing or very often changes nothing but when it is looked", async () => {
  using scene = new Scene();
  await scene.begin(2);
  scene.write(0);
  await scene.pass(11_000);
  for (let count = 0; count < 1000; count++) scene.env.ring(scene.directory(0));
  scene.look();
  for (let count = 0; count < 1000; count++) scene.env.ring(scene.directory(1));
  scene.look();
  assertEquals(scene.news.length, 1);
  await scene.pass(5000);
  assertEquals(scene.watched, 0);
  scene.write(1);
  await scene.pass(5000);
  assertEquals(scene.news.length, 2);
});

Deno.test("a burst in many directories at once is read in one round", async () => {
  using scene = new Scene();
  await scene.begin(100);
  for (let index = 0; index < 100; index++) {
    scene.write(index);
    scene.env.ring(scene.directory(index));
  }
  scene.look();
  assertEquals([scene.news.length, new Set(scene.news.map((text) => text.split(" ")[2])).size], [100, 1]);
});

Deno.test("the bell of a source that is removed is let go of", async () => {
  using scene = new Scene();
  await scene.begin(20);
  for (let index = 0; index < 20; index++) scene.tailer.remove(String(index));
  await scene.pass(12_000);
  assertEquals(scene.watched, 0);
});
