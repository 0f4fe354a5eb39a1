/**
 * Two agents under one transactional id at the same time: the one that started last delivers, the other says so, and no line comes twice.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { RecordingLog } from "../support/recording_log.ts";
import { SharedNode } from "./shared_node.ts";

Deno.test("the agent that started last delivers, the other says that it does no more, and no line comes twice", async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const node = new SharedNode(seed);
    const [before, after] = [new RecordingLog(), new RecordingLog()];
    const first = node.start(before);
    await node.run(10_000);
    assert(node.deliveries.hasArrived("c0", 1), "the first agent delivers");
    const second = node.start(after);
    await node.run(10_000);
    node.container.finishLines();
    await node.clock.run(60_000);
    const isSaid = (log: RecordingLog) => log.lines.some((line) => line.includes("delivers no more"));
    assertEquals([isSaid(before), isSaid(after)], [true, false], `seed ${seed}`);
    assert(node.deliveries.hasArrived("c0", 2), "the second agent delivers");
    assertEquals(node.missing, [], `seed ${seed}`);
    assertEquals(node.problems, [], `seed ${seed}`);
    for (const agent of [first, second]) agent.kill();
  }
});
