/**
 * What the options of `flusher_kafka_v2` do that say how records travel, through the binary and a real broker: headers, compression, the
 * sizes and times of batches, connections.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { BrokerStandIn } from "../support/broker_stand_in.ts";
import { canRunFlusherScene, FlusherScene } from "../support/flusher_scene.ts";
import { nginxLine } from "../support/kernel.ts";
import { fieldOf } from "../support/made_up_node.ts";
import { eventually } from "../support/sluice.ts";
import { readBatches } from "../support/topic_batches.ts";

const HELLO = ["hello"];
const LOG = Array.from({ length: 3000 }, (_, number) => nginxLine(number).trimEnd());
const LEVELS = [["gzip", 1], ["gzip", 9], ["zstd", 1], ["zstd", 19], ["snappy", 4], ["lz4", 4], ["none", 4]] as const;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function contentsOf(scene: FlusherScene, topic: string, count = 0): Promise<string[]> {
  return (await scene.kafka.consumeAll(topic, { count })).map(({ value }) => fieldOf(value, "content"));
}

async function testHeaders(scene: FlusherScene): Promise<void> {
  const options = ["Headers:", "  - { key: cluster, value: blue }", "  - { key: '', value: left out }", "  - key: où"];
  const messages = await scene.deliver("headers", { lines: ["one", "two"], options });
  assertEquals(messages.map(({ headers }) => headers), Array(2).fill([["cluster", "blue"], ["où", ""]]));
}

async function testCompression(scene: FlusherScene): Promise<void> {
  const bytes = new Map<string, number>();
  for (const [codec, level] of LEVELS) {
    const topic = `${codec}-${level}`;
    const options = [`Compression: ${codec.toUpperCase()}`, `CompressionLevel: ${level}`];
    const messages = await scene.deliver(topic, { lines: LOG, options });
    assertEquals(messages.length, LOG.length);
    assert((await contentsOf(scene, topic)).join("\n") === LOG.join("\n"), topic);
    const batches = await readBatches(scene.kafka.port, topic);
    assertEquals(new Set(batches.map(({ compression }) => compression)), new Set([codec]));
    bytes.set(topic, batches.reduce((sum, batch) => sum + batch.bytes, 0));
  }
  const size = (topic: string) => bytes.get(topic) ?? NaN;
  for (
    const [smaller, larger] of [["gzip-9", "gzip-1"], ["zstd-19", "zstd-1"], ["gzip-1", "lz4-4"], ["lz4-4", "none-4"]]
  ) {
    assert(size(smaller) < size(larger), `${smaller} ${JSON.stringify([...bytes])}`);
  }
  assert(size("snappy-4") < size("none-4") / 2, JSON.stringify([...bytes]));
}

async function testBulkMaxSize(scene: FlusherScene): Promise<void> {
  await scene.deliver("bulk", { lines: LOG, options: ["BulkMaxSize: 50"] });
  const counts = (await readBatches(scene.kafka.port, "bulk")).map(({ records }) => records.length);
  assertEquals(Math.max(...counts), 50);
  assertEquals(await contentsOf(scene, "bulk"), LOG);
}

async function testMaxMessageBytes(scene: FlusherScene): Promise<void> {
  await scene.deliver("bytes", {
    lines: LOG,
    options: ["MaxMessageBytes: 20000"],
    config: { "max.message.bytes": "20000" },
  });
  const sizes = (await readBatches(scene.kafka.port, "bytes")).map(({ bytes }) => bytes);
  assert(Math.max(...sizes) > 15_000 && Math.max(...sizes) <= 20_000, `${Math.max(...sizes)} bytes`);
  assertEquals(await contentsOf(scene, "bytes"), LOG);
}

/** Lines that come while the first of them waits go with it. */
async function testBulkFlushFrequency(scene: FlusherScene): Promise<void> {
  await scene.kafka.createTopic("linger");
  const options = ["Topic: linger", "BulkFlushFrequency: 3s"];
  await using agent = await scene.startAgent({ flushers: [{ options }] });
  await pause(1000);
  const sinceMs = Date.now();
  agent.log.writeLines(["first"]);
  await pause(300);
  agent.log.writeLines(["second"]);
  assertEquals(await contentsOf(scene, "linger", 2), ["first", "second"]);
  const tookMs = Date.now() - sinceMs;
  assert(tookMs >= 2900 && tookMs < 10_000, `${tookMs} ms`);
  assertEquals((await readBatches(scene.kafka.port, "linger")).length, 1);
  await agent.stop();
}

async function testBulkFlushAtStop(scene: FlusherScene): Promise<void> {
  await scene.kafka.createTopic("cut");
  await using agent = await scene.startAgent({
    lines: HELLO,
    flushers: [{ options: ["Topic: cut", "BulkFlushFrequency: 1h"] }],
  });
  await pause(1500);
  assertEquals(await contentsOf(scene, "cut"), []);
  await agent.stop();
  assertEquals(await contentsOf(scene, "cut"), HELLO);
  assert(agent.isSettled);
}

async function testClientId(scene: FlusherScene): Promise<void> {
  await scene.kafka.createTopic("clients");
  for (const [option, expected] of [["ClientID: shop-logs", "shop-logs"], ["Version: 2.0.0", "sluice"]]) {
    using broker = new BrokerStandIn({ port: scene.kafka.port });
    const options = [`Brokers: [${broker.brokers}]`, "Topic: clients", option];
    await using agent = await scene.startAgent({ lines: HELLO, flushers: [{ options }] });
    await eventually("it is delivered", () => agent.isSettled);
    assertEquals(new Set(broker.clientIds), new Set([expected]));
    await agent.stop();
  }
}

/** Every further option of the original, as its manual writes them: durations with units, or as nanoseconds. */
async function testAccepted(scene: FlusherScene): Promise<void> {
  const options = [
    "Version: 2.8.0",
    "KeepAlive: 30s",
    "ChanBufferSize: 256",
    "RequiredACKs: -1",
    "MaxOpenRequests: 5",
    "Timeout: 30000000000",
    "BrokerTimeout: 10s",
    "Backoff: { Init: 1s, Max: 60s }",
    "Metadata: { Retry: { Max: 3, Backoff: 250ms }, RefreshFrequency: 10m, Full: false }",
    "Authentication: { TLS: { Enabled: false } }",
    "Convert: { Protocol: tutorial, Encoding: json }",
  ];
  const messages = await scene.deliver("accepted", { lines: HELLO, options });
  assertEquals(messages.length, 1);
}

/** The broker makes topics that are asked for. */
async function testNewTopics(scene: FlusherScene): Promise<void> {
  const options = ["Topic: 'new-%{content.content}'", "PartitionerType: hash", "HashKeys: [content.content]"];
  await using agent = await scene.startAgent({ lines: ["one", "two", "one"], flushers: [{ options }] });
  await eventually("all is settled", () => agent.isSettled);
  assertEquals(await contentsOf(scene, "new-one"), ["one", "one"]);
  assertEquals(await contentsOf(scene, "new-two"), ["two"]);
  await agent.stop();
  assertEquals(agent.complaints, []);
}

async function testWarned(scene: FlusherScene): Promise<void> {
  await scene.kafka.createTopic("warned");
  const warned = ["RequiredACKs: 1", "MaxRetries: 3", "MaxOpenRequests: 9", "Timeout: 30"];
  await using agent = await scene.startAgent({
    lines: HELLO,
    flushers: [{ options: ["Topic: warned", ...warned.slice(0, 3)] }],
  });
  assertEquals(await contentsOf(scene, "warned", 1), HELLO);
  await agent.stop();
  assertEquals(agent.complaints.length, 3, agent.sluice.log);
  for (const option of ["RequiredACKs", "MaxRetries", "MaxOpenRequests"]) {
    assertStringIncludes(agent.sluice.log, option);
  }
  await using other = await scene.startAgent({ lines: HELLO, flushers: [{ options: ["Topic: warned", warned[3]] }] });
  assertEquals(await other.sluice.ended(), 2);
  assertMatch(other.sluice.log, /web\.yaml:\d+:\d+ error: .*Timeout.*100/);
}

/** How long an agent waits between two tries at a broker that is none, in milliseconds; the median of those within `ms`. */
async function pace(scene: FlusherScene, manner: "silent" | "hangs up", option: string, ms: number): Promise<number> {
  using broker = new BrokerStandIn(manner);
  const options = [`Brokers: [${broker.brokers}]`, "Topic: nowhere", option];
  await using agent = await scene.startAgent({ lines: HELLO, flushers: [{ options }] });
  await pause(ms);
  assertEquals(agent.complaints.length, 1, agent.sluice.log);
  const waits = broker.connectedAtMs.slice(1).map((atMs, index) => atMs - broker.connectedAtMs[index]);
  return waits.toSorted((one, other) => one - other)[waits.length >> 1];
}

async function testBackoff(scene: FlusherScene): Promise<void> {
  const shortMs = await pace(scene, "hangs up", "Backoff: { Init: 100ms, Max: 200ms }", 2500);
  assert(shortMs >= 95 && shortMs < 500, `${shortMs} ms`);
  const patient = "Metadata: { Retry: { Backoff: 1s } }";
  const longMs = await pace(scene, "hangs up", patient, 5000);
  assert(longMs >= 490 && longMs < 2500, `${longMs} ms`);
}

async function testTimeout(scene: FlusherScene): Promise<void> {
  const waitMs = await pace(scene, "silent", "Timeout: 700ms", 5000);
  assert(waitMs >= 700 && waitMs < 2500, `${waitMs} ms`);
}

Deno.test("the options of flusher_kafka_v2 that say how records travel", async (test) => {
  if (!canRunFlusherScene()) return;
  await using scene = await FlusherScene.start({ autoCreateTopics: true });
  await test.step("Headers: every record has them, without those that have no key", () => testHeaders(scene));
  await test.step("Compression and CompressionLevel, in any case of letters", () => testCompression(scene));
  await test.step("BulkMaxSize: no batch has more records", () => testBulkMaxSize(scene));
  await test.step("MaxMessageBytes: no batch is larger", () => testMaxMessageBytes(scene));
  await test.step("BulkFlushFrequency: a record waits so long for others", () => testBulkFlushFrequency(scene));
  await test.step("BulkFlushFrequency: an agent that ends does not wait", () => testBulkFlushAtStop(scene));
  await test.step("ClientID: as whom the broker sees us", () => testClientId(scene));
  await test.step("Version, KeepAlive, ChanBufferSize, BrokerTimeout, Metadata.Retry.Max, Metadata.Full and the rest are accepted", () =>
    testAccepted(scene));
  await test.step("RequiredACKs, MaxRetries and MaxOpenRequests are warned of, a Timeout that cannot be meant is refused", () =>
    testWarned(scene));
  await test.step("Topic: one that does not exist is made where the broker does so", () => testNewTopics(scene));
  await test.step("Backoff.Init, Backoff.Max and Metadata.Retry.Backoff: the time between two tries", () =>
    testBackoff(scene));
  await test.step("Timeout: how long a broker may say nothing", () => testTimeout(scene));
});
