import { assert, assertEquals, assertThrows } from "@std/assert";
import { crc32c } from "../../src/deliver/kafka/exactly_once/crc32c.ts";
import { lz4FrameDecompress } from "./lz4_frame.ts";
import { ArraySlot, decodeRecordBatch, encodeRecordBatch } from "./record_batch.ts";

const encoder = new TextEncoder();

Deno.test("CRC-32C gives the values of RFC 3720", () => {
  assertEquals(crc32c(encoder.encode("123456789")), 0xe3069283);
  assertEquals(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assertEquals(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assertEquals(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e);
  assertEquals(crc32c(new Uint8Array()), 0);
});

Deno.test("a record batch has the bytes that a Kafka producer writes", () => {
  const bytes = encodeRecordBatch([{ value: encoder.encode("hi"), timestampMs: 1000 }]);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  assertEquals(
    hex.replace(/^(.{34}).{8}/, "$1________"),
    [
      "0000000000000000", // base offset
      "0000003a", // length of what follows: 58
      "ffffffff", // partition leader epoch
      "02", // magic
      "________", // checksum
      "0000", // attributes
      "00000000", // last offset delta
      "00000000000003e8", // base timestamp
      "00000000000003e8", // max timestamp
      "ffffffffffffffff", // producer id
      "ffff", // producer epoch
      "ffffffff", // base sequence
      "00000001", // record count
      "10", // record length 8
      "00", // attributes
      "00", // timestamp delta
      "00", // offset delta
      "01", // no key
      "04", // value length 2
      "6869",
      "00", // no headers
    ].join(""),
  );
});

Deno.test("what was encoded is decoded: keys, nulls, headers, times, long values", () => {
  const records = [
    { key: encoder.encode("k"), value: encoder.encode("first"), timestampMs: 1_700_000_000_000 },
    { key: null, value: null, timestampMs: 1_700_000_000_500 },
    { key: null, value: new Uint8Array(100_000).fill(7), timestampMs: 1_699_999_999_000 },
    { value: new Uint8Array(), timestampMs: 1_700_000_000_001, headers: [{ key: "h", value: encoder.encode("v") }] },
  ];
  const batch = decodeRecordBatch(encodeRecordBatch(records, { producerId: 9n, producerEpoch: 3, baseSequence: 70 }));
  assertEquals([batch.producerId, batch.producerEpoch, batch.baseSequence], [9n, 3, 70]);
  assertEquals([batch.compression, batch.isControl, batch.isTransactional], ["none", false, false]);
  assertEquals([batch.baseTimestampMs, batch.maxTimestampMs], [1_700_000_000_000, 1_700_000_000_500]);
  assertEquals(batch.records.map(({ timestampMs }) => timestampMs), records.map(({ timestampMs }) => timestampMs));
  assertEquals(batch.records.map(({ key }) => key), records.map(({ key }) => key ?? null));
  assertEquals(batch.records.map(({ value }) => value), records.map(({ value }) => value));
  assertEquals(batch.records[3].headers, [{ key: "h", value: encoder.encode("v") }]);
});

Deno.test("a batch with any one byte changed behind the checksum, or cut short, is refused", () => {
  const whole = encodeRecordBatch([{ value: encoder.encode("value"), timestampMs: 5 }]);
  for (let at = 16; at < whole.length; at++) {
    const damaged = whole.slice();
    damaged[at] ^= 1;
    assertThrows(() => decodeRecordBatch(damaged), Error, "Not a valid record batch");
  }
  assertThrows(() => decodeRecordBatch(whole.subarray(0, whole.length - 1)));
});

Deno.test("a sealed slot is a valid batch under its identity, also when sealed again", () => {
  const slot = new ArraySlot([{ value: encoder.encode("a") }, { value: encoder.encode("b") }]);
  for (const baseSequence of [0, 2 ** 31 - 1]) {
    slot.seal(5n, 1, baseSequence);
    const framed = slot.frame(encoder.encode("header"));
    assertEquals(new TextDecoder().decode(framed.subarray(0, 6)), "header");
    const batch = decodeRecordBatch(framed.subarray(6));
    assertEquals([batch.producerId, batch.producerEpoch, batch.baseSequence], [5n, 1, baseSequence]);
    assertEquals([batch.bytes, batch.records.length], [slot.batchBytes, slot.recordCount]);
  }
});

/** A frame with one block, without checksums. */
function frame(...block: number[]): Uint8Array {
  return new Uint8Array([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, block.length, 0, 0, 0, ...block, 0, 0, 0, 0]);
}

Deno.test("an LZ4 block with a match that overlaps itself is decompressed", () => {
  const bytes = lz4FrameDecompress(frame(0x1f, 0x61, 1, 0, 5, 0x50, 0x62, 0x62, 0x62, 0x62, 0x62));
  assertEquals(new TextDecoder().decode(bytes), "a" + "a".repeat(24) + "bbbbb");
});

Deno.test("an LZ4 block that breaks the format's rules about its end or its matches is refused", () => {
  const cases: [name: string, frame: Uint8Array, message: string][] = [
    ["4 literals at the end", frame(0x1f, 0x61, 1, 0, 5, 0x40, 0x62, 0x62, 0x62, 0x62), "5 literals"],
    ["a match 9 bytes before the end", frame(0x10, 0x61, 1, 0, 0x50, 0x62, 0x62, 0x62, 0x62, 0x62), "12 bytes"],
    ["a match before the start", frame(0x1f, 0x61, 2, 0, 5, 0x50, 1, 2, 3, 4, 5), "before the start"],
    ["a match at distance 0", frame(0x1f, 0x61, 0, 0, 5, 0x50, 1, 2, 3, 4, 5), "before the start"],
    ["no literals at the end", frame(0x1f, 0x61, 1, 0, 5), "does not end with literals"],
  ];
  for (const [name, bytes, message] of cases) assertThrows(() => lz4FrameDecompress(bytes), Error, message, name);
});

Deno.test("decoding is fast enough for tests with hundreds of thousands of records", () => {
  const records = Array.from({ length: 200_000 }, () => ({ value: encoder.encode("x".repeat(200)), timestampMs: 0 }));
  const bytes = encodeRecordBatch(records);
  const startMs = performance.now();
  assertEquals(decodeRecordBatch(bytes).records.length, 200_000);
  assert(performance.now() - startMs < 3000);
});
