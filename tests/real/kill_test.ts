/**
 * Nothing is lost when the agent or the broker is killed: numbered lines of a running pod, counted in Kafka.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { CONTAINERD_REQUIREMENT, containerdRequirement, TestContainerd } from "../support/containerd.ts";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { needs } from "../support/requirement.ts";
import { eventually, TestSluice } from "../support/sluice.ts";

const LINES = 200_000;
const BURSTS = 200;
const TOPIC = "numbers";
/** What the agent may have had in flight when it was killed: six record batches of a megabyte, and a tenth of a second. */
const IN_FLIGHT_RECORDS_MAX = 12_000;

function pipeline(brokers: string): string {
  return `inputs:
  - Type: service_docker_stdout
    IncludeK8sLabel:
      app: counter
flushers:
  - Type: flusher_kafka_v2
    Brokers: [${brokers}]
    Topic: ${TOPIC}
`;
}

/** Writes the lines in bursts over about fifteen seconds. */
function script(): string {
  const size = LINES / BURSTS;
  const burst =
    `awk -v i=$i 'BEGIN { for (n = i * ${size} + 1; n <= (i + 1) * ${size}; n++) printf "line %08d of the counter\\n", n }'`;
  return `i=0; while [ $i -lt ${BURSTS} ]; do ${burst}; i=$((i + 1)); sleep 0.06; done; sleep 1000`;
}

/** How often each number has arrived; index 0 counts messages that hold none. */
async function countArrivals(kafka: TestKafka): Promise<Uint8Array> {
  const arrivals = new Uint8Array(LINES + 1);
  for (const { value } of await kafka.consumeAll(TOPIC)) {
    const match = /"Value":"line (\d{8}) of the counter"/.exec(new TextDecoder().decode(value!));
    arrivals[match === null ? 0 : Number(match[1])]++;
  }
  return arrivals;
}

async function allArrived(kafka: TestKafka): Promise<boolean> {
  return (await countArrivals(kafka)).subarray(1).every((count) => count > 0);
}

/** Checks that every number is there, and tells how many came twice. */
async function checkArrivals(kafka: TestKafka, duplicatesMax: number): Promise<void> {
  const arrivals = await countArrivals(kafka);
  const missing = arrivals.subarray(1).filter((count) => count === 0).length;
  const duplicates = arrivals.subarray(1).reduce((sum, count) => sum + Math.max(0, count - 1), 0);
  console.log(
    `${LINES} lines: ${missing} missing, ${duplicates} duplicates (at most ${duplicatesMax} could be in flight)`,
  );
  assertEquals(missing, 0);
  assertEquals(arrivals[0], 0);
  assert(duplicates <= duplicatesMax, `${duplicates} duplicates`);
}

async function setUp(containerd: TestContainerd, kafka: TestKafka) {
  await kafka.createTopic(TOPIC, 4);
  const pod = await containerd.runPod({
    name: "counter-1",
    namespace: "default",
    labels: { app: "counter" },
    containers: [{ name: "counter", command: ["/bin/sh", "-c", script()] }],
  });
  const pipelines = { "numbers.yaml": pipeline(kafka.brokers) };
  const sluice = await TestSluice.prepare({ pipelines, containerdSocket: containerd.socketPath });
  return { pod, sluice };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("the agent killed three times: every line arrives, duplicates only within what was in flight", async () => {
  if (!needs(CONTAINERD_REQUIREMENT, containerdRequirement()) || !needs("Java and Kafka", kafkaRequirement())) return;
  await using containerd = await TestContainerd.start();
  await using kafka = await TestKafka.start();
  const { pod, sluice: agent } = await setUp(containerd, kafka);
  await using sluice = agent;
  sluice.start();
  for (const lifeMs of [3000, 4000, 3500]) {
    await pause(lifeMs);
    await sluice.kill();
    await pod.rotateLog("counter");
    sluice.start();
  }
  await eventually("every line arrives", () => allArrived(kafka), 90_000);
  assertEquals(await sluice.stop(), 0);
  await checkArrivals(kafka, 3 * IN_FLIGHT_RECORDS_MAX);
});

// elastic/beats#3747: events were lost when the output failed. fluent/fluent-bit#10667: what was buffered when the broker restarted was
// dropped without a word.
Deno.test("the broker stopped and started: every line arrives once", async () => {
  if (!needs(CONTAINERD_REQUIREMENT, containerdRequirement()) || !needs("Java and Kafka", kafkaRequirement())) return;
  await using containerd = await TestContainerd.start();
  await using kafka = await TestKafka.start();
  const { sluice: agent } = await setUp(containerd, kafka);
  await using sluice = agent;
  sluice.start();
  await pause(3000);
  await kafka.stop();
  await pause(3000);
  await kafka.restart();
  await pause(2000);
  await kafka.kill();
  await pause(2000);
  await kafka.restart();
  const backMs = Date.now();
  await eventually("every line arrives", () => allArrived(kafka), 90_000);
  console.log(`all there ${Date.now() - backMs} ms after the broker's last return`);
  assertEquals(await sluice.stop(), 0);
  await checkArrivals(kafka, 0);
});
