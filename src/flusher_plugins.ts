/**
 * Every flusher, in one array, with how it is made from its options. A part of `plugins.ts`, which is what others use.
 *
 * @module
 */
import type { Env } from "./core/env.ts";
import type { Flusher } from "./core/flusher.ts";
import type { Log } from "./core/log.ts";
import { definePlugin, type PluginDeclaration } from "./core/plugin.ts";
import type { DeadLetters } from "./deliver/dead_letters.ts";
import { flusherFileOptions } from "./deliver/file_options.ts";
import { FlusherFile } from "./deliver/flusher_file.ts";
import { FlusherStdout } from "./deliver/flusher_stdout.ts";
import { batchCodec } from "./deliver/kafka/compression.ts";
import type { DeliveryOptions } from "./deliver/kafka/delivery_options.ts";
import { ExactlyOnceFlusher } from "./deliver/kafka/exactly_once/exactly_once_flusher.ts";
import type { TransactionSenderOptions } from "./deliver/kafka/exactly_once/transaction_sender.ts";
import { FlusherKafkaV2 } from "./deliver/kafka/flusher_kafka_v2.ts";
import { type FlusherKafkaV2Options, flusherKafkaV2Options } from "./deliver/kafka/options.ts";
import type { ProducerOptions } from "./deliver/kafka/producer.ts";
import type { ProducerPool } from "./deliver/kafka/producer_pool.ts";
import { RecordRouter } from "./deliver/kafka/record_router.ts";
import { LineFile } from "./deliver/line_file.ts";
import { RollingFile } from "./deliver/rolling_file.ts";
import { ShiftedSiblings } from "./deliver/sibling_files.ts";
import { flusherStdoutOptions } from "./deliver/stdout_options.ts";
import { stdoutTarget } from "./deliver/stdout_target.ts";
import { flatForm } from "./encode/flat_form.ts";
import { keyValueForm } from "./encode/key_value_form.ts";
import { tutorialForm } from "./encode/tutorial_form.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { makeFieldPlaces, makeForm } from "./make_form.ts";

/** What flushers are made with. */
export interface FlusherContext {
  /** The pipeline's name. */
  readonly pipeline: string;
  readonly kernel: Kernel;
  readonly producers: ProducerPool;
  readonly deadLetters: DeadLetters;
  readonly env: Env;
  readonly log: Log;
}

/** A flusher, what it needs, and how to make it from options that its schema has produced. */
export interface FlusherPlugin extends PluginDeclaration {
  /** The largest record batch that it wants, in bytes. */
  readonly batchBytesMax: (options: unknown) => number;
  /** Batches that it fills at a time. */
  readonly openMax: (options: unknown) => number;
  /** Batches that it holds until more is known of them than that they have arrived. */
  readonly heldMax: (options: unknown) => number;
  /** Whether contents may be JSON text (`ColumnField.isJsonText`) without a cost: they go into its messages as that. */
  readonly takesJsonText: (options: unknown) => boolean;
  /** The directories that it writes to. */
  readonly writtenDirectories: (options: unknown) => readonly string[];
  readonly create: (options: unknown, context: FlusherContext) => Flusher;
}

/** Record batches of this size are the most efficient; Kafka's brokers take 1,048,588 bytes by default. */
const BATCH_BYTES_DEFAULT = 1_000_000;
/** Batches that fill at a time where records go to many places. */
const OPEN_MAX = 12;
/** Batches that wait for their transaction to be committed, and those of the next one. */
const HELD_MAX = 16;
const NOT_ALONE =
  "a flusher with Delivery: exactly_once must be the only one of its pipeline: what is delivered to several places " +
  "cannot be in one transaction. Give each its own pipeline; AllowingIncludedByMultiConfigs: true lets both read the same";
/** Connection problems are tried again at least this often, so that work resumes soon after a broker's return. */
const BACKOFF_MS_MAX = 2000;

/** What is declared of a flusher; what is left out is as most have it. */
interface FlusherParts<Options> {
  readonly batchBytesMax?: (options: Options) => number;
  readonly openMax?: (options: Options) => number;
  readonly heldMax?: (options: Options) => number;
  readonly takesJsonText?: (options: Options) => boolean;
  readonly writtenPath?: (options: Options) => string | undefined;
  readonly create: (options: Options, context: FlusherContext) => Flusher;
}

function flusher<Options>(declaration: PluginDeclaration<Options>, parts: FlusherParts<Options>): FlusherPlugin {
  return {
    ...declaration,
    batchBytesMax: (options) => parts.batchBytesMax?.(options as Options) ?? BATCH_BYTES_DEFAULT,
    openMax: (options) => parts.openMax?.(options as Options) ?? 1,
    heldMax: (options) => parts.heldMax?.(options as Options) ?? 0,
    takesJsonText: (options) => parts.takesJsonText?.(options as Options) ?? true,
    writtenDirectories: (options) => directoriesOf(parts.writtenPath?.(options as Options)),
    create: (options, context) => parts.create(options as Options, context),
  };
}

function directoriesOf(path: string | undefined): readonly string[] {
  return path === undefined ? [] : [path.slice(0, Math.max(1, path.lastIndexOf("/")))];
}

/** All flushers. */
export const flushers: readonly FlusherPlugin[] = [
  flusher(
    definePlugin({
      kind: "flusher",
      name: "flusher_kafka_v2",
      aliases: ["flusher_kafka"],
      summary: "Delivers records to a Kafka topic, or to topics by their fields, at least once, or exactly once.",
      options: flusherKafkaV2Options,
      tryAlone: ({ exactlyOnce }) => exactlyOnce && NOT_ALONE,
      needsAllRecords: ({ exactlyOnce }) => exactlyOnce !== undefined,
    }),
    {
      batchBytesMax: (options) => Math.min(options.messageBytesMax, BATCH_BYTES_DEFAULT),
      openMax,
      heldMax: ({ exactlyOnce }) => exactlyOnce === undefined ? 0 : HELD_MAX,
      takesJsonText,
      create: makeKafkaFlusher,
    },
  ),
  flusher(
    definePlugin({
      kind: "flusher",
      name: "flusher_stdout",
      aliases: [],
      summary: "Prints records to standard output or to a file, a line each.",
      options: flusherStdoutOptions,
    }),
    {
      writtenPath: ({ target }) => typeof target === "object" ? target.path : undefined,
      create(options, { kernel, deadLetters, env, log }) {
        const form = options.isFlat ? keyValueForm() : tutorialForm();
        const target = stdoutTarget(options, env, log);
        return new FlusherStdout(kernel, form, env, { target, hasTagLines: options.hasTagLines, deadLetters });
      },
    },
  ),
  flusher(
    definePlugin({
      kind: "flusher",
      name: "flusher_file",
      aliases: [],
      summary: "Writes records to a file, a line each, at least once.",
      options: flusherFileOptions,
    }),
    {
      writtenPath: ({ filePath }) => filePath,
      create({ filePath, fileBytesMax, siblingsMax }, { kernel, deadLetters, env, log }) {
        const order = new ShiftedSiblings(fileBytesMax, siblingsMax);
        const target = new LineFile(new RollingFile(env.files, { path: filePath, order, isSynced: true }), env, log);
        return new FlusherFile({ kernel, form: flatForm(), path: filePath, target, deadLetters, env });
      },
    },
  ),
];

function makeKafkaFlusher(options: FlusherKafkaV2Options, context: FlusherContext): Flusher {
  const { hostIp, tryVariable } = context.env;
  const forms = { hostIp, tryVariable };
  const router = new RecordRouter(options.routing, (paths) => makeFieldPlaces(options.convert, forms, paths));
  const producer = context.producers.get(producerOptions(options));
  const codec = batchCodec(options.compression, options.compressionLevel);
  const deadLetters = context.deadLetters.of({ brokers: options.brokers });
  const parts = { ...context, deadLetters, producer, router, form: makeForm(options.convert, forms) };
  const batching = { ...options, codec, openMax: openMax(options) };
  if (options.exactlyOnce === undefined) return new FlusherKafkaV2(parts, batching);
  const delivery = transactionOptions(options, options.exactlyOnce, context);
  const connect = () => context.producers.connect(delivery.producer);
  return new ExactlyOnceFlusher({ ...parts, connect }, { ...batching, ...delivery });
}

/** The transactional id is the same in each life of an agent, and of nobody else. */
function transactionOptions(
  options: FlusherKafkaV2Options,
  delivery: DeliveryOptions,
  { pipeline, env }: FlusherContext,
): TransactionSenderOptions {
  const prefix = delivery.transactionalIdPrefix ?? `sluice/${env.hostName}`;
  return {
    ...delivery,
    pipeline,
    producer: producerOptions(options),
    transactionalId: `${prefix}/${pipeline}`,
    slotsMax: HELD_MAX / 2,
  };
}

/** Messages of bytes and of no JSON are made of texts, and so are topics and keys. */
function takesJsonText({ convert: { form }, routing: { topic, hashKeys } }: FlusherKafkaV2Options): boolean {
  const paths = [...topic.paths, ...hashKeys ?? []];
  return form !== "raw" && form !== "otlp_protobuf" && paths.every(({ kind }) => kind === "tag");
}

/** Only records that go to many places need many batches. */
function openMax({ routing }: FlusherKafkaV2Options): number {
  return routing.topic.paths.length === 0 && routing.hashKeys === undefined ? 1 : OPEN_MAX;
}

/** What a flusher with these options is delivered by. */
export function producerOptions(options: FlusherKafkaV2Options): ProducerOptions {
  return {
    brokers: options.brokers,
    clientId: options.clientId,
    requestTimeoutMs: options.requestTimeoutMs,
    brokerTimeoutMs: options.brokerTimeoutMs,
    inFlightPerPartitionMax: options.openRequestsMax,
    backoffInitMs: Math.min(options.backoffInitialMs, options.metadataRetryBackoffMs, BACKOFF_MS_MAX),
    backoffMaxMs: Math.min(options.backoffMaxMs, BACKOFF_MS_MAX),
    metadataMaxAgeMs: options.metadataRefreshMs,
    ...(options.security && { security: options.security }),
  };
}
