import { assertEquals } from "@std/assert";
import { SourcesScene } from "../tests/support/sources_scene.ts";
import { makeContainer } from "../tests/support/node_directory.ts";
import { startOf } from "./source_start.ts";

const OUTPUT = "- {Type: input_container_stdio}";
const HEAD = "2022-07-13T23:45:54.976593653+08:00 stdout F";
const CHECKPOINT = "/checkpoint/sluice.checkpoint.json";

Deno.test("what a container wrote since the pipeline first ran is read; of what is older, as much as the input wants", () => {
  const container = { ...makeContainer([], []), createdMs: 100_000 };
  assertEquals(startOf({ container, start: "first" }, 100_000), "oldest");
  assertEquals(startOf({ container, start: 5 }, 100_000), "oldest");
  assertEquals(startOf({ container, start: "first" }, 100_001), { writtenSinceMs: 70_001 });
  assertEquals(startOf({ container, start: 5 }, 100_001), 5);
  assertEquals(startOf({ start: "first" }, 100_000), { writtenSinceMs: 70_000 });
  assertEquals(startOf({ start: 5 }, 100_000), 5);
});

/** A container with a log that is rotated. */
class Log {
  readonly #scene: SourcesScene;
  readonly #path: string;
  readonly #createdMs: number;
  #rotations = 0;

  constructor(scene: SourcesScene, id: string, createdMs: number) {
    this.#scene = scene;
    this.#path = `/pods/${id}/0.log`;
    this.#createdMs = createdMs;
    scene.write(this.#path, "");
  }

  write(text: string): void {
    this.#scene.append(this.#path, `${HEAD} ${text}\n`);
    this.#scene.env.pass(1000);
  }

  rotate(): void {
    this.#scene.rename(this.#path, `${this.#path}.20261123-00000${this.#rotations++}`);
    this.#scene.write(this.#path, "");
  }

  tell(): void {
    const [, , id] = this.#path.split("/");
    this.#scene.sources.upsert(this.#scene.container({ id, logPath: this.#path, createdMs: this.#createdMs }));
  }
}

Deno.test("with an old copy of the checkpoint, or half of one, a log that it does not know is read from its oldest file", async () => {
  for (const isTorn of [false, true]) {
    using scene = new SourcesScene({ p: OUTPUT });
    const known = new Log(scene, "known", 0);
    known.write("one");
    known.tell();
    assertEquals(await scene.settle(), { p: ["one"] });
    const copy = Deno.readTextFileSync(scene.node.path + CHECKPOINT);
    const log = new Log(scene, "unknown", scene.env.now());
    log.write("two");
    log.tell();
    assertEquals(await scene.settle(), { p: ["two"] });
    for (const text of ["three", "four"]) {
      log.rotate();
      log.write(text);
    }
    await scene.restart();
    Deno.writeTextFileSync(scene.node.path + CHECKPOINT, isTorn ? copy.slice(0, copy.length / 2) : copy);
    await scene.restart(true);
    scene.env.pass(60_000);
    for (const one of [known, log]) one.tell();
    assertEquals(await scene.settle(), { p: isTorn ? ["one", "two", "three", "four"] : ["two", "three", "four"] });
  }
});

Deno.test("of a log that is older than the pipeline and not known, what was rotated after its first run is read, and what was before is not", async () => {
  using scene = new SourcesScene({ p: OUTPUT });
  await scene.saved.saveChanges();
  const firstRunMs = scene.env.now();
  scene.env.pass(-120_000);
  const log = new Log(scene, "c", firstRunMs - 200_000);
  log.write("long before");
  scene.env.pass(100_000);
  log.rotate();
  log.write("just before");
  scene.env.pass(60_000);
  log.rotate();
  log.write("after");
  log.rotate();
  log.write("now");
  await scene.restart();
  log.tell();
  assertEquals(await scene.settle(), { p: ["just before", "after", "now"] });
});

Deno.test("an option that skips the beginning of old logs skips nothing of what came after the first run, however often the agent has started since", async () => {
  using scene = new SourcesScene({ p: "- {Type: service_docker_stdout, StartLogMaxOffset: 0}" });
  await scene.saved.saveChanges();
  const logs = [new Log(scene, "older", scene.env.now() - 1), new Log(scene, "newer", scene.env.now())];
  for (const text of ["one", "two"]) {
    for (const log of logs) log.write(text);
    for (const log of logs) log.rotate();
  }
  await scene.restart();
  for (const log of logs) log.tell();
  assertEquals(await scene.settle(), { p: ["one", "two"] });
});

Deno.test("a file of the node that the checkpoint does not know is read with what was rotated from it since the pipeline first ran", async () => {
  using scene = new SourcesScene({ p: "- {Type: input_file, FilePaths: [HOST/log/*.log]}" });
  scene.write("/log/a.log", "one\n");
  assertEquals(await scene.settle(), { p: ["one"] });
  await scene.restart();
  scene.write("/log/b.log", "two\n");
  scene.rename("/log/b.log", "/log/b.log.1");
  scene.write("/log/b.log", "three\n");
  assertEquals(await scene.settle(), { p: ["two", "three"] });
});
