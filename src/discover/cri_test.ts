/**
 * Discovery against a gRPC server in the test, for what an installable runtime does not do on demand.
 *
 * @module
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { makeDenoEnv } from "../core/deno_env.ts";
import { ContainerWatch } from "../../tests/support/container_watch.ts";
import { CriServer, INTERNAL, NOT_FOUND, UNAVAILABLE, UNIMPLEMENTED } from "../../tests/support/cri_server.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { CriDiscoverer, type CriOptions } from "./cri.ts";

const [RUNNING, EXITED] = [1, 2];
const WAIT_MS = 30_000;

/** A socket path in a directory of its own, and a discoverer for it with short intervals. */
async function setUp(options: Partial<CriOptions> = {}) {
  const directory = await Deno.makeTempDir();
  const socketPath = `${directory}/cri.sock`;
  const log = new RecordingLog();
  const common = { socketPaths: [socketPath], env: makeDenoEnv("192.0.2.1"), log, hostRoot: "", listIntervalMs: 50 };
  return { directory, socketPath, log, discoverer: new CriDiscoverer({ ...common, ...options }) };
}

function addContainer(server: CriServer, id: string, state = RUNNING): void {
  server.containers.set(id, { id, name: `name-${id}`, state });
}

function outages(log: RecordingLog): number {
  return log.lines.filter((line) => line.startsWith("warn: No container runtime answers")).length;
}

Deno.test("the first answer is one snapshot with all containers, also without verbose info", async () => {
  const { socketPath, discoverer } = await setUp();
  await using server = await CriServer.start(socketPath, false);
  for (let number = 0; number < 40; number++) addContainer(server, `c${number}`);
  await using watch = new ContainerWatch(discoverer);
  await watch.until("40 containers", ({ containers }) => containers.size === 40, WAIT_MS);
  assertEquals(watch.events.map(({ kind }) => kind), ["snapshot"]);
  assertEquals(watch.containers.get("c7"), {
    id: "c7",
    runtime: "containerd",
    name: "name-c7",
    image: "image",
    state: "running",
    createdMs: 1_700_000_000_000,
    labels: {},
    env: {},
    pod: { name: "pod-of-name-c7", namespace: "default", uid: "uid-c7", labels: { app: "name-c7" } },
    ip: "10.1.2.3",
    hostName: "",
    pid: 0,
    logPath: "/var/log/pods/c7/0.log",
    logDriver: "cri",
    mounts: [],
    rootPaths: [],
  });
});

Deno.test("a steady state costs only the list calls", async () => {
  const { socketPath, discoverer } = await setUp();
  await using server = await CriServer.start(socketPath, false);
  addContainer(server, "a");
  addContainer(server, "b");
  await using watch = new ContainerWatch(discoverer);
  await watch.until("ten rounds", () => (server.calls.get("ListPodSandbox") ?? 0) >= 10, WAIT_MS);
  assertEquals(server.calls.get("ContainerStatus"), 2);
  assertEquals(server.calls.get("PodSandboxStatus"), 2);
  assertEquals(server.calls.get("Version"), 1);
  assertEquals(watch.events.length, 1);
});

Deno.test("new, changed and gone containers are reported as such", async () => {
  const { socketPath, discoverer } = await setUp();
  await using server = await CriServer.start(socketPath, false);
  addContainer(server, "a");
  await using watch = new ContainerWatch(discoverer);
  await watch.until("snapshot", ({ events }) => events.length === 1, WAIT_MS);
  addContainer(server, "b");
  await watch.until("b", ({ containers }) => containers.has("b"), WAIT_MS);
  addContainer(server, "a", EXITED);
  await watch.until("a exited", ({ containers }) => containers.get("a")?.state === "exited", WAIT_MS);
  server.containers.delete("a");
  await watch.until("a gone", ({ containers }) => !containers.has("a"), WAIT_MS);
  assertEquals(watch.events.map(({ kind }) => kind), ["snapshot", "upsert", "upsert", "remove"]);
});

// vectordotdev/vector#12909, vectordotdev/vector#10122: lines that were read before the pod was known had no metadata, or were dropped.
Deno.test("a container whose status fails does not stop the others and is asked for again", async () => {
  const { socketPath, discoverer, log } = await setUp();
  await using server = await CriServer.start(socketPath, false);
  addContainer(server, "good");
  addContainer(server, "bad");
  addContainer(server, "vanished");
  server.troubles.set("ContainerStatus:bad", { code: INTERNAL });
  server.troubles.set("ContainerStatus:vanished", { code: NOT_FOUND });
  await using watch = new ContainerWatch(discoverer);
  await watch.until("snapshot", ({ events }) => events.length === 1, WAIT_MS);
  assertEquals(watch.names, ["name-good"]);
  assert(log.lines.some((line) => line.includes("does not describe container name-bad")), log.lines.join("\n"));
  assert(!log.lines.some((line) => line.includes("vanished")), log.lines.join("\n"));
  server.troubles.clear();
  await watch.until("all", ({ containers }) => containers.size === 3, WAIT_MS);
});

Deno.test("a container whose status hangs holds nobody up for long, and is reported when it answers", async () => {
  const { socketPath, discoverer } = await setUp({ statusPatienceMs: 300 });
  await using server = await CriServer.start(socketPath, false);
  addContainer(server, "quick");
  addContainer(server, "slow");
  server.troubles.set("ContainerStatus:slow", { delayMs: 1500 });
  await using watch = new ContainerWatch(discoverer);
  await watch.until("snapshot", ({ events }) => events.length === 1, 1000);
  assertEquals(watch.names, ["name-quick"]);
  addContainer(server, "later");
  await watch.until("later", ({ containers }) => containers.has("later"), 1000);
  await watch.until("slow", ({ containers }) => containers.has("slow"), WAIT_MS);
  assertEquals(server.calls.get("ContainerStatus"), 3);
});

Deno.test("a socket that was never there is no trouble, said once; that it answers later is said once", async () => {
  const { socketPath, discoverer, log } = await setUp();
  await using watch = new ContainerWatch(discoverer);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  assertEquals(log.lines.length, 1);
  assert(
    log.lines[0].startsWith(`info: There is no container runtime here: none of ${socketPath} exists.`),
    log.lines[0],
  );
  assertEquals(watch.events, [{ kind: "snapshot", containers: [] }]);
  assertEquals(discoverer.isAnswering, false);
  await using server = await CriServer.start(socketPath, false);
  addContainer(server, "a");
  await watch.until("a", ({ containers }) => containers.has("a"), WAIT_MS);
  await watch.until("word of it", () => log.lines.length === 2, WAIT_MS);
  assert(log.lines[1].includes("answers: its containers"), log.lines[1]);
  assertEquals(discoverer.isAnswering, true);
});

Deno.test("a socket that does not speak the CRI is as good as none, until it does", async () => {
  const { socketPath, discoverer, log } = await setUp();
  await using server = await CriServer.start(socketPath, false);
  server.troubles.set("Version", { code: UNIMPLEMENTED });
  addContainer(server, "a");
  await using watch = new ContainerWatch(discoverer);
  await watch.until("snapshot", ({ events }) => events.length === 1, WAIT_MS);
  assertEquals([log.lines.length, discoverer.isAnswering], [1, false]);
  const expected = `info: There is no container runtime here: ${socketPath} does not speak the CRI.`;
  assert(log.lines[0].startsWith(expected), log.lines[0]);
  server.troubles.clear();
  await watch.until("a", ({ containers }) => containers.has("a"), WAIT_MS);
});

Deno.test("a socket that exists but does not answer, or that went away, is an outage", async () => {
  const { socketPath, discoverer, log } = await setUp();
  await Deno.writeTextFile(socketPath, "nobody listens here");
  await using watch = new ContainerWatch(discoverer);
  await watch.until("outage", () => outages(log) === 1, WAIT_MS);
  await Deno.remove(socketPath);
  {
    await using server = await CriServer.start(socketPath, false);
    addContainer(server, "a");
    await watch.until("a", ({ containers }) => containers.has("a"), WAIT_MS);
  }
  await Deno.remove(socketPath).catch(() => {});
  await watch.until("second outage", () => outages(log) === 2, WAIT_MS);
  await new Promise((resolve) => setTimeout(resolve, 600));
  assertEquals(log.lines.map((line) => line.slice(0, 4)), ["warn", "info", "warn"]);
  assert(log.lines[1].includes("answers again"), log.lines[1]);
  assertEquals(watch.names, ["name-a"]);
});

// alibaba/loongcollector#1450: a label that came after the pod never matched.
Deno.test("labels that a pod gets later are reported with its containers, without another status call", async () => {
  const { socketPath, discoverer } = await setUp();
  await using server = await CriServer.start(socketPath, false);
  addContainer(server, "a");
  await using watch = new ContainerWatch(discoverer);
  await watch.until("a", ({ containers }) => containers.has("a"), WAIT_MS);
  server.podLabels.set("a", { app: "renamed", tier: "front" });
  await watch.until("labels", () => watch.containers.get("a")?.pod?.labels["tier"] === "front", WAIT_MS);
  assertEquals(watch.containers.get("a")?.pod?.labels, { app: "renamed", tier: "front" });
  assertEquals(server.calls.get("ContainerStatus"), 1);
  assertEquals(watch.events.map(({ kind }) => kind), ["snapshot", "upsert"]);
});

Deno.test("the same labels in another order are no news: a runtime in Go tells them in a new one each time", async () => {
  const { socketPath, discoverer } = await setUp();
  await using server = await CriServer.start(socketPath, false);
  addContainer(server, "a");
  server.podLabels.set("a", { app: "a", tier: "front" });
  await using watch = new ContainerWatch(discoverer);
  await watch.until("a", ({ containers }) => containers.has("a"), WAIT_MS);
  server.podLabels.set("a", { tier: "front", app: "a" });
  await watch.until("more lists", () => server.calls.get("ListPodSandbox")! >= 5, WAIT_MS);
  assertEquals(watch.events.map(({ kind }) => kind), ["snapshot"]);
});

Deno.test("lists that fail or time out are an outage that passes, and known containers stay", async () => {
  for (const trouble of [{ code: UNAVAILABLE }, { delayMs: 60_000 }]) {
    const { socketPath, discoverer, log } = await setUp({ callTimeoutMs: 300 });
    await using server = await CriServer.start(socketPath, false);
    addContainer(server, "a");
    await using watch = new ContainerWatch(discoverer);
    await watch.until("a", ({ containers }) => containers.has("a"), WAIT_MS);
    server.troubles.set("ListContainers", trouble);
    await watch.until("outage", () => outages(log) === 1, WAIT_MS);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assertEquals(outages(log), 1);
    assertEquals(watch.names, ["name-a"]);
    server.troubles.clear();
    addContainer(server, "b");
    await watch.until("b", ({ containers }) => containers.has("b"), WAIT_MS);
    assertEquals(watch.events.map(({ kind }) => kind), ["snapshot", "upsert"]);
  }
});

Deno.test("an event brings the news long before the next list", async () => {
  const { socketPath, discoverer } = await setUp({ listIntervalMs: 60_000, resyncIntervalMs: 60_000 });
  await using server = await CriServer.start(socketPath, true);
  await using watch = new ContainerWatch(discoverer);
  await watch.until("snapshot", ({ events }) => events.length === 1, WAIT_MS);
  await watch.until("listener", () => server.ring("nobody") === 1, WAIT_MS);
  addContainer(server, "a");
  server.ring("a");
  assertLess(await watch.until("a", ({ containers }) => containers.has("a"), WAIT_MS), 2000);
  server.containers.delete("a");
  server.ring("a");
  assertLess(await watch.until("a gone", ({ containers }) => !containers.has("a"), WAIT_MS), 2000);
});

Deno.test("with events the list becomes rare, and what no event told is found by it", async () => {
  const { socketPath, discoverer } = await setUp({ listIntervalMs: 20, resyncIntervalMs: 1000 });
  await using server = await CriServer.start(socketPath, true);
  await using watch = new ContainerWatch(discoverer);
  await watch.until("listener", () => server.ring("nobody") === 1, WAIT_MS);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const listsBefore = server.calls.get("ListPodSandbox") ?? 0;
  addContainer(server, "untold");
  await watch.until("untold", ({ containers }) => containers.has("untold"), WAIT_MS);
  assertLess((server.calls.get("ListPodSandbox") ?? 0) - listsBefore, 5);
});

// vectordotdev/vector#8616: after a watch had lost its place new pods were not seen.
Deno.test("a stream that ends is looked after at once and opened again", async () => {
  const { socketPath, discoverer } = await setUp({
    listIntervalMs: 60_000,
    resyncIntervalMs: 60_000,
    streamRetryMs: 300,
  });
  await using server = await CriServer.start(socketPath, true);
  await using watch = new ContainerWatch(discoverer);
  await watch.until("listener", () => server.ring("nobody") === 1, WAIT_MS);
  await new Promise((resolve) => setTimeout(resolve, 500));
  addContainer(server, "a");
  server.endStreams();
  assertLess(await watch.until("a", ({ containers }) => containers.has("a"), WAIT_MS), 2000);
  await watch.until("listener", () => server.ring("nobody") === 1, WAIT_MS);
  assertEquals(server.calls.get("GetContainerEvents"), 2);
});

Deno.test("without a usable event stream listing goes on", async () => {
  const cases = [
    { name: "UNIMPLEMENTED", hasEvents: false, version: "2.1.4", trouble: undefined, streamCalls: undefined },
    { name: "failing stream", hasEvents: true, version: "2.1.4", trouble: { code: INTERNAL }, streamCalls: 1 },
    {
      name: "events of only one listener",
      hasEvents: true,
      version: "1.7.20",
      trouble: undefined,
      streamCalls: undefined,
    },
  ];
  for (const { name, hasEvents, version, trouble, streamCalls } of cases) {
    const { socketPath, discoverer } = await setUp();
    await using server = await CriServer.start(socketPath, hasEvents);
    server.version = { runtimeName: "containerd", runtimeVersion: version };
    if (trouble !== undefined) server.troubles.set("GetContainerEvents", trouble);
    await using watch = new ContainerWatch(discoverer);
    await watch.until("snapshot", ({ events }) => events.length === 1, WAIT_MS);
    addContainer(server, "a");
    await watch.until("a", ({ containers }) => containers.has("a"), 1000);
    assertEquals(server.calls.get("GetContainerEvents"), streamCalls, name);
  }
});

Deno.test("of several sockets one with containers is preferred, and looked for while there is none", async () => {
  const { directory } = await setUp();
  const socketPaths = [`${directory}/none.sock`, `${directory}/empty.sock`, `${directory}/full.sock`];
  const { discoverer, log } = await setUp({ socketPaths });
  await using _empty = await CriServer.start(socketPaths[1], false);
  await using full = await CriServer.start(socketPaths[2], false);
  await using watch = new ContainerWatch(discoverer);
  await watch.until("snapshot", ({ events }) => events.length === 1, WAIT_MS);
  assert(log.lines[0].includes("empty.sock answers"), log.lines[0]);
  addContainer(full, "a");
  await watch.until("a", ({ containers }) => containers.has("a"), WAIT_MS);
  assert(log.lines[1].includes("full.sock answers"), log.lines[1]);
  assertEquals(log.lines.length, 2);
});
