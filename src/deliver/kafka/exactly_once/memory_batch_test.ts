import { assertEquals, assertThrows } from "@std/assert";
import { testKernel } from "../../../../tests/support/kernel.ts";
import { decodeRecordBatch, encodeControlBatch, encodeRecordBatch } from "../../../../tests/support/record_batch.ts";
import { Template } from "../../../kernel/template.ts";
import { MESSAGE_COLUMN } from "../../../kernel/text_rows.ts";
import { batchCodec } from "../compression.ts";
import { crc32c } from "./crc32c.ts";
import { fetchedBatches, isCommitMark } from "./fetched_batches.ts";
import { MemoryBatch } from "./memory_batch.ts";

const AS_IT_IS = new Template([{ kind: "verbatim", column: MESSAGE_COLUMN }]);
const TRANSACTIONAL = 0x10;
const IDENTITY = { producerId: 3n, producerEpoch: 1, baseSequence: 0 };

function sealed(batch: MemoryBatch): Uint8Array {
  batch.seal(3n, 1, 9, TRANSACTIONAL);
  return batch.frame(new Uint8Array([1, 2, 3])).subarray(3);
}

Deno.test("the checksum is that of the standard, and the kernel's", () => {
  assertEquals(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
  assertEquals(crc32c(new Uint8Array(32)), 0x8a9136aa);
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index * 7);
  assertEquals(crc32c(bytes), testKernel().crc32c(bytes));
});

Deno.test("keyed records are encoded as Kafka reads them, and read back", () => {
  const records = [{ key: "a", value: "1" }, { key: "gone", value: null }, {
    key: "ü".repeat(100),
    value: "x".repeat(20_000),
  }];
  const bytes = sealed(MemoryBatch.of(records, 1_700_000_000_000));
  const decoded = decodeRecordBatch(bytes);
  const text = (part: Uint8Array | null) => part && new TextDecoder().decode(part);
  assertEquals(decoded.records.map(({ key, value }) => ({ key: text(key), value: text(value) })), records);
  const { isTransactional, producerId, producerEpoch, baseSequence, bytes: size } = decoded;
  assertEquals({ isTransactional, producerId, producerEpoch, baseSequence, size }, {
    isTransactional: true,
    producerId: 3n,
    producerEpoch: 1,
    baseSequence: 9,
    size: bytes.length,
  });
  const [batch] = fetchedBatches(bytes);
  assertEquals(batch.records.map(({ key, value }) => ({ key: text(key), value: text(value) })), records);
  assertEquals([batch.isTransactional, batch.isControl, batch.offsetEnd], [true, false, 3n]);
});

Deno.test("a copy of a slot is sent as the slot was, compressed or not, under another identity", async () => {
  for (const codec of [undefined, batchCodec("lz4", 0)]) {
    const kernel = testKernel();
    const slot = await kernel.takeSlot(() => 1_700_000_000_000);
    slot.compressWith(codec);
    const rows = kernel.setTexts(Array.from({ length: 50 }, (_, number) => `text ${number} ${"x".repeat(100)}`), 0);
    kernel.renderRecords(AS_IT_IS, 0, rows, slot);
    slot.seal(1n, 0, 7, TRANSACTIONAL);
    const original = decodeRecordBatch(slot.frame(new Uint8Array()).slice());
    const copy = MemoryBatch.copyOf(slot);
    slot.release();
    const copied = decodeRecordBatch(sealed(copy));
    assertEquals(copied.compression, codec === undefined ? "none" : "lz4");
    assertEquals([copied.records, copied.bytes], [original.records, original.bytes]);
    assertEquals([copied.producerId, copied.baseSequence, copied.isTransactional], [3n, 9, true]);
  }
});

Deno.test("marks are told apart, batches that are cut are left out, others throw", () => {
  const commit = encodeControlBatch(true, IDENTITY);
  const abort = encodeControlBatch(false, IDENTITY);
  const both = new Uint8Array([...commit, ...abort]);
  const batches = [...fetchedBatches(both)];
  assertEquals(batches.map(({ isControl, records }) => [isControl, isCommitMark(records[0])]), [[true, true], [
    true,
    false,
  ]]);
  for (let size = commit.length; size < both.length; size++) {
    assertEquals([...fetchedBatches(both.subarray(0, size))].length, 1);
  }
  const old = encodeRecordBatch([{ value: new Uint8Array(1) }], IDENTITY);
  old[16] = 1;
  assertThrows(() => [...fetchedBatches(old)], RangeError, "old format");
});
