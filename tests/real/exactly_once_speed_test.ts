/**
 * What exactly-once delivery costs: the compiled binary delivers the same log both ways in turns, to one real broker, in one run; the best
 * of each counts.
 *
 * @module
 */
import { assert } from "@std/assert";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { nginxLine } from "../support/kernel.ts";
import { MadeUpNode, pipelineText } from "../support/made_up_node.ts";
import { processorMs, residentBytes } from "../support/process_figures.ts";
import { needs } from "../support/requirement.ts";
import { eventually, TestSluice } from "../support/sluice.ts";

const LINES = 1_000_000;
const ROUNDS = 2;
/** What must be reached on any machine; the usual figure is printed. */
const RATIO_MIN = 0.5;
const DELIVERIES = ["at_least_once", "exactly_once"] as const;

/** How fast a log was delivered. */
interface Speed {
  readonly MBPerSecond: number;
  readonly MBPerCpuSecond: number;
  readonly residentMB: number;
}

function savedOffset(sluice: TestSluice): number {
  try {
    const { pipelines } = JSON.parse(Deno.readTextFileSync(sluice.checkpointPath));
    return Math.max(
      0,
      ...Object.values<Record<string, { offset: number }>>(pipelines).flatMap((positions) =>
        Object.values(positions).map(({ offset }) => offset)
      ),
    );
  } catch {
    return 0;
  }
}

/** Delivers the node's only log, with positions of its own. */
async function deliver(
  node: MadeUpNode,
  kafka: TestKafka,
  { delivery, round, bytes }: { delivery: string; round: number; bytes: number },
): Promise<Speed> {
  const pipelines = { [`p${round}.yaml`]: pipelineText("web", kafka.brokers, "speed") + `    Delivery: ${delivery}\n` };
  await using sluice = await TestSluice.prepare({ ...node, pipelines });
  sluice.start();
  await eventually("the agent reads", () => sluice.log.includes(" reads "), 60_000);
  const [startMs, startCpuMs] = [performance.now(), processorMs(sluice.pid)];
  await eventually("everything is delivered", () => savedOffset(sluice) === bytes, 120_000);
  const residentMB = residentBytes(sluice.pid) / 1e6;
  const [ms, cpuMs] = [performance.now() - startMs, processorMs(sluice.pid) - startCpuMs];
  await sluice.stop();
  return { MBPerSecond: bytes / ms / 1000, MBPerCpuSecond: bytes / cpuMs / 1000, residentMB };
}

Deno.test("exactly once is at least half as fast as at least once", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start({ properties: { "log.retention.bytes": "500000000" } });
  await kafka.createTopic("speed", 3);
  using node = new MadeUpNode();
  const log = node.addContainer("web");
  const lines = Array.from({ length: 1000 }, (_, number) => nginxLine(number)).join("");
  for (let count = 0; count < LINES / 1000; count++) log.write(new TextEncoder().encode(lines));
  const { size: bytes } = Deno.statSync(log.path);
  const speeds: Record<string, Speed[]> = { at_least_once: [], exactly_once: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const delivery of DELIVERIES) speeds[delivery].push(await deliver(node, kafka, { delivery, round, bytes }));
  }
  const of = (key: keyof Speed) =>
    DELIVERIES.map((delivery) => Math.max(...speeds[delivery].map((speed) => speed[key])));
  const [wall, wallOnce] = of("MBPerSecond");
  const [cpu, cpuOnce] = of("MBPerCpuSecond");
  console.log(
    `MB/s: ${wall.toFixed()} at least once, ${wallOnce.toFixed()} exactly once, ratio ${(wallOnce / wall).toFixed(2)}`,
  );
  console.log(`memory: ${of("residentMB").map((MB) => MB.toFixed()).join(" and ")} MB`);
  console.log(`MB/CPU-s: ${cpu.toFixed()} and ${cpuOnce.toFixed()}, ratio ${(cpuOnce / cpu).toFixed(2)}`);
  assert(wallOnce >= RATIO_MIN * wall, JSON.stringify(speeds));
});
