/**
 * Discovery against a real containerd.
 *
 * @module
 */
import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { makeDenoEnv } from "../../src/core/deno_env.ts";
import { ContainerWatch } from "../support/container_watch.ts";
import { CONTAINERD_REQUIREMENT, containerdRequirement, TestContainerd } from "../support/containerd.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { needs } from "../support/requirement.ts";
import { CriDiscoverer } from "../../src/discover/cri.ts";

const WAIT_MS = 10_000;
/** The interval of 3 s, and what listing takes; with events only the latter. */
const NEWS_MS_MAX = { polled: 4000, streamed: 1000 };
const SLEEP = ["sleep", "1000"];
const HOST_IP = "192.0.2.7";

function discover(containerd: TestContainerd, log = new RecordingLog()): ContainerWatch {
  const env = makeDenoEnv(HOST_IP);
  return new ContainerWatch(new CriDiscoverer({ socketPaths: [containerd.socketPath], env, log, hostRoot: "/" }));
}

/** From version 2 on its events are listened to. */
async function newsMsMax(): Promise<number> {
  const { stdout } = await new Deno.Command("containerd", { args: ["--version"] }).output();
  const [, major] = / v?(\d+)\./.exec(new TextDecoder().decode(stdout)) ?? [];
  return Number(major) >= 2 ? NEWS_MS_MAX.streamed : NEWS_MS_MAX.polled;
}

function canRun(): boolean {
  return needs(CONTAINERD_REQUIREMENT, containerdRequirement());
}

Deno.test("pods in containerd are discovered with all that is known of them", async () => {
  if (!canRun()) return;
  await using containerd = await TestContainerd.start();
  const data = `${containerd.directory}/data`;
  await Deno.mkdir(data);
  const web = await containerd.runPod({
    name: "web-1",
    namespace: "default",
    labels: { app: "web", "annotation.io": "no" },
    containers: [
      {
        name: "nginx",
        command: ["sh", "-c", "echo kept > /tmp/kept; echo started; exec sleep 1000"],
        env: { TIER: "front=end" },
        mounts: [{ hostPath: data, containerPath: "/data" }],
      },
      { name: "done", image: "docker.io/library/alpine:3.9.6", command: ["true"] },
    ],
  });
  await containerd.runPod({ name: "dns", namespace: "kube-system", containers: [{ name: "dns", command: SLEEP }] });
  await using watch = discover(containerd);
  await watch.until("all three", ({ containers }) => containers.size === 3, WAIT_MS);
  await watch.until("the end of one", () => watch.containers.get(web.containerId("done"))?.state === "exited", WAIT_MS);
  await watch.until("output", () => Deno.readTextFileSync(web.logPath("nginx")).endsWith("started\n"), WAIT_MS);
  const nginx = watch.containers.get(web.containerId("nginx"))!;
  const done = watch.containers.get(web.containerId("done"))!;
  const { env, mounts, rootPaths, pid, createdMs, ...rest } = nginx;
  assertEquals(rest, {
    id: web.containerId("nginx"),
    runtime: "containerd",
    name: "nginx",
    image: "docker.io/library/nginx:latest",
    state: "running",
    labels: {
      "io.kubernetes.container.name": "nginx",
      "io.kubernetes.pod.name": "web-1",
      "io.kubernetes.pod.namespace": "default",
      "io.kubernetes.pod.uid": web.uid,
    },
    pod: { name: "web-1", namespace: "default", uid: web.uid, labels: { app: "web" } },
    ip: HOST_IP,
    hostName: Deno.hostname(),
    logPath: web.logPath("nginx"),
    logDriver: "cri",
  });
  assertEquals(env, { PATH: "/bin", HOSTNAME: Deno.hostname(), TIER: "front=end" });
  assert(mounts.some(({ source, destination }) => source === data && destination === "/data"));
  assert(mounts.some(({ destination }) => destination === "/etc/hosts"));
  assert(mounts.every(({ source }) => source.startsWith("/")));
  assert(Math.abs(createdMs - Date.now()) < 60_000);
  assertMatch(await Deno.readTextFile(`/proc/${pid}/cmdline`), /sleep/);
  assertEquals(rootPaths.length, 2);
  for (const root of rootPaths) assertEquals(await Deno.readTextFile(`${root}/tmp/kept`), "kept\n");
  assertMatch(await Deno.readTextFile(nginx.logPath), / stdout F started\n$/);
  assertEquals([done.state, done.pid, done.image], ["exited", 0, "docker.io/library/alpine:3.9.6"]);
});

Deno.test("pods that come and go in containerd are noticed in time, also after containerd was restarted", async () => {
  if (!canRun()) return;
  const msMax = await newsMsMax();
  await using containerd = await TestContainerd.start();
  const log = new RecordingLog();
  await using watch = discover(containerd, log);
  await watch.until("snapshot", ({ events }) => events.length === 1, WAIT_MS);
  assertEquals(watch.events, [{ kind: "snapshot", containers: [] }]);

  const first = await containerd.runPod({ name: "a", namespace: "x", containers: [{ name: "a", command: SLEEP }] });
  const isThere = (id: string) => (watch: ContainerWatch) => watch.containers.get(id)?.state === "running";
  assertLess(await watch.until("first pod", isThere(first.containerId("a")), WAIT_MS), msMax);
  await first.stop();
  const isExited = (watch: ContainerWatch) => watch.containers.get(first.containerId("a"))?.state === "exited";
  assertLess(await watch.until("its end", isExited, WAIT_MS), msMax);
  await first.remove();
  assertLess(await watch.until("its removal", ({ containers }) => containers.size === 0, WAIT_MS), msMax);

  const second = await containerd.runPod({ name: "b", namespace: "x", containers: [{ name: "b", command: SLEEP }] });
  await watch.until("second pod", isThere(second.containerId("b")), WAIT_MS);
  await containerd.stopDaemon();
  await watch.until("word of the outage", () => log.lines.length === 2, WAIT_MS);
  await containerd.startDaemon();
  const third = await containerd.runPod({ name: "c", namespace: "x", containers: [{ name: "c", command: SLEEP }] });
  assertLess(await watch.until("third pod", isThere(third.containerId("c")), WAIT_MS), msMax);
  assertEquals(watch.names, ["b", "c"]);
  assertEquals(log.lines.map((line) => line.slice(0, 4)), ["info", "warn", "info"]);
  // Whether a list falls between creation and start, or into the start itself, is chance.
  const states = watch.events.map((event) =>
    event.kind === "upsert" ? `${event.container.name} ${event.container.state}` : event.kind
  );
  const news = states.filter((state, index) => !state.endsWith(" created") && state !== states[index - 1]);
  assertEquals(news, ["snapshot", "a running", "a exited", "remove", "b running", "c running"]);
});
