import { assertEquals } from "@std/assert";
import { flusherKafkaV2Options } from "./options.ts";

const REQUIRED = { Brokers: ["kafka:9092"], Topic: "access-log" };

/** The options that exactly once takes, or the places of what is wrong. */
function deliveryOf(given: object): unknown {
  const { data, error } = flusherKafkaV2Options().safeParse({ ...REQUIRED, ...given });
  return error === undefined ? data.exactlyOnce : error.issues.map(({ path }) => path.join("."));
}

Deno.test("Delivery: at_least_once is the default, exactly_once has settings of its own", () => {
  assertEquals(deliveryOf({}), undefined);
  assertEquals(deliveryOf({ Delivery: "at_least_once", PositionsTopic: "p" }), undefined);
  assertEquals(deliveryOf({ Delivery: "exactly_once" }), {
    transactionalIdPrefix: undefined,
    positionsTopic: "sluice-positions",
    commitIntervalMs: 100,
    transactionTimeoutMs: 60_000,
  });
  assertEquals(deliveryOf({ Delivery: "twice" }), ["Delivery"]);
});

Deno.test("TransactionalIDPrefix, PositionsTopic, CommitInterval, TransactionTimeout are handed on", () => {
  const given = { TransactionalIDPrefix: "a/b", PositionsTopic: "p", CommitInterval: "1s", TransactionTimeout: "30s" };
  assertEquals(deliveryOf({ Delivery: "exactly_once", ...given }), {
    transactionalIdPrefix: "a/b",
    positionsTopic: "p",
    commitIntervalMs: 1000,
    transactionTimeoutMs: 30_000,
  });
});

Deno.test("TransactionalIDPrefix, PositionsTopic, CommitInterval, TransactionTimeout that cannot be are refused at their places", () => {
  const wrong = {
    TransactionalIDPrefix: "x".repeat(201),
    PositionsTopic: "a/b",
    CommitInterval: "1ms",
    TransactionTimeout: "1s",
  };
  for (const [option, value] of Object.entries(wrong)) {
    assertEquals(deliveryOf({ Delivery: "exactly_once", [option]: value }), [option]);
  }
});

Deno.test("Delivery: exactly_once needs all replicas: RequiredACKs of less is refused", () => {
  assertEquals(deliveryOf({ Delivery: "exactly_once", RequiredACKs: "1" }), ["RequiredACKs"]);
  assertEquals(deliveryOf({ Delivery: "exactly_once", RequiredACKs: "-1" }) instanceof Array, false);
});
