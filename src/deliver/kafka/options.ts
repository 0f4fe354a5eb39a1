/**
 * The options of `flusher_kafka_v2`: every one of the original, with its type and default. Differs on purpose, for the sake of the
 * records: always `RequiredACKs: -1` with an idempotent producer, and retries never give up.
 * Source: https://github.com/alibaba/loongcollector/blob/main/plugins/flusher/kafkav2/flusher_kafka_v2.go
 *
 * @module
 */
import * as z from "zod";
import { asksForNothing, warnedWhen, withoutEffect } from "../../core/option_notes.ts";
import { bool, choice, durationMs, integer, type OptionType, section, text, whenGood } from "../../core/options.ts";
import type { RecordHeader } from "../../kernel/envelope.ts";
import { convert, type ConvertOptions } from "../convert_options.ts";
import { brokers } from "./address_options.ts";
import { authentication, checkLogins, type KafkaSecurity, trySecurityOf } from "./authentication_options.ts";
import type { Compression } from "./compression.ts";
import { checkCompressionLevel, compression, compressionLevel, levelOf } from "./compression_options.ts";
import type { BatchingOptions } from "./flusher_kafka_v2.ts";
import type { RoutingOptions } from "./record_router.ts";
import {
  checkDelivery,
  DELIVERY_TYPES,
  type DeliveryOptions,
  positionsTopic,
  transactionalIdPrefix,
} from "./delivery_options.ts";
import { checkRouting, fallbackTopic, hashKeys, headers, PARTITIONER_TYPES } from "./routing_options.ts";
import { secret } from "./secret.ts";
import { topicPattern } from "./topic_pattern.ts";

/** Requests that an idempotent producer may have in flight for one partition (a rule of Kafka). */
const OPEN_REQUESTS_MAX = 5;

/** Where and how records are delivered to Kafka. */
export interface FlusherKafkaV2Options {
  /** `host:port`, at least one. */
  readonly brokers: readonly string[];
  readonly routing: RoutingOptions;
  readonly clientId: string;
  readonly partitioner: BatchingOptions["partitioner"];
  readonly headers: readonly RecordHeader[];
  readonly convert: ConvertOptions;
  readonly compression: Compression;
  readonly compressionLevel: number;
  readonly security?: KafkaSecurity;
  /** Records of one batch at most. */
  readonly recordsMax: number;
  /** How long a batch waits for company; 0: only while others are on their way. */
  readonly lingerMs: number;
  /** The largest record batch, in bytes; more than 1,000,000 makes no difference. */
  readonly messageBytesMax: number;
  /** How long an answer is waited for on a connection. */
  readonly requestTimeoutMs: number;
  /** How long the broker may wait for its replicas. */
  readonly brokerTimeoutMs: number;
  /** Requests in flight for one partition: 1 to 5. */
  readonly openRequestsMax: number;
  readonly backoffInitialMs: number;
  readonly backoffMaxMs: number;
  readonly metadataRefreshMs: number;
  readonly metadataRetryBackoffMs: number;
  /** Undefined: records are delivered at least once. */
  readonly exactlyOnce?: DeliveryOptions;
}

/** The options as they are written. */
const given = () =>
  z.object({
    Brokers: brokers(),
    Topic: topicPattern(),
    FallbackTopic: fallbackTopic(),
    Version: withoutEffect(text()),
    ClientID: text().default("sluice"),
    PartitionerType: choice(PARTITIONER_TYPES).default("random"),
    HashKeys: hashKeys(),
    HashOnce: bool().default(false),
    Headers: headers(),
    Delivery: choice(DELIVERY_TYPES).default("at_least_once"),
    TransactionalIDPrefix: transactionalIdPrefix(),
    PositionsTopic: positionsTopic(),
    CommitInterval: duration(10, 100),
    TransactionTimeout: duration(5000, 60_000),
    RequiredACKs: requiredAcks(),
    MaxMessageBytes: integer({ min: 1024, max: 1 << 30 }).default(1_000_000),
    Compression: compression(),
    CompressionLevel: compressionLevel(),
    BulkMaxSize: integer({ min: 1 }).optional(),
    BulkFlushFrequency: duration(0, 0),
    MaxOpenRequests: maxOpenRequests(),
    Timeout: duration(100, 30_000),
    BrokerTimeout: duration(100, 10_000),
    MaxRetries: maxRetries(),
    Backoff: section({ Init: duration(1, 1000), Max: duration(1, 60_000) }),
    Metadata: section({
      Retry: section({ Max: withoutEffect(integer()), Backoff: duration(1, 250) }),
      RefreshFrequency: duration(1000, 600_000),
      Full: withoutEffect(bool()),
    }),
    KeepAlive: withoutEffect(durationMs()),
    ChanBufferSize: withoutEffect(integer()),
    Authentication: authentication(),
    SASLUsername: text().optional(),
    SASLPassword: secret().optional(),
    Convert: convert(),
  }).superRefine((given, context) => {
    if (given.Backoff.Init <= given.Backoff.Max) return;
    context.addIssue({ code: "custom", path: ["Backoff", "Max"], message: "must not be less than Backoff.Init" });
  }, whenGood("Backoff"))
    .superRefine(checkRouting, whenGood("PartitionerType", "HashKeys"))
    .superRefine(checkCompressionLevel, whenGood("Compression", "CompressionLevel"))
    .superRefine(checkDelivery, whenGood("Delivery", "RequiredACKs"))
    .superRefine(checkLogins, whenGood("Authentication", "SASLUsername", "SASLPassword"));

/** The schema of `FlusherKafkaV2Options`. */
export const flusherKafkaV2Options = (): z.ZodType<FlusherKafkaV2Options> => given().transform(toOptions);

/** What the schema has read. */
type Given = z.infer<ReturnType<typeof given>>;

function toOptions(given: Given): FlusherKafkaV2Options {
  const isHashed = given.PartitionerType === "hash" || given.PartitionerType === "murmur2";
  const security = trySecurityOf(given);
  return {
    brokers: given.Brokers,
    routing: {
      topic: given.Topic,
      fallbackTopic: given.FallbackTopic,
      hashKeys: isHashed ? given.HashKeys : undefined,
      hashOnce: given.HashOnce,
    },
    clientId: given.ClientID,
    partitioner: given.PartitionerType,
    headers: given.Headers,
    convert: given.Convert,
    compression: given.Compression,
    compressionLevel: levelOf(given.Compression, given.CompressionLevel),
    ...(security && { security }),
    recordsMax: given.BulkMaxSize ?? Infinity,
    lingerMs: given.BulkFlushFrequency,
    messageBytesMax: given.MaxMessageBytes,
    requestTimeoutMs: given.Timeout,
    brokerTimeoutMs: given.BrokerTimeout,
    openRequestsMax: Math.min(given.MaxOpenRequests, OPEN_REQUESTS_MAX),
    backoffInitialMs: given.Backoff.Init,
    backoffMaxMs: given.Backoff.Max,
    metadataRefreshMs: given.Metadata.RefreshFrequency,
    metadataRetryBackoffMs: given.Metadata.Retry.Backoff,
    ...(given.Delivery === "exactly_once" && {
      exactlyOnce: {
        transactionalIdPrefix: given.TransactionalIDPrefix,
        positionsTopic: given.PositionsTopic,
        commitIntervalMs: given.CommitInterval,
        transactionTimeoutMs: given.TransactionTimeout,
      },
    }),
  };
}

/** A bare number is nanoseconds, as in the original; hardly anybody means 100 of them. */
function duration(min: number, otherwise: number): OptionType<number> {
  return warnedWhen(durationMs({ min }).default(otherwise), (given) => {
    const isTiny = typeof given === "string" && /^\d+$/.test(given) && Number(given) > 0 && Number(given) < 1e6;
    return isTiny ? `a bare number is nanoseconds, as in the original: write ${given}ms or ${given}s` : undefined;
  });
}

function requiredAcks(): OptionType<number> {
  return warnedWhen(integer({ min: -1, max: 1 }).default(-1), (given) => {
    const isWeaker = given === "0" || given === "1";
    return isWeaker ? "-1 (all replicas in sync) is used, so that no record is lost" : undefined;
  });
}

function maxOpenRequests(): OptionType<number> {
  return warnedWhen(integer({ min: 1 }).default(OPEN_REQUESTS_MAX), (given) => {
    const isMore = Number(given) > OPEN_REQUESTS_MAX;
    return isMore ? `${OPEN_REQUESTS_MAX} are used: the most that keep records in order and single` : undefined;
  });
}

function maxRetries(): OptionType<unknown> {
  return warnedWhen(
    integer().optional(),
    (given) => asksForNothing(given) ? undefined : "has no effect: retries never give up",
  );
}
