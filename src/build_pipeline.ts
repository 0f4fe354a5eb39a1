/**
 * A validated configuration → a pipeline that can run: inputs, a kernel that fits their limits, flushers.
 *
 * @module
 */
import { invariant } from "./core/assert.ts";
import type { Env } from "./core/env.ts";
import type { Input } from "./core/input.ts";
import type { Log } from "./core/log.ts";
import type { PipelineConfig } from "./config/validate.ts";
import type { PluginConfig } from "./config/validate_plugin.ts";
import type { DeadLetters } from "./deliver/dead_letters.ts";
import type { ProducerPool } from "./deliver/kafka/producer_pool.ts";
import { Kernel, type KernelModule } from "./kernel/kernel.ts";
import { Pipeline } from "./pipeline.ts";
import { type FlusherPlugin, flushers, inputs } from "./plugins.ts";

/** Records decoded at a time: more than a turn of usual lines holds. */
const ROWS_MAX = 4096;
/** Record batches of a pipeline that are open or in flight: five on the wire and one that fills. */
const SLOTS = 6;

/** A pipeline and what decides which containers it reads. */
export interface BuiltPipeline {
  readonly name: string;
  readonly inputs: readonly Input<Kernel>[];
  readonly pipeline: Pipeline;
}

/** What pipelines are built with. */
export interface BuildContext {
  readonly module: KernelModule;
  readonly hostRoot: string;
  readonly producers: ProducerPool;
  readonly deadLetters: DeadLetters;
  readonly env: Env;
  readonly log: Log;
  /** Replaces every flusher by standard output. */
  readonly printToStdout: boolean;
}

/** Makes only the inputs of a pipeline: enough to decide about containers. */
export function buildInputs(config: PipelineConfig, hostRoot: string, env: Env): readonly Input<Kernel>[] {
  return config.inputs.map(({ declaration, options }) => {
    const plugin = inputs.find(({ name }) => name === declaration.name);
    invariant(plugin !== undefined, `no input ${declaration.name}`);
    return plugin.create(options, { hostRoot, env });
  });
}

/** Builds a pipeline. Nothing runs yet. */
export function buildPipeline(config: PipelineConfig, context: BuildContext): BuiltPipeline {
  const { module, hostRoot, env, log } = context;
  const built = buildInputs(config, hostRoot, env);
  const chosen = context.printToStdout ? [stdoutFlusher()] : config.flushers.map(findFlusher);
  const kernel = new Kernel(module, {
    lineBytesMax: Math.max(...built.map((input) => input.lineBytesMax)),
    batchBytesMax: Math.min(...chosen.map(({ plugin, options }) => plugin.batchBytesMax(options))),
    slots: SLOTS + chosen.length - 1,
    rowsMax: ROWS_MAX,
  });
  const made = chosen.map(({ plugin, options }) => plugin.create(options, { ...context, kernel }));
  return { name: config.name, inputs: built, pipeline: new Pipeline(config.name, kernel, made, env, log) };
}

interface ChosenFlusher {
  readonly plugin: FlusherPlugin;
  readonly options: unknown;
}

function findFlusher({ declaration, options }: PluginConfig): ChosenFlusher {
  const plugin = flushers.find(({ name }) => name === declaration.name);
  invariant(plugin !== undefined, `no flusher ${declaration.name}`);
  return { plugin, options };
}

function stdoutFlusher(): ChosenFlusher {
  const plugin = flushers.find(({ name }) => name === "flusher_stdout");
  invariant(plugin !== undefined, "flusher_stdout is declared");
  return { plugin, options: plugin.options.parse({}) };
}
