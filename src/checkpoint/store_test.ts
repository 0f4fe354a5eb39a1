import { assertEquals, assertStringIncludes } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { systemError } from "../../tests/support/unreliable_disk.ts";
import type { Files } from "../core/env.ts";
import type { KnownSource } from "../core/known_source.ts";
import type { Position } from "../core/position.ts";
import { type Checkpoint, CheckpointStore, NO_CHECKPOINT } from "./store.ts";

const POSITION = { identity: { device: 1, inode: 2, headBytes: 3, headHash: 4 }, offset: 5 };

/** A checkpoint of one position, of a pipeline that first ran at 7. */
function saved(position: Position): Checkpoint {
  return { positions: new Map([["p", new Map([["s", position]])]]), firstRunsMs: new Map([["p", 7]]) };
}

/** A file whose only position is of another identity. */
function checkpointOf(identity: Partial<typeof POSITION.identity>) {
  return { version: 1, pipelines: { p: { s: { ...POSITION, identity: { ...POSITION.identity, ...identity } } } } };
}

/** A store whose directory is not there yet. */
class Scene implements Disposable {
  readonly #parent = Deno.makeTempDirSync({ prefix: "sluice-checkpoint-" });
  readonly directory = `${this.#parent}/deep`;
  readonly log = new RecordingLog();
  readonly store = new CheckpointStore(this.directory, new ClockEnv(), this.log);

  [Symbol.dispose](): void {
    Deno.removeSync(this.#parent, { recursive: true });
  }
}

Deno.test("what was saved is loaded", async () => {
  using scene = new Scene();
  const { directory, store, log } = scene;
  assertEquals(store.load(), NO_CHECKPOINT);
  assertEquals(await store.save(saved(POSITION)), true);
  assertEquals(store.load(), saved(POSITION));
  assertEquals(log.lines, []);
  assertEquals([...Deno.readDirSync(directory)].map(({ name }) => name), ["sluice.checkpoint.json"]);
});

Deno.test("what is pending at a position is loaded as it was saved; who does not know of it begins before", async () => {
  using scene = new Scene();
  const records = [{
    stream: "Stdout" as const,
    content: Uint8Array.from({ length: 20_000 }, (_, index) => index),
    time: new TextEncoder().encode("2022-07-13"),
    seconds: 1657727154,
    offsetSafe: -1,
    line: 3,
    lineOffset: -1,
  }];
  const end = { identity: { ...POSITION.identity, inode: 3 }, offset: 9 };
  await scene.store.save(saved({ ...end, pending: { safe: POSITION, records } }));
  assertEquals(scene.store.load(), saved({ ...end, pending: { safe: POSITION, records } }));
  const { pipelines } = JSON.parse(Deno.readTextFileSync(scene.store.path));
  assertEquals([pipelines.p.s.identity, pipelines.p.s.offset], [POSITION.identity, POSITION.offset]);
});

Deno.test("an inode of 64 bits is loaded as it was saved", async () => {
  using scene = new Scene();
  const { store, log } = scene;
  const position = { ...POSITION, identity: { ...POSITION.identity, device: 2 ** 63, inode: 2 ** 64 - 2 ** 11 } };
  await store.save(saved(position));
  assertEquals(store.load(), saved(position));
  assertEquals(log.lines, []);
});

for (
  const [name, text] of Object.entries({
    "nothing": "",
    "half a file": '{"version":1,"pipelines":{"p":{"s":{"iden',
    "another version": '{"version":2,"pipelines":{}}',
    "a negative offset": JSON.stringify({ version: 1, pipelines: { p: { s: { ...POSITION, offset: -1 } } } }),
    "zeros": "\0".repeat(100),
    "a head that no file has": JSON.stringify(checkpointOf({ headBytes: 2 ** 40 })),
    "a checksum that none is": JSON.stringify(checkpointOf({ headHash: 2 ** 32 })),
    "half an inode": JSON.stringify(checkpointOf({ inode: 1.5 })),
  })
) {
  Deno.test(`a checkpoint that holds ${name} is set aside with its reason, and all that there is counts as unread`, async () => {
    using scene = new Scene();
    const { directory, store, log } = scene;
    await store.save(NO_CHECKPOINT);
    Deno.writeTextFileSync(store.path, text);
    assertEquals(store.load(), { ...NO_CHECKPOINT, firstRunOfOthersMs: 0 });
    assertStringIncludes(log.lines[0], "cannot be used");
    const names = [...Deno.readDirSync(directory)].map((entry) => entry.name);
    assertEquals(names.length === 1 && names[0].includes(".corrupt-"), true);
    assertEquals(Deno.readTextFileSync(`${directory}/${names[0]}`), text);
  });
}

const SOURCES = new Map([[
  "p",
  new Map<string, KnownSource>([["s", {
    input: 1,
    tags: [["a", "b"]],
    container: { runtime: "containerd", name: "c", createdMs: 5, pod: { namespace: "n", name: "p" } },
  }]]),
]]);

Deno.test("what is known of sources is in a file of its own, which stays as it is where nothing is new", async () => {
  using scene = new Scene();
  const { directory, store } = scene;
  await store.save({ ...saved(POSITION), sources: SOURCES });
  await store.save(saved({ ...POSITION, offset: 6 }));
  assertEquals(store.load(), { ...saved({ ...POSITION, offset: 6 }), sources: SOURCES });
  for (const text of ["{", '{"version":1,"pipelines":{"p":{"s":{"input":-1}}}}']) {
    Deno.writeTextFileSync(`${directory}/sluice.sources.json`, text);
    assertEquals(store.load(), saved({ ...POSITION, offset: 6 }));
    assertStringIncludes(scene.log.lines.pop()!, "The list of sources");
  }
});

Deno.test("a pipeline that a version has saved that noted no first run ran by then; one that it does not name never did", () => {
  using scene = new Scene();
  const { directory, store } = scene;
  Deno.mkdirSync(directory);
  Deno.writeTextFileSync(store.path, JSON.stringify(checkpointOf({})));
  Deno.utimeSync(store.path, 5, 5);
  assertEquals(store.load(), { ...saved(POSITION), firstRunsMs: new Map([["p", 5000]]) });
});

Deno.test("a checkpoint that cannot be read is no reason to think that nothing was ever read", () => {
  using scene = new Scene();
  Deno.mkdirSync(scene.store.path, { recursive: true });
  assertEquals(scene.store.load().firstRunOfOthersMs, 0);
  assertStringIncludes(scene.log.lines[0], "Cannot read the checkpoint");
});

/** The real disk, until it is full: then half of a checkpoint is written aside. */
class FillingEnv extends ClockEnv {
  isFull = false;
  override readonly files: Files = {
    ...new ClockEnv().files,
    writeAtomically: async (path, text) => {
      if (!this.isFull) return await new ClockEnv().files.writeAtomically(path, text);
      Deno.writeTextFileSync(`${path}.new`, text.slice(0, text.length / 2));
      throw systemError("ENOSPC");
    },
  };
}

Deno.test("a disk that fills up in the middle of a write leaves the checkpoint before; it is written again when there is room", async () => {
  using scene = new Scene();
  const env = new FillingEnv();
  const store = new CheckpointStore(scene.directory, env, scene.log);
  const positions = (offset: number) => saved({ ...POSITION, offset });
  assertEquals(await store.save(positions(1)), true);
  env.isFull = true;
  assertEquals(await store.save(positions(2)), false);
  assertStringIncludes(scene.log.lines[0], "Cannot write the checkpoint");
  // As after a crash in the middle of it: what was written aside is torn, and nobody reads it.
  assertEquals(new CheckpointStore(scene.directory, new ClockEnv(), scene.log).load(), positions(1));
  env.isFull = false;
  assertEquals(await store.save(positions(3)), true);
  assertEquals(store.load(), positions(3));
});

Deno.test("a directory that cannot be written is reported and tried again", async () => {
  using scene = new Scene();
  const { store, log, directory } = scene;
  Deno.writeTextFileSync(directory, "a file in the directory's place");
  assertEquals(await store.save(NO_CHECKPOINT), false);
  assertStringIncludes(log.lines[0], "Cannot write the checkpoint");
  Deno.removeSync(directory);
  assertEquals(await store.save(NO_CHECKPOINT), true);
});
