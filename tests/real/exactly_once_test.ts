/**
 * `Delivery: exactly_once` with the compiled binary and a real broker: whatever is killed, a `read_committed` consumer sees each record once.
 *
 * @module
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { readWithKcat } from "../support/kcat.ts";
import { fieldOf, MadeUpNode, pipelineText } from "../support/made_up_node.ts";
import { compareRecords, PiecesWriter } from "../support/pieces_writer.ts";
import { seededRandom } from "../support/random.ts";
import { hasProgram, needs } from "../support/requirement.ts";
import { eventually, TestSluice } from "../support/sluice.ts";

const TOPIC = "once";
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** One that delivers no more has nothing to wait for; others may take ten seconds. */
const STOP_OF_REPLACED_MS_MAX = 5000;

function canRun(): boolean {
  return needs("Java and Kafka", kafkaRequirement()) && needs("kcat", hasProgram("kcat"));
}

async function startKafka(): Promise<TestKafka> {
  const properties = { "transaction.abort.timed.out.transaction.cleanup.interval.ms": "500" };
  const kafka = await TestKafka.start({ properties });
  await kafka.createTopic(TOPIC, 3);
  return kafka;
}

function pipelinesTo({ brokers }: TestKafka) {
  const options = "    Delivery: exactly_once\n    TransactionTimeout: 5s\n";
  return { pipelines: { "web.yaml": pipelineText("web", brokers, TOPIC) + options } };
}

/** Does nothing for longer than a transaction may take: the coordinator gives the epoch away. */
async function hang({ pid }: TestSluice): Promise<void> {
  Deno.kill(pid, "SIGSTOP");
  await pause(7500);
  Deno.kill(pid, "SIGCONT");
}

async function committedTexts(kafka: TestKafka): Promise<string[]> {
  const messages = await readWithKcat(kafka.brokers, TOPIC, { isolation: "read_committed" });
  return messages.map(({ payload }) => fieldOf(new TextEncoder().encode(payload), "content"));
}

Deno.test("the agent killed again and again, the broker too, and logs rotated: each record arrives once", async () => {
  if (!canRun()) return;
  await using kafka = await startKafka();
  using node = new MadeUpNode();
  const writer = new PiecesWriter(node.addContainer("web"), seededRandom("exactly once"));
  await using sluice = await TestSluice.prepare({ ...node, ...pipelinesTo(kafka) });
  sluice.start();
  // Of a log that is older than the agent and was never read, only the newest file is.
  await eventually("the agent reads", () => sluice.log.includes("web reads "), 60_000);
  const acts: Record<number, () => Promise<unknown>> = {
    20: () => sluice.kill(),
    35: () => sluice.kill(),
    50: () => kafka.kill(),
    62: () => sluice.stop(),
    75: () => sluice.kill(),
    88: () => kafka.stop(),
    100: () => sluice.kill(),
    112: () => sluice.kill(),
    118: () => hang(sluice),
  };
  for (let step = 0; step < 120; step++) {
    writer.burst(1000);
    if (step % 9 === 8) writer.rotate();
    await pause(80);
    if (acts[step] === undefined) continue;
    await acts[step]();
    if (kafka.pid === undefined) await kafka.restart();
    else if (step !== 118) sluice.start();
  }
  writer.finish();
  const { stdout, stderr } = writer.counts;
  await eventually("every record arrives", async () => {
    return (await committedTexts(kafka)).length >= stdout + stderr;
  }, 90_000).catch(async (error) => {
    const result = compareRecords(await committedTexts(kafka), writer.counts);
    throw new Error(`${error.message}: ${JSON.stringify(result)}\n${sluice.log}`);
  });
  assertEquals(await sluice.stop(), 0);
  const result = compareRecords(await committedTexts(kafka), writer.counts);
  console.log(`${stdout + stderr} records: ${JSON.stringify(result)}`);
  assertEquals(result, { missing: 0, repeated: 0, unknown: 0 }, sluice.log);
  assert(!/ ERROR |is not only compacted/.test(sluice.log), sluice.log);
});

Deno.test("an agent that starts under the same transactional id takes over, and the other one says so", async () => {
  if (!canRun()) return;
  await using kafka = await startKafka();
  using node = new MadeUpNode();
  const writer = new PiecesWriter(node.addContainer("web"), seededRandom("takeover"));
  await using first = await TestSluice.prepare({ ...node, ...pipelinesTo(kafka) });
  await using second = await TestSluice.prepare({ ...node, ...pipelinesTo(kafka) });
  first.start();
  await eventually("the first agent reads", () => first.log.includes("web reads "), 60_000);
  const writeUntil = (what: string, isSo: () => boolean) =>
    eventually(what, () => {
      writer.burst(100);
      return isSo();
    }, 60_000);
  const startedMs = Date.now();
  await writeUntil("there is something to take over", () => Date.now() - startedMs > 1000);
  second.start();
  await writeUntil("the first agent says that it stops", () => first.log.includes("delivers no more"));
  assert(!second.log.includes("delivers no more"), second.log);
  writer.finish();
  const { stdout, stderr } = writer.counts;
  await eventually("every record arrives", async () => {
    return (await committedTexts(kafka)).length >= stdout + stderr;
  }, 60_000);
  assertEquals(compareRecords(await committedTexts(kafka), writer.counts), { missing: 0, repeated: 0, unknown: 0 });
  const toldMs = Date.now();
  assertEquals(await first.stop(), 0);
  assertLess(Date.now() - toldMs, STOP_OF_REPLACED_MS_MAX);
  assertEquals(await second.stop(), 0);
});
