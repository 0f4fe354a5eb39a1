/** @module */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { makeDenoEnv } from "../core/deno_env.ts";
import { ContainerWatch } from "../../tests/support/container_watch.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { parseStaticFile, StaticFileDiscoverer } from "./static_file.ts";

const UID = "07f75a79-da69-40ac-ae2b-77a632929cc6";
const FULL = {
  ID: "abc",
  Name: `k8s_nginx_web-1_default_${UID}_0`,
  Created: "2022-05-17T11:16:00.5Z",
  HostName: "web-1",
  IP: "10.0.0.1",
  Image: "nginx:latest",
  LogPath: "/var/lib/docker/containers/abc/abc-json.log",
  Labels: { app: "web", "io.kubernetes.container.name": "nginx" },
  LogType: "json-file",
  UpperDir: "/var/lib/docker/overlay2/x/diff",
  Env: { A: "1" },
  Mounts: [{ Source: "/host/data", Destination: "/data", Driver: "host" }],
  State: { Status: "running", Pid: 7 },
};

Deno.test("an entry of the file becomes a container", () => {
  assertEquals(parseStaticFile(JSON.stringify([FULL])), {
    problems: [],
    containers: [{
      id: "abc",
      runtime: "static",
      name: "nginx",
      image: "nginx:latest",
      state: "running",
      createdMs: Date.UTC(2022, 4, 17, 11, 16, 0, 500),
      labels: FULL.Labels,
      env: { A: "1" },
      pod: { name: "web-1", namespace: "default", uid: UID, labels: { app: "web" } },
      ip: "10.0.0.1",
      hostName: "web-1",
      pid: 7,
      logPath: FULL.LogPath,
      logDriver: "json-file",
      mounts: [{ source: "/host/data", destination: "/data" }],
      rootPaths: ["/var/lib/docker/overlay2/x/diff"],
    }],
  });
});

Deno.test("fields may be missing, null or written differently", () => {
  const only = (change: object) =>
    parseStaticFile(JSON.stringify([{ ID: "1", Name: "/plain", ...change }])).containers[0];
  assertEquals([only({}).name, only({}).pod, only({}).state, only({}).rootPaths], ["plain", undefined, "running", []]);
  assertEquals(only({ Env: ["A=1", "B"] }).env, { A: "1" });
  assertEquals(only({ Env: null, Labels: null, Mounts: null, State: null }).env, {});
  assertEquals(only({ State: { Status: "Exited", Pid: 9 } }).state, "exited");
  assertEquals(only({ State: { Status: "Exited", Pid: 9 } }).pid, 0);
  for (const Created of [1_700_000_000, 1_700_000_000_000, 1_700_000_000_000_000_000, "2023-11-14T22:13:20Z"]) {
    assertEquals(only({ Created }).createdMs, 1_700_000_000_000);
  }
  assertEquals(only({ Created: "yesterday" }).createdMs, 0);
  for (const LogType of [undefined, null, "", "containerd"]) assertEquals(only({ LogType }).logDriver, "cri");
  const labels = { "io.kubernetes.pod.name": "p", "io.kubernetes.pod.namespace": "n", app: "x" };
  assertEquals(only({ Labels: labels }).pod, { name: "p", namespace: "n", uid: "", labels: { app: "x" } });
});

Deno.test("entries that cannot be used are named and left out; another thing than an array is an error", () => {
  const { containers, problems } = parseStaticFile(
    JSON.stringify([{ ID: "" }, FULL, 3, { ID: "x", Name: "y", Env: 3 }]),
  );
  assertEquals(containers.length, 1);
  assertEquals(problems.map((problem) => problem.split(":").slice(0, 2).join(":")), [
    "entry 0: ID",
    "entry 2: it",
    "entry 3: Env",
  ]);
  for (const text of ["", "{}", "[", '"x"']) assertThrows(() => parseStaticFile(text), Error);
});

Deno.test("the file is followed: broken or missing it changes nothing", async () => {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/static.json`;
  const log = new RecordingLog();
  const options = { path, env: makeDenoEnv(), log, readIntervalMs: 20 };
  await using watch = new ContainerWatch(new StaticFileDiscoverer(options));
  await watch.until("word that it is missing", () => log.lines.some((line) => line.includes("is missing")), 2000);
  assertEquals(watch.events, []);
  await Deno.writeTextFile(path, JSON.stringify([FULL]));
  await watch.until("nginx", () => watch.names.join() === "nginx", 2000);
  await Deno.writeTextFile(path, "[{");
  await watch.until("word that it is broken", () => log.lines.some((line) => line.includes("understood")), 2000);
  assertEquals(watch.names, ["nginx"]);
  await Deno.writeTextFile(path, JSON.stringify([FULL, { ...FULL, ID: "2", Name: "two" }]));
  await watch.until("two", () => watch.names.join() === "nginx,two", 2000);
  const eventsBefore = watch.events.length;
  await Deno.remove(path);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assertEquals(watch.events.length, eventsBefore);
  await Deno.writeTextFile(path, "[]");
  await watch.until("nothing", () => watch.containers.size === 0, 2000);
  assert(log.lines.every((line) => line.startsWith("throttled discover.static: ")));
  await Deno.remove(directory, { recursive: true });
});
