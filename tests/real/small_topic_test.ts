/**
 * A topic that takes less than the agent likes to send: smaller batches, and dead letters for what is larger than it takes at all.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { fieldOf, MadeUpNode, pipelineText } from "../support/made_up_node.ts";
import { needs } from "../support/requirement.ts";
import { eventually, TestSluice } from "../support/sluice.ts";

Deno.test("a topic that takes 50 KB at most gets every record that fits, once; the one that does not is a dead letter", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  await kafka.createTopic("small", 1, { "max.message.bytes": "50000" });
  using node = new MadeUpNode();
  const container = node.addContainer("web");
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
  container.writeLines(lines.slice(0, 12_000));
  container.writeLines(["x".repeat(200_000)]);
  container.writeLines(lines.slice(12_000));
  const pipelines = { "web.yaml": pipelineText("web", kafka.brokers, "small") };
  await using sluice = await TestSluice.prepare({ ...node, pipelines });
  sluice.start();
  const messages = await kafka.consumeAll("small", { count: lines.length, timeoutMs: 60_000 });
  await eventually("the offset is past the dead letter", () => {
    const size = Deno.statSync(container.path).size;
    return Deno.readTextFileSync(sluice.checkpointPath).includes(`"offset":${size}`);
  });
  assertEquals(await sluice.stop(), 0);
  const contents = messages.map(({ value }) => fieldOf(value, "content"));
  assertEquals(new Set(contents).size, lines.length);
  assertEquals(contents.toSorted(), lines.toSorted());
  const letters = Deno.readTextFileSync(join(sluice.directory, "checkpoint", "sluice.dead-letters.jsonl"));
  const [letter, ...more] = letters.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(more, []);
  assertEquals(letter.topic, "small");
  assertStringIncludes(letter.reason, "MESSAGE_TOO_LARGE");
  assert(letter.message.includes("x".repeat(200_000)));
  assertStringIncludes(sluice.log, "can never be delivered");
});
