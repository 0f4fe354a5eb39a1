/**
 * Kafka is not there, or its topic is not: the agent says so, waits on little memory, and loses nothing.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { fieldOf, type MadeUpContainer, MadeUpNode, pipelineText } from "../support/made_up_node.ts";
import { needs } from "../support/requirement.ts";
import { eventually, TestSluice } from "../support/sluice.ts";

const TOPIC = "lines";
/** More than the window takes: six record batches of a megabyte. */
const LINES = 200_000;
const MEMORY_BYTES_MAX = 130e6;
const STOP_MS_MAX = 12_000;

async function readContents(kafka: TestKafka, count = 0): Promise<string[]> {
  const messages = await kafka.consumeAll(TOPIC, { count, timeoutMs: 60_000 });
  return messages.map(({ value }) => fieldOf(value, "content"));
}

/** Lines of about 110 bytes. */
function makeLines(from: number, to: number): string[] {
  const padding = "0123456789".repeat(5);
  return Array.from({ length: to - from }, (_, index) => `line ${from + index} ${padding}`);
}

/** A node with one container and an agent that reads it. */
async function setUp(kafka: TestKafka, node: MadeUpNode): Promise<{ container: MadeUpContainer; agent: TestSluice }> {
  const container = node.addContainer("web");
  const pipelines = { "web.yaml": pipelineText("web", kafka.brokers, TOPIC) };
  return { container, agent: await TestSluice.prepare({ ...node, pipelines }) };
}

/** What a process has in memory now, in bytes. */
function residentBytes(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** How far the one source of the one pipeline was settled; 0 without a checkpoint. */
function savedOffset(sluice: TestSluice): number {
  try {
    const { pipelines } = JSON.parse(Deno.readTextFileSync(sluice.checkpointPath));
    const [position] = Object.values<{ offset: number }>(pipelines.web);
    return position?.offset ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// alibaba/loongcollector#2688: once the queue had been full, collecting stood still for good.
Deno.test("Kafka away at the start: said once, little memory, and every line arrives when it is back", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  await kafka.createTopic(TOPIC);
  await kafka.stop();
  using node = new MadeUpNode();
  const { container, agent } = await setUp(kafka, node);
  await using sluice = agent;
  const lines = makeLines(0, LINES);
  container.writeLines(lines.slice(0, LINES / 2));
  sluice.start();
  let memoryBytes = 0;
  for (let step = 0; step < 25; step++) {
    if (step === 10) container.writeLines(lines.slice(LINES / 2));
    await pause(200);
    memoryBytes = Math.max(memoryBytes, residentBytes(sluice.pid));
  }
  assert(Deno.statSync(container.path).size > 20e6);
  assertEquals(countOf(sluice.log, `Kafka at ${kafka.brokers} does not answer`), 1, sluice.log);
  assertEquals(countOf(sluice.log, "WARN"), 1, sluice.log);
  await kafka.restart();
  const backMs = Date.now();
  await eventually("lines arrive soon", async () => (await readContents(kafka)).length > 0, 10_000);
  const firstMs = Date.now() - backMs;
  const contents = await readContents(kafka, LINES);
  console.log(
    `${Math.round(memoryBytes / 1e6)} MB meanwhile; delivery went on ${firstMs} ms after the broker's return`,
  );
  assert(memoryBytes < MEMORY_BYTES_MAX, `${memoryBytes} bytes`);
  assertEquals(await sluice.stop(), 0);
  // Not assertEquals: it would print all of it.
  assert(contents.join("\n") === lines.join("\n"));
});

Deno.test("a topic that does not exist is named, and everything arrives once it does", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();
  using node = new MadeUpNode();
  const { container, agent } = await setUp(kafka, node);
  await using sluice = agent;
  const lines = makeLines(0, 1000);
  container.writeLines(lines);
  sluice.start();
  const message = `Topic ${TOPIC} does not exist at Kafka ${kafka.brokers}: create it`;
  await eventually("it says so", () => sluice.log.includes(message));
  await pause(1500);
  assertEquals(countOf(sluice.log, message), 1);
  await kafka.createTopic(TOPIC);
  assertEquals(await readContents(kafka, lines.length), lines);
  assertEquals(await sluice.stop(), 0);
});

for (const [name, more] of [["a few lines", 100], ["more lines than the window takes", 100_000]] as const) {
  Deno.test(`stopped while Kafka is away with ${name} on their way: ends in time, repeats and loses nothing`, async () => {
    if (!needs("Java and Kafka", kafkaRequirement())) return;
    await using kafka = await TestKafka.start();
    await kafka.createTopic(TOPIC);
    using node = new MadeUpNode();
    const { container, agent } = await setUp(kafka, node);
    await using sluice = agent;
    const lines = makeLines(0, 100 + more);
    container.writeLines(lines.slice(0, 100));
    const deliveredBytes = Deno.statSync(container.path).size;
    sluice.start();
    assertEquals(await readContents(kafka, 100), lines.slice(0, 100));
    await eventually("it is saved", () => savedOffset(sluice) === deliveredBytes);
    await kafka.stop();
    container.writeLines(lines.slice(100));
    await eventually("it notices", () => sluice.log.includes("does not answer"));
    const stopMs = Date.now();
    assertEquals(await sluice.stop(), 0);
    assert(Date.now() - stopMs < STOP_MS_MAX, `${Date.now() - stopMs} ms`);
    assertEquals(savedOffset(sluice), deliveredBytes);
    await kafka.restart();
    sluice.start();
    const contents = await readContents(kafka, lines.length);
    assertEquals(await sluice.stop(), 0);
    assert(contents.join("\n") === lines.join("\n"));
    assertEquals((await readContents(kafka)).length, lines.length);
  });
}
