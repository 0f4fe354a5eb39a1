import { assertEquals, assertStringIncludes } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { CheckpointStore } from "./store.ts";

const POSITION = { identity: { device: 1, inode: 2, headBytes: 3, headHash: 4 }, offset: 5 };

function setUp() {
  const directory = `${Deno.makeTempDirSync({ prefix: "sluice-checkpoint-" })}/deep`;
  const log = new RecordingLog();
  return { directory, log, store: new CheckpointStore(directory, new ClockEnv(), log) };
}

Deno.test("what was saved is loaded", async () => {
  const { directory, store, log } = setUp();
  assertEquals(store.load(), new Map());
  assertEquals(await store.save(new Map([["p", new Map([["s", POSITION]])]])), true);
  assertEquals(store.load(), new Map([["p", new Map([["s", POSITION]])]]));
  assertEquals(log.lines, []);
  assertEquals([...Deno.readDirSync(directory)].map(({ name }) => name), ["sluice.checkpoint.json"]);
});

for (
  const [name, text] of Object.entries({
    "nothing": "",
    "half a file": '{"version":1,"pipelines":{"p":{"s":{"iden',
    "another version": '{"version":2,"pipelines":{}}',
    "a negative offset": JSON.stringify({ version: 1, pipelines: { p: { s: { ...POSITION, offset: -1 } } } }),
    "zeros": "\0".repeat(100),
  })
) {
  Deno.test(`a checkpoint that holds ${name} is set aside with its reason`, async () => {
    const { directory, store, log } = setUp();
    await store.save(new Map());
    Deno.writeTextFileSync(store.path, text);
    assertEquals(store.load(), new Map());
    assertStringIncludes(log.lines[0], "cannot be used");
    const names = [...Deno.readDirSync(directory)].map((entry) => entry.name);
    assertEquals(names.length === 1 && names[0].includes(".corrupt-"), true);
    assertEquals(Deno.readTextFileSync(`${directory}/${names[0]}`), text);
  });
}

Deno.test("a directory that cannot be written is reported and tried again", async () => {
  const { store, log, directory } = setUp();
  Deno.writeTextFileSync(directory, "a file in the directory's place");
  assertEquals(await store.save(new Map()), false);
  assertStringIncludes(log.lines[0], "Cannot write the checkpoint");
  Deno.removeSync(directory);
  assertEquals(await store.save(new Map()), true);
});
