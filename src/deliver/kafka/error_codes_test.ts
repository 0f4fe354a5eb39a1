import { assertEquals, assertStringIncludes } from "@std/assert";
import { describeErrorCode, errorCode, type Verdict } from "./error_codes.ts";

Deno.test("each error code leads to what Kafka's own idempotent producer does, but never to giving up too early", () => {
  const cases: [code: number, name: string, verdict: Verdict][] = [
    [0, "NONE", "acknowledged"],
    [2, "CORRUPT_MESSAGE", "suspect"],
    [3, "UNKNOWN_TOPIC_OR_PARTITION", "retry"],
    [5, "LEADER_NOT_AVAILABLE", "retry"],
    [6, "NOT_LEADER_OR_FOLLOWER", "retry"],
    [7, "REQUEST_TIMED_OUT", "retry"],
    [10, "MESSAGE_TOO_LARGE", "undeliverable"],
    [17, "INVALID_TOPIC_EXCEPTION", "undeliverable"],
    [18, "RECORD_LIST_TOO_LARGE", "undeliverable"],
    [19, "NOT_ENOUGH_REPLICAS", "retry"],
    [20, "NOT_ENOUGH_REPLICAS_AFTER_APPEND", "retry"],
    [29, "TOPIC_AUTHORIZATION_FAILED", "retry"],
    [45, "OUT_OF_ORDER_SEQUENCE_NUMBER", "outOfOrder"],
    [46, "DUPLICATE_SEQUENCE_NUMBER", "acknowledged"],
    [47, "INVALID_PRODUCER_EPOCH", "renumber"],
    [49, "INVALID_PRODUCER_ID_MAPPING", "renumber"],
    [59, "UNKNOWN_PRODUCER_ID", "renumber"],
    [87, "INVALID_RECORD", "undeliverable"],
  ];
  for (const [code, name, verdict] of cases) {
    assertEquals([errorCode(code).name, errorCode(code).verdict], [name, verdict], `code ${code}`);
  }
});

Deno.test("a code that a newer broker brings is retried, for it may pass", () => {
  assertEquals(errorCode(9999).verdict, "retry");
});

Deno.test("a description names the code and the remedy, where there is one", () => {
  assertEquals(describeErrorCode(6), "NOT_LEADER_OR_FOLLOWER");
  assertStringIncludes(describeErrorCode(10), "MESSAGE_TOO_LARGE (lower MaxMessageBytes");
});
