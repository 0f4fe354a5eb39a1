/**
 * Discovery against a real Docker Engine.
 *
 * @module
 */
import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { makeDenoEnv } from "../../src/core/deno_env.ts";
import { DockerDiscoverer } from "../../src/discover/docker.ts";
import { ContainerWatch } from "../support/container_watch.ts";
import { DOCKER_IMAGE, DOCKER_REQUIREMENT, dockerRequirement, kubeletName, TestDockerd } from "../support/dockerd.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { needs } from "../support/requirement.ts";

const WAIT_MS = 10_000;
/** Events bring news at once; a list alone would take 3 s. */
const NEWS_MS_MAX = 1000;
const SLEEP = ["sleep", "1000"];
const HOST_IP = "192.0.2.7";
const UID = "5c3fc5d6-6a6d-4d3f-9f37-6b9fd0d4ab0a";

function discover(dockerd: TestDockerd, log = new RecordingLog()): ContainerWatch {
  const env = makeDenoEnv(HOST_IP);
  return new ContainerWatch(new DockerDiscoverer({ socketPaths: [dockerd.socketPath], env, log, hostRoot: "/" }));
}

function canRun(): boolean {
  return needs(DOCKER_REQUIREMENT, dockerRequirement());
}

Deno.test("containers of a Docker Engine are discovered with all that is known of them", async () => {
  if (!canRun()) return;
  await using dockerd = await TestDockerd.start();
  const data = `${dockerd.directory}/mounted`;
  await Deno.mkdir(data);
  const labels = { "io.kubernetes.pod.name": "web-1", "io.kubernetes.pod.namespace": "default" };
  const pause = await dockerd.run({
    name: kubeletName("POD", "web-1", "default", UID),
    command: SLEEP,
    labels: { ...labels, "io.kubernetes.docker.type": "podsandbox", app: "web" },
    network: "host",
  });
  const web = await dockerd.run({
    name: kubeletName("nginx", "web-1", "default", UID),
    command: ["sh", "-c", "echo kept > /tmp/kept; echo started; exec sleep 1000"],
    labels: { ...labels, "io.kubernetes.container.name": "nginx" },
    env: { TIER: "front=end" },
    volumes: [`${data}:/data`, "named:/volume"],
    network: `container:${pause}`,
  });
  const done = await dockerd.run({ name: "done", command: ["true"] });
  const made = await dockerd.create({ name: "made", command: SLEEP });
  await using watch = discover(dockerd);
  await watch.until("all three", ({ containers }) => containers.size === 3, WAIT_MS);
  await watch.until("the end of one", () => watch.containers.get(done)?.state === "exited", WAIT_MS);
  const { env, mounts, rootPaths, pid, createdMs, logPath, ...rest } = watch.containers.get(web)!;
  assertEquals(rest, {
    id: web,
    runtime: "docker",
    name: "nginx",
    image: DOCKER_IMAGE,
    state: "running",
    labels: { ...labels, "io.kubernetes.container.name": "nginx", tag: DOCKER_IMAGE },
    pod: { name: "web-1", namespace: "default", uid: UID, labels: { app: "web", tag: DOCKER_IMAGE } },
    ip: HOST_IP,
    hostName: Deno.hostname(),
    logDriver: "json-file",
  });
  assertEquals(env, { PATH: "/bin", TIER: "front=end" });
  assertEquals(mounts.find(({ destination }) => destination === "/data")?.source, data);
  assertMatch(mounts.find(({ destination }) => destination === "/volume")?.source ?? "", /^\/.*\/named\/_data$/);
  assert(Math.abs(createdMs - Date.now()) < 60_000);
  assertMatch(await Deno.readTextFile(`/proc/${pid}/cmdline`), /sleep/);
  await watch.until("output", () => Deno.readTextFileSync(logPath).endsWith("\n"), WAIT_MS);
  assertMatch(await Deno.readTextFile(logPath), /^\{"log":"started\\n","stream":"stdout","time":"[^"]+Z"\}\n$/);
  assertEquals(rootPaths.length, 2);
  for (const root of rootPaths) assertEquals(await Deno.readTextFile(`${root}/tmp/kept`), "kept\n");
  const { state, logPath: madeLog } = watch.containers.get(made)!;
  assertEquals([state, madeLog], ["created", ""]);
});

Deno.test("containers that come, change and go in a Docker Engine are noticed within a second", async () => {
  if (!canRun()) return;
  await using dockerd = await TestDockerd.start();
  const log = new RecordingLog();
  await using watch = discover(dockerd, log);
  await watch.until("snapshot", ({ events }) => events.length === 1, WAIT_MS);
  assertEquals(watch.events, [{ kind: "snapshot", containers: [] }]);
  await new Promise((resolve) => setTimeout(resolve, 500));

  const id = await dockerd.run({ name: "first", command: SLEEP });
  const container = () => watch.containers.get(id);
  const isRunning = () => container()?.state === "running";
  assertLess(await watch.until("its start", isRunning, WAIT_MS), NEWS_MS_MAX);
  const pid = container()?.pid;
  await dockerd.restart(id);
  assertLess(await watch.until("its new process", () => isRunning() && container()?.pid !== pid, WAIT_MS), NEWS_MS_MAX);
  await dockerd.rename(id, "second");
  assertLess(await watch.until("its new name", () => container()?.name === "second", WAIT_MS), NEWS_MS_MAX);
  await dockerd.kill(id);
  assertLess(await watch.until("its end", () => container()?.state === "exited", WAIT_MS), NEWS_MS_MAX);
  assert((await Deno.stat(container()?.logPath ?? "")).isFile);
  assertEquals(container()?.rootPaths.length, 1);
  await dockerd.remove(id);
  assertLess(await watch.until("its removal", () => container() === undefined, WAIT_MS), NEWS_MS_MAX);
  assertEquals(log.lines.length, 1, log.lines.join("\n"));
});

Deno.test("a Docker Engine that restarts is found again, with what changed meanwhile", async () => {
  if (!canRun()) return;
  await using dockerd = await TestDockerd.start();
  const log = new RecordingLog();
  const stays = await dockerd.run({ name: "stays", command: SLEEP });
  await using watch = discover(dockerd, log);
  await watch.until("one", () => watch.containers.get(stays)?.state === "running", WAIT_MS);
  await dockerd.stopDaemon();
  await watch.until("word of the outage", () => log.lines.length === 2, WAIT_MS);
  assertEquals(watch.names, ["stays"]);
  await dockerd.startDaemon();
  const later = await dockerd.run({ name: "later", command: SLEEP });
  const isRunning = (id: string) => () => watch.containers.get(id)?.state === "running";
  await watch.until("the later one", isRunning(later), WAIT_MS);
  await watch.until("the one that stayed", isRunning(stays), WAIT_MS);
  assertEquals(log.lines.map((line) => line.slice(0, 4)), ["info", "warn", "info"]);
  assertEquals(watch.events.some(({ kind }) => kind === "remove"), false);
});

Deno.test("pod labels come with the pod's own container, and other log drivers have no file", async () => {
  if (!canRun()) return;
  await using dockerd = await TestDockerd.start();
  await using watch = discover(dockerd);
  const app = await dockerd.run({ name: kubeletName("app", "web-1", "default", UID), command: SLEEP });
  await watch.until("the container", ({ containers }) => containers.has(app), WAIT_MS);
  assertEquals(watch.containers.get(app)?.pod?.labels, {});
  const labels = { app: "web", "io.kubernetes.docker.type": "podsandbox" };
  await dockerd.run({ name: kubeletName("POD", "web-1", "default", UID), command: SLEEP, labels });
  await watch.until("its pod's labels", () => watch.containers.get(app)?.pod?.labels["app"] === "web", WAIT_MS);

  for (const logDriver of ["local", "none"]) {
    const id = await dockerd.run({ name: logDriver, command: SLEEP, logDriver });
    await watch.until(logDriver, ({ containers }) => containers.has(id), WAIT_MS);
    const container = watch.containers.get(id)!;
    assertEquals([container.logDriver, container.logPath], [logDriver, ""]);
  }
  assertEquals(watch.names, ["app", "local", "none"]);
});
