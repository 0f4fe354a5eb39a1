import { assertEquals } from "@std/assert";
import { noCounts, testInputContext, WEB } from "../../tests/support/inputs.ts";
import { testKernel } from "../../tests/support/kernel.ts";
import type { Source } from "../core/source.ts";
import { ServiceDockerStdout } from "./service_docker_stdout.ts";
import { serviceDockerStdoutOptions } from "./service_docker_stdout_options.ts";

const TIME = "2022-07-13T23:45:54.976593653+08:00";

function makeInput(given: object, context = testInputContext()): ServiceDockerStdout {
  return new ServiceDockerStdout(serviceDockerStdoutOptions().parse(given), context);
}

function sourceOf(input: ServiceDockerStdout, container = WEB): Source {
  const [source, ...others] = input.sources(container);
  assertEquals(others, []);
  return source;
}

Deno.test("takes the containers that its options name, and says why not the others", () => {
  const input = makeInput({ IncludeK8sLabel: { app: "web" } });
  assertEquals(input.decide(WEB), { matches: true });
  const other = { ...WEB, pod: { ...WEB.pod!, labels: { app: "api" } } };
  assertEquals(input.decide(other), { matches: false, reason: 'label app is "api", wanted "web"' });
});

Deno.test("takes no container whose output is in no file, and says so", () => {
  assertEquals(makeInput({}).decide({ ...WEB, logPath: "" }), {
    matches: false,
    reason: "the runtime writes no log file for it",
  });
  assertEquals(makeInput({}).decide({ ...WEB, logPath: "", logDriver: "journald" }), {
    matches: false,
    reason: "its log driver journald writes no file that can be read",
  });
});

Deno.test("StartLogMaxOffset says how much of an old log is read; without it everything is", () => {
  const cases = [[{}, "first"], [{ StartLogMaxOffset: "131072" }, 131_072], [{ StartLogMaxOffset: "0" }, 0]] as const;
  for (const [given, start] of cases) assertEquals(sourceOf(makeInput(given)).start, start);
});

Deno.test("MaxLogSize is the longest line", () => {
  assertEquals(makeInput({ MaxLogSize: "4096" }).lineBytesMax, 4096);
});

Deno.test("a source is known by container and log path, whatever the host root", () => {
  for (const hostRoot of ["/host", "/"]) {
    assertEquals(sourceOf(makeInput({}, testInputContext(hostRoot))).key, `c1:${WEB.logPath}`);
  }
});

Deno.test("a source's file is found below the host root, through links that are absolute on the node", () => {
  const hostRoot = Deno.makeTempDirSync({ prefix: "sluice-input-" });
  const path = () => sourceOf(makeInput({}, testInputContext(hostRoot))).path;
  try {
    Deno.mkdirSync(`${hostRoot}/data/logs`, { recursive: true });
    Deno.mkdirSync(`${hostRoot}/var/log`, { recursive: true });
    Deno.symlinkSync("/data/logs", `${hostRoot}/var/log/pods`);
    assertEquals(path(), `${hostRoot}/data/logs/default_web-1_u/nginx/0.log`);
    Deno.removeSync(`${hostRoot}/var/log/pods`);
    Deno.symlinkSync("/var/log/pods", `${hostRoot}/var/log/pods`);
    assertEquals(path(), hostRoot + WEB.logPath);
  } finally {
    Deno.removeSync(hostRoot, { recursive: true });
  }
});

Deno.test("Stdout and Stderr choose the streams, and records carry the container's tags", () => {
  const cases = [[{ Stdout: "false" }, ["err"]], [{ Stderr: "false" }, ["out"]], [{}, ["out", "err"]]] as const;
  for (const [given, expected] of cases) {
    const kernel = testKernel();
    const input = makeInput(given);
    const source = sourceOf(input);
    const counts = noCounts();
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

Deno.test("ExternalEnvTag and ExternalK8sLabelTag add tags, empty where the container has no such thing", () => {
  const input = makeInput({
    ExternalEnvTag: { TIER: "_tier_" },
    ExternalK8sLabelTag: { app: "_app_", none: "_none_" },
  });
  const tags = sourceOf(input, { ...WEB, env: { TIER: "front" } }).tags;
  assertEquals(tags.slice(-3), [["_tier_", "front"], ["_app_", "web"], ["_none_", ""]]);
});

Deno.test("BeginLineTimeoutMs is how long a record of several lines waits for more; single lines wait for nothing", () => {
  assertEquals(makeInput({}).idleFlush, undefined);
  const given = { BeginLineRegex: "^\\d", BeginLineTimeoutMs: "500" };
  assertEquals(makeInput(given).idleFlush, { afterMs: 500, incompleteLines: false });
});

Deno.test("a line without a time of its own has the time at which it was read, and is warned of", () => {
  const kernel = testKernel();
  const context = testInputContext();
  const input = makeInput({}, context);
  const decoder = input.decoder(kernel, sourceOf(input), noCounts());
  const text = new TextEncoder().encode("no container log line\n");
  kernel.chunk.set(text);
  decoder.decode({ offset: 0, size: text.length });
  assertEquals(kernel.seconds(0), 1_800_000_000);
  assertEquals(context.log.lines, [
    `throttled malformed c1:${WEB.logPath}: Lines in default/web-1: /host${WEB.logPath} are not of a container runtime's form`,
  ]);
});

Deno.test("contents of Docker's log stay JSON text where that is taken", () => {
  const input = makeInput({});
  const [taken, notTaken] = [true, undefined].map((takesJsonText) => {
    const kernel = testKernel();
    const decoder = input.decoder(kernel, sourceOf(input), noCounts(), takesJsonText);
    const text = new TextEncoder().encode(`{"log":"\\"a\\"\\n","stream":"stdout","time":"${TIME}"}\n`);
    kernel.chunk.set(text);
    const [content] = decoder.decode({ offset: 0, size: text.length }).fields;
    return [new TextDecoder().decode(kernel.slice(0, 0)), content];
  });
  assertEquals(taken, ['\\"a\\"', { name: "content", column: 0, escape: false, isJsonText: true }]);
  assertEquals(notTaken, ['"a"', { name: "content", column: 0, escape: true }]);
});
