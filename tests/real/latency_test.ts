/**
 * How long lines take from being written to a consumer, with the compiled binary and a real broker. How fast a machine is differs, and
 * others may use it: the bounds are ten times what is usual, and still below what batches that wait would take.
 *
 * @module
 */
import { assert } from "@std/assert";
import { LATENCY_LOADS, type LatencyResult, measureLatency } from "../../bench/latency.ts";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { needs } from "../support/requirement.ts";
import { sluiceBinary } from "../support/sluice.ts";

const SECONDS = 5;
const BUSY_P50_MS_MAX = 200;
const BUSY_P99_MS_MAX = 1500;
/** Logs that sleep are looked at every two seconds: a line in one waits for a second in the median. */
const QUIET_P50_MS_MAX = 4000;

Deno.test("ten thousand lines a second arrive at once, and a line in a log that was quiet within seconds", async () => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  const binary = await sluiceBinary();
  const directory = await Deno.makeTempDir({ prefix: "sluice-latency-" });
  const results = new Map<string, LatencyResult>();
  try {
    await using kafka = await TestKafka.start();
    const setting = { binary, directory, kafka, seconds: SECONDS, seed: 1 };
    for (const load of LATENCY_LOADS) results.set(load.name, await measureLatency(setting, load));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
  const [busy, quiet] = ["latency", "latency-quiet"].map((name) => results.get(name)!);
  console.log(`busy: p50 ${busy.p50Ms} ms, p99 ${busy.p99Ms} ms; quiet: p50 ${quiet.p50Ms} ms, p99 ${quiet.p99Ms} ms`);
  assert(busy.p50Ms <= BUSY_P50_MS_MAX, `p50 of ten thousand lines a second: ${busy.p50Ms} ms\n${busy.histogram}`);
  assert(busy.p99Ms <= BUSY_P99_MS_MAX, `p99 of ten thousand lines a second: ${busy.p99Ms} ms\n${busy.histogram}`);
  assert(quiet.p50Ms <= QUIET_P50_MS_MAX, `p50 of quiet logs: ${quiet.p50Ms} ms\n${quiet.histogram}`);
});
