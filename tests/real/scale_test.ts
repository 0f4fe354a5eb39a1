/**
 * A node with a thousand containers, and one with a thousand files, on the compiled binary and a real broker: how soon a new one's first
 * line is delivered, how soon a quiet one's next line, and what a thousand quiet logs cost.
 *
 * @module
 */
import { assertEquals, assertLess } from "@std/assert";
import { CriScene } from "../support/cri_scene.ts";
import type { CriNodeContainer, RuntimeKind } from "../support/cri_node.ts";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { Arrivals, numberedLines } from "../support/numbered_lines.ts";
import { pipelineOf } from "../support/pipelines.ts";
import { needs } from "../support/requirement.ts";
import { TestSluice } from "../support/sluice.ts";

const CONTAINERS = 1000;
const FRESH = 3;
/** Where the runtime is asked every three seconds, and where it tells of changes. */
const FIRST_LINE_MS_MAX: Readonly<Record<RuntimeKind, number>> = { polled: 4000, streaming: 1000 };
/** Looking for new files takes little of the time where there are many, but is done every half minute. */
const NEW_FILE_MS_MAX = 35_000;
/** Where a thousand logs are quiet they are looked at every five seconds. */
const NEXT_LINE_MS_MAX = 7000;
/** Time for all pauses between looks to become as long as they get. */
const CALM_MS = 5000;
const COST_MS = 4000;
/** The share of one processor that a thousand quiet logs may take. */
const QUIET_SHARE_MAX = 0.2;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The scene, its containers, and how many lines of each have been written. */
class CrowdedNode {
  readonly counts: Record<string, number> = {};
  readonly #containers: CriNodeContainer[] = [];
  readonly #scene: CriScene;

  constructor(scene: CriScene) {
    this.#scene = scene;
  }

  /** Adds a container with a first line; the runtime tells nothing yet. */
  add(): void {
    const index = this.#containers.length;
    this.#containers.push(this.#scene.node.addContainer(`container-${index}`, `web-${index}`));
    this.write(index);
  }

  write(index: number): void {
    const writer = `web-${index}`;
    const from = this.counts[writer] ?? 0;
    this.#containers[index].writeLines(numberedLines(writer, from, from + 1));
    this.counts[writer] = from + 1;
  }

  /** @returns the milliseconds until all that was written has come. */
  async untilAllCame(): Promise<number> {
    const startMs = performance.now();
    await this.#scene.arrivals.untilTotal(Object.values(this.counts).reduce((sum, count) => sum + count, 0));
    return Math.round(performance.now() - startMs);
  }
}

/** The share of one processor that the agent takes while nothing happens. */
async function quietShare(scene: CriScene): Promise<number> {
  await pause(CALM_MS);
  const before = scene.figures().processorMs;
  await pause(COST_MS);
  return (scene.figures().processorMs - before) / COST_MS;
}

/** How long lines took to come, in milliseconds each. */
interface Delays {
  readonly firstMs: number[];
  readonly nextMs: number[];
}

/** Adds a few containers, and writes to some that were quiet. */
async function measureDelays(scene: CriScene, node: CrowdedNode): Promise<Delays> {
  const delays: Delays = { firstMs: [], nextMs: [] };
  for (let round = 0; round < FRESH; round++) {
    node.add();
    scene.node.ring();
    delays.firstMs.push(await node.untilAllCame());
    node.write(round * 100);
    delays.nextMs.push(await node.untilAllCame());
  }
  return delays;
}

async function measure(kafka: TestKafka, kind: RuntimeKind): Promise<void> {
  await using scene = await CriScene.prepare(kafka, kind, kind);
  const node = new CrowdedNode(scene);
  for (let index = 0; index < CONTAINERS; index++) node.add();
  scene.sluice.start();
  const allMs = await node.untilAllCame();
  const share = await quietShare(scene);
  const { firstMs, nextMs } = await measureDelays(scene, node);
  const { residentMegabytes, openFiles } = scene.figures();
  console.log(
    `${CONTAINERS} containers, ${kind}: all read after ${allMs} ms; first lines of new ones after ${firstMs} ms, ` +
      `next lines of quiet ones after ${nextMs} ms; quiet: ${(share * 100).toFixed(1)} % of a processor, ` +
      `${residentMegabytes} MB, ${openFiles} open files`,
  );
  for (const ms of firstMs) assertLess(ms, FIRST_LINE_MS_MAX[kind]);
  for (const ms of nextMs) assertLess(ms, NEXT_LINE_MS_MAX);
  assertLess(share, QUIET_SHARE_MAX);
  await scene.finish(node.counts);
}

/** A thousand files that one pattern finds, and new ones. */
async function measureFiles(kafka: TestKafka): Promise<void> {
  await kafka.createTopic("files");
  const directory = await Deno.makeTempDir({ prefix: "sluice-scale-" });
  try {
    const pipelines = {
      "files.yaml": pipelineOf("input_file", [`FilePaths: ${directory}/*.log`], kafka.brokers, "files"),
    };
    await using sluice = await TestSluice.prepare({ pipelines });
    using arrivals = await Arrivals.follow(kafka.port, "files");
    const counts: Record<string, number> = {};
    const write = (index: number) => {
      const writer = `file-${index}`;
      const number = counts[writer] ?? 0;
      Deno.writeTextFileSync(`${directory}/${index}.log`, `${writer} ${number}\n`, { append: true });
      counts[writer] = number + 1;
    };
    const untilAllCame = async () => {
      const startMs = performance.now();
      await arrivals.untilTotal(Object.values(counts).reduce((sum, count) => sum + count, 0), 2 * NEW_FILE_MS_MAX);
      return Math.round(performance.now() - startMs);
    };
    for (let index = 0; index < CONTAINERS; index++) write(index);
    sluice.start();
    const allMs = await untilAllCame();
    await pause(CALM_MS);
    const delays: Delays = { firstMs: [], nextMs: [] };
    for (let round = 0; round < FRESH; round++) {
      write(CONTAINERS + round);
      delays.firstMs.push(await untilAllCame());
      write(round * 100);
      delays.nextMs.push(await untilAllCame());
    }
    console.log(
      `${CONTAINERS} files: all read after ${allMs} ms; first lines of new ones after ${delays.firstMs} ms, ` +
        `next lines of quiet ones after ${delays.nextMs} ms`,
    );
    for (const ms of delays.firstMs) assertLess(ms, NEW_FILE_MS_MAX);
    for (const ms of delays.nextMs) assertLess(ms, NEXT_LINE_MS_MAX);
    assertEquals(await sluice.stop(), 0);
    arrivals.check(counts);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("a thousand containers, and a thousand files, on one node", async (t) => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  await t.step("a runtime that is asked for news", () => measure(kafka, "polled"));
  await t.step("a runtime that tells of news", () => measure(kafka, "streaming"));
  await t.step("a thousand files of the node", () => measureFiles(kafka));
});
