import { assertEquals } from "@std/assert";
import { RecordingLog } from "../../../tests/support/recording_log.ts";
import { CompressedBatch } from "./exactly_once/fetched_batches.ts";
import { FailureReport } from "./failure_report.ts";

Deno.test("a topic of positions that brokers compress is named, and what to do about it", () => {
  const log = new RecordingLog();
  new FailureReport(log, ["kafka:9092"]).waitingForTransactions("topic sluice-positions", new CompressedBatch());
  assertEquals(log.lines, [
    "throttled kafka compresses kafka:9092 topic sluice-positions: Kafka at kafka:9092 compresses what is written to topic sluice-positions, so that positions in it cannot be read. " +
    "Records wait and none is lost: name another topic as PositionsTopic, which is made as it must be, or remove this one and " +
    "what it holds",
  ]);
});
