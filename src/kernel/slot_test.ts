import { assert, assertEquals, assertThrows } from "@std/assert";
import { zstdCompressSync } from "node:zlib";
import { seededRandom } from "../../tests/support/random.ts";
import { nginxLine, testKernel } from "../../tests/support/kernel.ts";
import { type DecodedRecordBatch, decodeRecordBatch } from "../../tests/support/record_batch.ts";
import { batchCodec, COMPRESSIONS } from "../deliver/kafka/compression.ts";
import type { Kernel } from "./kernel.ts";
import { planLayout } from "./layout.ts";
import type { BatchCodec } from "./record_packer.ts";
import type { KernelSlot } from "./slot.ts";
import { MESSAGE_COLUMN } from "./text_rows.ts";
import { Template } from "./template.ts";

const AS_IT_IS = new Template([{ kind: "verbatim", column: MESSAGE_COLUMN }]);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const LINES = Array.from({ length: 300 }, (_, number) => nginxLine(number).trimEnd());
const lz4 = batchCodec("lz4", 0);

/** A slot with a record of each text. */
async function slotOf(texts: readonly (string | Uint8Array)[], codec: BatchCodec | undefined, kernel = testKernel()) {
  const slot = await kernel.takeSlot(() => 1_700_000_000_000);
  slot.compressWith(codec);
  fill(kernel, slot, texts);
  return slot;
}

function fill(kernel: Kernel, slot: KernelSlot, texts: readonly (string | Uint8Array)[]): void {
  const rows = kernel.setTexts(texts, 0);
  assertEquals(kernel.renderRecords(AS_IT_IS, 0, rows, slot), texts.length);
}

/** What a broker would find; decoding checks every length and the checksum. */
function read(slot: KernelSlot, sequence = 0): DecodedRecordBatch {
  slot.seal(1n, 0, sequence);
  return decodeRecordBatch(slot.frame(new Uint8Array(0)).slice());
}

function textsOf({ records }: DecodedRecordBatch): string[] {
  return records.map(({ value }) => decoder.decode(value!));
}

Deno.test("a sealed slot is compressed with its codec, says so, and holds the same records", async () => {
  for (const compression of COMPRESSIONS) {
    const slot = await slotOf(LINES, batchCodec(compression, 4));
    const batch = read(slot);
    assertEquals([batch.attributes, batch.compression], [COMPRESSIONS.indexOf(compression), compression]);
    assertEquals(textsOf(batch), LINES);
    assertEquals(batch.bytes, slot.batchBytes);
    assert(compression === "none" || slot.batchBytes < slot.renderedBytes / 4, `${compression}: ${slot.batchBytes}`);
    assertEquals(Array.from(slot.messages(), (message) => decoder.decode(message)), LINES);
  }
});

Deno.test("sealed again, a slot has another identity and is not compressed again", async () => {
  let times = 0;
  const slot = await slotOf(LINES, {
    attributes: 4,
    compress: (records) => {
      times++;
      return zstdCompressSync(records);
    },
  });
  const batches = [read(slot, 7), read(slot, 8)];
  assertEquals(batches.map(({ baseSequence }) => baseSequence), [7, 8]);
  assertEquals(batches.map(textsOf), [LINES, LINES]);
  assertEquals(times, 1);
});

Deno.test("parts of a batch are compressed each for itself", async () => {
  const slot = await slotOf(LINES, lz4);
  const wholeBytes = read(slot).bytes;
  slot.narrow(200);
  assertEquals(slot.batchBytes, slot.renderedBytes);
  assertEquals(textsOf(read(slot)), LINES.slice(0, 200));
  slot.narrow(50);
  assertEquals(textsOf(read(slot)), LINES.slice(0, 50));
  assert(slot.batchBytes < wholeBytes);
  assert(slot.takeRest());
  assertEquals(textsOf(read(slot)), LINES.slice(50));
  assertEquals(slot.takeRest(), false);
});

Deno.test("what is rendered after sealing is in the next sealing", async () => {
  const kernel = testKernel();
  const slot = await slotOf(LINES, lz4, kernel);
  read(slot);
  fill(kernel, slot, ["one more"]);
  assertEquals(textsOf(read(slot)), [...LINES, "one more"]);
});

Deno.test("what does not get smaller is sent as it is", async () => {
  const random = seededRandom("incompressible");
  const noise = random.bytes(300_000);
  for (const compression of COMPRESSIONS) {
    for (const texts of [[noise], ["x"]]) {
      const slot = await slotOf(texts, batchCodec(compression, 1));
      const batch = read(slot);
      assertEquals([batch.attributes, slot.batchBytes], [0, slot.renderedBytes], compression);
      assertEquals(batch.records[0].value, typeof texts[0] === "string" ? encoder.encode(texts[0]) : texts[0]);
    }
  }
});

Deno.test("a compressed batch is smaller by at least one byte", async () => {
  for (const [saved, attributes] of [[0, 0], [1, 1], [-1000, 0]]) {
    const slot = await slotOf(["x".repeat(100)], {
      attributes: 1,
      compress: (records) => new Uint8Array(records.length - saved),
    });
    slot.seal(1n, 0, 0);
    assertEquals(slot.frame(new Uint8Array(0))[22], attributes, `${saved} bytes saved`);
    assertEquals(slot.batchBytes, slot.renderedBytes - attributes);
  }
});

Deno.test("the request's head lies directly before the batch, compressed or not", async () => {
  const head = encoder.encode("head ".repeat(200));
  for (const texts of [LINES, ["x"]]) {
    const slot = await slotOf(texts, lz4);
    slot.seal(1n, 0, 0);
    const framed = slot.frame(head);
    assertEquals(framed.subarray(0, head.length), head);
    assertEquals(textsOf(decodeRecordBatch(framed.slice(head.length))), texts);
    assertEquals(framed.length, head.length + slot.batchBytes);
  }
});

Deno.test("a slot forgets its codec when it is released", async () => {
  const kernel = testKernel({ slots: 1 });
  const slot = await slotOf(LINES, lz4, kernel);
  read(slot);
  slot.release();
  const next = await kernel.takeSlot(() => 0);
  fill(kernel, next, LINES);
  assertEquals(read(next).compression, "none");
});

Deno.test("a slot that is sent before it is sealed, or after its records changed, is a bug", async () => {
  const slot = await slotOf(LINES, lz4);
  assertThrows(() => slot.frame(new Uint8Array(0)));
  read(slot);
  slot.narrow(1);
  assertThrows(() => slot.frame(new Uint8Array(0)));
});

Deno.test("slots keep their bytes while others are filled and sealed", async () => {
  const kernel = testKernel({ slots: 3, batchBytesMax: 20_000 });
  const random = seededRandom("neighbours");
  const texts = (["lz4", "snappy", "zstd"] as const).map((codec, index) => {
    return { codec, texts: index === 1 ? [random.bytes(15_000)] : LINES.slice(index * 20, index * 20 + 60) };
  });
  const sent: { framed: Uint8Array; copy: Uint8Array }[] = [];
  for (const { codec, texts: content } of texts) {
    const slot = await slotOf(content, batchCodec(codec, 1), kernel);
    slot.seal(1n, 0, 0);
    const framed = slot.frame(new Uint8Array(1024));
    sent.push({ framed, copy: framed.slice() });
  }
  for (const { framed, copy } of sent) assertEquals(framed, copy);
});

Deno.test("no region of a memory lies in that of what is compressed", () => {
  const layout = planLayout({ lineBytesMax: 1000, batchBytesMax: 2000, slots: 3, rowsMax: 10 });
  const regions = [
    ...layout.batches.map((batch) => [batch - 1024, 1024 + layout.batchRoomBytes]),
    ...layout.packed.map((packed) => [packed - 1024, 1024 + layout.packedRoomBytes]),
    [layout.compressionTable, 32 * 1024],
    [layout.patterns, layout.patternsBytes],
  ].sort(([a], [b]) => a - b);
  regions.forEach(([start], index) => {
    const [before, bytes] = regions[index - 1] ?? [0, 0];
    assert(before + bytes + 16 <= start, `region ${index} begins inside the one before`);
  });
  const [start, bytes] = regions.at(-1)!;
  assert(start + bytes <= layout.totalBytes);
  assert(layout.packedRoomBytes >= layout.batchRoomBytes * 7 / 6);
});
