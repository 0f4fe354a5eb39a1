/** @module */
import { assertEquals } from "@std/assert";
import { makeDenoEnv } from "../core/deno_env.ts";
import { criContainer, type CriFacts, tryFindUpperDirectory, tryLayerOf } from "./cri_container.ts";

const NODE = { env: makeDenoEnv("192.0.2.1"), hostRoot: "/nowhere", stateDirectories: ["/run/containerd"] };
const FACTS: CriFacts = {
  listed: {
    id: "0123456789abcdef",
    podSandboxId: "p",
    metadata: { name: "nginx", attempt: 0 },
    image: { image: "sha256:listed" },
    imageRef: "sha256:ref",
    state: 1,
    createdAt: 1_700_000_000_123_456_789,
    labels: {},
  },
  response: {
    status: {
      state: 1,
      createdAt: 1_700_000_000_123_456_789,
      image: { image: "docker.io/library/nginx:latest" },
      imageRef: "sha256:ref",
      labels: {},
      mounts: [{ containerPath: "/data", hostPath: "/host/data" }],
      logPath: "/var/log/pods/x/0.log",
    },
    info: {},
  },
};

function withInfo(info: string): CriFacts {
  return { ...FACTS, response: { ...FACTS.response, info: { info } } };
}

Deno.test("verbose info that is missing or wrong in parts leaves the rest", () => {
  const broken = [
    "",
    "{",
    "null",
    "[]",
    `{"pid":"x","runtimeSpec":7}`,
    `{"runtimeSpec":{"process":null,"mounts":[1]}}`,
  ];
  for (const facts of [FACTS, ...broken.map(withInfo)]) {
    const container = criContainer(facts, NODE);
    assertEquals(container.logPath, "/var/log/pods/x/0.log");
    assertEquals(container.mounts, [{ source: "/host/data", destination: "/data" }]);
    assertEquals([container.pid, container.env, container.createdMs], [0, {}, 1_700_000_000_123]);
    assertEquals(container.rootPaths, []);
  }
  assertEquals(criContainer(withInfo(`{"pid":7,"runtimeSpec":{"process":null}}`), NODE).pid, 7);
});

Deno.test("of verbose info, bind mounts, environment, host name and an absolute root count", () => {
  const spec = {
    hostname: "web-1",
    root: { path: "/var/lib/containers/merged" },
    process: { env: ["A=1", "nonsense"] },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      { destination: "/dev/shm", type: "bind", source: "/run/shm", options: ["rbind"] },
      { destination: "/sys" },
    ],
  };
  const container = criContainer(withInfo(JSON.stringify({ pid: 7, runtimeSpec: spec })), NODE);
  assertEquals(container.env, { A: "1" });
  assertEquals(container.hostName, "web-1");
  assertEquals(container.mounts, [{ source: "/run/shm", destination: "/dev/shm" }]);
  assertEquals(container.rootPaths, ["/var/lib/containers/merged"]);
});

// alibaba/loongcollector#1037, alibaba/loongcollector#985: with another root or state directory of containerd nothing was found.
Deno.test("of the places for the merged root the first counts that is mounted, before the writable layer", async () => {
  const hostRoot = await Deno.makeTempDir();
  const bundle = (directory: string, root: string) => `${directory}/${FACTS.listed.id}/${root}`;
  const empty = bundle("/own/state/io.containerd.runtime.v2.task/k8s.io", "rootfs");
  const places = [
    bundle("/var/run/containerd/runc", "root"),
    bundle("/run/containerd/io.containerd.runtime.v1.linux/k8s.io", "rootfs"),
    bundle("/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io", "rootfs"),
    bundle("/own/state/runc/k8s.io", "rootfs"),
  ];
  const node = { ...NODE, hostRoot, stateDirectories: ["/own/state", "/run/k3s/containerd"] };
  await Deno.mkdir(hostRoot + empty, { recursive: true });
  await Deno.mkdir(`${hostRoot}/proc/7`, { recursive: true });
  await Deno.writeTextFile(`${hostRoot}/proc/7/mounts`, "overlay / overlay rw,upperdir=/upper,workdir=/work 0 0\n");
  assertEquals(criContainer(withInfo(`{"pid":7}`), node).rootPaths, ["/upper"]);
  for (const place of places) {
    await Deno.mkdir(`${hostRoot}${place}/bin`, { recursive: true });
    assertEquals(criContainer(withInfo(`{"pid":7}`), node).rootPaths, [place, "/upper"]);
    assertEquals(criContainer(FACTS, node).rootPaths, [place]);
  }
  await Deno.remove(hostRoot, { recursive: true });
});

Deno.test("the writable layer is asked for where no process shows it, and named alike before, while and after it runs", async () => {
  const hostRoot = await Deno.makeTempDir();
  const node = { ...NODE, hostRoot };
  const [created, running, exited] = [0, 1, 2];
  const facts = (state: number, pid: number, more = `,"snapshotter":"overlayfs","snapshotKey":"abc"`): CriFacts => {
    const facts = withInfo(`{"pid":${pid}${more}}`);
    return { ...facts, response: { ...facts.response, status: { ...facts.response.status!, state } } };
  };
  const layer = { snapshotter: "overlayfs", key: "abc" };
  const upperDirectory = "/snapshots/3/fs";
  const merged = `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${FACTS.listed.id}/rootfs`;
  await Deno.mkdir(`${hostRoot}${merged}/bin`, { recursive: true });
  for (const [state, roots] of [[created, [merged, upperDirectory]], [exited, [upperDirectory]]] as const) {
    assertEquals(tryLayerOf(facts(state, 0).response, node), layer);
    assertEquals(tryLayerOf(facts(state, 0, "").response, node), undefined);
    assertEquals(criContainer({ ...facts(state, 0), upperDirectory }, node).rootPaths, roots);
  }
  assertEquals(tryLayerOf(facts(running, 7).response, node), layer, "its process shows nothing");
  await Deno.mkdir(`${hostRoot}/proc/7`, { recursive: true });
  await Deno.writeTextFile(`${hostRoot}/proc/7/mounts`, `overlay / overlay rw,upperdir=${upperDirectory} 0 0\n`);
  assertEquals(tryLayerOf(facts(running, 7).response, node), undefined);
  assertEquals(criContainer(facts(running, 7), node).rootPaths, [merged, upperDirectory]);
  assertEquals(criContainer(facts(exited, 0), node).rootPaths, []);
  await Deno.remove(hostRoot, { recursive: true });
});

Deno.test("a container whose pod vanished keeps the identity that its labels give", () => {
  const labels = {
    "io.kubernetes.pod.name": "web-1",
    "io.kubernetes.pod.namespace": "a",
    "io.kubernetes.pod.uid": "u",
  };
  const facts = { ...FACTS, listed: { ...FACTS.listed, labels } };
  assertEquals(criContainer(facts, NODE).pod, { name: "web-1", namespace: "a", uid: "u", labels: {} });
  assertEquals(criContainer(FACTS, NODE).pod, undefined);
});

Deno.test("the writable layer is that of the overlay at the root", () => {
  const line = "overlay / overlay rw,lowerdir=/l/1/fs:/l/2/fs,upperdir=/l/3/fs,workdir=/l/3/work 0 0";
  assertEquals(tryFindUpperDirectory(`proc /proc proc rw 0 0\n${line}\n`), "/l/3/fs");
  assertEquals(tryFindUpperDirectory("/dev/vda / ext4 rw,relatime 0 0\n"), undefined);
  assertEquals(tryFindUpperDirectory(undefined), undefined);
});
