import { assertEquals, assertStringIncludes } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { systemError } from "../../tests/support/unreliable_disk.ts";
import type { Files } from "../core/env.ts";
import { CheckpointStore } from "./store.ts";

const POSITION = { identity: { device: 1, inode: 2, headBytes: 3, headHash: 4 }, offset: 5 };

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
  assertEquals(store.load(), new Map());
  assertEquals(await store.save(new Map([["p", new Map([["s", POSITION]])]])), true);
  assertEquals(store.load(), new Map([["p", new Map([["s", POSITION]])]]));
  assertEquals(log.lines, []);
  assertEquals([...Deno.readDirSync(directory)].map(({ name }) => name), ["sluice.checkpoint.json"]);
});

Deno.test("an inode of 64 bits is loaded as it was saved", async () => {
  using scene = new Scene();
  const { store, log } = scene;
  const position = { ...POSITION, identity: { ...POSITION.identity, device: 2 ** 63, inode: 2 ** 64 - 2 ** 11 } };
  await store.save(new Map([["p", new Map([["s", position]])]]));
  assertEquals(store.load(), new Map([["p", new Map([["s", position]])]]));
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
  Deno.test(`a checkpoint that holds ${name} is set aside with its reason`, async () => {
    using scene = new Scene();
    const { directory, store, log } = scene;
    await store.save(new Map());
    Deno.writeTextFileSync(store.path, text);
    assertEquals(store.load(), new Map());
    assertStringIncludes(log.lines[0], "cannot be used");
    const names = [...Deno.readDirSync(directory)].map((entry) => entry.name);
    assertEquals(names.length === 1 && names[0].includes(".corrupt-"), true);
    assertEquals(Deno.readTextFileSync(`${directory}/${names[0]}`), text);
  });
}

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
  const positions = (offset: number) => new Map([["p", new Map([["s", { ...POSITION, offset }]])]]);
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
  assertEquals(await store.save(new Map()), false);
  assertStringIncludes(log.lines[0], "Cannot write the checkpoint");
  Deno.removeSync(directory);
  assertEquals(await store.save(new Map()), true);
});
