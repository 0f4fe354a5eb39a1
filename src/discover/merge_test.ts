/** @module */
import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { InvariantError } from "../core/assert.ts";
import type { Container, ContainerEvent, Discoverer } from "../core/container.ts";
import { makeDenoEnv } from "../core/deno_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { ContainerView } from "./container_view.ts";
import { mergeDiscoverers } from "./merge.ts";

const ENV = makeDenoEnv();

function container(
  id: string,
  runtime: Container["runtime"] = "docker",
  state: Container["state"] = "running",
): Container {
  return {
    id,
    runtime,
    name: id,
    image: "",
    state,
    createdMs: 0,
    labels: {},
    env: {},
    ip: "",
    hostName: "",
    pid: 0,
    logPath: "",
    logDriver: "cri",
    mounts: [],
    rootPaths: [],
  };
}

/** Says `events` one after the other, then nothing more; a function among them is called instead. */
function speaker(name: string, events: readonly (ContainerEvent | (() => void | Promise<void>))[]): Discoverer {
  return {
    name,
    async *watch(signal) {
      for (const event of events) {
        if (typeof event === "function") await event();
        else yield event;
      }
      await ENV.sleep(60_000, signal);
    },
  };
}

function snapshot(...containers: Container[]): ContainerEvent {
  return { kind: "snapshot", containers };
}

/** What is heard until `ready` and, after it, until nothing came for a moment. */
async function listen(discoverers: readonly Discoverer[], log = new RecordingLog()): Promise<string[]> {
  const abort = new AbortController();
  const heard: string[] = [];
  for await (const event of mergeDiscoverers(discoverers, ENV, log, abort.signal)) {
    heard.push(
      event.kind === "ready" ? "ready" : `${event.kind} ${event.kind === "remove" ? event.id : event.container.id}`,
    );
    if (event.kind === "ready") ENV.sleep(100, abort.signal).then(() => abort.abort());
  }
  return heard;
}

Deno.test("ready comes after every discoverer's first snapshot, changes come as they happen", async () => {
  const later: ContainerEvent[] = [{ kind: "upsert", container: container("c") }, { kind: "remove", id: "a" }];
  const a = speaker("a", [snapshot(container("a"))]);
  const b = speaker("b", [() => ENV.sleep(50), snapshot(container("b")), () => ENV.sleep(20), ...later]);
  const c = speaker("c", [snapshot()]);
  assertEquals(await listen([a, b, c]), ["upsert a", "upsert b", "ready", "upsert c"]);
});

Deno.test("with nobody to wait for, ready comes at once", async () => {
  assertEquals(await listen([]), ["ready"]);
});

Deno.test("a silent discoverer delays ready by two seconds at most", async () => {
  const start = performance.now();
  assertEquals(await listen([speaker("silent", []), speaker("a", [snapshot(container("a"))])]), ["upsert a", "ready"]);
  const tookMs = performance.now() - start;
  assertLess(1900, tookMs);
  assertLess(tookMs, 3500);
});

Deno.test("a discoverer that throws disturbs no other and is logged", async () => {
  const log = new RecordingLog();
  const broken = speaker("broken", [() => {
    throw new Error("out of order");
  }]);
  assertEquals(await listen([broken, speaker("a", [snapshot(container("a"))])], log), ["upsert a", "ready"]);
  assertEquals(log.lines.length, 1);
  assertEquals(log.lines[0].includes("Discovery through broken failed: out of order."), true, log.lines[0]);
});

Deno.test("a bug is not swallowed", async () => {
  const buggy = speaker("buggy", [() => {
    throw new InvariantError("BUG");
  }]);
  await assertRejects(() => listen([buggy]), InvariantError);
});

Deno.test("a container known by two discoverers is there once, in the earlier's words, until nobody knows it", () => {
  const view = new ContainerView(2);
  const first = container("a", "containerd");
  const second = container("a", "docker");
  assertEquals(view.apply(1, snapshot(second, container("b"))).length, 2);
  assertEquals(view.apply(0, snapshot(first)), [{ kind: "upsert", container: first }]);
  assertEquals(view.apply(1, { kind: "upsert", container: container("a", "docker", "exited") }), []);
  assertEquals([...view.containers.keys()], ["a", "b"]);
  assertEquals(view.apply(0, { kind: "remove", id: "a" }), [
    { kind: "upsert", container: container("a", "docker", "exited") },
  ]);
  assertEquals(view.apply(1, { kind: "remove", id: "a" }), [{ kind: "remove", id: "a" }]);
  assertEquals(view.apply(1, { kind: "remove", id: "a" }), []);
});

Deno.test("a snapshot replaces what its discoverer knew; what stayed the same is no news", () => {
  const view = new ContainerView(2);
  view.apply(0, snapshot(container("a"), container("b")));
  view.apply(1, snapshot(container("z")));
  const changes = view.apply(0, snapshot(container("b"), container("c")));
  assertEquals(changes, [{ kind: "remove", id: "a" }, { kind: "upsert", container: container("c") }]);
  assertEquals([...view.containers.keys()].sort(), ["b", "c", "z"]);
});
