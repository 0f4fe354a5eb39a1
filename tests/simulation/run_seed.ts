/**
 * One run of the simulation: the pipelines that the agent runs there, and everything that is wrong in the end.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { type PipelineConfig, validateTexts } from "../../src/config/validate.ts";
import { compileKernel } from "../../src/kernel/kernel.ts";
import { plugins } from "../../src/plugins.ts";
import { World } from "./world.ts";
import { BATCH_BYTES_MAX, type WorldPlan } from "./world_plan.ts";

export const module = compileKernel();

/** The pipelines of a plan. */
export function configs({ pipelineCount, compression, isExactlyOnce }: WorldPlan): readonly PipelineConfig[] {
  const texts = Array.from({ length: pipelineCount }, (_, index) => ({
    path: `p${index}.yaml`,
    name: `p${index}`,
    text: pipelineText(index, compression) + (isExactlyOnce ? EXACTLY_ONCE : ""),
  }));
  const { pipelines, problems } = validateTexts(texts, plugins);
  assertEquals(problems, []);
  return pipelines;
}

const EXACTLY_ONCE = `    Delivery: exactly_once
    TransactionTimeout: 5s
`;

function pipelineText(index: number, compression: string): string {
  return `inputs:
  - Type: service_docker_stdout
    IncludeK8sLabel: {app: g${index}}
    MaxLogSize: 4096
flushers:
  - Type: flusher_kafka_v2
    Brokers: ["broker-0:9092"]
    Topic: topic-${index}
    MaxMessageBytes: ${BATCH_BYTES_MAX}
    Compression: ${compression}
    Timeout: 3s
    BrokerTimeout: 2s
    Backoff: {Init: 100ms, Max: 1s}
    Metadata: {RefreshFrequency: 5s}
`;
}

/** Runs the world of a seed to its end; what is wrong is in its `problems`. */
export async function runSeed(seed: number): Promise<World> {
  const world = new World(seed, { module, configs });
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    world.stage.complain(`a rejection that nobody handled: ${event.reason?.stack ?? event.reason}`);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  await world.run();
  globalThis.removeEventListener("unhandledrejection", onRejection);
  return world;
}
