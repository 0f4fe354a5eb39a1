import { assertEquals } from "@std/assert";
import { ClockEnv } from "../tests/support/clock_env.ts";
import { NodeDirectory } from "../tests/support/node_directory.ts";
import { at, PositionsScene } from "../tests/support/positions_scene.ts";
import type { Checkpoint } from "./checkpoint/store.ts";
import type { Decoder } from "./core/batch.ts";
import { isFileThere } from "./file_there.ts";
import { type PositionStore, SavedPositions } from "./saved_positions.ts";

Deno.test("what a pipeline has settled is saved, and claimed in the next life", async () => {
  using scene = new PositionsScene();
  const first = scene.start("a", "b");
  assertEquals(first.saved.claim(first.pipelines[0], "s"), undefined);
  first.pipelines[0].ledger.issue("s", at(10)).release();
  first.pipelines[1].ledger.issue("s", at(20)).release();
  first.pipelines[1].ledger.issue("s", at(99));
  await first.saved.saveChanges();
  assertEquals(scene.onDisk(), { a: { s: 10 }, b: { s: 20 } });
  const second = scene.start("a", "b");
  assertEquals(second.saved.unclaimedCount, 2);
  assertEquals(second.saved.claim(second.pipelines[1], "s"), at(20));
  assertEquals(second.saved.unclaimedCount, 1);
});

Deno.test("a source that comes back goes on where this life has settled it", async () => {
  using scene = new PositionsScene();
  const first = scene.start("a");
  first.pipelines[0].ledger.issue("s", at(10)).release();
  await first.saved.saveChanges();
  first.pipelines[0].ledger.issue("s", at(30)).release();
  assertEquals(first.saved.claim(first.pipelines[0], "s"), at(30));
});

Deno.test("positions that nobody claims stay saved until their files are gone", async () => {
  using scene = new PositionsScene();
  const first = scene.start("broken", "a");
  for (const [index, pipeline] of first.pipelines.entries()) {
    for (const key of ["kept", "gone"]) pipeline.ledger.issue(key, at(10 + index)).release();
  }
  await first.saved.saveChanges();
  const second = scene.start("a");
  second.pipelines[0].ledger.issue("new", at(5)).release();
  await second.saved.saveChanges();
  assertEquals(scene.onDisk(), { broken: { kept: 10, gone: 10 }, a: { kept: 11, gone: 11, new: 5 } });
  scene.gone.add("gone");
  second.saved.prune();
  assertEquals(second.saved.unclaimedCount, 2);
  second.pipelines[0].ledger.issue("new", at(6)).release();
  await second.saved.saveChanges();
  assertEquals(scene.onDisk(), { broken: { kept: 10 }, a: { kept: 11, new: 6 } });
});

Deno.test("nothing is written while nothing was settled", async () => {
  using scene = new PositionsScene();
  await scene.start("a").saved.saveChanges();
  Deno.removeSync(scene.store.path);
  await scene.store.save({ positions: new Map(), firstRunsMs: new Map([["a", 7]]) });
  const { saved, pipelines } = scene.start("a");
  Deno.removeSync(scene.store.path);
  await saved.saveChanges();
  assertEquals([...Deno.readDirSync(scene.directory)], []);
  const ticket = pipelines[0].ledger.issue("s", at(1));
  await saved.saveChanges();
  assertEquals([...Deno.readDirSync(scene.directory)], []);
  ticket.release();
  await saved.saveChanges();
  Deno.removeSync(scene.store.path);
  await saved.saveChanges();
  assertEquals([...Deno.readDirSync(scene.directory)], []);
});

Deno.test("what could not be saved is tried again", async () => {
  using scene = new PositionsScene();
  const { saved, pipelines } = scene.start("a");
  Deno.mkdirSync(`${scene.store.path}.new`);
  pipelines[0].ledger.issue("s", at(1)).release();
  await saved.saveChanges();
  assertEquals(scene.log.lines.length, 1);
  Deno.removeSync(`${scene.store.path}.new`);
  await saved.saveChanges();
  assertEquals(scene.onDisk(), { a: { s: 1 } });
});

Deno.test("without a store nothing is read and nothing is written", async () => {
  using scene = new PositionsScene();
  const first = scene.start("a");
  first.pipelines[0].ledger.issue("s", at(10)).release();
  await first.saved.saveChanges();
  const [printing] = scene.start("a").pipelines;
  const saved = new SavedPositions(undefined, [printing], scene.env, () => true, 0);
  assertEquals(saved.claim(printing, "s"), undefined);
  printing.ledger.issue("s", at(500)).release();
  await saved.saveChanges();
  assertEquals(scene.onDisk(), { a: { s: 10 } });
});

// elastic/beats#13140: the registry grew without bound.
Deno.test("the position of a source that has ended is kept, handed out again, and forgotten with its file", async () => {
  using scene = new PositionsScene();
  const { saved, pipelines: [pipeline] } = scene.start("a");
  Deno.writeTextFileSync(`${scene.directory}/s.log`, "");
  const source = { key: "s", path: `${scene.directory}/s.log`, tags: [], start: "first" } as const;
  const decoder = {} as Decoder;
  pipeline.add({ source, position: at(10), idleFlush: undefined, makeDecoder: () => decoder });
  pipeline.finish("s", 0);
  const stop = new AbortController();
  await saved.saveChanges();
  const running = pipeline.run(stop.signal);
  await scene.env.breathe();
  stop.abort();
  await running;
  await saved.saveChanges();
  assertEquals([pipeline.has("s"), saved.unclaimedCount, scene.onDisk()], [false, 1, { a: { s: 10 } }]);
  assertEquals([saved.claim(pipeline, "s"), saved.unclaimedCount], [at(10), 0]);
  pipeline.ledger.issue("other", at(1)).release();
  await saved.saveChanges();
  assertEquals(scene.onDisk(), { a: { other: 1 } });
});

Deno.test("the position of a file that was renamed is handed out by its inode, once, and only to its pipeline", async () => {
  using scene = new PositionsScene();
  const first = scene.start("a", "b");
  first.pipelines[0].ledger.issue("old name", at(10)).release();
  await first.saved.saveChanges();
  const { saved, pipelines: [a, b] } = scene.start("a", "b");
  const file = { device: 1, inode: 2 };
  assertEquals(saved.claimRenamed(b, file, () => true), undefined);
  assertEquals(saved.claimRenamed(a, { device: 1, inode: 3 }, () => true), undefined);
  assertEquals(saved.claimRenamed(a, { device: 3, inode: 2 }, () => true), undefined);
  assertEquals(saved.claimRenamed(a, file, () => false), undefined);
  assertEquals(saved.claimRenamed(a, file, ({ offset }) => offset === 10), at(10));
  assertEquals(saved.claimRenamed(a, file, () => true), undefined);
  assertEquals(saved.claim(a, "old name"), undefined);
});

Deno.test("whether the file of a source is there is looked for below the host root, where its links lead", () => {
  using node = new NodeDirectory();
  const { files } = new ClockEnv();
  node.file("/data/log/a.log").file("/data/log/rotated.log.1").file("/data/log/packed.log.1.gz").link(
    "/var/log",
    "/data/log",
  ).link("/round", "/round");
  const cases: readonly [string, boolean][] = [
    ["c1:/data/log/a.log", true],
    ["c1:/var/log/a.log", true],
    ["file:/var/log/b.log", false],
    ["file:/round/a.log", false],
    ["file:/var/log/rotated.log", true],
    ["file:/var/log/packed.log", true],
    ["file:/nowhere/rotated.log", false],
    [`local:${node.path}/data/log/a.log`, true],
    ["local:/data/log/a.log", false],
  ];
  for (const [key, isThere] of cases) assertEquals(isFileThere(key, node.path, files), isThere, key);
});

Deno.test("a file that cannot be looked at counts as there: its position is kept", () => {
  const fail = () => {
    throw new Error("Input/output error (os error 5)");
  };
  const nothing = { tryStat: () => undefined, tryReadLink: () => undefined, list: () => [] };
  for (const key of ["local:/a.log", "c1:/a.log"]) {
    assertEquals(isFileThere(key, "/host", { ...nothing, tryStat: fail }), true);
    assertEquals(isFileThere(key, "/host", nothing), false);
  }
});

Deno.test("a file that was left just before a crash is known by its number in the next life, and forgotten soon", async () => {
  using scene = new PositionsScene();
  const first = scene.start("a", "b");
  first.saved.keepLeft(first.pipelines[0], at(10));
  await first.saved.saveChanges();
  const second = scene.start("a", "b");
  const claim = ({ saved, pipelines }: typeof second, index: number) => {
    return saved.claimRenamed(pipelines[index], { device: 1, inode: 2 }, () => true);
  };
  assertEquals([claim(second, 1), claim(second, 0), claim(second, 0)], [undefined, at(10), undefined]);
  const third = scene.start("a", "b");
  third.saved.prune();
  assertEquals(third.saved.unclaimedCount, 0);
});

Deno.test("of the files that were left in a minute the newest thousand are saved", async () => {
  using scene = new PositionsScene();
  const { saved, pipelines } = scene.start("a");
  for (let inode = 1; inode <= 1001; inode++) {
    saved.keepLeft(pipelines[0], { identity: { ...at(10).identity, inode }, offset: 10 });
  }
  await saved.saveChanges();
  const keys = Object.keys(scene.onDisk().a);
  assertEquals([keys.length, keys[0], keys.at(-1)], [1000, "left:1:2", "left:1:1001"]);
});

Deno.test("a file that was left a minute ago is saved no longer", async () => {
  using scene = new PositionsScene();
  const { saved, pipelines } = scene.start("a");
  saved.keepLeft(pipelines[0], at(10));
  scene.env.pass(61_000);
  saved.noteMove(pipelines[0], "moved", at(10));
  await saved.saveChanges();
  assertEquals(scene.onDisk(), { a: {} });
});

Deno.test("of a checkpoint that is shared, only what is read here is saved here", async () => {
  using scene = new PositionsScene();
  const positions = new Map([["a", at(1)], ["b", { ...at(2), identity: { ...at(2).identity, inode: 3 } }], [
    "c",
    at(4),
  ]]);
  const saved: Checkpoint[] = [];
  const store: PositionStore = {
    isShared: true,
    load: () => ({ positions: new Map([["p", positions]]), firstRunsMs: new Map([["p", 7]]) }),
    save: (checkpoint) => Promise.resolve(saved.push(checkpoint) > 0),
  };
  const { pipelines: [pipeline] } = scene.start("p");
  const shared = new SavedPositions(store, [pipeline], scene.env, (key) => !scene.gone.has(key), 9);
  assertEquals(shared.claim(pipeline, "a"), at(1));
  assertEquals(shared.claim(pipeline, "a"), undefined, "once");
  pipeline.ledger.restore("a", at(1));
  shared.noteMove(pipeline, "a", at(1));
  await shared.saveChanges();
  assertEquals(saved, [{ positions: new Map([["p", new Map([["a", at(1)]])]]), firstRunsMs: new Map([["p", 7]]) }]);
  const renamed = shared.claimRenamed(pipeline, { device: 1, inode: 3 }, () => true);
  assertEquals(renamed?.offset, 2, "a file that another thread read under its old name is known");
  scene.gone.add("c");
  shared.prune();
  assertEquals(shared.claim(pipeline, "c"), undefined);
});
