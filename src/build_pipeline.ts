/**
 * A validated configuration → a pipeline that can run: inputs, a kernel that fits their limits, flushers.
 *
 * @module
 */
import { invariant } from "./core/assert.ts";
import type { Input } from "./core/input.ts";
import type { Processor } from "./core/processor.ts";
import type { PipelineConfig } from "./config/validate.ts";
import type { PluginConfig } from "./config/validate_plugin.ts";
import { type FlusherPlugin, flushers } from "./flusher_plugins.ts";
import type { DeadLetters } from "./deliver/dead_letters.ts";
import type { ProducerPool } from "./deliver/kafka/producer_pool.ts";
import { agentTags, userDefinedId } from "./inputs/agent_tags.ts";
import type { InputContext } from "./inputs/input_context.ts";
import { Kernel, type KernelModule } from "./kernel/kernel.ts";
import { recordTexts } from "./kernel/record_texts.ts";
import { LeftFiles } from "./left_files.ts";
import type { ResourceLimits } from "./limits/resource_limits.ts";
import { Pipeline, READ_BYTES } from "./pipeline.ts";
import { inputs } from "./plugins.ts";
import type { ProcessorContext } from "./process/processor_context.ts";
import { processors as processorPlugins } from "./processor_plugins.ts";

/** Records decoded at a time: more than a turn of usual lines holds. */
const ROWS_MAX = 4096;
/** A turn is no more than so many batches hold: what it fills may have to go out in one transaction, which may not take for ever. */
const TURN_BATCHES_MAX = 8;
/** Record batches of a pipeline that are on the wire, beside those that fill. */
const SLOTS_IN_FLIGHT = 5;

/** A pipeline and what decides what it reads. */
export interface BuiltPipeline {
  readonly name: string;
  /** As its configuration says; infinite where it does not. */
  readonly createTime: number;
  readonly left: LeftFiles;
  readonly inputs: readonly Input<Kernel>[];
  readonly pipeline: Pipeline;
  /** Whether contents that are JSON text as they are read may stay that: nobody looks at them before they are in a message. */
  readonly takesJsonText: boolean;
}

/** What inputs are built with, beside what the pipeline's configuration says. */
export type InputBuildContext = Pick<InputContext, "hostRoot" | "env" | "log">;

/** What pipelines are built with. */
export interface BuildContext extends InputBuildContext {
  readonly module: KernelModule;
  readonly producers: ProducerPool;
  readonly deadLetters: DeadLetters;
  /** Undefined: the agent may use what there is. */
  readonly limits?: ResourceLimits;
  /** Replaces every flusher by standard output. */
  readonly printToStdout: boolean;
}

/** Makes only the inputs of a pipeline: enough to decide about containers. */
export function buildInputs(config: PipelineConfig, context: InputBuildContext): readonly Input<Kernel>[] {
  const { env } = context;
  const inputContext: InputContext = {
    ...context,
    agentTags: agentTags(config.global, env.tryVariable, env.hostName, env.hostIp),
    userDefinedId: userDefinedId(env.tryVariable),
  };
  return config.inputs.map(({ declaration, options }) => {
    const plugin = inputs.find(({ name }) => name === declaration.name);
    invariant(plugin !== undefined, `no input ${declaration.name}`);
    return plugin.create(options, inputContext);
  });
}

function buildProcessors(config: PipelineConfig, context: ProcessorContext): readonly Processor[] {
  return config.processors.map(({ declaration, options }) => {
    const plugin = processorPlugins.find(({ name }) => name === declaration.name);
    invariant(plugin !== undefined, `no processor ${declaration.name}`);
    return plugin.create(options, context);
  });
}

/** The directories that the flushers of a pipeline write to. */
export function writtenDirectories(config: PipelineConfig): readonly string[] {
  return config.flushers.map(findFlusher).flatMap(({ plugin, options }) => plugin.writtenDirectories(options));
}

/** Builds a pipeline. Nothing runs yet. */
export function buildPipeline(config: PipelineConfig, context: BuildContext): BuiltPipeline {
  const { module, env, log } = context;
  const built = buildInputs(config, context);
  const chosen = context.printToStdout ? [stdoutFlusher()] : config.flushers.map(findFlusher);
  const batchBytesMax = Math.min(...chosen.map(({ plugin, options }) => plugin.batchBytesMax(options)));
  const kernel = new Kernel(module, {
    lineBytesMax: Math.max(...built.map((input) => input.lineBytesMax)),
    batchBytesMax,
    slots: chosen.reduce((slots, one) => slots + slotsOf(one), SLOTS_IN_FLIGHT),
    rowsMax: ROWS_MAX,
    chunkBytesMin: Math.min(READ_BYTES, TURN_BATCHES_MAX * batchBytesMax),
  });
  context.limits?.watch({ kernel, spareSlots: SLOTS_IN_FLIGHT - 1 });
  const own = { pipeline: config.name, kernel, deadLetters: context.deadLetters.of({ pipeline: config.name }) };
  const made = chosen.map(({ plugin, options }) => plugin.create(options, { ...context, ...own }));
  const processors = buildProcessors(config, { ...context, columns: kernel.columns });
  const takesJsonText = processors.every((processor) => processor.takesJsonText === true) &&
    chosen.every(({ plugin, options }) => plugin.takesJsonText(options));
  const left = new LeftFiles();
  const pipeline = new Pipeline({
    name: config.name,
    kernel,
    flushers: made,
    processors,
    textOf: (batch) => recordTexts(kernel, batch),
    onLeft: (file) => left.add(file),
    tryLeft: (stat) => left.tryPosition(stat),
    pace: context.limits,
    env,
    log,
  });
  return { name: config.name, createTime: config.createTime ?? Infinity, inputs: built, pipeline, left, takesJsonText };
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

function slotsOf({ plugin, options }: ChosenFlusher): number {
  return plugin.openMax(options) + plugin.heldMax(options);
}

function stdoutFlusher(): ChosenFlusher {
  const plugin = flushers.find(({ name }) => name === "flusher_stdout");
  invariant(plugin !== undefined, "flusher_stdout is declared");
  return { plugin, options: plugin.options().parse({}) };
}
