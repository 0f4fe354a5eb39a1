/** @module */
import { assertEquals } from "@std/assert";
import { makeDenoEnv } from "../core/deno_env.ts";
import { dockerContainer, type DockerSurroundings, isSandbox, tryReadPodName } from "./docker_container.ts";
import { type InspectedContainer, parseContainer, parseContainerList } from "./docker_messages.ts";

const NODE = { env: makeDenoEnv("192.0.2.1"), hostRoot: "/nowhere" };
const AROUND: DockerSurroundings = { imageTag: "", sandboxLabels: undefined, hostNetwork: false };

function inspected(fields: object): InspectedContainer {
  return parseContainer(JSON.stringify({ Id: "0123", Name: "/web", State: { Status: "running", Pid: 7 }, ...fields }));
}

function build(fields: object, around: Partial<DockerSurroundings> = {}, node = NODE) {
  return dockerContainer(inspected(fields), { ...AROUND, ...around }, node);
}

/** One container of a list. */
function listed(name: string, labels: Readonly<Record<string, string>>) {
  const [container] = parseContainerList(
    JSON.stringify([{ Id: "0123", State: "running", Names: [name], Labels: labels }]),
  );
  return container;
}

Deno.test("what the engine leaves out, or writes differently, stays empty", () => {
  const empty = {
    id: "0123",
    runtime: "docker",
    name: "web",
    image: "",
    state: "running",
    createdMs: 0,
    labels: {},
    env: {},
    pod: undefined,
    ip: "",
    hostName: "",
    pid: 7,
    logPath: "",
    logDriver: "",
    mounts: [],
    rootPaths: [],
  };
  assertEquals(build({}), { ...empty, runtime: "docker", state: "running" });
  const strange = { Config: null, HostConfig: [], Mounts: {}, GraphDriver: null, NetworkSettings: "", Created: 7 };
  assertEquals(build({ ...strange, LogPath: null }), { ...empty, runtime: "docker", state: "running" });
});

Deno.test("a container's name and pod come from the kubelet's name, else its labels, else it is in no pod", () => {
  const labels = {
    "io.kubernetes.container.name": "by-label",
    "io.kubernetes.pod.name": "p",
    "io.kubernetes.pod.namespace": "n",
    "io.kubernetes.pod.uid": "u",
  };
  const cases = [
    ["/k8s_app_web-1_default_0123_2", {}, "app", { name: "web-1", namespace: "default", uid: "0123" }],
    ["/k8s_app_web-1_default_0123_2", labels, "app", { name: "web-1", namespace: "default", uid: "0123" }],
    ["/peaceful_euler", labels, "by-label", { name: "p", namespace: "n", uid: "u" }],
    ["/peaceful_euler", {}, "peaceful_euler", undefined],
    ["/my_own_little_web_server", {}, "my_own_little_web_server", undefined],
  ] as const;
  for (const [Name, Labels, name, pod] of cases) {
    const container = build({ Name, Config: { Labels } }, {
      sandboxLabels: { app: "x", "io.kubernetes.pod.name": "p" },
    });
    assertEquals([container.name, container.pod], [name, pod && { ...pod, labels: { app: "x" } }]);
    assertEquals(tryReadPodName([Name], Labels)?.pod, pod?.name);
  }
});

Deno.test("the pod's own container is known by the kubelet's label, else its name", () => {
  const type = "io.kubernetes.docker.type";
  const cases = [
    ["/k8s_POD_web-1_default_0123_0", {}, true],
    ["/k8s_pause_web-1_default_0123_0", {}, true],
    ["/k8s_app_web-1_default_0123_0", {}, false],
    ["/k8s_pause_web-1_default_0123_0", { [type]: "container" }, false],
    ["/anything", { [type]: "podsandbox" }, true],
    ["/POD", {}, false],
    ["/pause", {}, false],
  ] as const;
  for (const [name, labels, expected] of cases) assertEquals(isSandbox(listed(name, labels)), expected, name);
});

Deno.test("states are those of a container's life, and only what runs has a process", () => {
  const cases = {
    created: ["created", 0],
    running: ["running", 7],
    paused: ["running", 7],
    restarting: ["exited", 0],
    removing: ["exited", 0],
    exited: ["exited", 0],
    dead: ["exited", 0],
    "": ["unknown", 0],
    floating: ["unknown", 0],
  } as const;
  for (const [Status, expected] of Object.entries(cases)) {
    const { state, pid } = build({ State: { Status, Pid: 7 } });
    assertEquals([state, pid], [...expected], Status);
  }
});

Deno.test("only json-file has a log that can be read", () => {
  const log = (Type: string) => {
    const { logPath, logDriver } = build({ HostConfig: { LogConfig: { Type } }, LogPath: "/log" });
    return [logDriver, logPath];
  };
  assertEquals(log("json-file"), ["json-file", "/log"]);
  for (const type of ["journald", "local", "none", "syslog"]) assertEquals(log(type), [type, ""]);
});

Deno.test("the image's first name counts, then the name that the container was made with", () => {
  const Config = { Image: "nginx@sha256:1" };
  assertEquals(build({ Config }, { imageTag: "nginx:1" }).image, "nginx:1");
  assertEquals(build({ Config }).image, "nginx@sha256:1");
});

Deno.test("the address is that of the default network, of any other, of the hosts file, of the node", async () => {
  const hostRoot = await Deno.makeTempDir();
  await Deno.mkdir(`${hostRoot}/docker`);
  await Deno.writeTextFile(`${hostRoot}/docker/hosts`, "127.0.0.1 localhost\n10.9.9.9 web-host\n");
  const hosts = { HostsPath: "/docker/hosts", Config: { Hostname: "web-host" } };
  const v6 = { one: { GlobalIPv6Address: "2001:db8::1" } };
  const v4 = { ...v6, two: { IPAddress: "172.18.0.3" }, bad: 7 };
  const node = { ...NODE, hostRoot };
  const ip = (fields: object, hostNetwork = false) => build(fields, { hostNetwork }, node).ip;
  assertEquals(ip({ ...hosts, NetworkSettings: { IPAddress: "172.17.0.2", Networks: v4 } }), "172.17.0.2");
  assertEquals(ip({ ...hosts, NetworkSettings: { Networks: v4 } }), "172.18.0.3");
  assertEquals(ip({ ...hosts, NetworkSettings: { Networks: v6 } }), "2001:db8::1");
  assertEquals(ip(hosts, true), "10.9.9.9");
  assertEquals(ip({}, true), "192.0.2.1");
  assertEquals(ip({}), "");
  await Deno.remove(hostRoot, { recursive: true });
});

Deno.test("mounts are those that have a place on the node", () => {
  const Mounts = [
    { Type: "bind", Source: "/data", Destination: "/var/data" },
    { Type: "volume", Name: "v", Source: "/var/lib/docker/volumes/v/_data", Destination: "/volume" },
    { Type: "tmpfs", Source: "", Destination: "/tmp" },
    { Type: "npipe", Source: "pipe", Destination: "/pipe" },
  ];
  assertEquals(build({ Mounts }).mounts, [
    { source: "/data", destination: "/var/data" },
    { source: "/var/lib/docker/volumes/v/_data", destination: "/volume" },
  ]);
});

// alibaba/loongcollector#2475: an engine from 29 on does not tell the writable layer.
Deno.test("the root is where it is mounted, then its writable layer, by the engine or else by the process", async () => {
  const hostRoot = await Deno.makeTempDir();
  const node = { ...NODE, hostRoot };
  const GraphDriver = { Data: { MergedDir: "/merged", UpperDir: "/upper" } };
  const exited = { State: { Status: "exited", Pid: 0 } };
  const roots = (fields: object, around = {}) => build(fields, around, node).rootPaths;
  await Deno.mkdir(`${hostRoot}/merged`);
  assertEquals(roots({ GraphDriver }), ["/upper"]);
  await Deno.mkdir(`${hostRoot}/merged/bin`);
  assertEquals(roots({ GraphDriver }), ["/merged", "/upper"]);
  assertEquals(roots({ GraphDriver, ...exited }), ["/upper"]);
  assertEquals(roots({}), []);
  await Deno.mkdir(`${hostRoot}/proc/7`, { recursive: true });
  await Deno.writeTextFile(`${hostRoot}/proc/7/mounts`, "overlay / overlay rw,upperdir=/layer,workdir=/work 0 0\n");
  assertEquals(roots({}), ["/layer"]);
  assertEquals(roots({ GraphDriver: { Data: null } }), ["/layer"]);
  assertEquals(roots(exited), []);
  assertEquals(roots({}, { snapshotPath: "/rootfs/overlayfs/x" }), ["/layer"]);
  await Deno.mkdir(`${hostRoot}/rootfs/overlayfs/x/bin`, { recursive: true });
  assertEquals(roots({}, { snapshotPath: "/rootfs/overlayfs/x" }), ["/rootfs/overlayfs/x", "/layer"]);
  assertEquals(roots(exited, { snapshotPath: "/snapshots/3/fs" }), ["/snapshots/3/fs"]);
  await Deno.remove(hostRoot, { recursive: true });
});
