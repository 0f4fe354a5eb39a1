/**
 * A pod that is made again and again under the same name, on the compiled binary and a real broker: every generation is read, and the
 * files of those that are gone are let go of.
 *
 * @module
 */
import { CriScene } from "../support/cri_scene.ts";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { numberedLines } from "../support/numbered_lines.ts";
import { needs } from "../support/requirement.ts";
import { eventually } from "../support/sluice.ts";

const GENERATIONS = 100;
const FIRST_LINES = 20;
const LINES = 30;
/** The agent waits for ten seconds before it believes that a container is gone; then it reads the rest. */
const LET_GO_MS_MAX = 15_000;

// vectordotdev/vector#12014: descriptors of deleted logs were held for good, and reading stopped.
Deno.test("a StatefulSet's pod made again a hundred times: each generation is read, no file is held for good", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  await using scene = await CriScene.prepare(kafka, "generations", "streaming");
  scene.sluice.start();
  await eventually("it looks", () => scene.sluice.log.includes("answers"));
  const openCounts: number[] = [];
  for (let generation = 0; generation < GENERATIONS; generation++) {
    const writer = `db-${generation}`;
    const container = scene.node.addContainer(`db-generation-${generation}`, "db");
    container.writeLines(numberedLines(writer, 0, FIRST_LINES));
    scene.node.ring();
    await scene.arrivals.untilTotal(generation * LINES + FIRST_LINES, 5000);
    openCounts.push(scene.figures().openFiles);
    container.writeLines(numberedLines(writer, FIRST_LINES, LINES));
    scene.node.removeContainers([container]);
    scene.node.ring();
    await scene.arrivals.untilTotal((generation + 1) * LINES, 5000);
  }
  const enough = openCounts[0] + 2;
  await eventually("files are let go of", () => scene.figures().openFiles <= enough, LET_GO_MS_MAX);
  const [first, most, last] = [openCounts[0], Math.max(...openCounts), scene.figures().openFiles];
  console.log(`open files: ${first} with the first generation, at most ${most}, ${last} in the end`);
  await scene.finish(Object.fromEntries(Array.from({ length: GENERATIONS }, (_, index) => [`db-${index}`, LINES])));
});
