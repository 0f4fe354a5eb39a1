import { assertEquals, assertThrows } from "@std/assert";
import { InvariantError } from "../../core/assert.ts";
import { encodeProduceHeader, parseProduceAnswer, ProduceRequests } from "./produce_request.ts";
import { initProducerIdRequest, parseInitProducerIdAnswer } from "./init_producer_id_request.ts";
import { metadataRequest, parseMetadataAnswer } from "./metadata_request.ts";
import { WireWriter } from "./wire.ts";

/** Bytes from hexadecimal, blanks ignored. */
function hex(text: string): Uint8Array {
  return Uint8Array.from(text.replaceAll(/\s/g, "").match(/../g) ?? [], (digits) => parseInt(digits, 16));
}

Deno.test("a Produce request has the bytes that the protocol asks for", () => {
  const target = { topic: "logs", partition: 3, timeoutMs: 30_000 };
  assertEquals(
    encodeProduceHeader(target, 1000, 7, "ab"),
    hex([
      "0000 0412", // size: what follows, with 1,000 bytes of records
      "0000 0007 0000 0007", // Produce, version 7, correlation id
      "0002 6162", // client id
      "ffff ffff 0000 7530", // no transactional id, acks all, 30,000 ms
      "0000 0001 0004 6c6f6773", // one topic: logs
      "0000 0001 0000 0003", // one partition: 3
      "0000 03e8", // length of the records
    ].join("")),
  );
});

Deno.test("the heads of many Produce requests are those that each would have alone", () => {
  const target = { topic: "logs", partition: 3, timeoutMs: 30_000, transactionalId: "t" };
  const requests = new ProduceRequests(target);
  for (const [bytes, id, clientId] of [[1000, 7, "ab"], [2 ** 30, 2 ** 31 - 1, "ab"], [1, 0, "other"]] as const) {
    assertEquals(requests.header(bytes, id, clientId), encodeProduceHeader(target, bytes, id, clientId));
  }
});

Deno.test("a Produce request that does not fit before a slot's batch is a bug", () => {
  const target = { topic: "t".repeat(249), partition: 0, timeoutMs: 1 };
  assertThrows(() => encodeProduceHeader(target, 1, 0, "c".repeat(800)), InvariantError);
});

Deno.test("the answer to a Produce request gives the partition's error and offset", () => {
  const payload = new WireWriter().int32(1).string("logs").int32(1).int32(3).int16(46).int64(99n).int64(-1n).int64(0n);
  assertEquals(parseProduceAnswer(payload.int32(250).bytes()), { errorCode: 46, baseOffset: 99n });
});

Deno.test("a Produce answer that is cut short or speaks of no partition is refused", () => {
  const whole = new WireWriter().int32(1).string("logs").int32(1).int32(3).int16(0).int64(0n).int64(0n).int64(0n).int32(
    0,
  );
  for (let length = 0; length < whole.length; length++) {
    assertThrows(() => parseProduceAnswer(whole.bytes().slice(0, length)), RangeError);
  }
  assertThrows(() => parseProduceAnswer(new WireWriter().int32(0).int32(0).bytes()), RangeError, "0 topics");
  const noPartition = new WireWriter().int32(1).string("logs").int32(0).int32(0);
  assertThrows(() => parseProduceAnswer(noPartition.bytes()), RangeError, "0 partitions");
});

Deno.test("a Metadata request asks for one topic and lets the broker create it", () => {
  assertEquals(
    metadataRequest("logs").encode(9, "c"),
    hex("0000 0016 0003 0004 0000 0009 0001 63 00000001 0004 6c6f6773 01"),
  );
});

Deno.test("a Metadata answer gives brokers and leaders, also of a topic with leaderless partitions", () => {
  const payload = new WireWriter().int32(0).int32(1).int32(5).string("kafka-5").int32(9092).string(null);
  payload.string("cluster").int32(5).int32(1).int16(0).string("logs").boolean(false).int32(2);
  payload.int16(0).int32(0).int32(5).int32(1).int32(5).int32(1).int32(5);
  payload.int16(5).int32(1).int32(-1).int32(1).int32(6).int32(0);
  assertEquals(parseMetadataAnswer(payload.bytes()), {
    brokers: new Map([[5, { host: "kafka-5", port: 9092 }]]),
    controllerId: 5,
    errorCode: 0,
    leaders: new Map([[0, 5], [1, -1]]),
  });
});

Deno.test("an InitProducerId request asks without a transactional id", () => {
  assertEquals(initProducerIdRequest.encode(2, "c"), hex("0000 0011 0016 0001 0000 0002 0001 63 ffff 7fffffff"));
});

Deno.test("an InitProducerId answer gives the identity", () => {
  const payload = new WireWriter().int32(0).int16(0).int64(4_000_000_000_000n).int16(2).bytes();
  assertEquals(parseInitProducerIdAnswer(payload), { errorCode: 0, producerId: 4_000_000_000_000n, epoch: 2 });
});

Deno.test("a writer grows over its first size without losing anything", () => {
  const writer = new WireWriter(1);
  for (let value = 0; value < 1000; value++) writer.int8(value & 127).int16(value).int32(value).int64(BigInt(value));
  const view = new DataView(writer.bytes().buffer);
  for (let value = 0; value < 1000; value++) assertEquals(view.getBigInt64(value * 15 + 7), BigInt(value));
});
