import { assert, assertEquals } from "@std/assert";
import { SourcesScene } from "../tests/support/sources_scene.ts";
import { identify } from "./tail/identity.ts";

/** The input that reads files in containers. */
function files(paths: string, more = ""): string {
  return `- {Type: input_file, EnableContainerDiscovery: true, FilePaths: [${paths}]${more}}`;
}

/** Only containers whose pod has this label. */
const LABELLED = (label: string) => `, ContainerFilters: {IncludeK8sLabel: {role: ${label}}}`;
const LOGS = files("/log/*.log");
const OUTPUT = "- {Type: input_container_stdio}";
const HEAD = "2022-07-13T23:45:54.976593653+08:00 stdout F";
const UNKNOWN_FILE = { device: 0, inode: 0, headBytes: 0, headHash: 0 };
const NEVER = new AbortController().signal;

function podWith(role: string) {
  return { pod: { name: "web-1", namespace: "default", uid: "u", labels: { role } } };
}

Deno.test("files in a container are found and read, also those that come later", async () => {
  using scene = new SourcesScene({ p: LOGS });
  scene.write("/root/log/a.log", "one\n");
  scene.sources.upsert(scene.container());
  assertEquals(await scene.settle(), { p: ["one"] });
  scene.write("/root/log/b.log", "two\n");
  scene.append("/root/log/a.log", "three\n");
  assertEquals((await scene.settle()).p.toSorted(), ["three", "two"]);
});

Deno.test("files of the node are found and read, also those that come later", async () => {
  using scene = new SourcesScene({ p: "- {Type: input_file, FilePaths: [HOST/log/*.log]}" });
  scene.write("/log/a.log", "one\n");
  assertEquals(await scene.settle(), { p: ["one"] });
  scene.write("/log/b.log", "two\n");
  assertEquals(await scene.settle(), { p: ["two"] });
});

Deno.test("a file that is renamed while it is read is read once, under its new name, too", async () => {
  using scene = new SourcesScene({ p: LOGS });
  scene.write("/root/log/app.log", "one\n");
  scene.sources.upsert(scene.container());
  assertEquals(await scene.settle(), { p: ["one"] });
  scene.append("/root/log/app.log", "two\n");
  scene.rename("/root/log/app.log", "/root/log/app.1.log");
  assertEquals(await scene.settle(), { p: ["two"] });
  scene.write("/root/log/app.log", "three\n");
  assertEquals(await scene.settle(), { p: ["three"] });
  scene.append("/root/log/app.1.log", "four\n");
  assertEquals(await scene.settle(), { p: ["four"] });
});

for (const isFollowed of [false, true]) {
  const name = isFollowed ? "and followed by a new one " : "";
  Deno.test(`a file that is renamed ${name}while no agent runs is read on where it was left`, async () => {
    using scene = new SourcesScene({ p: LOGS });
    scene.write("/root/log/app.log", "one\n");
    scene.sources.upsert(scene.container());
    assertEquals(await scene.settle(), { p: ["one"] });
    await scene.restart();
    scene.append("/root/log/app.log", "two\n");
    scene.rename("/root/log/app.log", "/root/log/app.1.log");
    if (isFollowed) scene.write("/root/log/app.log", "three\n");
    scene.sources.upsert(scene.container());
    assertEquals(await scene.settle(), { p: isFollowed ? ["two", "three"] : ["two"] });
    await scene.restart();
    scene.sources.upsert(scene.container());
    assertEquals(await scene.settle(), {});
  });
}

Deno.test("a file that was deleted and made again is read from its first byte", async () => {
  using scene = new SourcesScene({ p: LOGS });
  for (const [life, text] of ["one", "two", "three"].entries()) {
    scene.write("/root/log/app.log", `${text}\n`);
    scene.sources.upsert(scene.container());
    assertEquals(await scene.settle(), { p: [text] }, `life ${life}`);
    scene.remove("/root/log/app.log");
    await scene.restart();
  }
});

Deno.test("a volume that two containers share is read once, whoever of them is gone", async () => {
  using scene = new SourcesScene({ p: LOGS });
  const volume = { mounts: [{ source: "/volume", destination: "/log" }] };
  scene.write("/volume/app.log", "one\n");
  for (const id of ["a", "b"]) scene.sources.upsert(scene.container({ id, ...volume }));
  assertEquals(await scene.settle(), { p: ["one"] });
  scene.append("/volume/app.log", "two\n");
  await scene.sources.remove("a", NEVER);
  scene.append("/volume/app.log", "three\n");
  assertEquals(await scene.settle(), { p: ["two", "three"] });
  scene.append("/volume/app.log", "four\n");
  assertEquals(await scene.settle(), { p: ["four"] });
});

Deno.test("a container that is made again goes on in the files of its volume", async () => {
  using scene = new SourcesScene({ p: LOGS });
  const volume = { mounts: [{ source: "/volume", destination: "/log" }] };
  scene.write("/volume/app.log", "one\n");
  scene.sources.upsert(scene.container({ id: "a", ...volume }));
  assertEquals(await scene.settle(), { p: ["one"] });
  scene.sources.upsert(scene.container({ id: "a", state: "exited", ...volume }));
  assertEquals(await scene.settle(), {});
  await scene.sources.remove("a", NEVER);
  scene.append("/volume/app.log", "two\n");
  await scene.read();
  scene.sources.upsert(scene.container({ id: "b", ...volume }));
  assertEquals(await scene.settle(), { p: ["two"] });
});

Deno.test("what was written since the last look is read when the container has exited, or is gone", async () => {
  using scene = new SourcesScene({ p: LOGS });
  scene.sources.upsert(scene.container());
  assertEquals(await scene.settle(), {});
  scene.write("/root/log/exited.log", "one\n");
  scene.sources.upsert(scene.container({ state: "exited" }));
  assertEquals(await scene.read(), { p: ["one"] });
  scene.sources.upsert(scene.container());
  await scene.settle();
  scene.write("/root/log/gone.log", "two\n");
  await scene.sources.remove("c1", NEVER);
  assertEquals(await scene.read(), { p: ["two"] });
  assertEquals(scene.built[0].pipeline.sourceCount, 0);
});

Deno.test("of a container that no longer matches the rest is read, and what comes then is not", async () => {
  using scene = new SourcesScene({ p: files("/log/*.log", LABELLED("a")) });
  scene.write("/root/log/app.log", "one\n");
  scene.sources.upsert(scene.container(podWith("a")));
  assertEquals(await scene.settle(), { p: ["one"] });
  scene.append("/root/log/app.log", "two\n");
  scene.sources.upsert(scene.container(podWith("b")));
  assertEquals(await scene.settle(), { p: ["two"] });
  scene.append("/root/log/app.log", "three\n");
  assertEquals(await scene.settle(), {});
  scene.sources.upsert(scene.container(podWith("a")));
  assertEquals(await scene.settle(), { p: ["three"] });
});

Deno.test("a file that two pipelines want is read by the one whose pattern begins deeper, or by both where that is allowed", async () => {
  for (const more of ["", ", AllowingIncludedByMultiConfigs: true"]) {
    using scene = new SourcesScene({
      p: files("/log/**/*.log", `, MaxDirSearchDepth: 5${more}`),
      q: files("/log/deep/*.log", more),
    });
    scene.write("/root/log/deep/app.log", "one\n");
    scene.sources.upsert(scene.container());
    assertEquals(await scene.settle(), more === "" ? { q: ["one"] } : { p: ["one"], q: ["one"] });
    assertEquals(scene.log.lines.some((line) => line.includes("p does not read")), more === "");
  }
});

Deno.test("a file that one pipeline has in hand is taken by no other one under its new name", async () => {
  using scene = new SourcesScene({ p: LOGS, q: files("/log/*.log") });
  scene.write("/root/log/app.log", "one\n");
  scene.sources.upsert(scene.container());
  assertEquals(await scene.settle(), { p: ["one"] });
  scene.rename("/root/log/app.log", "/root/log/app.1.log");
  await scene.look();
  scene.write("/root/log/app.log", "two\n");
  assertEquals(await scene.settle(), { p: ["two"] });
  scene.append("/root/log/app.1.log", "three\n");
  assertEquals(await scene.settle(), { p: ["three"] });
});

Deno.test("output is taken over by the pipeline that wants it when another one no longer does", async () => {
  const stdio = "- {Type: input_container_stdio";
  using scene = new SourcesScene({ p: `${stdio}${LABELLED("a")}}`, q: `${stdio}}` });
  const output = { logPath: "/pods/0.log" };
  scene.write(output.logPath, `${HEAD} one\n`);
  scene.sources.upsert(scene.container({ ...output, ...podWith("a") }));
  assertEquals(await scene.settle(), { p: ["one"] });
  scene.sources.upsert(scene.container({ ...output, ...podWith("b") }));
  assertEquals(await scene.settle(), { q: ["one"] });
});

Deno.test("output is read once, over a restart of the agent and while its container is away for a moment", async () => {
  using scene = new SourcesScene({ p: OUTPUT });
  const container = scene.container({ logPath: "/pods/0.log" });
  scene.write("/pods/0.log", `${HEAD} one\n`);
  scene.sources.upsert(container);
  assertEquals(await scene.read(), { p: ["one"] });
  await scene.restart();
  scene.append("/pods/0.log", `${HEAD} two\n`);
  scene.sources.upsert(container);
  assertEquals(await scene.read(), { p: ["two"] });
  const removing = scene.sources.remove(container.id, NEVER);
  scene.sources.upsert(container);
  await removing;
  scene.append("/pods/0.log", `${HEAD} three\n`);
  assertEquals(await scene.read(), { p: ["three"] });
  await scene.sources.remove(container.id, NEVER);
  assertEquals([await scene.read(), scene.built[0].pipeline.sourceCount], [{}, 0]);
  scene.sources.upsert(container);
  assertEquals(await scene.read(), {});
});

Deno.test("output whose end was not reached goes on when its container is there again", async () => {
  using scene = new SourcesScene({ p: OUTPUT });
  const container = scene.container({ logPath: "/pods/0.log" });
  scene.write("/pods/0.log", `${HEAD} one\n`);
  scene.sources.upsert(container);
  await scene.sources.remove(container.id, NEVER);
  scene.sources.upsert(container);
  assertEquals([await scene.read(), scene.built[0].pipeline.sourceCount], [{ p: ["one"] }, 1]);
  scene.append("/pods/0.log", `${HEAD} two\n`);
  assertEquals(await scene.read(), { p: ["two"] });
});

Deno.test("output whose records are still on their way is begun again when they have arrived", async () => {
  using scene = new SourcesScene({ p: OUTPUT });
  const { pipeline } = scene.built[0];
  scene.write("/pods/0.log", `${HEAD} one\n`);
  const file = scene.env.files.tryOpen(`${scene.node.path}/pods/0.log`)!;
  const identity = identify(file);
  file.close();
  const ticket = pipeline.ledger.issue("c1:/pods/0.log", { identity, offset: `${HEAD} one\n`.length });
  scene.sources.upsert(scene.container({ logPath: "/pods/0.log" }));
  assertEquals(await scene.settle(), {});
  assertEquals(pipeline.sourceCount, 0);
  ticket.release();
  scene.append("/pods/0.log", `${HEAD} two\n`);
  assertEquals(await scene.settle(), { p: ["two"] });
});

Deno.test("output whose records are still on their way is read on when they have arrived, though its container is gone by then", async () => {
  using scene = new SourcesScene({ p: OUTPUT });
  const { pipeline } = scene.built[0];
  scene.write("/pods/0.log", `${HEAD} one\n`);
  const ticket = pipeline.ledger.issue("c1:/pods/0.log", { identity: UNKNOWN_FILE, offset: 0 });
  scene.sources.upsert(scene.container({ logPath: "/pods/0.log" }));
  const removing = scene.sources.remove("c1", NEVER);
  ticket.release();
  await removing;
  assertEquals([await scene.settle(), pipeline.sourceCount], [{ p: ["one"] }, 0]);
});

Deno.test("a disk that fails ends nothing: what it hides is read when it works again", async () => {
  using scene = new SourcesScene({ p: LOGS, q: OUTPUT, r: "- {Type: input_file, FilePaths: [HOST/node/*.log]}" });
  for (const name of ["a", "bad"]) {
    scene.write(`/root/log/${name}.log`, `${name} in it\n`);
    scene.write(`/node/${name}.log`, `${name} of it\n`);
  }
  scene.write("/pods/bad/0.log", `${HEAD} bad output\n`);
  scene.env.onLook = (path) => {
    if (path.includes("/bad")) throw new Error("Input/output error (os error 5)");
  };
  const container = scene.container({ logPath: "/pods/bad/0.log" });
  scene.sources.upsert(container);
  assertEquals(await scene.settle(), { p: ["a in it"], r: ["a of it"] });
  assert(scene.log.lines.some((line) => line.includes("Input/output error")));
  scene.env.onLook = () => {};
  assertEquals(await scene.settle(), { p: ["bad in it"], q: ["bad output"], r: ["bad of it"] });
});

Deno.test("a file that fails between finding it and beginning to read it ends nothing and hides no other", async () => {
  const node = "- {Type: input_file, FilePaths: [HOST/root/log/*.log]}";
  for (const [input, name] of [[LOGS, "in a container"], [node, "of the node"]]) {
    using scene = new SourcesScene({ p: input });
    for (const letter of ["a", "b"]) scene.write(`/root/log/${letter}.log`, `${letter}\n`);
    let looks = 0;
    scene.env.onLook = (path) => {
      // The first look finds the file, every second one after it fails.
      if (path.endsWith("/a.log") && looks++ % 2 === 1) throw new Error("Permission denied (os error 13)");
    };
    scene.sources.upsert(scene.container());
    await scene.look();
    assertEquals([scene.built[0].pipeline.sourceCount, looks > 0], [1, true], name);
    scene.env.onLook = () => {};
    assertEquals((await scene.settle()).p.toSorted(), ["a", "b"], name);
  }
});

// elastic/beats#40447: what was begun for a container that is gone was left running.
Deno.test("of containers that come and go nothing is kept", async () => {
  using scene = new SourcesScene({ p: LOGS, q: OUTPUT });
  const saved = () => scene.saved.unclaimedCount;
  for (let number = 0; number < 50; number++) {
    const id = `c${number}`;
    scene.write("/root/log/app.log", `${number}\n`);
    scene.write(`/pods/${id}.log`, `${HEAD} ${number}\n`);
    scene.sources.upsert(scene.container({ id, logPath: `/pods/${id}.log` }));
    await scene.look(250);
    await scene.sources.remove(id, NEVER);
    for (const path of ["/root/log/app.log", `/pods/${id}.log`]) scene.remove(path);
  }
  await scene.read();
  scene.sources.prune();
  scene.saved.prune();
  assertEquals([...scene.built.map(({ pipeline }) => pipeline.sourceCount), saved()], [0, 0, 0]);
  let looks = 0;
  scene.env.onLook = () => looks++;
  await scene.look(60_000);
  assertEquals(looks, 0);
});
