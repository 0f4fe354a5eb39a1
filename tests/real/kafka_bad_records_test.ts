/**
 * Records that are too large for a broker, a topic or the flusher's own limit, through the binary and a real broker: they are kept with the
 * reason, and everything else arrives.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { canRunFlusherScene, type FlusherAgent, FlusherScene } from "../support/flusher_scene.ts";
import { nginxLine } from "../support/kernel.ts";
import { fieldOf } from "../support/made_up_node.ts";
import { seededRandom } from "../support/random.ts";
import { eventually } from "../support/sluice.ts";
import { readBatches } from "../support/topic_batches.ts";

/** The limit of the broker for all topics, in bytes. */
const BROKER_BYTES_MAX = 100_000;
/** The `MaxMessageBytes` of some flushers. */
const OWN_BYTES_MAX = 50_000;
/** Makes records be sorted by where they go: all have the key `stdout`. */
const KEYED = ["PartitionerType: hash", "HashKeys: [content._source_]"];
const LOG = Array.from({ length: 2000 }, (_, number) => nginxLine(number).trimEnd());
/** Hardly gets smaller by compression. */
const LARGE = seededRandom("a large line").bytes(200_000).toHex();
const LINES = [...LOG.slice(0, 1000), LARGE, ...LOG.slice(1000)];

async function contents(scene: FlusherScene, topic: string, count = 0): Promise<string[]> {
  return (await scene.kafka.consumeAll(topic, { count })).map(({ value }) => fieldOf(value, "content"));
}

/** Compares without printing all of it. */
function assertSame(given: readonly string[], wanted: readonly string[]): void {
  assertEquals(given.length, wanted.length);
  assertEquals(given.findIndex((text, index) => text !== wanted[index]), -1);
}

/** The one dead letter is this line. */
function assertKept(agent: FlusherAgent, line: string, topic: string, reason: string): void {
  const letters = agent.deadLetters;
  assertEquals(letters.map((letter) => letter.topic), [topic]);
  assertStringIncludes(letters[0].reason, reason);
  assert(fieldOf(new TextEncoder().encode(letters[0].message), "content") === line);
  assert(Math.abs(Date.parse(letters[0].time) - Date.now()) < 60_000);
}

/** Where a batch is sent again in parts, other batches may overtake it. */
async function testBroker(scene: FlusherScene, topic: string, options: readonly string[]): Promise<void> {
  await scene.kafka.createTopic(topic);
  await using agent = await scene.startAgent({
    lines: LINES,
    flushers: [{ options: [`Topic: ${topic}`, ...options] }],
  });
  await eventually("all is settled", () => agent.isSettled);
  assertSame((await contents(scene, topic)).sort(), LOG.toSorted());
  assertKept(
    agent,
    LARGE,
    topic,
    "MESSAGE_TOO_LARGE (lower MaxMessageBytes of the flusher, or raise max.message.bytes",
  );
  await agent.stop();
}

/** A line that is larger than a batch is cut, in any flusher of the pipeline. */
async function testOwnLimit(scene: FlusherScene, options: readonly string[]): Promise<void> {
  const topics = [`cut-${options.length}`, `cut-too-${options.length}`];
  for (const topic of topics) await scene.kafka.createTopic(topic);
  const [own, other] = topics.map((topic) => [`Topic: ${topic}`, ...options]);
  await using agent = await scene.startAgent({
    lines: LINES,
    flushers: [{ options: [...own, `MaxMessageBytes: ${OWN_BYTES_MAX}`] }, { options: other }],
  });
  await eventually("all is settled", () => agent.isSettled);
  for (const topic of topics) {
    const arrived = await contents(scene, topic);
    assert(arrived.join("") === LINES.join(""), topic);
    assertEquals(
      arrived.filter((line) => line.length > 1000).map((line) => line.length > OWN_BYTES_MAX),
      Array(10).fill(false),
    );
    const batches = await readBatches(scene.kafka.port, topic);
    assert(batches.every(({ bytes }) => bytes <= OWN_BYTES_MAX));
  }
  assertEquals(agent.complaints, []);
  await agent.stop();
}

/** What goes by its fields is a message before it gets to a batch: too late to be cut. */
async function testWithTags(scene: FlusherScene): Promise<void> {
  await scene.kafka.createTopic("with-tags");
  const line = "x".repeat(1200);
  const options = ["Topic: with-tags", "MaxMessageBytes: 1500", ...KEYED];
  await using agent = await scene.startAgent({ lines: [...LOG, line, "last"], flushers: [{ options }] });
  await eventually("all is settled", () => agent.isSettled);
  assertSame(await contents(scene, "with-tags"), [...LOG, "last"]);
  assertKept(agent, line, "with-tags", "it is longer than a batch of 1500 bytes takes");
  assertEquals(agent.complaints.length, 1, agent.sluice.log);
  await agent.stop();
}

async function testSmallTopic(scene: FlusherScene): Promise<void> {
  const options = ["MaxMessageBytes: 2000", "Compression: lz4"];
  const config = { "max.message.bytes": "2000" };
  await scene.deliver("small", { lines: LOG, options, config });
  assertSame(await contents(scene, "small"), LOG);
  const batches = await readBatches(scene.kafka.port, "small");
  assert(batches.every(({ bytes, compression }) => bytes <= 2000 && compression === "lz4"));
}

/** A topic for keyed records only: the broker refuses a batch with others in it. */
async function testInvalidRecords(scene: FlusherScene): Promise<void> {
  await scene.kafka.createTopic("compacted", 1, { "cleanup.policy": "compact" });
  await using agent = await scene.startAgent({ lines: LOG.slice(0, 3), flushers: [{ options: ["Topic: compacted"] }] });
  await eventually("all is settled", () => agent.isSettled);
  assertEquals(await contents(scene, "compacted"), []);
  assertEquals(
    agent.deadLetters.map(({ message }) => fieldOf(new TextEncoder().encode(message), "content")),
    LOG.slice(0, 3),
  );
  assertStringIncludes(agent.deadLetters[0].reason, "INVALID_RECORD (a compacted topic needs keys");
  await agent.stop();
  const keyed = ["PartitionerType: hash", "HashKeys: [content.content]"];
  assertEquals((await scene.deliver("compacted", { lines: LOG.slice(0, 3), options: keyed })).length, 3);
}

Deno.test("records that are too large are kept with the reason, and everything else arrives", async (test) => {
  if (!canRunFlusherScene()) return;
  await using scene = await FlusherScene.start({ properties: { "message.max.bytes": String(BROKER_BYTES_MAX) } });
  await test.step("larger than the broker takes", () => testBroker(scene, "plain", []));
  await test.step("larger than the broker takes, with keys", () => testBroker(scene, "keyed", KEYED));
  await test.step("larger than the broker takes, compressed", () => testBroker(scene, "zstd", ["Compression: zstd"]));
  await test.step("larger than MaxMessageBytes: cut", () => testOwnLimit(scene, []));
  await test.step("larger than MaxMessageBytes: cut, with keys", () => testOwnLimit(scene, KEYED));
  await test.step("larger than MaxMessageBytes only with its tags, with keys", () => testWithTags(scene));
  await test.step("a small MaxMessageBytes, compressed, for a topic that takes little", () => testSmallTopic(scene));
  await test.step("a topic that wants keys, without and with them", () => testInvalidRecords(scene));
});
