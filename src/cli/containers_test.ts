/** @module */
import { assert, assertEquals } from "@std/assert";
import type { Container } from "../core/container.ts";
import { type ContainerTaker, listContainers } from "./containers.ts";

const POD = { name: "web-1", namespace: "default", uid: "u", labels: {} };

function container(name: string, change: Partial<Container> = {}): Container {
  return {
    id: `${name}-0123456789abcdef`,
    runtime: "containerd",
    name,
    image: "image",
    state: "running",
    createdMs: 0,
    labels: {},
    env: {},
    pod: POD,
    ip: "10.0.0.1",
    hostName: "",
    pid: 1,
    logPath: `/var/log/${name}.log`,
    logDriver: "cri",
    mounts: [],
    rootPaths: [],
    ...change,
  };
}

function takes(pipeline: string, name: string): ContainerTaker {
  return {
    name: pipeline,
    decide: (container) =>
      container.name === name ? { matches: true } : { matches: false, reason: `name is not ${name}` },
  };
}

const CONTAINERS = [
  container("nginx"),
  container("evil\x1b[31m", { pod: undefined, logPath: "", state: "exited" }),
  container("app"),
];
const PIPELINES = [takes("access-log", "nginx"), takes("error-log", "nginx"), takes("app-log", "app")];

Deno.test("the table shows where every container's output is and who takes it", () => {
  assertEquals(
    listContainers(CONTAINERS, PIPELINES, { why: false, json: false }),
    `CONTAINER            STATE    ID            PIPELINES             LOG
default/web-1/app    running  app-01234567  app-log               /var/log/app.log
default/web-1/nginx  running  nginx-012345  access-log,error-log  /var/log/nginx.log
evil?[31m            exited   evil?[31m-01  -                     (none)
`,
  );
});

Deno.test("a log that is no file is named by its driver", () => {
  for (
    const [logDriver, log] of [
      ["journald", "(journald: not a file)"],
      ["local", "(local: a format of Docker's own)"],
      ["none", "(none)"],
      ["json-file", "(none)"],
      ["", "(none)"],
    ]
  ) {
    const list = listContainers([container("app", { logPath: "", logDriver })], [], { why: false, json: false });
    assert(list.endsWith(`  -          ${log}\n`), list);
  }
});

Deno.test("asked why, it gives the other pipelines' reasons below each container", () => {
  assertEquals(
    listContainers([container("app")], PIPELINES.slice(1), { why: true, json: false }),
    `CONTAINER          STATE    ID            PIPELINES  LOG
default/web-1/app  running  app-01234567  app-log    /var/log/app.log
    not error-log: name is not nginx
`,
  );
});

Deno.test("asked why, it says what is in the way of a pipeline that takes a container", () => {
  const taker = { ...takes("files", "app"), tryProblem: () => "its root file system is not visible" };
  assertEquals(
    listContainers([container("app")], [taker], { why: true, json: false }).split("\n")[1 + 1],
    "    files: its root file system is not visible",
  );
  const [row] = JSON.parse(listContainers([container("app")], [taker], { why: true, json: true }));
  assertEquals(row.problems, { files: "its root file system is not visible" });
  assertEquals(listContainers([container("app")], [taker], { why: false, json: false }).includes("visible"), false);
});

Deno.test("JSON has the same in full", () => {
  const expected = {
    namespace: "default",
    pod: "web-1",
    name: "app",
    state: "running",
    id: "app-0123456789abcdef",
    runtime: "containerd",
    image: "image",
    ip: "10.0.0.1",
    logPath: "/var/log/app.log",
    logDriver: "cri",
    pipelines: ["app-log"],
  };
  const list = (why: boolean) =>
    JSON.parse(listContainers([container("app")], PIPELINES.slice(1), { why, json: true }));
  assertEquals(list(false), [expected]);
  assertEquals(list(true), [{ ...expected, refusedBy: { "error-log": "name is not nginx" } }]);
});

Deno.test("no containers is said in words, or as an empty array", () => {
  assertEquals(listContainers([], PIPELINES, { why: true, json: false }), "No containers found.\n");
  assertEquals(JSON.parse(listContainers([], PIPELINES, { why: true, json: true })), []);
});
