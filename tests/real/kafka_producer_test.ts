/**
 * The producer against a real broker that is killed, paused and restarted.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Kafka, logLevel } from "kafkajs";
import { kafkaRequirement, TestKafka, type TestKafkaOptions } from "../support/kafka.ts";
import { ArraySlot } from "../support/record_batch.ts";
import { needs } from "../support/requirement.ts";
import { makeDenoEnv } from "../../src/core/deno_env.ts";
import type { Log } from "../../src/core/log.ts";
import type { KafkaProducer, ProducerOptions } from "../../src/deliver/kafka/producer.ts";
import { connectProducer } from "../../src/deliver/kafka/producer_pool.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

class CollectedLog implements Log {
  readonly messages = new Set<string>();
  info(): void {}
  warn(): void {}
  error(): void {}
  throttled(_key: string, message: string): void {
    this.messages.add(message);
  }
}

/** A producer for a broker, and slots with records that count on. */
class World implements AsyncDisposable {
  readonly log = new CollectedLog();
  readonly producer: KafkaProducer;
  recordCount = 0;

  constructor(kafka: TestKafka, options: Partial<ProducerOptions> = {}) {
    this.producer = connectProducer(
      {
        brokers: [kafka.brokers],
        clientId: "sluice-test",
        requestTimeoutMs: 30_000,
        inFlightPerPartitionMax: 5,
        backoffInitMs: 100,
        backoffMaxMs: 1000,
        metadataMaxAgeMs: 60_000,
        ...options,
      },
      makeDenoEnv(),
      this.log,
    );
  }

  slot(records = 100, paddingBytes = 0): ArraySlot {
    const padding = "x".repeat(paddingBytes);
    return new ArraySlot(
      Array.from({ length: records }, () => ({ value: encoder.encode(`${this.recordCount++} ${padding}`) })),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.producer.stop(0);
  }
}

function testWithKafka(name: string, run: (kafka: TestKafka) => Promise<void>, options: TestKafkaOptions = {}): void {
  Deno.test(name, async () => {
    if (!needs("Java 17 and Maven", kafkaRequirement())) return;
    await using kafka = await TestKafka.start(options);
    await run(kafka);
  });
}

/** The numbers that the records of a topic begin with, partition by partition, as they lie there. */
async function readNumbers(kafka: TestKafka, topic: string): Promise<number[]> {
  const messages = await kafka.consumeAll(topic);
  return messages.map(({ value }) => parseInt(decoder.decode(value ?? undefined)));
}

function numbersUpTo(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number);
}

function ascending(numbers: readonly number[]): number[] {
  return numbers.toSorted((left, right) => left - right);
}

/** Kills or pauses the broker in the middle of a stream of slots, and returns the outcomes' kinds. */
async function sendThrough(world: World, topic: string, slotCount: number, interrupt: () => Promise<void>) {
  const outcomes = [];
  await world.producer.send(topic, world.slot());
  let interruption = Promise.resolve();
  for (let count = 0; count < slotCount; count++) {
    if (count === Math.floor(slotCount / 3)) interruption = interrupt();
    outcomes.push(world.producer.send(topic, world.slot()));
    if (count % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await interruption;
  return new Set((await Promise.all(outcomes)).map(({ kind }) => kind));
}

testWithKafka("batches arrive, in order within a partition, and any Kafka client can read them", async (kafka) => {
  await kafka.createTopic("logs", 3);
  await using world = new World(kafka);
  const slots = Array.from({ length: 60 }, () => world.slot());
  const outcomes = await Promise.all(slots.map((slot) => world.producer.send("logs", slot)));
  assertEquals(new Set(outcomes.map(({ kind }) => kind)), new Set(["acknowledged"]));
  assertEquals(new Set(outcomes.map((outcome) => outcome.kind === "acknowledged" ? outcome.partition : -1)).size, 3);
  const messages = await kafka.consumeAll("logs");
  for (const partition of [0, 1, 2]) {
    const numbers = messages.filter((message) => message.partition === partition)
      .map(({ value }) => parseInt(decoder.decode(value ?? undefined)));
    assertEquals(numbers, ascending(numbers));
  }
  assertEquals((await readWithKafkajs(kafka, "logs", 6000)).length, 6000);
  assertEquals(world.producer.metrics.acknowledgedRecords, 6000);
});

testWithKafka("a broker that is killed again and again costs no record and doubles none", async (kafka) => {
  await kafka.createTopic("logs", 2);
  await using world = new World(kafka);
  for (let round = 0; round < 2; round++) {
    const kinds = await sendThrough(world, "logs", 150, async () => {
      await kafka.kill();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await kafka.restart();
    });
    assertEquals(kinds, new Set(["acknowledged"]));
  }
  assertEquals(ascending(await readNumbers(kafka, "logs")), numbersUpTo(world.recordCount));
  assert(world.producer.metrics.retries > 0);
  assert([...world.log.messages].some((message) => message.includes("does not answer")));
});

testWithKafka("a broker that hangs costs no record and doubles none", async (kafka) => {
  await kafka.createTopic("logs");
  await using world = new World(kafka, { requestTimeoutMs: 500 });
  const kinds = await sendThrough(world, "logs", 100, async () => {
    kafka.pause();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    kafka.resume();
  });
  assertEquals(kinds, new Set(["acknowledged"]));
  assertEquals(await readNumbers(kafka, "logs"), numbersUpTo(world.recordCount));
  assert(world.producer.metrics.retries > 0);
});

testWithKafka(
  "records wait for a topic that does not exist yet, and for a broker that is not there yet",
  async (kafka) => {
    await kafka.stop();
    await using world = new World(kafka);
    const pending = world.producer.send("later", world.slot());
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await kafka.restart();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const messages = [...world.log.messages].join("\n");
    assertStringIncludes(messages, "Connection refused");
    assertStringIncludes(messages, "Topic later does not exist");
    await kafka.createTopic("later");
    const startMs = Date.now();
    assertEquals((await pending).kind, "acknowledged");
    assert(Date.now() - startMs < 2000);
  },
);

testWithKafka("a topic is created where the broker may", async (kafka) => {
  await using world = new World(kafka);
  assertEquals((await world.producer.send("by-itself", world.slot())).kind, "acknowledged");
  assertEquals(await readNumbers(kafka, "by-itself"), numbersUpTo(100));
}, { autoCreateTopics: true });

testWithKafka(
  "an oversize batch is undeliverable, and the batches around it arrive once and in order",
  async (kafka) => {
    await kafka.createTopic("small", 1, { "max.message.bytes": "20000" });
    await using world = new World(kafka);
    const sizes = [10, 10, 500, 10, 10, 500, 500, 10, 10, 10];
    const outcomes = await Promise.all(sizes.map((size) => world.producer.send("small", world.slot(100, size))));
    const expected = sizes.map((size) => size === 10 ? "acknowledged" : "undeliverable");
    assertEquals(outcomes.map(({ kind }) => kind), expected);
    const undeliverable = outcomes.find((outcome) => outcome.kind === "undeliverable");
    assertStringIncludes(undeliverable?.kind === "undeliverable" ? undeliverable.reason : "", "MESSAGE_TOO_LARGE");
    const small = numbersUpTo(1000).filter((number) => sizes[Math.floor(number / 100)] === 10);
    assertEquals(await readNumbers(kafka, "small"), small);
    assertEquals(world.producer.metrics.identityRenewals, 0);
  },
);

testWithKafka(
  "a topic that is deleted and created with fewer partitions gets the records that come then",
  async (kafka) => {
    await kafka.createTopic("changing", 3);
    await using world = new World(kafka);
    await Promise.all(numbersUpTo(9).map(() => world.producer.send("changing", world.slot())));
    await kafka.deleteTopic("changing");
    const first = world.recordCount;
    const pending = numbersUpTo(9).map(() => world.producer.send("changing", world.slot()));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await kafka.createTopic("changing", 1);
    assertEquals(new Set((await Promise.all(pending)).map(({ kind }) => kind)), new Set(["acknowledged"]));
    assertEquals(ascending(await readNumbers(kafka, "changing")), numbersUpTo(900).map((number) => first + number));
  },
);

/** Reads with an independent client. */
async function readWithKafkajs(kafka: TestKafka, topic: string, count: number): Promise<string[]> {
  const client = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING });
  const consumer = client.consumer({ groupId: "test" });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const values: string[] = [];
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachBatch: ({ batch }) => {
        for (const { value } of batch.messages) values.push(value?.toString() ?? "");
        if (values.length >= count) resolve();
        return Promise.resolve();
      },
    });
  });
  await consumer.disconnect();
  return values;
}
