/**
 * Every input, processor and flusher, in one array: what is not here does not exist. A plugin is its declaration (name and options)
 * and how it is made from them.
 *
 * @module
 */
import type { Env } from "./core/env.ts";
import type { Flusher } from "./core/flusher.ts";
import type { Input } from "./core/input.ts";
import type { Log } from "./core/log.ts";
import { definePlugin, type PluginDeclaration } from "./core/plugin.ts";
import { FlusherKafkaV2 } from "./deliver/kafka/flusher_kafka_v2.ts";
import { type FlusherKafkaV2Options, flusherKafkaV2Options } from "./deliver/kafka/options.ts";
import type { ProducerOptions } from "./deliver/kafka/producer.ts";
import type { ProducerPool } from "./deliver/kafka/producer_pool.ts";
import type { DeadLetters } from "./deliver/dead_letters.ts";
import { FlusherStdout } from "./deliver/flusher_stdout.ts";
import { flusherStdoutOptions } from "./deliver/stdout_options.ts";
import type { MessageForm } from "./deliver/message_form.ts";
import { tutorialTemplate } from "./encode/tutorial_form.ts";
import { tutorialText } from "./encode/tutorial_text.ts";
import { fileLogOptions } from "./inputs/file_log.ts";
import { InputContainerStdio } from "./inputs/input_container_stdio.ts";
import { inputContainerStdioOptions } from "./inputs/input_container_stdio_options.ts";
import type { InputContext } from "./inputs/input_context.ts";
import { InputFile } from "./inputs/input_file.ts";
import { inputFileOptions } from "./inputs/input_file_options.ts";
import { ServiceDockerStdout } from "./inputs/service_docker_stdout.ts";
import { serviceDockerStdoutOptions } from "./inputs/service_docker_stdout_options.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { processors } from "./processor_plugins.ts";

/** What flushers are made with. */
export interface FlusherContext {
  readonly kernel: Kernel;
  readonly producers: ProducerPool;
  readonly deadLetters: DeadLetters;
  readonly env: Env;
  readonly log: Log;
}

/** An input and how to make it from options that its schema has produced. */
export interface InputPlugin extends PluginDeclaration {
  readonly create: (options: unknown, context: InputContext) => Input<Kernel>;
}

/** A flusher and how to make it from options that its schema has produced. */
export interface FlusherPlugin extends PluginDeclaration {
  /** The largest record batch that it wants, in bytes. */
  readonly batchBytesMax: (options: unknown) => number;
  readonly create: (options: unknown, context: FlusherContext) => Flusher;
}

/** Record batches of this size are the most efficient; Kafka's brokers take 1,048,588 bytes by default. */
const BATCH_BYTES_DEFAULT = 1_000_000;
/** The walk-through's form of messages. */
const TUTORIAL_FORM: MessageForm = { template: tutorialTemplate, text: tutorialText };
/** Connection problems are tried again at least this often, so that work resumes soon after a broker's return. */
const BACKOFF_MS_MAX = 2000;

function input<Options>(
  declaration: PluginDeclaration<Options>,
  create: (options: Options, context: InputContext) => Input<Kernel>,
): InputPlugin {
  return { ...declaration, create: (options, context) => create(options as Options, context) };
}

function flusher<Options>(
  declaration: PluginDeclaration<Options>,
  batchBytesMax: (options: Options) => number,
  create: (options: Options, context: FlusherContext) => Flusher,
): FlusherPlugin {
  return {
    ...declaration,
    batchBytesMax: (options) => batchBytesMax(options as Options),
    create: (options, context) => create(options as Options, context),
  };
}

/** All inputs. */
export const inputs: readonly InputPlugin[] = [
  input(
    definePlugin({
      kind: "input",
      name: "service_docker_stdout",
      aliases: [],
      summary: "Standard output and error of containers.",
      options: serviceDockerStdoutOptions,
    }),
    (options, context) => new ServiceDockerStdout(options, context),
  ),
  input(
    definePlugin({
      kind: "input",
      name: "input_container_stdio",
      aliases: [],
      summary: "Standard output and error of containers, with the options of version 2.",
      options: inputContainerStdioOptions,
    }),
    (options, context) => new InputContainerStdio(options, context),
  ),
  input(
    definePlugin({
      kind: "input",
      name: "input_file",
      aliases: [],
      summary: "Text files, of the node or inside containers.",
      options: inputFileOptions,
    }),
    (options, context) => new InputFile(options, context),
  ),
  input(
    definePlugin({
      kind: "input",
      name: "file_log",
      aliases: [],
      summary: "`input_file` by its options of before version 2.",
      options: fileLogOptions,
    }),
    (options, context) => new InputFile(options, context),
  ),
];

/** All flushers. */
export const flushers: readonly FlusherPlugin[] = [
  flusher(
    definePlugin({
      kind: "flusher",
      name: "flusher_kafka_v2",
      aliases: ["flusher_kafka"],
      summary: "Delivers records to a Kafka topic, at least once.",
      options: flusherKafkaV2Options,
    }),
    (options) => Math.min(options.messageBytesMax, BATCH_BYTES_DEFAULT),
    (options, { kernel, producers, deadLetters, env, log }) => {
      const producer = producers.get(producerOptions(options));
      return new FlusherKafkaV2(kernel, producer, options.topic, TUTORIAL_FORM, deadLetters, env, log);
    },
  ),
  flusher(
    definePlugin({
      kind: "flusher",
      name: "flusher_stdout",
      aliases: [],
      summary: "Prints records to standard output, a line each.",
      options: flusherStdoutOptions,
    }),
    () => BATCH_BYTES_DEFAULT,
    (_options, { kernel, env }) => new FlusherStdout(kernel, TUTORIAL_FORM, env),
  ),
];

/** All declarations, for the configuration and the reference. */
export const plugins: readonly PluginDeclaration[] = [...inputs, ...processors, ...flushers];

function producerOptions(options: FlusherKafkaV2Options): ProducerOptions {
  return {
    brokers: options.brokers,
    clientId: options.clientId,
    requestTimeoutMs: options.requestTimeoutMs,
    brokerTimeoutMs: options.brokerTimeoutMs,
    inFlightPerPartitionMax: options.openRequestsMax,
    backoffInitMs: Math.min(options.backoffInitialMs, options.metadataRetryBackoffMs, BACKOFF_MS_MAX),
    backoffMaxMs: Math.min(options.backoffMaxMs, BACKOFF_MS_MAX),
    metadataMaxAgeMs: options.metadataRefreshMs,
  };
}
