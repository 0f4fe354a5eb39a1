/**
 * A transaction that needs more slots than there are, one that a topic refuses parts of, and both when its session breaks in the middle.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { CHECKPOINT_DIRECTORY } from "./simulated_agent.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { SharedNode } from "./shared_node.ts";

/** What one turn reads is 256 KiB; a slot takes 4 KiB, and there are 22. */
const LINES = 3000;

/** Writes everything at once, before an agent runs. */
function writtenNode(seed: number, lines = LINES, batchBytesMax?: number): SharedNode {
  const node = new SharedNode(seed, batchBytesMax);
  for (let count = 0; count < lines; count++) node.container.write();
  node.container.finishLines();
  return node;
}

Deno.test("one read that fills many times the slots is one transaction, and arrives once", async () => {
  const node = writtenNode(1);
  const agent = node.start(new RecordingLog());
  await node.clock.run(30_000);
  assertEquals([node.missing, node.problems], [[], []]);
  agent.kill();
});

Deno.test("brokers that go away in the middle of it, for longer than a transaction may take, cost neither a line nor a second one", async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const node = writtenNode(seed);
    const log = new RecordingLog();
    const agent = node.start(log);
    for (let outage = 0; outage < 3; outage++) {
      await node.clock.run(node.random.integer(5, 400));
      for (const id of [0, 1]) node.cluster.takeDown(id, 8000);
      await node.clock.run(12_000);
    }
    await node.clock.run(60_000);
    assertEquals([node.missing, node.problems], [[], []], `seed ${seed}`);
    assert(!log.lines.some((line) => line.includes("delivers no more")), `seed ${seed}`);
    agent.kill();
  }
});

Deno.test("records that a topic never takes go to the dead letters, and the transaction without them", async () => {
  // The topic takes a quarter of a slot: its records go one by one, for longer than a transaction may take.
  const node = writtenNode(3, 300, 1200);
  const agent = node.start(new RecordingLog());
  await node.clock.run(120_000);
  const refused = node.missing;
  const letters = node.disk.tryGet(`${CHECKPOINT_DIRECTORY}/sluice.dead-letters.jsonl`)?.text.trimEnd().split("\n") ??
    [];
  assert(refused.length > 2, "long lines are refused");
  assertEquals(letters.length, refused.length);
  for (const { writer, number } of refused) {
    assert(
      letters.some((letter) => letter.includes(`${writer} ${number} xxx`)),
      `${writer} ${number} is a dead letter`,
    );
  }
  assertEquals(node.problems, []);
  agent.kill();
});
