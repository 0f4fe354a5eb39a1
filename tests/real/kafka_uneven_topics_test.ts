/**
 * Topics by fields that are not alike, through the binary and a real broker: one gets few records and another many, one exists and another
 * does not. None of them waits for the others.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { canRunFlusherScene, FlusherScene } from "../support/flusher_scene.ts";
import { eventually } from "../support/sluice.ts";

const PADDING = "0123456789".repeat(8);
/** Enough to keep an agent busy for seconds. */
const BUSY_LINES = 500_000;
const BY_APP = "Topic: '%{content.app}'";
const SOON_MS = 10_000;

const lineOf = (app: string, number: number) => JSON.stringify({ app, number: String(number), padding: PADDING });

async function testBusy(scene: FlusherScene): Promise<void> {
  for (const topic of ["busy", "rare"]) await scene.kafka.createTopic(topic);
  const lines = Array.from({ length: BUSY_LINES }, (_, number) => lineOf(number === 5 ? "rare" : "busy", number));
  await using agent = await scene.startAgent({ lines, isJson: true, flushers: [{ options: [BY_APP] }] });
  assertEquals((await scene.kafka.consumeAll("rare", { count: 1 })).length, 1);
  assert(!agent.isSettled, "the rare record came when everything else had come");
  await eventually("the checkpoint is on its way", () => agent.savedOffset > 0);
  assert(!agent.isSettled, "the checkpoint waited for the end");
  await eventually("all is settled", () => agent.isSettled);
  assertEquals((await scene.kafka.consumeAll("busy")).length, BUSY_LINES - 1);
  await agent.stop();
}

async function testMissing(scene: FlusherScene): Promise<void> {
  await scene.kafka.createTopic("there");
  const lines = [lineOf("there", 0), lineOf("not-there", 1), lineOf("there", 2)];
  await using agent = await scene.startAgent({ lines, isJson: true, flushers: [{ options: [BY_APP] }] });
  await eventually("it complains", () => agent.complaints.length > 0);
  assertStringIncludes(agent.complaints[0], "Topic not-there does not exist");
  agent.log.writeLines([lineOf("there", 3), lineOf("there", 4)]);
  await scene.kafka.consumeAll("there", { count: 4, timeoutMs: SOON_MS });
  assert(!agent.isSettled);
  await scene.kafka.createTopic("not-there");
  await scene.kafka.consumeAll("not-there", { count: 1 });
  await eventually("all is settled", () => agent.isSettled);
  assertEquals((await scene.kafka.consumeAll("there")).length, 4);
  await agent.stop();
  assertEquals(agent.complaints.length, 1, agent.sluice.log);
}

Deno.test("topics by fields do not wait for each other", async (test) => {
  if (!canRunFlusherScene()) return;
  await using scene = await FlusherScene.start();
  await test.step("few records for one, and many without a pause for another", () => testBusy(scene));
  await test.step("a topic that does not exist yet", () => testMissing(scene));
});
