import { assert, assertEquals } from "@std/assert";
import { LongOutage } from "./long_outage.ts";
import { configs, module } from "./run_seed.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ROTATIONS = 50;
const LINES = 40;
/** Six slots of one pipeline. */
const BATCHES_MAX = 6;

// elastic/beats#2395: with the output blocked, files that rotation had deleted were lost, or filled the disk. fluent/fluent-bit#4271: an
// output that never resumed after an outage. alibaba/loongcollector#2192: nobody could see that rotated files were never collected. alibaba/loongcollector#2688: queues that had been full stayed so for good.
Deno.test("Kafka away for an hour and fifty rotations: everything is kept, what is held is bounded, and it arrives within a minute", async () => {
  const scene = new LongOutage(1, module, configs);
  scene.write(LINES);
  await scene.settle();
  assertEquals(scene.missing(), []);
  const before = scene.held;
  scene.takeKafkaAway(HOUR_MS);
  for (let rotation = 1; rotation <= ROTATIONS; rotation++) {
    scene.write(LINES);
    await scene.pass(HOUR_MS / ROTATIONS / 2);
    scene.rotate();
    await scene.pass(HOUR_MS / ROTATIONS / 2);
    const { openFiles, unansweredBatches, sources } = scene.held;
    assert(unansweredBatches <= BATCHES_MAX, `${unansweredBatches} batches`);
    assertEquals(sources, before.sources);
    assert(openFiles <= sources * (rotation + 1), `${openFiles} files are open after ${rotation} rotations`);
  }
  const { lines } = scene.lives.log;
  const early = lines.find((line) => line.includes("Rotation is about to delete logs that are not read yet"));
  assert(early !== undefined, lines.join("\n"));
  assert(scene.held.deletedFiles > ROTATIONS, `${scene.held.deletedFiles} deleted files`);
  const ms = await scene.arriveWithin(MINUTE_MS);
  assert(ms < MINUTE_MS, `${scene.missing().length} lines have not arrived after ${ms} ms`);
  await scene.settle();
  assertEquals(scene.held, { ...before, deletedFiles: 0 });
  assertEquals(scene.lives.current!.unread.counts.lostBytes, 0);
  assertEquals(scene.stage.problems, []);
});

Deno.test("where deleted logs would fill the disk, the oldest are let go of, counted and named; the rest arrives", async () => {
  const scene = new LongOutage(2, module, configs);
  const { disk } = scene.stage;
  scene.write(LINES);
  await scene.settle();
  scene.takeKafkaAway(HOUR_MS);
  // Room for about twenty of the fifty rotations.
  const usedBytes = disk.totalBytes - disk.space().freeBytes;
  disk.totalBytes = 20 * usedBytes;
  for (let rotation = 1; rotation <= ROTATIONS; rotation++) {
    scene.write(LINES);
    await scene.pass(HOUR_MS / ROTATIONS / 2);
    scene.rotate(true);
    await scene.pass(HOUR_MS / ROTATIONS / 2);
    const { freeBytes, totalBytes } = disk.space();
    assert(freeBytes > 0.1 * totalBytes, `${freeBytes} of ${totalBytes} are free after ${rotation} rotations`);
  }
  const { counts } = scene.lives.current!.unread;
  assert(counts.lostFiles > 0);
  const { lines } = scene.lives.log;
  assert(lines.some((line) => line.includes("the oldest are let go of, unread")), lines.join("\n"));
  assert(lines.some((line) => line.includes("were let go of with")), lines.join("\n"));
  const ms = await scene.arriveWithin(MINUTE_MS);
  assert(ms < MINUTE_MS, `${scene.missing().length} lines have not arrived after ${ms} ms`);
  await scene.settle();
  // What was deleted before there was too little room, and what came last of what was deleted, was kept.
  const deleted = 3 * LINES * (ROTATIONS - 4);
  const lost = scene.stage.deliveries.excusedCount;
  assert(lost > 0 && lost < 0.85 * deleted, `${lost} of ${deleted} deleted lines are lost`);
  assertEquals(scene.held.deletedFiles, 0);
  assertEquals(scene.stage.problems, []);
});
