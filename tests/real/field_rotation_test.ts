/**
 * Failures around rotation that users of other agents met, on the compiled binary and a real broker. Log files are written as the
 * kubelet and the runtime write them; every line must arrive once and in order.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { dirname } from "@std/path";
import { gzipSync } from "node:zlib";
import { FieldScene } from "../support/field_scene.ts";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { needs } from "../support/requirement.ts";

/** The kubelet's `containerLogMaxSize`: https://kubernetes.io/docs/concepts/cluster-administration/logging/#log-rotation. */
const LOG_BYTES_MAX = 10 * 1024 * 1024;
const LINK = "/var/log/containers/web-1_default_web.log";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Compresses a rotated log as the kubelet does: aside, then renamed, then the plain one removed. */
function compress(path: string): void {
  Deno.writeFileSync(`${path}.tmp`, gzipSync(Deno.readFileSync(path)));
  Deno.renameSync(`${path}.tmp`, `${path}.gz`);
  Deno.removeSync(path);
}

Deno.test("logs rotated in the field", async (t) => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();

  // fluent/fluent-bit#1108: 650,000 of a million lines arrived. fluent/fluentd#3434, fluent/fluentd#4693: nothing more was read after a
  // rotation.
  await t.step("a million lines, rotated at 10 MiB, several times between two looks", async () => {
    await using scene = await FieldScene.prepare(kafka, "million");
    const log = scene.addLog("web");
    log.write(100);
    scene.sluice.start();
    await scene.untilAllCame();
    while (log.lines < 1_000_000) {
      log.write(5000);
      if (log.size >= LOG_BYTES_MAX) log.container.rotate();
      await scene.arrivals();
    }
    await scene.finish();
  });

  // fluent/fluent-bit#2110, open-telemetry/opentelemetry-collector-contrib#2946: the unread rest of the old file was lost.
  await t.step("a log behind a link, rotated while the agent is behind", async () => {
    await using scene = await FieldScene.prepare(kafka, "linked");
    const log = scene.addLog("web", LINK);
    log.write(100);
    scene.sluice.start();
    await scene.untilAllCame();
    for (let burst = 0; burst < 30; burst++) {
      log.write(10_000);
      if (burst % 5 === 4) log.container.rotate();
      await pause(20);
    }
    await scene.finish();
  });

  // fluent/fluent-bit#2110 with a Kafka that hangs: there comes more than the agent knew of when it began to catch up.
  await t.step("a log rotated again while the agent catches up on its rotated files", async () => {
    await using scene = await FieldScene.prepare(kafka, "again");
    const log = scene.addLog("web", LINK);
    log.write(100);
    scene.sluice.start();
    await scene.untilAllCame();
    kafka.pause();
    log.container.rotate();
    log.write(200_000);
    log.container.rotate();
    log.write(100);
    // It has left the first file and hangs in the middle of the second, which is more than its window takes.
    await pause(3000);
    log.container.rotate();
    log.write(100);
    kafka.resume();
    await scene.finish();
  });

  // fluent/fluent-bit#287: the stored offset was beyond the end of the new file, which was then not read.
  await t.step("a log replaced by a shorter one while the agent is down", async () => {
    await using scene = await FieldScene.prepare(kafka, "shorter");
    const log = scene.addLog("web");
    log.write(1000);
    scene.sluice.start();
    await scene.untilAllCame();
    assertEquals(await scene.sluice.stop(), 0);
    const old = Deno.statSync(log.container.path);
    // The old file stays open under another name for a moment, so that the new one cannot get its inode.
    Deno.renameSync(log.container.path, `${log.container.path}.old`);
    log.write(100);
    Deno.removeSync(`${log.container.path}.old`);
    const fresh = Deno.statSync(log.container.path);
    assert(fresh.size < old.size && fresh.ino !== old.ino);
    scene.sluice.start();
    await scene.finish();
  });

  await t.step("a log emptied in place while the agent is down", async () => {
    await using scene = await FieldScene.prepare(kafka, "emptied");
    const log = scene.addLog("web");
    log.write(1000);
    scene.sluice.start();
    await scene.untilAllCame();
    assertEquals(await scene.sluice.stop(), 0);
    Deno.truncateSync(log.container.path);
    log.write(100);
    scene.sluice.start();
    await scene.finish();
  });

  // open-telemetry/opentelemetry-collector-contrib#40523: a rotated file was read again as its .gz.
  await t.step("rotated logs compressed while the agent runs, and while it is down", async () => {
    await using scene = await FieldScene.prepare(kafka, "compressed");
    const log = scene.addLog("web");
    scene.sluice.start();
    const rotated: string[] = [];
    for (let rotation = 0; rotation < 3; rotation++) {
      log.write(20_000);
      await pause(500);
      // The kubelet compresses what it rotated before, then rotates.
      rotated.splice(0).forEach(compress);
      rotated.push(log.container.rotate());
      log.write(100);
      await scene.untilAllCame();
      await pause(2500);
    }
    assertEquals(await scene.sluice.stop(), 0);
    rotated.splice(0).forEach(compress);
    scene.sluice.start();
    log.write(100);
    await scene.finish();
    const names = [...Deno.readDirSync(dirname(log.container.path))].map(({ name }) => name);
    assertEquals(names.filter((name) => name.endsWith(".gz")).length, 3);
  });
});
