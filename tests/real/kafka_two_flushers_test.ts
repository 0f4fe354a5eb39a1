/**
 * Pipelines with two flushers, through the binary and real brokers: each delivers everything, and the checkpoint waits for both.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { canRunFlusherScene, FlusherScene, type FlusherText } from "../support/flusher_scene.ts";
import { TestKafka } from "../support/kafka.ts";
import { nginxLine } from "../support/kernel.ts";
import { fieldOf } from "../support/made_up_node.ts";
import { eventually } from "../support/sluice.ts";

const LOG = Array.from({ length: 5000 }, (_, number) => `${number} ${nginxLine(number).trimEnd()}`);
const WATCHED_MS = 3000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function contents(kafka: TestKafka, topic: string, count = 0): Promise<string[]> {
  return (await kafka.consumeAll(topic, { count, timeoutMs: 60_000 })).map(({ value }) => fieldOf(value, "content"));
}

/** Compares without printing all of it. */
function assertSame(given: readonly string[], wanted: readonly string[]): void {
  assertEquals(given.length, wanted.length);
  assertEquals(given.findIndex((text, index) => text !== wanted[index]), -1);
}

/** Each line came, maybe again after a restart; what came first is in order. */
function assertNoneMissing(given: readonly string[], wanted: readonly string[]): void {
  assertSame([...new Set(given)], wanted);
}

async function testTopics(scene: FlusherScene): Promise<void> {
  const [one, other] = ["one", "other"];
  for (const topic of [one, other]) await scene.kafka.createTopic(topic);
  const keyed = [`Topic: ${other}`, "PartitionerType: hash", "HashKeys: [tag.k8s.pod.name]", "Compression: gzip"];
  await using agent = await scene.startAgent({
    lines: LOG,
    flushers: [{ options: [`Topic: ${one}`] }, { options: keyed }],
  });
  assertSame(await contents(scene.kafka, one, LOG.length), LOG);
  assertSame(await contents(scene.kafka, other, LOG.length), LOG);
  await eventually("all is settled", () => agent.isSettled);
  await agent.stop();
  assertEquals(agent.complaints, []);
}

async function testFile(scene: FlusherScene): Promise<void> {
  await scene.kafka.createTopic("beside-a-file");
  const directory = await Deno.makeTempDir({ prefix: "sluice-flushed-" });
  try {
    const path = `${directory}/records.jsonl`;
    const file = { type: "flusher_file", options: [`FilePath: ${path}`] };
    await using agent = await scene.startAgent({
      lines: LOG,
      flushers: [file, { options: ["Topic: beside-a-file"] }],
    });
    await eventually("all is settled", () => agent.isSettled);
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    assertSame(lines.map((line) => JSON.parse(line).content), LOG);
    assertSame(await contents(scene.kafka, "beside-a-file"), LOG);
    await agent.stop();
    assertEquals(agent.complaints, []);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Some flushers make text of the records before they go out, others do not: none disturbs the next. */
async function testManyKinds(scene: FlusherScene): Promise<void> {
  const kinds: Readonly<Record<string, readonly string[]>> = {
    "kind-keyed": ["PartitionerType: hash", "HashKeys: [content._source_]"],
    "kind-protobuf": ["Convert: { Protocol: otlp_v1, Encoding: protobuf }"],
    "kind-raw": ["Convert: { Protocol: raw }", "Headers: [{ key: a, value: b }]"],
    "kind-%{content._source_}": ["Convert: { Protocol: custom_single }", "Compression: snappy"],
    "kind-last": [],
  };
  const topics = Object.keys(kinds).map((topic) => topic.replace("%{content._source_}", "stdout"));
  for (const topic of topics) await scene.kafka.createTopic(topic);
  const flushers = Object.entries(kinds).map(([topic, options]) => ({ options: [`Topic: "${topic}"`, ...options] }));
  await using agent = await scene.startAgent({ lines: LOG, flushers });
  await eventually("all is settled", () => agent.isSettled);
  for (const topic of topics) {
    const messages = (await scene.kafka.consumeAll(topic)).map(({ value }) => new TextDecoder().decode(value!));
    assertEquals(messages.length, LOG.length, topic);
    const wrong = messages.findIndex((message, index) => !message.replaceAll('\\"', '"').includes(LOG[index]));
    assertEquals(wrong, -1, `${topic}: ${messages[wrong]}`);
  }
  await agent.stop();
  assertEquals(agent.complaints, []);
}

/** A topic of this name on both brokers, and a flusher for each. */
async function onBoth(scene: FlusherScene, second: TestKafka, topic: string): Promise<FlusherText[]> {
  for (const kafka of [scene.kafka, second]) await kafka.createTopic(topic);
  return [scene.kafka, second].map(({ brokers }) => ({ options: [`Brokers: [${brokers}]`, `Topic: ${topic}`] }));
}

async function testOneAway(scene: FlusherScene, second: TestKafka): Promise<void> {
  const flushers = await onBoth(scene, second, "away");
  await using agent = await scene.startAgent({ lines: LOG.slice(0, 100), flushers });
  await eventually("the first lines are settled", () => agent.isSettled);
  const settled = agent.savedOffset;
  await second.kill();
  agent.log.writeLines(LOG.slice(100));
  assertSame(await contents(scene.kafka, "away", LOG.length), LOG);
  for (const endMs = Date.now() + WATCHED_MS; Date.now() < endMs; await pause(100)) {
    assertEquals(agent.savedOffset, settled);
  }
  await second.restart();
  assertSame(await contents(second, "away", LOG.length), LOG);
  await eventually("all is settled", () => agent.isSettled);
  assertSame(await contents(scene.kafka, "away"), LOG);
  assertEquals(agent.complaints.filter((line) => !line.includes(`Kafka at ${second.brokers} does not answer`)), []);
  await agent.stop();
}

async function testKilledWhileOneIsAway(scene: FlusherScene, second: TestKafka): Promise<void> {
  const flushers = await onBoth(scene, second, "killed");
  await using agent = await scene.startAgent({ lines: LOG.slice(0, 100), flushers });
  await eventually("the first lines are settled", () => agent.isSettled);
  await second.kill();
  agent.log.writeLines(LOG.slice(100));
  await contents(scene.kafka, "killed", LOG.length);
  await agent.sluice.kill();
  await second.restart();
  agent.sluice.start();
  await eventually("all is settled", () => agent.isSettled);
  assertNoneMissing(await contents(scene.kafka, "killed"), LOG);
  assertNoneMissing(await contents(second, "killed"), LOG);
  await agent.stop();
}

/** More lines than the window takes: reading waits for the slower of the two. */
async function testWindow(scene: FlusherScene, second: TestKafka): Promise<void> {
  const flushers = await onBoth(scene, second, "window");
  await second.kill();
  const lines = Array.from({ length: 20 }, () => LOG).flat();
  await using agent = await scene.startAgent({ lines, flushers });
  await pause(WATCHED_MS);
  const arrived = (await contents(scene.kafka, "window")).length;
  assert(arrived > 0 && arrived < lines.length, `${arrived} lines`);
  assertEquals(agent.savedOffset, 0);
  await second.restart();
  await eventually("all is settled", () => agent.isSettled);
  for (const kafka of [scene.kafka, second]) assertSame(await contents(kafka, "window"), lines);
  await agent.stop();
}

Deno.test("two flushers in one pipeline deliver everything each, and the checkpoint waits for both", async (test) => {
  if (!canRunFlusherScene()) return;
  await using scene = await FlusherScene.start();
  await using second = await TestKafka.start();
  await test.step("two topics, one with keys and compressed", () => testTopics(scene));
  await test.step("Kafka and a file", () => testFile(scene));
  await test.step("five of different kinds", () => testManyKinds(scene));
  await test.step("one broker away: the other gets everything, the checkpoint waits, nothing is missing afterwards", () =>
    testOneAway(scene, second));
  await test.step("and killed meanwhile: nothing is missing", () => testKilledWhileOneIsAway(scene, second));
  await test.step("more than the window takes", () => testWindow(scene, second));
});
