import { assertEquals } from "@std/assert";
import { CONVERT_DEFAULT } from "../convert_options.ts";
import { flusherKafkaV2Options } from "./options.ts";

const REQUIRED = { Brokers: ["kafka:9092"], Topic: "access-log" };

Deno.test("defaults are safe ones", () => {
  assertEquals(flusherKafkaV2Options().parse(REQUIRED), {
    brokers: ["kafka:9092"],
    routing: {
      topic: { texts: ["access-log"], paths: [] },
      fallbackTopic: undefined,
      hashKeys: undefined,
      hashOnce: false,
    },
    clientId: "sluice",
    partitioner: "random",
    headers: [],
    convert: CONVERT_DEFAULT,
    compression: "none",
    compressionLevel: 1,
    recordsMax: Infinity,
    lingerMs: 0,
    messageBytesMax: 1_000_000,
    requestTimeoutMs: 30_000,
    brokerTimeoutMs: 10_000,
    openRequestsMax: 5,
    backoffInitialMs: 1000,
    backoffMaxMs: 60_000,
    metadataRefreshMs: 600_000,
    metadataRetryBackoffMs: 250,
  });
});

Deno.test("Brokers are a list or a text, with or without port", () => {
  const cases: readonly [unknown, string[]][] = [
    ["kafka", ["kafka:9092"]],
    ["a:1, b,10.0.0.1:9093", ["a:1", "b:9092", "10.0.0.1:9093"]],
    [["kafka-0.kafka.svc:9094", "[::1]:9092", "[fe80::1]"], [
      "kafka-0.kafka.svc:9094",
      "[::1]:9092",
      "[fe80::1]:9092",
    ]],
  ];
  for (const [Brokers, brokers] of cases) {
    assertEquals(flusherKafkaV2Options().parse({ ...REQUIRED, Brokers }).brokers, brokers);
  }
});

Deno.test("Brokers that cannot be are refused", () => {
  for (
    const broker of ["", " ", "<kafka_host>:<kafka_port>", "kafka:0", "kafka:65536", "http://a", "a:b", "::1", "a b"]
  ) {
    assertEquals(flusherKafkaV2Options().safeParse({ ...REQUIRED, Brokers: [broker] }).success, false, broker);
  }
});

Deno.test("Topic is what Kafka allows", () => {
  for (
    const [Topic, isGood] of [
      ["a", true],
      ["A.b_c-9", true],
      ["x".repeat(249), true],
      ["x".repeat(250), false],
      ["", false],
      [".", false],
      ["..", false],
      ["...", true],
      ["a/b", false],
      ["ä", false],
      ["%{content.a}", true],
      ["logs-%{tag.k8s.pod.name}.%{content.a}", true],
      ["%{a}", false],
      ["%{content.}", false],
      ["a-%{content.a", false],
      ["%{content.a}/b", false],
    ] as const
  ) {
    assertEquals(flusherKafkaV2Options().safeParse({ ...REQUIRED, Topic }).success, isGood, Topic);
  }
});

Deno.test("weaker wishes are accepted, and what would change records is refused", () => {
  const accepted = { RequiredACKs: "0", MaxRetries: "3", MaxOpenRequests: "99", Compression: "None", Version: "1.0.0" };
  assertEquals(flusherKafkaV2Options().parse({ ...REQUIRED, ...accepted }).openRequestsMax, 5);
  const refused = [
    { Compression: "brotli" },
    { Compression: "gzip", CompressionLevel: "10" },
    { PartitionerType: "hash" },
    { PartitionerType: "murmur2", HashKeys: [] },
    { PartitionerType: "roundrobin-hash" },
    { Headers: { key: "a", value: "b" } },
    { Headers: [{ key: "a", value: "x".repeat(10_000) }] },
    { FallbackTopic: "a/b" },
    { BulkMaxSize: "0" },
    { Convert: { Protocol: "influxdb" } },
    { SASLUsername: "a" },
    { Authentication: { PlainText: { Username: "a" } } },
    { RequiredACKs: "2" },
    { Backoff: { Init: "2s", Max: "1s" } },
  ];
  for (const one of refused) {
    assertEquals(flusherKafkaV2Options().safeParse({ ...REQUIRED, ...one }).success, false, JSON.stringify(one));
  }
});

Deno.test("PartitionerType, HashKeys, HashOnce: keys are made of fields only where they are asked for", () => {
  const HashKeys = ["content.a", "tag.k8s.pod.name", "bare"];
  const paths = [{ kind: "content", name: "a" }, { kind: "tag", name: "k8s.pod.name" }, {
    kind: "content",
    name: "bare",
  }];
  for (
    const [PartitionerType, hashKeys] of [["random", undefined], ["roundrobin", undefined], ["hash", paths], [
      "murmur2",
      paths,
    ]]
  ) {
    const { routing, partitioner } = flusherKafkaV2Options().parse({
      ...REQUIRED,
      PartitionerType,
      HashKeys,
      HashOnce: "true",
    });
    assertEquals<unknown>([routing.hashKeys, routing.hashOnce, partitioner], [hashKeys, true, PartitionerType]);
  }
});

Deno.test("Headers, Compression, BulkMaxSize, BulkFlushFrequency, FallbackTopic are handed on", () => {
  const Headers = [{ key: "a", value: "b" }, { key: "", value: "left out" }, { key: "empty" }];
  const given = {
    Headers,
    Compression: "ZSTD",
    CompressionLevel: "19",
    BulkMaxSize: "100",
    BulkFlushFrequency: "250ms",
  };
  const options = flusherKafkaV2Options().parse({ ...REQUIRED, ...given, FallbackTopic: "rest" });
  assertEquals(options.headers, [{ key: "a", value: "b" }, { key: "empty", value: "" }]);
  assertEquals([options.compression, options.compressionLevel], ["zstd", 19]);
  assertEquals([options.recordsMax, options.lingerMs, options.routing.fallbackTopic], [100, 250, "rest"]);
});

Deno.test("Authentication, Convert reach their places", () => {
  const Authentication = { PlainText: { Username: "u", Password: "p" } };
  const { security, convert } = flusherKafkaV2Options().parse({
    ...REQUIRED,
    Authentication,
    Convert: { Protocol: "raw" },
  });
  assertEquals([security?.sasl?.mechanism, convert.form], ["PLAIN", "raw"]);
});
