/**
 * The limits of the walk-through's DaemonSet on the compiled binary and a real broker, in the same work with and without them: CPU
 * while there is more to read than it allows, memory while a broker that hangs has every pipeline fill its window.
 *
 * @module
 */
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { MadeUpNode, pipelineText } from "../support/made_up_node.ts";
import { numberedLines } from "../support/numbered_lines.ts";
import { processorMs } from "../support/process_figures.ts";
import { needs } from "../support/requirement.ts";
import { eventually, TestSluice } from "../support/sluice.ts";
import { TopicWatch } from "../../bench/topic_watch.ts";

const CORES = 0.4;
const MEGABYTES = 384;
const LIMITS = { cpu_usage_limit: String(CORES), mem_usage_limit: String(MEGABYTES) };
/** What is saved up at the beginning, and what a turn and the process's other threads take at the wrong moment. */
const CORES_TOLERANCE = 0.04;
const MEASURE_MS = 10_000;
/** The start is not paced: it reads nothing. */
const START_MS = 1500;
const LINE_PADDING = "the quick brown fox jumps over the lazy dog ".repeat(4);
const MEGABYTE = 1024 * 1024;
/** What the kernel does not do, so that a small log is work for a while. */
const SLOW_PROCESSOR = `processors:
  - Type: processor_regex
    SourceKey: content
    Regex: ^(?=web)(\\S+) (\\d+) (.*)$
    Keys: [writer, number, rest]
`;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** An agent with many pipelines that all read one log and send it to one topic. */
class LimitScene implements AsyncDisposable {
  readonly #node = new MadeUpNode();
  readonly #lines: number;
  readonly #pipelines: number;
  readonly sluice: TestSluice;
  readonly topic: TopicWatch;

  private constructor(node: MadeUpNode, work: Work, sluice: TestSluice, topic: TopicWatch) {
    this.#node = node;
    this.#lines = work.lines;
    this.#pipelines = work.pipelines;
    this.sluice = sluice;
    this.topic = topic;
  }

  static async prepare(kafka: TestKafka, topic: string, work: Work, env: Record<string, string>): Promise<LimitScene> {
    await kafka.createTopic(topic);
    const node = new MadeUpNode();
    const container = node.addContainer("web");
    for (let from = 0; from < work.lines; from += 10_000) {
      container.writeLines(numberedLines("web", from, Math.min(work.lines, from + 10_000), LINE_PADDING));
    }
    const text = pipelineText("web", kafka.brokers, topic).replace("flushers:", `${work.processors}flushers:`) +
      `    Compression: ${work.codec}\n`;
    const pipelines = Object.fromEntries(
      Array.from({ length: work.pipelines }, (_, index) => [`p${index}.yaml`, text]),
    );
    const { hostRoot, staticContainers } = node;
    const sluice = await TestSluice.prepare({ hostRoot, staticContainers, pipelines, env });
    return new LimitScene(node, work, sluice, await TopicWatch.open(kafka.port, topic));
  }

  /** Waits until everything has arrived, ends the agent and checks that nothing came twice. */
  async finish(): Promise<void> {
    const records = this.#lines * this.#pipelines;
    await eventually("every record arrives", async () => await this.topic.recordCount() >= records, 120_000);
    assertEquals(await this.sluice.stop(), 0);
    assertEquals(await this.topic.recordCount(), records);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.topic[Symbol.dispose]();
    await this.sluice[Symbol.asyncDispose]();
    this.#node[Symbol.dispose]();
  }
}

interface Work {
  readonly lines: number;
  readonly pipelines: number;
  readonly codec: "lz4" | "none";
  /** As YAML. */
  readonly processors: string;
}

/** Cores that the agent uses on average while it is flooded. */
async function floodedCores(kafka: TestKafka, topic: string, env: Record<string, string>): Promise<number> {
  const work: Work = { lines: 100_000, pipelines: 12, codec: "lz4", processors: SLOW_PROCESSOR };
  await using scene = await LimitScene.prepare(kafka, topic, work, env);
  const { sluice } = scene;
  sluice.start();
  await pause(START_MS);
  const usedMs = processorMs(sluice.pid);
  const startedMs = performance.now();
  await pause(MEASURE_MS);
  const cores = (processorMs(sluice.pid) - usedMs) / (performance.now() - startedMs);
  const isSlowedDown = sluice.log.includes("Reading is slowed down: there is work for more than the 0.4 cores");
  // On a busy machine the agent may get less than it is allowed.
  if (cores > CORES - CORES_TOLERANCE) assertEquals(isSlowedDown, "cpu_usage_limit" in env, sluice.log);
  // Without limits only the figure is wanted.
  if ("cpu_usage_limit" in env) await scene.finish();
  return cores;
}

/** The most memory that the agent uses while the broker hangs and afterwards, in MB. */
async function hangingMegabytes(kafka: TestKafka, topic: string, env: Record<string, string>): Promise<number> {
  const work: Work = { lines: 16_000, pipelines: 60, codec: "none", processors: "" };
  await using scene = await LimitScene.prepare(kafka, topic, work, env);
  const { sluice } = scene;
  kafka.pause();
  sluice.start();
  await pause(10_000);
  kafka.resume();
  await pause(1000);
  const peakBytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync(`/proc/${sluice.pid}/status`))?.[1]) *
    1024;
  await scene.finish();
  return peakBytes / MEGABYTE;
}

Deno.test("the agent keeps below 0.4 cores and 384 MB, and delivers everything", async (t) => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  await t.step("CPU", async () => {
    const free = await floodedCores(kafka, "cpu-free", {});
    const limited = await floodedCores(kafka, "cpu-limited", LIMITS);
    console.log(`flooded: ${limited.toFixed(3)} cores with a limit of ${CORES}, ${free.toFixed(2)} without`);
    assertLessOrEqual(limited, CORES + CORES_TOLERANCE);
  });
  await t.step("memory", async () => {
    const free = await hangingMegabytes(kafka, "memory-free", {});
    const limited = await hangingMegabytes(kafka, "memory-limited", LIMITS);
    console.log(`windows full: ${limited.toFixed(0)} MB with a limit of ${MEGABYTES}, ${free.toFixed(0)} MB without`);
    assert(free > MEGABYTES, "the work is too small to show anything");
    assertLessOrEqual(limited, MEGABYTES);
  });
});
