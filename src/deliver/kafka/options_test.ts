import { assertEquals } from "@std/assert";
import { flusherKafkaV2Options } from "./options.ts";

const REQUIRED = { Brokers: ["kafka:9092"], Topic: "access-log" };

Deno.test("defaults are safe ones", () => {
  assertEquals(flusherKafkaV2Options.parse(REQUIRED), {
    brokers: ["kafka:9092"],
    topic: "access-log",
    clientId: "sluice",
    partitioner: "random",
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

Deno.test("brokers are a list or a text, with or without port", () => {
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
    assertEquals(flusherKafkaV2Options.parse({ ...REQUIRED, Brokers }).brokers, brokers);
  }
});

Deno.test("brokers that cannot be are refused", () => {
  for (
    const broker of ["", " ", "<kafka_host>:<kafka_port>", "kafka:0", "kafka:65536", "http://a", "a:b", "::1", "a b"]
  ) {
    assertEquals(flusherKafkaV2Options.safeParse({ ...REQUIRED, Brokers: [broker] }).success, false, broker);
  }
});

Deno.test("topics are what Kafka allows", () => {
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
      ["%{content.a}", false],
    ] as const
  ) {
    assertEquals(flusherKafkaV2Options.safeParse({ ...REQUIRED, Topic }).success, isGood, Topic);
  }
});

Deno.test("weaker wishes are accepted, and what would change records is refused", () => {
  const accepted = { RequiredACKs: "0", MaxRetries: "3", MaxOpenRequests: "99", Compression: "None", Version: "1.0.0" };
  assertEquals(flusherKafkaV2Options.parse({ ...REQUIRED, ...accepted }).openRequestsMax, 5);
  const refused = [
    { Compression: "gzip" },
    { PartitionerType: "hash" },
    { Convert: { Protocol: "raw" } },
    { Authentication: { PlainText: { Username: "a" } } },
    { RequiredACKs: "2" },
    { Backoff: { Init: "2s", Max: "1s" } },
  ];
  for (const one of refused) {
    assertEquals(flusherKafkaV2Options.safeParse({ ...REQUIRED, ...one }).success, false, JSON.stringify(one));
  }
});
