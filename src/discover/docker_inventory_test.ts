/**
 * What is asked of an engine and what comes of it, against its API in the test.
 *
 * @module
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { ContainerWatch } from "../../tests/support/container_watch.ts";
import { DockerServer, type DockerTrouble } from "../../tests/support/docker_server.ts";
import { addContainer, callCount, HOST_IP, outageCount, setUpDocker } from "../../tests/support/docker_setup.ts";

const WAIT_MS = 30_000;

Deno.test("a steady state costs only lists", async () => {
  const { socketPath, discoverer } = await setUpDocker();
  await using server = await DockerServer.start(socketPath);
  server.troubles.set("events", { status: 500 });
  addContainer(server, "a");
  addContainer(server, "b");
  await using watch = new ContainerWatch(discoverer);
  await watch.until("ten rounds", () => callCount(server, "list") >= 10, WAIT_MS);
  assertEquals(["version", "inspect", "events"].map((name) => callCount(server, name)), [1, 2, 1]);
  assertLess(callCount(server, "image"), 3);
  assertEquals(watch.events.length, 1);
});

Deno.test("new, ended and gone containers are reported as such, and an ended one keeps its places", async () => {
  const { socketPath, discoverer } = await setUpDocker();
  await using server = await DockerServer.start(socketPath);
  addContainer(server, "a");
  await using watch = new ContainerWatch(discoverer);
  await watch.until("snapshot", ({ events }) => events.length === 1, WAIT_MS);
  addContainer(server, "b");
  await watch.until("b", ({ containers }) => containers.has("b"), WAIT_MS);
  addContainer(server, "a", { state: "exited", inspected: { NetworkSettings: null, GraphDriver: null } });
  await watch.until("a exited", ({ containers }) => containers.get("a")?.state === "exited", WAIT_MS);
  const { ip, rootPaths, pid } = watch.containers.get("a")!;
  assertEquals({ ip, rootPaths, pid }, { ip: "172.17.0.2", rootPaths: ["/upper/a"], pid: 0 });
  server.containers.delete("a");
  await watch.until("a gone", ({ containers }) => !containers.has("a"), WAIT_MS);
  assertEquals(watch.events.map(({ kind }) => kind), ["snapshot", "upsert", "upsert", "remove"]);
});

Deno.test("a container that is not described stops no other and is asked for again", async () => {
  const { socketPath, discoverer, log } = await setUpDocker();
  await using server = await DockerServer.start(socketPath);
  const troubles: readonly (readonly [string, DockerTrouble])[] = [
    ["failing", { status: 500, body: `{"message":"layer not known"}` }],
    ["garbled", { body: `{"Id":"garbled",` }],
    ["strange", { body: `{"Id":"strange","Name":7}` }],
    ["cut", { isCut: true }],
    ["vanished", { status: 404 }],
  ];
  for (const [id, trouble] of troubles) {
    addContainer(server, id);
    server.troubles.set(`inspect:${id}`, trouble);
  }
  addContainer(server, "good");
  await using watch = new ContainerWatch(discoverer);
  await watch.until("snapshot", ({ events }) => events.length === 1, WAIT_MS);
  assertEquals(watch.names, ["name-good"]);
  for (const id of ["failing", "garbled", "strange", "cut"]) {
    assert(log.lines.some((line) => line.includes(`does not describe container name-${id}: `)), log.lines.join("\n"));
  }
  assert(!log.lines.some((line) => line.includes("vanished")), log.lines.join("\n"));
  assertEquals(outageCount(log), 0);
  server.troubles.clear();
  await watch.until("all", ({ containers }) => containers.size === 6, WAIT_MS);
});

Deno.test("a container whose description hangs holds nobody up for long, and is reported when it comes", async () => {
  const { socketPath, discoverer } = await setUpDocker({ inspectPatienceMs: 200 });
  await using server = await DockerServer.start(socketPath);
  addContainer(server, "quick");
  addContainer(server, "slow");
  server.troubles.set("inspect:slow", { delayMs: 1000 });
  await using watch = new ContainerWatch(discoverer);
  await watch.until("snapshot", ({ events }) => events.length === 1, 900);
  assertEquals(watch.names, ["name-quick"]);
  await watch.until("slow", ({ containers }) => containers.has("slow"), WAIT_MS);
});

Deno.test("a restart that no list shows is seen by its event", async () => {
  const { socketPath, discoverer } = await setUpDocker();
  await using server = await DockerServer.start(socketPath);
  addContainer(server, "a");
  addContainer(server, "b");
  await using watch = new ContainerWatch(discoverer);
  await watch.until("stream", ({ events }) => events.length === 1 && server.streamCount === 1, WAIT_MS);
  await watch.until("some rounds", () => callCount(server, "list") > 6, WAIT_MS);
  const before = callCount(server, "inspect:b");
  addContainer(server, "a", { inspected: { State: { Status: "running", Pid: 99 } } });
  server.sendEvent("a", "restart");
  await watch.until("the new process", ({ containers }) => containers.get("a")?.pid === 99, WAIT_MS);
  assertEquals(callCount(server, "inspect:b"), before);
});

Deno.test("what happens while a container is being described has it described again", async () => {
  const { socketPath, discoverer } = await setUpDocker();
  await using server = await DockerServer.start(socketPath);
  addContainer(server, "a");
  await using watch = new ContainerWatch(discoverer);
  await watch.until("some rounds", () => server.streamCount === 1 && callCount(server, "list") > 6, WAIT_MS);
  const before = callCount(server, "inspect:a");
  server.troubles.set("inspect:a", { delayMs: 300 });
  server.sendEvent("a", "die");
  await watch.until("the first question", () => callCount(server, "inspect:a") === before + 1, WAIT_MS);
  server.sendEvent("a");
  await watch.until("the second", () => callCount(server, "inspect:a") === before + 2, WAIT_MS);
});

Deno.test("the pod's own container lends its labels, whenever it comes or changes, and is not reported itself", async () => {
  const { socketPath, discoverer } = await setUpDocker();
  await using server = await DockerServer.start(socketPath);
  const name = (container: string) => `k8s_${container}_web-1_default_0123_0`;
  const pause = (labels: Readonly<Record<string, string>>) => {
    addContainer(server, "pause", { name: name("POD"), labels: { ...labels, "io.kubernetes.pod.name": "web-1" } });
  };
  addContainer(server, "app", { name: name("app"), networkMode: "container:pause" });
  addContainer(server, "other", { name: "k8s_app_web-1_elsewhere_4567_0" });
  await using watch = new ContainerWatch(discoverer);
  await watch.until("snapshot", ({ containers }) => containers.size === 2, WAIT_MS);
  const pod = { name: "web-1", namespace: "default", uid: "0123" };
  assertEquals(watch.containers.get("app")?.pod, { ...pod, labels: {} });
  for (const tier of ["", "front"]) {
    const labels = { app: "web", tier };
    pause(labels);
    const seen = () => JSON.stringify(watch.containers.get("app")?.pod?.labels);
    await watch.until("labels", () => seen() === JSON.stringify(labels), WAIT_MS);
  }
  assertEquals(watch.containers.get("other")?.pod?.labels, {});
  assertEquals([...watch.containers.keys()].sort(), ["app", "other"]);
  assertEquals([callCount(server, "inspect:pause"), callCount(server, "inspect:other") <= 2], [0, true]);
});

Deno.test("of two pods that follow each other under one name each keeps its own labels", async () => {
  const { socketPath, discoverer } = await setUpDocker();
  await using server = await DockerServer.start(socketPath);
  for (const [uid, state] of [["new", "running"], ["old", "exited"]]) {
    addContainer(server, `pause-${uid}`, { name: `k8s_POD_web-0_default_${uid}_0`, labels: { uid }, state });
    addContainer(server, `app-${uid}`, { name: `k8s_app_web-0_default_${uid}_0`, state });
  }
  addContainer(server, "app-other", { name: "k8s_app_web-0_default_other_0" });
  await using watch = new ContainerWatch(discoverer);
  await watch.until("all", ({ containers }) => containers.size === 3, WAIT_MS);
  const uids = ["new", "old", "other"].map((uid) => watch.containers.get(`app-${uid}`)?.pod?.labels["uid"]);
  assertEquals(uids, ["new", "old", "new"]);
});

Deno.test("a pod on the node's network has the node's address", async () => {
  const { socketPath, discoverer } = await setUpDocker();
  await using server = await DockerServer.start(socketPath);
  const inspected = { NetworkSettings: { IPAddress: "" } };
  addContainer(server, "pause", { name: "k8s_POD_a_b_c_0", networkMode: "host" });
  addContainer(server, "app", { name: "k8s_app_a_b_c_0", networkMode: "container:pause", inspected });
  addContainer(server, "plain", { networkMode: "host", inspected });
  addContainer(server, "none", { networkMode: "none", inspected });
  await using watch = new ContainerWatch(discoverer);
  await watch.until("all", ({ containers }) => containers.size === 3, WAIT_MS);
  const ips = ["app", "plain", "none"].map((id) => watch.containers.get(id)?.ip);
  assertEquals(ips, [HOST_IP, HOST_IP, ""]);
});

Deno.test("an image without a name, gone or out of order leaves the name that the container was made with", async () => {
  const { socketPath, discoverer } = await setUpDocker();
  await using server = await DockerServer.start(socketPath);
  server.imageTags.set("sha256:2", []);
  server.troubles.set("image:sha256:4", { status: 500 });
  for (const number of [1, 2, 3, 4]) addContainer(server, `c${number}`, { inspected: { Image: `sha256:${number}` } });
  await using watch = new ContainerWatch(discoverer);
  await watch.until("all", ({ containers }) => containers.size === 4, WAIT_MS);
  const images = [1, 2, 3, 4].map((number) => watch.containers.get(`c${number}`)?.image);
  assertEquals(images, ["nginx:1.27", "nginx@sha256:1", "nginx@sha256:1", "nginx@sha256:1"]);
});
