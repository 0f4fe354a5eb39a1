/**
 * Records of several lines, printed by real containers in containerd and Docker: stack traces arrive whole, by the patterns of both
 * inputs; with lines that the runtime cuts, across a rotation, with both streams in turns, and the last one after silence.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { pipelineOf } from "../support/pipelines.ts";
import { canRunScene, RuntimeScene } from "../support/runtime_scene.ts";
import { valueOf } from "../support/seed_form.ts";
import { eventually, type TestSluice } from "../support/sluice.ts";

/** Longer than the 16 KiB in which runtimes cut lines. */
const LONG_WORD = "x".repeat(40_000);

const JAVA = `2026-11-23 12:00:00 ERROR [main] Cannot place order
java.lang.IllegalStateException: no stock ${LONG_WORD}
\tat com.example.Shop.order(Shop.java:42)
\tat com.example.Main.main(Main.java:7)
Caused by: java.io.IOException: closed
\t... 2 more`;

const PYTHON = `Traceback (most recent call last):
  File "/app/main.py", line 3, in <module>
    run("${LONG_WORD}")
  File "/app/main.py", line 2, in run
    raise ValueError("no")
ValueError: no`;

const GO = `panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
main.main()
\t/app/main.go:8 +0x1d
exit status 2`;

/** A program's output, and the options that keep its records whole. */
interface Program {
  /** Also the topic. */
  readonly name: string;
  readonly input: string;
  readonly options: readonly string[];
  /** In their order; each is printed to both streams. */
  readonly records: readonly string[];
}

const PROGRAMS: readonly Program[] = [
  {
    name: "java-begin",
    input: "service_docker_stdout",
    options: ["BeginLineRegex: '^\\d{4}-\\d\\d-\\d\\d '", "BeginLineTimeoutMs: 4000"],
    records: [JAVA, "2026-11-23 12:00:01 INFO [main] one line", JAVA],
  },
  {
    name: "java-start",
    input: "input_container_stdio",
    options: ["FlushTimeoutSecs: 4", "Multiline:", "  StartPattern: '\\d+-\\d+-\\d+ .*'"],
    records: [JAVA, "2026-11-23 12:00:01 INFO [main] one line", JAVA],
  },
  {
    name: "python-start-end",
    input: "input_container_stdio",
    options: ["FlushTimeoutSecs: 4", "Multiline:", "  StartPattern: 'Traceback .*'", "  EndPattern: '\\w+Error: .*'"],
    records: ["a line of its own", PYTHON, PYTHON, "and one more"],
  },
  {
    name: "go-start-continue",
    input: "input_container_stdio",
    options: [
      "FlushTimeoutSecs: 4",
      "Multiline:",
      "  StartPattern: 'panic: .*'",
      "  ContinuePattern: '(goroutine .*|main\\..*|\\s.*|exit status.*|$)'",
    ],
    records: [GO, "a line of its own", GO],
  },
  {
    name: "go-end",
    input: "input_container_stdio",
    options: ["FlushTimeoutSecs: 4", "Multiline:", "  EndPattern: 'exit status \\d+'"],
    records: [GO, GO, `unfinished\n${GO}`],
  },
];

/**
 * Prints the records line by line, to both streams in turns, with a pause after the first half of the lines in which a log can be
 * rotated.
 */
function script({ records }: Program): readonly string[] {
  const lines = records.join("\n").split("\n");
  const commands = lines.flatMap((line, index) => {
    const text = line.replaceAll(LONG_WORD, "$LONG").replace(/["\\]/g, "\\$&");
    return [`echo "${text}"`, `echo "${text}" >&2`, ...(index === Math.floor(lines.length / 2) ? ["pause"] : [])];
  });
  const head = `LONG=$(head -c ${LONG_WORD.length} /dev/zero | tr '\\0' x); ` +
    "pause() { until [ -e /signals/go ]; do sleep 0.1; done; }";
  return ["/bin/sh", "-c", [head, ...commands, "sleep 1000"].join("\n")];
}

/** The records that came, of each container and stream in their order. */
function sorted(messages: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const records: Record<string, string[]> = {};
  for (const message of messages) {
    const key = `${valueOf(message, "_pod_name_") || "docker"} ${valueOf(message, "_source_")}`;
    (records[key] ??= []).push(valueOf(message, "content"));
  }
  return records;
}

/** Runs a program in a pod and in Docker, and has the pod's log rotated when both are half done and being read. */
async function runAndRotate(scene: RuntimeScene, program: Program, sluice: TestSluice): Promise<void> {
  const { name } = program;
  const signals = await Deno.makeTempDir({ dir: scene.containerd.directory });
  const container = { name, command: script(program), env: { PROGRAM: name } };
  const mounts = [{ hostPath: signals, containerPath: "/signals" }];
  const pod = await scene.containerd.runPod({ name, namespace: "default", containers: [{ ...container, mounts }] });
  await scene.dockerd.run({ ...container, volumes: [`${signals}:/signals`] });
  await eventually("both are read", () => isRead(sluice, `default/${name}/${name}: `) && isRead(sluice, `${name}: `));
  await pod.rotateLog(name);
  await Deno.writeTextFile(`${signals}/go`, "");
}

function isRead(sluice: TestSluice, what: string): boolean {
  return sluice.log.includes(` reads ${what}`);
}

Deno.test("records of several lines from real containers arrive whole", async () => {
  if (!canRunScene("containerd", "docker")) return;
  await using scene = await RuntimeScene.start("containerd", "docker");
  const { kafka } = scene;
  const pipelines: Record<string, string> = {};
  for (const { name, input, options } of PROGRAMS) {
    await kafka.createTopic(name);
    const filter = `IncludeEnv: { PROGRAM: ${name} }`;
    const chosen = input === "service_docker_stdout" ? [filter] : [`ContainerFilters: { ${filter} }`];
    pipelines[`${name}.yaml`] = pipelineOf(input, [...chosen, ...options], kafka.brokers, name);
  }
  await using sluice = await scene.prepareAgent(pipelines);
  sluice.start();
  await Promise.all(PROGRAMS.map((program) => runAndRotate(scene, program, sluice)));
  for (const { name, records } of PROGRAMS) {
    const messages = await scene.read(name, 4 * records.length);
    const keys = [name, "docker"].flatMap((place) => [`${place} stdout`, `${place} stderr`]);
    assertEquals(sorted(messages), Object.fromEntries(keys.map((key) => [key, records])));
  }
  assertEquals(await sluice.stop(), 0);
});
