/**
 * The binary follows logs that live: through rotations, clean restarts and containers that come later, every line arrives once.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { fieldOf, type MadeUpContainer, MadeUpNode, pipelineText } from "../support/made_up_node.ts";
import { needs } from "../support/requirement.ts";
import { eventually, TestSluice } from "../support/sluice.ts";

const TOPIC = "lines";
const BURST_LINES = 500;

async function readContents(kafka: TestKafka, count = 0): Promise<string[]> {
  const messages = await kafka.consumeAll(TOPIC, { count, timeoutMs: 60_000 });
  return messages.map(({ value }) => fieldOf(value, "content"));
}

async function setUp(kafka: TestKafka, node: MadeUpNode): Promise<TestSluice> {
  await kafka.createTopic(TOPIC);
  return TestSluice.prepare({ ...node, pipelines: { "web.yaml": pipelineText("web", kafka.brokers, TOPIC) } });
}

/** Writes a log in bursts and remembers what it wrote. */
class Writer {
  readonly lines: string[] = [];
  readonly #container: MadeUpContainer;

  constructor(container: MadeUpContainer) {
    this.#container = container;
  }

  /** Writes for about `ms`, doing `between` once in a while. */
  async write(ms: number, between: () => void = () => {}): Promise<void> {
    for (let at = 0; at < ms; at += 20) {
      const burst = Array.from({ length: BURST_LINES }, (_, index) => `line ${this.lines.length + index}`);
      this.lines.push(...burst);
      this.#container.writeLines(burst);
      if (at % 1000 === 500) between();
      await pause(20);
    }
  }

  /** Checks that every line has arrived once and in order. */
  check(contents: readonly string[]): void {
    const wrong = contents.findIndex((content, index) => content !== this.lines[index]);
    assert(wrong < 0, `message ${wrong} is "${contents[wrong]}", not "${this.lines[wrong]}"`);
    assertEquals(contents.length, this.lines.length);
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("a log rotated several times while it is written: every line once, in order", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  using node = new MadeUpNode();
  const container = node.addContainer("web");
  const writer = new Writer(container);
  await using sluice = await setUp(kafka, node);
  sluice.start();
  await writer.write(4000, () => container.rotate());
  container.rotate();
  container.rotate();
  await writer.write(100);
  await readContents(kafka, writer.lines.length);
  await pause(1500);
  assertEquals(await sluice.stop(), 0);
  writer.check(await readContents(kafka));
});

Deno.test("a log rotated while the agent is down is caught up, every line once", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  using node = new MadeUpNode();
  const container = node.addContainer("web");
  const writer = new Writer(container);
  await using sluice = await setUp(kafka, node);
  sluice.start();
  await writer.write(400);
  await eventually("lines arrive", async () => (await readContents(kafka)).length > 0);
  assertEquals(await sluice.stop(), 0);
  await writer.write(2000, () => container.rotate());
  sluice.start();
  await readContents(kafka, writer.lines.length);
  assertEquals(await sluice.stop(), 0);
  writer.check(await readContents(kafka));
});

Deno.test("a clean stop repeats nothing: stopped and started under writing, every line arrives once", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  using node = new MadeUpNode();
  const writer = new Writer(node.addContainer("web"));
  await using sluice = await setUp(kafka, node);
  for (let life = 0; life < 3; life++) {
    sluice.start();
    const writing = writer.write(1500);
    await pause(1200);
    assertEquals(await sluice.stop(), 0);
    await writing;
  }
  sluice.start();
  await readContents(kafka, writer.lines.length);
  assertEquals(await sluice.stop(), 0);
  sluice.start();
  await eventually("it reads again", () => sluice.log.split("web reads ").length === 6);
  await pause(500);
  assertEquals(await sluice.stop(), 0);
  writer.check(await readContents(kafka));
});

Deno.test("a container that comes after the start is read from its first byte", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  using node = new MadeUpNode();
  node.addContainer("other").writeLines(["not wanted"]);
  await using sluice = await setUp(kafka, node);
  sluice.start();
  await eventually("it runs", () => sluice.log.includes("runs web"));
  await pause(1500);
  const container = node.addContainer("web");
  container.writeLines(["first", "second"]);
  assertEquals(await readContents(kafka, 2), ["first", "second"]);
  container.writeLines(["third"]);
  assertEquals(await readContents(kafka, 3), ["first", "second", "third"]);
  assertEquals(await sluice.stop(), 0);
});
