/**
 * A node with a thousand containers, on the compiled binary and a real broker: how soon a new container's first line is delivered, how
 * soon a quiet one's next line, and what a thousand quiet logs cost.
 *
 * @module
 */
import { assertLess } from "@std/assert";
import { CriScene } from "../support/cri_scene.ts";
import type { CriNodeContainer, RuntimeKind } from "../support/cri_node.ts";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { numberedLines } from "../support/numbered_lines.ts";
import { needs } from "../support/requirement.ts";

const CONTAINERS = 1000;
const FRESH = 3;
/** Where the runtime is asked every three seconds, and where it tells of changes. */
const FIRST_LINE_MS_MAX: Readonly<Record<RuntimeKind, number>> = { polled: 4000, streaming: 1000 };
/** A log that was quiet is looked at every two seconds. */
const NEXT_LINE_MS_MAX = 3000;
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

Deno.test("a thousand containers on one node", async (t) => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  await t.step("a runtime that is asked for news", () => measure(kafka, "polled"));
  await t.step("a runtime that tells of news", () => measure(kafka, "streaming"));
});
