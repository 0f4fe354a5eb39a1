/**
 * Sixteen thousand containers that come and go, on the compiled binary and a real broker: every line of each arrives once, and the agent's
 * memory, open files, watches and checkpoint do not grow with the number of containers that are gone.
 *
 * @module
 */
import { assertLess } from "@std/assert";
import type { CriNodeContainer } from "../support/cri_node.ts";
import { CriScene, type Figures } from "../support/cri_scene.ts";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { numberedLines } from "../support/numbered_lines.ts";
import { needs } from "../support/requirement.ts";
import { eventually } from "../support/sluice.ts";

const BATCHES = 160;
const BATCH_CONTAINERS = 100;
const LINES = 5;
/** After so many batches the agent has as many logs to let go of as new ones come, and its heap the size for that. */
const WARM_BATCHES = 80;
/** Memory is the mean over so many batches. */
const MEAN_BATCHES = 20;
/** Of 6,000 containers: what the heap moves up and down by, and no more than ten kilobytes of each. */
const GROWTH_MEGABYTES_MAX = 60;
const OPEN_FILES_GROWTH_MAX = 10;
const WATCHES_GROWTH_MAX = 10;
/** The agent waits for ten seconds before it believes that a container is gone. */
const LET_GO_MS_MAX = 20_000;
/** A few batches of positions; all of them take more than two megabytes. */
const CHECKPOINT_BYTES_MAX = 100_000;

/** Adds a batch of containers whose logs are short and complete. */
function addBatch(scene: CriScene, batch: number): CriNodeContainer[] {
  const containers = Array.from({ length: BATCH_CONTAINERS }, (_, index) => {
    const name = `web-${batch * BATCH_CONTAINERS + index}`;
    const container = scene.node.addContainer(`container-${name}`, name);
    container.writeLines(numberedLines(name, 0, LINES));
    return container;
  });
  scene.node.ring();
  return containers;
}

function describe({ residentMegabytes, openFiles, watches, processorMs }: Figures): string {
  return `${residentMegabytes} MB, ${openFiles} open files, ${watches} watches, ${processorMs} ms of processor time`;
}

/** Mean memory over the batches that begin with this one. */
function meanMegabytes(figures: readonly Figures[], batch: number): number {
  const some = figures.slice(batch, batch + MEAN_BATCHES);
  return Math.round(some.reduce((sum, { residentMegabytes }) => sum + residentMegabytes, 0) / some.length);
}

Deno.test("sixteen thousand containers come and go: every line once, nothing grows", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  await using scene = await CriScene.prepare(kafka, "soak", "streaming");
  scene.sluice.start();
  await eventually("it looks", () => scene.sluice.log.includes("answers"));
  const figures: Figures[] = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    const containers = addBatch(scene, batch);
    await scene.arrivals.untilTotal((batch + 1) * BATCH_CONTAINERS * LINES);
    figures.push(scene.figures());
    if (batch % 20 === 19) console.log(`${(batch + 1) * BATCH_CONTAINERS} containers: ${describe(figures[batch])}`);
    scene.node.removeContainers(containers);
    scene.node.ring();
  }
  const enough = figures[0].openFiles - BATCH_CONTAINERS + OPEN_FILES_GROWTH_MAX;
  await eventually("files are let go of", () => scene.figures().openFiles <= enough, LET_GO_MS_MAX);
  const watchesMax = figures[0].watches + WATCHES_GROWTH_MAX;
  await eventually("watches are, too", () => scene.figures().watches <= watchesMax, LET_GO_MS_MAX);
  const last = scene.figures();
  const checkpointBytes = Deno.statSync(scene.sluice.checkpointPath).size;
  console.log(`in the end: ${describe(last)}, a checkpoint of ${checkpointBytes} bytes`);
  const [warm, late] = [WARM_BATCHES, BATCHES - MEAN_BATCHES].map((batch) => meanMegabytes(figures, batch));
  console.log(`memory: ${warm} MB when warm, ${late} MB at last`);
  assertLess(late, warm + GROWTH_MEGABYTES_MAX);
  assertLess(checkpointBytes, CHECKPOINT_BYTES_MAX);
  const writers = Array.from({ length: BATCHES * BATCH_CONTAINERS }, (_, index) => `web-${index}`);
  await scene.finish(Object.fromEntries(writers.map((writer) => [writer, LINES])));
});
