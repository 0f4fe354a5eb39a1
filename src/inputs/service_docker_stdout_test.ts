import { assertEquals } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { testKernel } from "../../tests/support/kernel.ts";
import type { Container } from "../core/container.ts";
import { ServiceDockerStdout } from "./service_docker_stdout.ts";
import { serviceDockerStdoutOptions } from "./service_docker_stdout_options.ts";

const LOG_PATH = "/var/log/pods/default_web-1_u/nginx/0.log";
const TIME = "2022-07-13T23:45:54.976593653+08:00";

const WEB: Container = {
  id: "c1",
  runtime: "containerd",
  name: "nginx",
  image: "nginx",
  state: "running",
  createdMs: 0,
  labels: {},
  env: {},
  pod: { name: "web-1", namespace: "default", uid: "u", labels: { app: "web" } },
  ip: "",
  hostName: "",
  pid: 1,
  logPath: LOG_PATH,
  mounts: [],
  rootPaths: [],
};

function makeInput(given: object, hostRoot = "/host"): ServiceDockerStdout {
  return new ServiceDockerStdout(serviceDockerStdoutOptions.parse(given), hostRoot, new ClockEnv());
}

Deno.test("takes the containers that its options name, and says why not the others", () => {
  const input = makeInput({ IncludeK8sLabel: { app: "web" } });
  assertEquals(input.decide(WEB), { matches: true });
  const other = { ...WEB, pod: { ...WEB.pod!, labels: { app: "api" } } };
  assertEquals(input.decide(other), { matches: false, reason: 'label app is "api", wanted "web"' });
});

Deno.test("takes no container that has no log file", () => {
  assertEquals(makeInput({}).decide({ ...WEB, logPath: "" }), {
    matches: false,
    reason: "the runtime writes no log file for it",
  });
});

Deno.test("reads from the first byte unless StartLogMaxOffset says otherwise", () => {
  assertEquals(makeInput({}).start, "first");
  assertEquals(makeInput({ StartLogMaxOffset: "131072" }).start, 131_072);
  assertEquals(makeInput({ StartLogMaxOffset: "0" }).start, 0);
  assertEquals(makeInput({ MaxLogSize: "4096" }).lineBytesMax, 4096);
});

Deno.test("a source is known by container and log path, whatever the host root", () => {
  for (const hostRoot of ["/host", "/"]) {
    assertEquals(makeInput({}, hostRoot).source(WEB).key, `c1:${LOG_PATH}`);
  }
});

Deno.test("a source's file is found below the host root, through links that are absolute on the node", () => {
  const hostRoot = Deno.makeTempDirSync({ prefix: "sluice-input-" });
  try {
    Deno.mkdirSync(`${hostRoot}/data/logs`, { recursive: true });
    Deno.mkdirSync(`${hostRoot}/var/log`, { recursive: true });
    Deno.symlinkSync("/data/logs", `${hostRoot}/var/log/pods`);
    const source = makeInput({}, hostRoot).source(WEB);
    assertEquals(source.path, `${hostRoot}/data/logs/default_web-1_u/nginx/0.log`);
    Deno.removeSync(`${hostRoot}/var/log/pods`);
    Deno.symlinkSync("/var/log/pods", `${hostRoot}/var/log/pods`);
    assertEquals(makeInput({}, hostRoot).source(WEB).path, hostRoot + LOG_PATH);
  } finally {
    Deno.removeSync(hostRoot, { recursive: true });
  }
});

Deno.test("decodes only the streams that are wanted, and carries the container's tags", () => {
  const cases = [[{ Stdout: "false" }, ["err"]], [{ Stderr: "false" }, ["out"]], [{}, ["out", "err"]]] as const;
  for (const [given, expected] of cases) {
    const kernel = testKernel();
    const input = makeInput(given);
    const source = input.source(WEB);
    const counts = { malformed: 0, split: 0, filtered: 0 };
    const decoder = input.decoder(kernel, source, counts);
    const text = new TextEncoder().encode(`${TIME} stdout F out\n${TIME} stderr F err\n`);
    kernel.chunk.set(text);
    const batch = decoder.decode({ offset: 0, size: text.length });
    const contents = Array.from({ length: batch.rows }, (_, row) => new TextDecoder().decode(kernel.slice(0, row)));
    assertEquals(contents, [...expected]);
    assertEquals(counts.filtered, 2 - expected.length);
    assertEquals(batch.fields.slice(3), source.tags.map(([name, text]) => ({ name, text })));
  }
});

Deno.test("a line without a time of its own has the time at which it was read", () => {
  const kernel = testKernel();
  const input = makeInput({});
  const decoder = input.decoder(kernel, input.source(WEB), { malformed: 0, split: 0, filtered: 0 });
  const text = new TextEncoder().encode("no container log line\n");
  kernel.chunk.set(text);
  decoder.decode({ offset: 0, size: text.length });
  assertEquals(kernel.seconds(0), 1_800_000_000);
});
