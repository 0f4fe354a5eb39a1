/**
 * What is compressed, read back through a real broker: by our own strict reader, by librdkafka (kcat), and by the broker itself, whose
 * Java code checks every batch, and unpacks and repacks it where its topic wants another codec.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { makeDenoEnv } from "../../src/core/deno_env.ts";
import { batchCodec, type Compression, COMPRESSIONS } from "../../src/deliver/kafka/compression.ts";
import type { SendOutcome } from "../../src/deliver/kafka/outcome.ts";
import { connectProducer } from "../../src/deliver/kafka/producer_pool.ts";
import { MESSAGE_COLUMN } from "../../src/kernel/text_rows.ts";
import { Template } from "../../src/kernel/template.ts";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { nginxLine, testKernel } from "../support/kernel.ts";
import { type Random, seededRandom } from "../support/random.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { hasProgram, needs } from "../support/requirement.ts";

const decoder = new TextDecoder();
const AS_IT_IS = new Template([{ kind: "verbatim", column: MESSAGE_COLUMN }]);
/** The level of each codec by default, LZ4 excepted, which searches; Snappy has none. */
const LEVEL = 1;

/** Printable and without newlines, so that kcat can print it, a message a line. */
function printableNoise(random: Random, size: number): string {
  return decoder.decode(Uint8Array.from({ length: size }, () => random.integer(0x21, 0x7e)));
}

/** The messages of a few batches: logs, what hardly gets smaller, what gets very small, what is large, what is short. */
function makeBatches(random: Random): string[][] {
  const log = Array.from({ length: 4000 }, (_, number) => nginxLine(random.integer(0, 1e6) + number).trimEnd());
  const phrase = printableNoise(random, 65_536 - 30);
  return [
    log,
    Array.from({ length: 300 }, () => printableNoise(random, random.integer(1, 3000))),
    [JSON.stringify({ content: "x".repeat(400_000) })],
    // Repeats itself about as far back as the formats can say.
    Array.from({ length: 12 }, (_, number) => phrase.slice(number * 5) + number),
    Array.from({ length: 40 }, (_, number) => String(number)),
    ["one"],
  ];
}

/** Sends each batch as one. @returns what became of each. */
async function send(
  kafka: TestKafka,
  topic: string,
  compression: Compression,
  batches: readonly string[][],
  { template, level } = { template: AS_IT_IS, level: LEVEL },
): Promise<SendOutcome["kind"][]> {
  const kernel = testKernel();
  const times = { requestTimeoutMs: 30_000, backoffInitMs: 100, backoffMaxMs: 1000, metadataMaxAgeMs: 60_000 };
  const options = { brokers: [kafka.brokers], clientId: "sluice-test", inFlightPerPartitionMax: 5, ...times };
  const producer = connectProducer(options, makeDenoEnv(), new RecordingLog());
  const outcomes: SendOutcome["kind"][] = [];
  for (const batch of batches) {
    const rows = kernel.setTexts(batch, 0);
    const slot = await kernel.takeSlot(Date.now);
    slot.compressWith(batchCodec(compression, level));
    assertEquals(kernel.renderRecords(template, 0, rows, slot), batch.length);
    outcomes.push((await producer.send(topic, slot)).kind);
    slot.release();
  }
  await producer.stop(10_000);
  return outcomes;
}

async function readWithKcat(kafka: TestKafka, topic: string): Promise<string[]> {
  const args = ["-C", "-b", kafka.brokers, "-t", topic, "-o", "beginning", "-e", "-q", "-X", "check.crcs=true"];
  const { success, stdout, stderr } = await new Deno.Command("kcat", { args }).output();
  assert(success, decoder.decode(stderr));
  return decoder.decode(stdout).trimEnd().split("\n");
}

async function readStrictly(kafka: TestKafka, topic: string, count: number): Promise<string[]> {
  const messages = await kafka.consumeAll(topic, { count });
  return messages.map(({ value }) => decoder.decode(value ?? undefined));
}

/** Compares without printing megabytes. */
function assertSame(given: readonly string[], wanted: readonly string[], who: string): void {
  assertEquals(given.length, wanted.length, who);
  assertEquals(given.findIndex((text, index) => text !== wanted[index]), -1, who);
}

Deno.test("every codec is read by kcat, by the broker's Java and by a strict reader as what was sent", async (test) => {
  if (!needs("Java and Kafka", kafkaRequirement()) || !needs("kcat", hasProgram("kcat"))) return;
  const batches = makeBatches(seededRandom("codecs"));
  const messages = batches.flat();
  await using kafka = await TestKafka.start();
  for (const compression of COMPRESSIONS) {
    await test.step(compression, async () => {
      await kafka.createTopic(compression);
      assertEquals(await send(kafka, compression, compression, batches), batches.map(() => "acknowledged"));
      assertSame(await readStrictly(kafka, compression, messages.length), messages, "strict reader");
      assertSame(await readWithKcat(kafka, compression), messages, "kcat");
    });
    await test.step(`${compression}, repacked by the broker`, async () => {
      const topic = `${compression}-repacked`;
      await kafka.createTopic(topic, 1, { "compression.type": compression === "gzip" ? "zstd" : "gzip" });
      assertEquals(await send(kafka, topic, compression, batches), batches.map(() => "acknowledged"));
      assertSame(await readStrictly(kafka, topic, messages.length), messages, "strict reader");
    });
  }
});

Deno.test("LZ4 that is written while records are rendered is read by all of them, too", async () => {
  if (!needs("Java and Kafka", kafkaRequirement()) || !needs("kcat", hasProgram("kcat"))) return;
  const [before, after] = [`{"message":"${"before ".repeat(9)}`, `${" after".repeat(30)}"}`];
  const constant = (text: string) => ({ kind: "constant", bytes: new TextEncoder().encode(text) }) as const;
  const message = { kind: "verbatim", column: MESSAGE_COLUMN } as const;
  const how = { template: new Template([constant(before), message, constant(after)]), level: 0 };
  const texts = makeBatches(seededRandom("packed"));
  const messages = texts.flat().map((text) => before + text + after);
  await using kafka = await TestKafka.start();
  for (const codec of ["producer", "gzip"]) {
    await kafka.createTopic(codec, 1, { "compression.type": codec });
    assertEquals(await send(kafka, codec, "lz4", texts, how), texts.map(() => "acknowledged"));
    assertSame(await readStrictly(kafka, codec, messages.length), messages, "strict reader");
    assertSame(await readWithKcat(kafka, codec), messages, "kcat");
  }
});

Deno.test("the limit of a topic concerns what is sent: a batch that is compressed below it is taken", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  await kafka.createTopic("small", 1, { "max.message.bytes": "300000" });
  const log = Array.from({ length: 4000 }, (_, number) => nginxLine(number).trimEnd());
  for (const compression of COMPRESSIONS) {
    const wanted = compression === "none" ? "undeliverable" : "acknowledged";
    assertEquals(await send(kafka, "small", compression, [log]), [wanted], compression);
  }
  assertEquals((await readStrictly(kafka, "small", 4 * log.length)).length, 4 * log.length);
});
