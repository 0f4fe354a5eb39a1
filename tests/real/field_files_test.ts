/**
 * Failures with log files that look alike or go away, which users of other agents met, on the compiled binary and a real broker.
 * Every line must arrive once and in order.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { dirname } from "@std/path";
import { FieldScene, type NumberedLog } from "../support/field_scene.ts";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { needs } from "../support/requirement.ts";

const FILES = 50;
const BANNER_LINES = 60;
/** How long the agent waits before it believes that a container is gone, and a little more. */
const GONE_MS = 12_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function firstBytes(log: NumberedLog, size: number): string {
  return new TextDecoder().decode(Deno.readFileSync(log.container.path).subarray(0, size));
}

Deno.test("log files in the field", async (t) => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();

  // open-telemetry/opentelemetry-collector-contrib#46496: of two files with the same first bytes one was skipped.
  await t.step("fifty files that begin with the same 4 KiB, read, rotated and read again after a restart", async () => {
    await using scene = await FieldScene.prepare(kafka, "banner");
    const logs = Array.from({ length: FILES }, (_, index) => scene.addLog(`web-${index + 10}`));
    for (const log of logs) log.writeBanner(BANNER_LINES);
    assertEquals(new Set(logs.map((log) => firstBytes(log, 4096))).size, 1);
    for (const log of logs) log.write(100);
    scene.sluice.start();
    await scene.untilAllCame();
    assertEquals(await scene.sluice.stop(), 0);
    for (const log of logs) {
      log.write(10);
      log.container.rotate();
      log.writeBanner(BANNER_LINES);
      log.write(10);
    }
    scene.sluice.start();
    await scene.finish();
  });

  // alibaba/loongcollector#2202: what was unread was lost when the path vanished with the container.
  await t.step("the log's directory removed while the agent is behind", async () => {
    await using scene = await FieldScene.prepare(kafka, "vanished");
    const log = scene.addLog("web");
    log.write(100);
    scene.sluice.start();
    await scene.untilAllCame();
    kafka.pause();
    log.write(200_000);
    await pause(1000);
    scene.node.removeContainer(log.container);
    Deno.removeSync(dirname(dirname(log.container.path)), { recursive: true });
    await pause(GONE_MS);
    kafka.resume();
    await scene.finish();
  });
});
