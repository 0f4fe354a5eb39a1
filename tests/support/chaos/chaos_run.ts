/**
 * One chaos run: real pods print numbered lines while their logs are rotated, the agent is killed and brokers fail; in the end it is counted
 * what a consumer of committed records sees.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { TestContainerd } from "../containerd.ts";
import { TestKafkaCluster } from "../kafka_cluster.ts";
import { seededRandom } from "../random.ts";
import { eventually, TestSluice } from "../sluice.ts";
import type { LineCounts } from "./chaos_lines.ts";
import { type ChaosLoad, ChaosPods } from "./chaos_pods.ts";
import { committedLines } from "./committed_lines.ts";
import { Disturbances } from "./disturbances.ts";
import { RepeatBound } from "./repeat_bound.ts";

const TOPIC = "chaos";
const PARTITIONS = 3;
const PRINT_TIMEOUT_MS = 300_000;
const DRAIN_TIMEOUT_MS = 240_000;
const COUNT_INTERVAL_MS = 2000;
const MISSING_SHOWN = 20;

/** A run. */
export interface ChaosPlan extends ChaosLoad {
  readonly name: string;
  readonly nodeCount: number;
  readonly delivery: "at_least_once" | "exactly_once";
}

/** Runs and checks it, and prints what happened. @throws {Error} where a line is missing, or too many have come twice. */
export async function runChaos(plan: ChaosPlan): Promise<void> {
  const random = seededRandom(plan.name);
  await using containerd = await TestContainerd.start();
  await using cluster = await TestKafkaCluster.start(plan.nodeCount);
  await cluster.createTopic(TOPIC, PARTITIONS);
  const pipelines = { "chaos.yaml": pipelineText(cluster.brokers, plan.delivery) };
  await using sluice = await TestSluice.prepare({ pipelines, containerdSocket: containerd.socketPath });
  const pods = new ChaosPods(containerd, plan, random);
  const bound = new RepeatBound(cluster, TOPIC);
  const scene = { cluster, topic: TOPIC, partitions: PARTITIONS, sluice, pods, bound, random };
  const disturbances = new Disturbances(scene);
  sluice.start();
  await pods.begin();
  await disturbances.run(() => pods.haveAllPrinted);
  await eventually("all is printed", () => pods.haveAllPrinted, PRINT_TIMEOUT_MS);
  await pods.end();
  const printed = await pods.printed();
  const arrived = await drain(cluster, printed, sluice);
  assertEquals(await sluice.stop(), 0);
  const { rotations, compressions, deaths } = pods;
  console.log(
    `${plan.name}: ${printed.lines} lines printed, ${arrived.missing.length} missing, ${arrived.counts.repeated} twice; ` +
      `at most ${bound.records} could be; ` +
      JSON.stringify({ rotations, compressions, deaths, ...disturbances.counts }),
  );
  assert(printed.lines >= plan.lines, "the pods have printed all");
  assertEquals(arrived.missing.slice(0, MISSING_SHOWN), [], `lines are missing:\n${sluice.log.slice(-6000)}`);
  const repeatedMax = plan.delivery === "exactly_once" ? 0 : bound.records;
  assert(
    arrived.counts.repeated <= repeatedMax,
    `${arrived.counts.repeated} lines came twice, at most ${repeatedMax} may`,
  );
}

function pipelineText(brokers: string, delivery: ChaosPlan["delivery"]): string {
  return `inputs:
  - Type: service_docker_stdout
    IncludeK8sLabel:
      app: chaos
flushers:
  - Type: flusher_kafka_v2
    Brokers: [${brokers}]
    Topic: ${TOPIC}
${delivery === "exactly_once" ? "    Delivery: exactly_once\n" : ""}`;
}

/** Waits until all has arrived, or nothing more does. */
async function drain(
  cluster: TestKafkaCluster,
  printed: LineCounts,
  sluice: TestSluice,
): Promise<{ readonly counts: LineCounts; readonly missing: readonly string[] }> {
  for (const deadline = Date.now() + DRAIN_TIMEOUT_MS;;) {
    const counts = await committedLines(cluster.brokers, TOPIC);
    const missing = printed.missingIn(counts);
    if (missing.length === 0 || Date.now() > deadline) return { counts, missing };
    if (Deno.env.has("SLUICE_TEST_VERBOSE")) console.log(`${missing.length} to come\n${sluice.log.slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, COUNT_INTERVAL_MS));
  }
}
