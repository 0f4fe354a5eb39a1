import { assertEquals } from "@std/assert";
import { ClockEnv } from "../tests/support/clock_env.ts";
import { testKernel } from "../tests/support/kernel.ts";
import { RecordingLog } from "../tests/support/recording_log.ts";
import { CheckpointStore } from "./checkpoint/store.ts";
import { Pipeline } from "./pipeline.ts";
import { SavedPositions } from "./saved_positions.ts";

const at = (offset: number) => ({ identity: { device: 1, inode: 2, headBytes: 0, headHash: 0 }, offset });

/** A checkpoint directory that outlives the agents that use it. */
class Scene implements Disposable {
  readonly directory = Deno.makeTempDirSync({ prefix: "sluice-positions-" });
  readonly env = new ClockEnv();
  readonly log = new RecordingLog();
  readonly store = new CheckpointStore(this.directory, this.env, this.log);

  /** A new life of the agent. */
  start(...names: string[]): { saved: SavedPositions; pipelines: Pipeline[] } {
    const pipelines = names.map((name) => new Pipeline(name, testKernel(), [], this.env, this.log));
    return { saved: new SavedPositions(this.store, pipelines, this.env), pipelines };
  }

  /** Offsets by pipeline and source, as they are on disk. */
  onDisk(): Record<string, Record<string, number>> {
    const sources = (positions: ReadonlyMap<string, { offset: number }>) =>
      Object.fromEntries([...positions].map(([key, { offset }]) => [key, offset]));
    return Object.fromEntries([...this.store.load()].map(([name, positions]) => [name, sources(positions)]));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }
}

Deno.test("what a pipeline has settled is saved, and claimed in the next life", async () => {
  using scene = new Scene();
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
  using scene = new Scene();
  const first = scene.start("a");
  first.pipelines[0].ledger.issue("s", at(10)).release();
  await first.saved.saveChanges();
  first.pipelines[0].ledger.issue("s", at(30)).release();
  assertEquals(first.saved.claim(first.pipelines[0], "s"), at(30));
});

Deno.test("positions that nobody claims stay saved until their files are gone", async () => {
  using scene = new Scene();
  const first = scene.start("broken", "a");
  for (const [index, pipeline] of first.pipelines.entries()) {
    for (const key of ["kept", "gone"]) pipeline.ledger.issue(key, at(10 + index)).release();
  }
  await first.saved.saveChanges();
  const second = scene.start("a");
  second.pipelines[0].ledger.issue("new", at(5)).release();
  await second.saved.saveChanges();
  assertEquals(scene.onDisk(), { broken: { kept: 10, gone: 10 }, a: { kept: 11, gone: 11, new: 5 } });
  second.saved.prune((key) => key !== "gone");
  assertEquals(second.saved.unclaimedCount, 2);
  second.pipelines[0].ledger.issue("new", at(6)).release();
  await second.saved.saveChanges();
  assertEquals(scene.onDisk(), { broken: { kept: 10 }, a: { kept: 11, new: 6 } });
});

Deno.test("nothing is written while nothing was settled", async () => {
  using scene = new Scene();
  const { saved, pipelines } = scene.start("a");
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
  using scene = new Scene();
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
  using scene = new Scene();
  const first = scene.start("a");
  first.pipelines[0].ledger.issue("s", at(10)).release();
  await first.saved.saveChanges();
  const [printing] = scene.start("a").pipelines;
  const saved = new SavedPositions(undefined, [printing], scene.env);
  assertEquals(saved.claim(printing, "s"), undefined);
  printing.ledger.issue("s", at(500)).release();
  await saved.saveChanges();
  assertEquals(scene.onDisk(), { a: { s: 10 } });
});
