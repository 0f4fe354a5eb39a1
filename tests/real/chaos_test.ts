/**
 * Nothing is lost, whatever fails: pods of a real containerd, rotated as the kubelet does, the compiled binary killed at random, brokers that are
 * killed, stopped, hang and hand over their partitions; what a consumer of committed records sees is counted. `SEED=n` makes the same choices
 * again, though never at the same moments; `CHAOS_MINUTES=n` takes longer over more lines.
 *
 * @module
 */
import { type ChaosPlan, runChaos } from "../support/chaos/chaos_run.ts";
import { CONTAINERD_REQUIREMENT, containerdRequirement } from "../support/containerd.ts";
import { kafkaRequirement } from "../support/kafka.ts";
import { hasProgram, needs } from "../support/requirement.ts";

/** In all runs together, without `CHAOS_MINUTES`. */
const LINES = 2_000_000;
const PRINTING_MS = 45_000;
/** With `SLUICE_TEST_LONG`. */
const LONG_MINUTES = "10";
const MIB = 1024 * 1024;

const PLANS: readonly Pick<ChaosPlan, "nodeCount" | "logBytesMax" | "delivery">[] = [
  { nodeCount: 1, logBytesMax: 10 * MIB, delivery: "at_least_once" },
  { nodeCount: 3, logBytesMax: MIB / 10, delivery: "at_least_once" },
  { nodeCount: 1, logBytesMax: MIB / 10, delivery: "exactly_once" },
  { nodeCount: 3, logBytesMax: 10 * MIB, delivery: "exactly_once" },
];

function load(): Pick<ChaosPlan, "lines" | "durationMs"> {
  const minutes = Deno.env.get("CHAOS_MINUTES") ?? (Deno.env.has("SLUICE_TEST_LONG") ? LONG_MINUTES : undefined);
  const longer = minutes === undefined ? 1 : Math.max(1, Number(minutes) * 60_000 / PLANS.length / PRINTING_MS);
  return { lines: Math.round(longer * LINES / PLANS.length), durationMs: longer * PRINTING_MS };
}

for (const plan of PLANS) {
  const mode = plan.delivery === "exactly_once" ? "exactly once" : "at least once";
  const brokers = plan.nodeCount === 1 ? "one broker" : `${plan.nodeCount} brokers`;
  const name = `chaos with ${brokers}, rotation at ${Math.round(plan.logBytesMax / 1024)} KiB`;
  Deno.test(`${name}: every line arrives ${mode}`, async () => {
    if (!needs(CONTAINERD_REQUIREMENT, containerdRequirement()) || !needs("Java and Kafka", kafkaRequirement())) return;
    if (!needs("kcat", hasProgram("kcat"))) return;
    await runChaos({ ...plan, ...load(), name: `${name}, ${mode}` });
  });
}
