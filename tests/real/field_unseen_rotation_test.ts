/**
 * Rotations before the agent knows the container, on the compiled binary and a real broker. Every line must arrive once and in order.
 *
 * @module
 */
import { FieldScene } from "../support/field_scene.ts";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { needs } from "../support/requirement.ts";
import { eventually } from "../support/sluice.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// open-telemetry/opentelemetry-collector-contrib#35137: lines in files with a rotated name were refused.
Deno.test("a log rotated twice before the agent sees its container for the first time", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  await using scene = await FieldScene.prepare(kafka, "before");
  scene.sluice.start();
  await eventually("it runs", () => scene.sluice.log.includes("runs all"));
  await pause(1500);
  const log = scene.addLog("web");
  log.write(1000);
  log.container.rotate();
  log.write(1000);
  log.container.rotate();
  log.write(100);
  await scene.finish();
});
