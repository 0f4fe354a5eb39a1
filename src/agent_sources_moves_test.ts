import { assertEquals } from "@std/assert";
import { SourcesScene } from "../tests/support/sources_scene.ts";

const LOGS = "- {Type: input_file, EnableContainerDiscovery: true, FilePaths: [/log/*.log]}";

Deno.test("logs that move up by one name each are read once", async () => {
  using scene = new SourcesScene({ p: LOGS });
  scene.write("/root/log/app.log", "one\n");
  scene.sources.upsert(scene.container());
  const read = [await scene.settle()];
  for (const text of ["two", "three", "four"]) {
    for (const number of [2, 1]) {
      if (scene.env.files.tryStat(`${scene.node.path}/root/log/app.${number}.log`) === undefined) continue;
      scene.rename(`/root/log/app.${number}.log`, `/root/log/app.${number + 1}.log`);
    }
    scene.rename("/root/log/app.log", "/root/log/app.1.log");
    scene.write("/root/log/app.log", `${text}\n`);
    read.push(await scene.settle());
  }
  assertEquals(read.map(({ p }) => p), [["one"], ["two"], ["three"], ["four"]]);
});

Deno.test("a log goes on behind a rotated file that is read as a log of its own, as it was found while nothing was at the path", async () => {
  using scene = new SourcesScene({ p: LOGS.replace("*.log", "app.log, /log/*.1") });
  scene.write("/root/log/app.log", "one\n");
  scene.sources.upsert(scene.container());
  const read = [await scene.settle()];
  scene.rename("/root/log/app.log", "/root/log/app.log.2");
  scene.write("/root/log/app.log", "two\n");
  scene.rename("/root/log/app.log", "/root/log/app.log.1");
  await scene.look();
  scene.write("/root/log/app.log", "three\n");
  read.push(await scene.settle());
  assertEquals(read.flatMap(({ p }) => p).toSorted(), ["one", "three", "two"]);
});

Deno.test("what a container wrote just before it ended is read, though its runtime tells no longer where its files are", async () => {
  using scene = new SourcesScene({ p: LOGS });
  scene.sources.upsert(scene.container());
  await scene.settle();
  scene.write("/root/log/late.log", "late\n");
  scene.sources.upsert({ ...scene.container(), state: "exited", pid: 0, rootPaths: [] });
  assertEquals((await scene.settle()).p, ["late"]);
});

Deno.test("the files of a new container are looked for at once, however long the pause between looks is", async () => {
  using scene = new SourcesScene({ p: LOGS });
  scene.write("/root/log/app.log", "one\n");
  const stop = new AbortController();
  const asleep = Promise.withResolvers<void>();
  scene.env.sleep = (_ms: number, signal?: AbortSignal) => {
    asleep.resolve();
    return new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
  };
  const running = scene.sources.run(stop.signal);
  await asleep.promise;
  scene.sources.upsert(scene.container());
  const { pipeline } = scene.built[0];
  for (let turns = 0; turns < 100 && pipeline.sourceCount === 0; turns++) await new Promise((done) => setTimeout(done));
  assertEquals(pipeline.sourceCount, 1);
  stop.abort();
  await running;
});
