import { assertEquals } from "@std/assert";
import { SourcesScene } from "../tests/support/sources_scene.ts";
import type { KnownSource } from "./core/known_source.ts";
import { KnownSources } from "./known_sources.ts";

const OUTPUT = "- {Type: input_container_stdio, ExternalEnvTag: {TEAM: team}}";
const HEAD = "2022-07-13T23:45:54.976593653+08:00 stdout F";
const LOG = "/pods/c1/0.log";
const ENV = { TEAM: "web", PASSWORD: "secret" };
const NEVER = new AbortController().signal;

function write(scene: SourcesScene, text: string): void {
  scene.append(LOG, `${HEAD} ${text}\n`);
}

/** A container whose output was read up to "one", by an agent that has stopped since. */
async function sceneOf(inputs = OUTPUT): Promise<SourcesScene> {
  const scene = new SourcesScene({ p: inputs });
  scene.write(LOG, "");
  write(scene, "one");
  scene.sources.upsert(scene.container({ id: "c1", logPath: LOG, env: ENV }));
  assertEquals(await scene.settle(), { p: ["one"] });
  await scene.restart();
  return scene;
}

function tagsOf(scene: SourcesScene): readonly (readonly [string, string])[] {
  return scene.saved.known.all.get("p")!.get(`c1:${LOG}`)!.tags;
}

Deno.test("what a container has left that went while no agent ran is read to its end, rotated files too, with its tags, and once", async () => {
  using scene = await sceneOf();
  write(scene, "two");
  scene.rename(LOG, `${LOG}.20261123-000000`);
  scene.write(LOG, `${HEAD} three`);
  assertEquals(await scene.settle(), {});
  scene.sources.readLeft(["docker"]);
  assertEquals(await scene.settle(), {}, "its runtime has told nothing yet");
  scene.sources.readLeft(["docker", "containerd"]);
  assertEquals(await scene.settle(), { p: ["two", "three"] });
  assertEquals(tagsOf(scene).at(-1), ["team", "web"]);
  assertEquals(scene.built[0].pipeline.sourceCount, 0);
  scene.sources.readLeft(["containerd"]);
  assertEquals(await scene.settle(), {});
  await scene.restart();
  scene.sources.readLeft(["containerd"]);
  assertEquals(await scene.settle(), {});
});

Deno.test("what is kept of a container betrays no variable that is no tag", async () => {
  using scene = await sceneOf();
  const text = Deno.readTextFileSync(`${scene.node.path}/checkpoint/sluice.sources.json`);
  assertEquals([text.includes('"web"'), text.includes("secret")], [true, false]);
});

Deno.test("a container that is there is not taken for gone; one that was, because its runtime told of it late, goes on", async () => {
  using scene = await sceneOf();
  const tell = () => scene.sources.upsert(scene.container({ id: "c1", logPath: LOG, env: ENV }));
  tell();
  scene.sources.readLeft(["containerd"]);
  write(scene, "two");
  assertEquals(await scene.settle(), { p: ["two"] });
  assertEquals(scene.built[0].pipeline.sourceCount, 1);
  await scene.restart();
  write(scene, "three");
  scene.sources.readLeft(["containerd"]);
  assertEquals(await scene.settle(), { p: ["three"] });
  tell();
  write(scene, "four");
  assertEquals(await scene.settle(), { p: ["four"] });
  assertEquals(scene.built[0].pipeline.sourceCount, 1);
});

Deno.test("what is left of a container that is not wanted any more is not read", async () => {
  using scene = await sceneOf(`- {Type: input_container_stdio, ContainerFilters: {K8sNamespaceRegex: default}}`);
  const pod = { name: "web-1", namespace: "other", uid: "u", labels: {} };
  scene.sources.upsert(scene.container({ id: "c1", logPath: LOG, pod }));
  await scene.settle();
  await scene.restart();
  write(scene, "two");
  scene.sources.readLeft(["containerd"]);
  assertEquals(await scene.settle(), {});
});

Deno.test("a container is forgotten with its log, and its position too", async () => {
  using scene = await sceneOf();
  scene.remove(LOG);
  scene.saved.prune();
  assertEquals(scene.saved.known.all.size, 0);
  scene.sources.readLeft(["containerd"]);
  assertEquals(await scene.settle(), {});
  await scene.restart();
  assertEquals([scene.saved.known.all.size, scene.saved.unclaimedCount], [0, 0]);
});

Deno.test("a container that went before its log was begun, but was noted, is read from its oldest file, whatever an option skips of old logs", async () => {
  using scene = new SourcesScene({ p: "- {Type: service_docker_stdout, StartLogMaxOffset: 0}" });
  await scene.saved.saveChanges();
  scene.write(LOG, "");
  write(scene, "one");
  scene.rename(LOG, `${LOG}.20261123-000000`);
  scene.write(LOG, "");
  write(scene, "two");
  scene.sources.upsert(scene.container({ id: "c1", logPath: LOG, createdMs: scene.env.now() }));
  await scene.restart();
  scene.sources.readLeft(["containerd"]);
  assertEquals(await scene.settle(), { p: ["one", "two"] });
});

Deno.test("a container that goes while the agent runs is read once", async () => {
  using scene = await sceneOf();
  scene.sources.upsert(scene.container({ id: "c1", logPath: LOG, env: ENV }));
  write(scene, "two");
  await scene.sources.remove("c1", NEVER);
  scene.sources.readLeft(["containerd"]);
  assertEquals(await scene.settle(), { p: ["two"] });
});

Deno.test("tags that are too long are not kept, and what has not changed is not written again", () => {
  const known = new KnownSources();
  const input = { isDynamic: false } as Parameters<KnownSources["note"]>[1];
  using scene = new SourcesScene({ p: OUTPUT });
  const note = (key: string, text: string) => {
    const source = { key, path: "/l", container: scene.container(), tags: [["t", text]], start: "first" } as const;
    known.note({ name: "p", inputs: [input] }, input, source);
    return known.changes;
  };
  assertEquals([note("a:/l", "x"), note("a:/l", "x"), note("a:/l", "y"), note("b:/l", "x".repeat(20_000))], [
    1,
    1,
    2,
    2,
  ]);
  assertEquals([...known.all.get("p")!.keys()], ["a:/l"]);
});

Deno.test("what was known is known again, of pipelines that do not run, too", () => {
  const source: KnownSource = { input: 0, tags: [], container: { runtime: "docker", name: "c", createdMs: 1 } };
  const known = new KnownSources(new Map([["p", new Map([["c:/log", source]])]]));
  assertEquals(known.all.get("p")?.get("c:/log"), source);
  known.prune(() => false, () => true);
  assertEquals([known.all.size, known.changes], [1, 0]);
  known.prune(() => true, () => false);
  assertEquals([known.all.size, known.changes], [1, 0]);
  known.prune(() => false, () => false);
  assertEquals([known.all.size, known.changes], [0, 1]);
});

Deno.test("of an output whose file is gone nothing is kept, and of the others everything", async () => {
  using scene = await sceneOf();
  const { known } = scene.saved;
  const changes = known.changes;
  known.forget("p", "c1:/another");
  known.forget("another", `c1:${LOG}`);
  assertEquals([known.changes, [...known.all.get("p")!.keys()]], [changes, [`c1:${LOG}`]]);
  known.forget("p", `c1:${LOG}`);
  assertEquals([known.changes, known.all.size], [changes + 1, 0]);
  write(scene, "two");
  scene.sources.readLeft(["containerd"]);
  assertEquals(await scene.settle(), {}, "nobody knows of it");
});
