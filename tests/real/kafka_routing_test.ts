/**
 * Where the options of `flusher_kafka_v2` send records, through the binary and a real broker: partitions by chance, in turn and by key, and
 * topics by fields. What keys lead to is compared with librdkafka's own partitioners.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Kafka, logLevel } from "kafkajs";
import { canRunFlusherScene, FlusherScene } from "../support/flusher_scene.ts";
import { type KcatMessage, readWithKcat, writeKeysWithKcat } from "../support/kcat.ts";
import { eventually } from "../support/sluice.ts";
import { seededRandom } from "../support/random.ts";

const PARTITIONS = 7;
const USERS = Array.from({ length: 40 }, (_, number) => `user ${number} é`);
const RECORDS_PER_USER = 50;
/** Its tags are in messages, and fields are easy to read. */
const FLAT = "Convert: { Protocol: custom_single_flatten }";

const decoder = new TextDecoder();

/** A record of the flat form. */
interface FlatRecord {
  readonly user?: string;
  readonly number?: string;
  readonly app?: string;
}

const fieldsOf = ({ payload }: KcatMessage): FlatRecord => JSON.parse(payload);

/** Lines of all users in one order by chance, in which each user's numbers count up. */
function userLines(): string[] {
  const random = seededRandom("order of users");
  const counts = new Map<string, number>();
  return Array.from({ length: USERS.length * RECORDS_PER_USER }, () => {
    const user = random.pick(USERS);
    const number = counts.get(user) ?? 0;
    counts.set(user, number + 1);
    return JSON.stringify({ user, number: String(number) });
  });
}

/** Each key with the one partition that it has. */
function partitionsOf(messages: readonly KcatMessage[]): ReadonlyMap<string | null, number> {
  const partitions = new Map<string | null, number>();
  for (const { key, partition } of messages) {
    assertEquals(partitions.get(key) ?? partition, partition, `key ${key} is in two partitions`);
    partitions.set(key, partition);
  }
  return partitions;
}

/** Where librdkafka sends these keys. */
async function expectedPartitions(scene: FlusherScene, keys: readonly string[], partitioner: "fnv1a" | "murmur2") {
  const topic = `${partitioner}-by-kcat`;
  await scene.kafka.createTopic(topic, PARTITIONS);
  await writeKeysWithKcat(scene.kafka.brokers, topic, keys, partitioner);
  return partitionsOf(await readWithKcat(scene.kafka.brokers, topic));
}

async function testKeys(
  scene: FlusherScene,
  type: "hash" | "murmur2",
  partitioner: "fnv1a" | "murmur2",
): Promise<void> {
  const options = [`PartitionerType: ${type}`, "HashKeys: [content.user]", FLAT];
  const lines = userLines();
  const messages = await scene.deliver(type, { lines, isJson: true, partitions: PARTITIONS, options });
  assertEquals(messages.length, lines.length);
  const partitions = partitionsOf(messages);
  const expected = await expectedPartitions(scene, [...partitions.keys()].map(String), partitioner);
  assertEquals(new Map([...partitions].sort()), new Map([...expected].sort()));
  assert(new Set(partitions.values()).size > PARTITIONS / 2);
  const next = new Map<string, number>();
  for (const message of messages) {
    const { user = "", number } = fieldsOf(message);
    assertEquals(message.key, user);
    assertEquals(Number(number), next.get(user) ?? 0, `the order of ${user}`);
    next.set(user, Number(number) + 1);
  }
}

async function testWithoutKeys(scene: FlusherScene, type: "random" | "roundrobin"): Promise<number[]> {
  const lines = Array.from({ length: 3000 }, (_, number) => `line ${number}`);
  const options = [`PartitionerType: ${type}`, "HashKeys: [content.user]", "BulkMaxSize: 10", FLAT];
  const messages = await scene.deliver(type, { lines, partitions: PARTITIONS, options });
  assertEquals(messages.length, lines.length);
  assertEquals(new Set(messages.map(({ key }) => key)), new Set([null]));
  return Array.from(
    { length: PARTITIONS },
    (_, partition) => messages.filter((one) => one.partition === partition).length,
  );
}

async function testRoundRobin(scene: FlusherScene): Promise<void> {
  const counts = await testWithoutKeys(scene, "roundrobin");
  assert(Math.max(...counts) - Math.min(...counts) <= 10, counts.join());
}

async function testRandom(scene: FlusherScene): Promise<void> {
  const counts = await testWithoutKeys(scene, "random");
  // 300 batches, 43 in each partition on average: as even as in turn is as unlikely as none in one of them.
  assert(Math.min(...counts) > 0 && Math.max(...counts) - Math.min(...counts) > 10, counts.join());
}

async function testJoinedKeys(scene: FlusherScene): Promise<void> {
  const lines = ['{"user":"u","a":"1"}', '{"user":"v"}', '{"a":"2"}', '{"a":"","user":"w"}'];
  const HashKeys = "HashKeys: [content.a, content.none, tag.k8s.namespace.name, content.user, tag.none]";
  const options = ["PartitionerType: hash", HashKeys, FLAT];
  const messages = await scene.deliver("joined", { lines, isJson: true, options });
  assertEquals(messages.map(({ key }) => key), ["1###default###u", "default###v", "2###default", "###default###w"]);
}

async function testRenamedKeys(scene: FlusherScene): Promise<void> {
  const Convert = "Convert: { Protocol: custom_single, TagFieldsRename: { k8s.pod.name: pod, container.name: '' } }";
  const options = ["PartitionerType: murmur2", "HashKeys: [tag.pod, tag._namespace_, user]", Convert];
  const messages = await scene.deliver("renamed", { lines: ['{"user":"u"}'], isJson: true, options });
  assertEquals(messages.map(({ key }) => key), ["web-1###default###u"]);
}

async function testNoKeys(scene: FlusherScene): Promise<void> {
  const options = ["PartitionerType: hash", "HashKeys: [content.none, tag.none]", FLAT];
  const messages = await scene.deliver("keyless", { lines: ["one", "two"], partitions: PARTITIONS, options });
  assertEquals(messages.map(({ key }) => key), ["", ""]);
  assertEquals(partitionsOf(messages).size, 1);
}

async function testHashOnce(scene: FlusherScene): Promise<void> {
  const options = ["PartitionerType: hash", "HashKeys: content.user", "HashOnce: true", FLAT];
  const lines = ['{"user":"first"}', '{"user":"second"}', '{"number":"3"}'];
  const messages = await scene.deliver("once", { lines, isJson: true, partitions: PARTITIONS, options });
  assertEquals(messages.map(({ key }) => key), ["first", "first", "first"]);
  assertEquals(partitionsOf(messages).size, 1);
}

/** A topic grows while an agent writes to it. */
async function testNewPartitions(scene: FlusherScene): Promise<void> {
  await scene.kafka.createTopic("growing", 1);
  const options = ["Topic: growing", "PartitionerType: roundrobin", "Metadata: { RefreshFrequency: 1s }"];
  await using agent = await scene.startAgent({ lines: ["first"], flushers: [{ options }] });
  await eventually("it is delivered", () => agent.isSettled);
  const admin = new Kafka({ brokers: [scene.kafka.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createPartitions({ topicPartitions: [{ topic: "growing", count: 3 }] });
  await admin.disconnect();
  await eventually("all partitions are used", async () => {
    agent.log.writeLines(["another"]);
    const messages = await scene.kafka.consumeAll("growing");
    return new Set(messages.map(({ partition }) => partition)).size === 3;
  });
  await agent.stop();
  assertEquals(agent.complaints, []);
}

async function testTopics(scene: FlusherScene): Promise<void> {
  for (const topic of ["by-blue-default.logs", "by-red-default.logs", "all-others"]) {
    await scene.kafka.createTopic(topic, 3);
  }
  const Topic = "Topic: ${STAGE:by}-%{content.app}-%{tag.k8s.namespace.name}.${KIND}";
  const apps = ["blue", "red", "", "blue", undefined, "red"];
  await using agent = await scene.startAgent({
    lines: apps.map((app, number) => JSON.stringify({ app, number: String(number) })),
    isJson: true,
    env: { KIND: "logs" },
    flushers: [{ options: [Topic, "FallbackTopic: all-others", FLAT] }],
  });
  await eventually("all is delivered", () => agent.isSettled);
  const numbers = async (topic: string) =>
    (await readWithKcat(scene.kafka.brokers, topic)).map((one) => Number(fieldsOf(one).number)).sort();
  assertEquals(await numbers("by-blue-default.logs"), [0, 3]);
  assertEquals(await numbers("by-red-default.logs"), [1, 5]);
  assertEquals(await numbers("all-others"), [2, 4]);
  await agent.stop();
  assertEquals(agent.complaints, []);
}

/** More topics than batches that fill at a time, and a key in each. */
async function testManyTopics(scene: FlusherScene): Promise<void> {
  const apps = Array.from({ length: 40 }, (_, number) => `many-${number}`);
  for (const app of apps) await scene.kafka.createTopic(app, 2);
  const random = seededRandom("many topics");
  const lines = Array.from(
    { length: 4000 },
    (_, number) => JSON.stringify({ app: random.pick(apps), number: `${number}` }),
  );
  const options = ["Topic: '%{content.app}'", "PartitionerType: hash", "HashKeys: [content.app]", FLAT];
  await using agent = await scene.startAgent({ lines, isJson: true, flushers: [{ options }] });
  await eventually("all is delivered", () => agent.isSettled);
  await agent.stop();
  assertEquals(agent.complaints, []);
  for (const app of apps) {
    const messages = await scene.kafka.consumeAll(app);
    const expected = lines.map((line) => JSON.parse(line)).filter((one) => one.app === app).map(({ number }) => number);
    assertEquals(messages.map(({ value }) => JSON.parse(decoder.decode(value!)).number), expected, app);
  }
}

async function testMissingValue(scene: FlusherScene): Promise<void> {
  await scene.kafka.createTopic("app-blue");
  const long = "x".repeat(300);
  const apps = ["blue", undefined, "has spaces", "", long, "grün", ".", "blue"];
  const lines = apps.map((app, number) => JSON.stringify({ app, number: String(number) }));
  const options = ["Topic: 'app-%{content.app}'", FLAT];
  await using agent = await scene.startAgent({ lines, isJson: true, flushers: [{ options }] });
  await scene.kafka.createTopic("app-.");
  await eventually("all is settled", () => agent.isSettled);
  assertEquals((await readWithKcat(scene.kafka.brokers, "app-blue")).map((one) => fieldsOf(one).number), ["0", "7"]);
  assertEquals((await readWithKcat(scene.kafka.brokers, "app-.")).length, 1);
  const letters = agent.deadLetters.map(({ reason, message }) => [JSON.parse(message).number, reason]);
  const missing = "it has no content app, which its topic is made of";
  assertEquals(letters.map(([number]) => number), ["1", "2", "3", "4", "5"]);
  assertEquals([letters[0][1], letters[2][1]], [missing, missing]);
  assertStringIncludes(letters[1][1], '"app-has spaces": a topic\'s name is of letters');
  assertStringIncludes(letters[3][1], "at most 249 characters, not 304");
  assertStringIncludes(letters[4][1], "app-grün");
  assertEquals(agent.complaints.length, 1, agent.sluice.log);
  assertStringIncludes(agent.sluice.log, "can never be delivered");
  await agent.stop();
}

async function testRefused(scene: FlusherScene): Promise<void> {
  const cases = {
    "Topic: 'app %{content.app}'": "letters",
    "Topic: '%{app}'": "%{content.NAME}",
    "Topic: '${NOT_SET}'": "NOT_SET",
    "PartitionerType: roundrobin-hash": "random or roundrobin or hash",
    "PartitionerType: hash": "HashKeys",
  };
  for (const [option, words] of Object.entries(cases)) {
    const options = option.startsWith("Topic") ? [option] : ["Topic: logs", option];
    await using agent = await scene.startAgent({ flushers: [{ options }] });
    assertEquals(await agent.sluice.ended(), 2);
    assertStringIncludes(agent.sluice.log, words);
  }
}

Deno.test("where the options of flusher_kafka_v2 send records", async (test) => {
  if (!canRunFlusherScene()) return;
  await using scene = await FlusherScene.start();
  await test.step("PartitionerType roundrobin: batches in turn, without keys", () => testRoundRobin(scene));
  await test.step("PartitionerType random: batches by chance, without keys", () => testRandom(scene));
  await test.step("PartitionerType hash: FNV-1a as librdkafka has it, and the order of each key", () =>
    testKeys(scene, "hash", "fnv1a"));
  await test.step("PartitionerType murmur2: as Java's clients choose, and the order of each key", () =>
    testKeys(scene, "murmur2", "murmur2"));
  await test.step("Metadata.RefreshFrequency: new partitions are found in time", () => testNewPartitions(scene));
  await test.step("HashKeys: values of contents and tags joined in their order, what is missing left out", () =>
    testJoinedKeys(scene));
  await test.step("HashKeys: tags by their new names and by those of the record, contents by their bare names", () =>
    testRenamedKeys(scene));
  await test.step("HashKeys: none found is an empty key", () => testNoKeys(scene));
  await test.step("HashOnce: the first key is that of all", () => testHashOnce(scene));
  await test.step("Topic of fields and variables; FallbackTopic", () => testTopics(scene));
  await test.step("Topic of fields: more topics than batches fill at a time, in order", () => testManyTopics(scene));
  await test.step("Topic of fields: what cannot be a topic is a dead letter with the reason, the rest arrives", () =>
    testMissingValue(scene));
  await test.step("what cannot be meant ends the agent with the reason", () => testRefused(scene));
});
