/**
 * Following an engine through what it does: against its API in the test, for what a real engine does not do on demand.
 *
 * @module
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { ContainerWatch } from "../../tests/support/container_watch.ts";
import { DockerServer, type DockerTrouble } from "../../tests/support/docker_server.ts";
import { addContainer, callCount, outageCount, setUpDocker } from "../../tests/support/docker_setup.ts";

const WAIT_MS = 30_000;

Deno.test("the first answer is one snapshot with all containers", async () => {
  const { socketPath, discoverer, log } = await setUpDocker();
  await using server = await DockerServer.start(socketPath);
  for (let number = 0; number < 40; number++) addContainer(server, `c${number}`);
  await using watch = new ContainerWatch(discoverer);
  await watch.until("40 containers", ({ containers }) => containers.size === 40, WAIT_MS);
  assertEquals(discoverer.isAnswering, true);
  assertEquals(watch.events.map(({ kind }) => kind), ["snapshot"]);
  assertEquals(watch.containers.get("c7"), {
    id: "c7",
    runtime: "docker",
    name: "name-c7",
    image: "nginx:1.27",
    state: "running",
    createdMs: 1_700_000_000_123,
    labels: {},
    env: { A: "b=c" },
    pod: undefined,
    ip: "172.17.0.2",
    hostName: "c7",
    pid: 7,
    logPath: "/var/lib/docker/containers/c7/c7-json.log",
    logDriver: "json-file",
    mounts: [{ source: "/host/data", destination: "/data" }],
    rootPaths: ["/upper/c7"],
  });
  await watch.until("word of it", () => log.lines.length === 1, WAIT_MS);
  assertEquals(log.lines, [`info: The Docker Engine at ${socketPath} answers: its containers are discovered.`]);
});

Deno.test("lists that fail, break off, are garbled or late are one outage that passes, and nothing is forgotten", async () => {
  const troubles: readonly DockerTrouble[] = [
    { status: 500 },
    { isCut: true },
    { body: "<html>" },
    { body: `[{"State":"running"}]` },
    { delayMs: 1000 },
  ];
  for (const trouble of troubles) {
    const { socketPath, discoverer, log } = await setUpDocker({ callTimeoutMs: 200 });
    await using server = await DockerServer.start(socketPath);
    addContainer(server, "a");
    await using watch = new ContainerWatch(discoverer);
    await watch.until("a", ({ containers }) => containers.has("a"), WAIT_MS);
    server.troubles.set("list", trouble);
    addContainer(server, "b");
    server.sendEvent("b");
    const what = JSON.stringify(trouble);
    await watch.until(`outage by ${what}`, () => outageCount(log) === 1, WAIT_MS);
    assertEquals([discoverer.isAnswering, watch.names], [false, ["name-a"]], what);
    server.troubles.clear();
    await watch.until(`b after ${what}`, ({ containers }) => containers.has("b"), WAIT_MS);
    await watch.until("word of it", () => log.lines.at(-1)?.includes("answers again") ?? false, WAIT_MS);
    assertEquals([outageCount(log), discoverer.isAnswering], [1, true], log.lines.join("\n"));
    assertEquals(watch.events.filter(({ kind }) => kind !== "upsert").map(({ kind }) => kind), ["snapshot"]);
  }
});

Deno.test("an engine that restarts is found again, with what changed meanwhile", async () => {
  const { socketPath, discoverer, log } = await setUpDocker({ listIntervalMs: 5000 });
  await using watch = new ContainerWatch(discoverer);
  for (const [pid, missing] of [[7, "info: There is no Docker Engine here"], [8, "warn: No Docker Engine answers"]]) {
    await watch.until("word of its absence", () => log.lines.at(-1)?.startsWith(String(missing)) ?? false, WAIT_MS);
    await using server = await DockerServer.start(socketPath);
    addContainer(server, "a", { inspected: { State: { Status: "running", Pid: pid } } });
    await watch.until(`pid ${pid}`, ({ containers }) => containers.get("a")?.pid === pid, WAIT_MS);
    await watch.until("word of it", () => log.lines.at(-1)?.includes("answers") ?? false, WAIT_MS);
  }
  assertEquals(watch.events.map(({ kind }) => kind), ["snapshot", "upsert", "upsert"]);
});

Deno.test("what answers and is no Docker Engine is said, and tried again", async () => {
  const { socketPath, discoverer, log } = await setUpDocker();
  await using server = await DockerServer.start(socketPath);
  server.troubles.set("version", { status: 404, body: "no such page" });
  addContainer(server, "a");
  await using watch = new ContainerWatch(discoverer);
  await watch.until("outage", () => outageCount(log) === 1, WAIT_MS);
  assert(log.lines[0].includes("/version answered 404 no such page"), log.lines[0]);
  server.troubles.clear();
  await watch.until("a", ({ containers }) => containers.has("a"), WAIT_MS);
});

Deno.test("an event brings the news long before the next list", async () => {
  const { socketPath, discoverer } = await setUpDocker({ listIntervalMs: 60_000, resyncIntervalMs: 60_000 });
  await using server = await DockerServer.start(socketPath);
  await using watch = new ContainerWatch(discoverer);
  await watch.until("stream", ({ events }) => events.length === 1 && server.streamCount === 1, WAIT_MS);
  for (const line of ["", "{", "[]", `{"status":"start","id":"none"}`]) server.sendLine(line);
  addContainer(server, "a");
  server.sendEvent("a");
  assertLess(await watch.until("a", ({ containers }) => containers.has("a"), WAIT_MS), 1000);
  server.containers.delete("a");
  server.sendEvent("a", "destroy");
  assertLess(await watch.until("a gone", ({ containers }) => !containers.has("a"), WAIT_MS), 1000);
});

Deno.test("with events the list becomes rare, and what no event told is found by it", async () => {
  const { socketPath, discoverer } = await setUpDocker({ listIntervalMs: 20, resyncIntervalMs: 800 });
  await using server = await DockerServer.start(socketPath);
  await using watch = new ContainerWatch(discoverer);
  await watch.until("stream", ({ events }) => events.length === 1 && server.streamCount === 1, WAIT_MS);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const lists = callCount(server, "list");
  addContainer(server, "a");
  await watch.until("a", ({ containers }) => containers.has("a"), WAIT_MS);
  assertLess(callCount(server, "list") - lists, 3);
});

Deno.test("a stream that ends is opened again, and all that was missed is looked up", async () => {
  const { socketPath, discoverer } = await setUpDocker({ streamRetryMs: 200 });
  await using server = await DockerServer.start(socketPath);
  addContainer(server, "a");
  await using watch = new ContainerWatch(discoverer);
  await watch.until("stream", ({ containers }) => containers.size === 1 && server.streamCount === 1, WAIT_MS);
  server.endStreams();
  await watch.until("end of stream", () => server.streamCount === 0, WAIT_MS);
  addContainer(server, "a", { inspected: { State: { Status: "running", Pid: 99 } } });
  await watch.until("stream again", () => callCount(server, "events") === 2, WAIT_MS);
  await watch.until("the new process", ({ containers }) => containers.get("a")?.pid === 99, WAIT_MS);
});

Deno.test("who leaves ends every connection, also a stream and a call that hangs", async () => {
  const { socketPath, discoverer } = await setUpDocker();
  await using server = await DockerServer.start(socketPath);
  addContainer(server, "a");
  server.troubles.set("inspect:a", { delayMs: 60_000 });
  {
    await using watch = new ContainerWatch(discoverer);
    await watch.until("all calls", () => server.streamCount === 1 && callCount(server, "inspect:a") === 1, WAIT_MS);
  }
  const deadline = performance.now() + WAIT_MS;
  while (await server.connectionCount() > 0) {
    assertLess(performance.now(), deadline, "connections stay open");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});
