import { assertEquals } from "@std/assert";
import { testKernel } from "../../tests/support/kernel.ts";
import { decodeRecordBatch } from "../../tests/support/record_batch.ts";
import type { KernelSlot } from "./slot.ts";
import { Template } from "./template.ts";

const CONTENT_ONLY = new Template([{ kind: "escaped", column: 0 }]);
const decoder = new TextDecoder();

/** A slot with one record a line. */
async function slotOf(lines: readonly string[]): Promise<KernelSlot> {
  const kernel = testKernel();
  const text = new TextEncoder().encode(lines.map((line) => line + "\n").join(""));
  kernel.chunk.set(text);
  const rows = kernel.decodeContainerLog(text.length, 3);
  const slot = await kernel.takeSlot(() => 1_700_000_000_000);
  kernel.renderRecords(CONTENT_ONLY, 0, rows, slot);
  return slot;
}

/** What a broker would find in the slot now; decoding checks every length and the checksum. */
function read(slot: KernelSlot): string[] {
  slot.seal(1n, 0, 0);
  const { records } = decodeRecordBatch(slot.frame(new Uint8Array(0)).slice());
  assertEquals(records.map(({ offsetDelta }) => offsetDelta), records.map((_, index) => index));
  return records.map(({ value }) => decoder.decode(value!));
}

const LINES = Array.from(
  { length: 500 },
  (_, index) => `${index} ${"x".repeat(index % 97 === 0 ? 9000 : index % 130)}`,
);

Deno.test("messages() gives back every message", async () => {
  const slot = await slotOf(LINES);
  assertEquals(Array.from(slot.messages(), (message) => decoder.decode(message)), LINES);
});

Deno.test("a batch sent in parts holds each record once, in order, numbered from 0", async () => {
  const slot = await slotOf(LINES);
  slot.narrow(300);
  slot.narrow(70);
  const parts = [read(slot)];
  while (slot.takeRest()) {
    if (slot.recordCount > 200) slot.narrow(200);
    parts.push(read(slot));
  }
  assertEquals(parts.map((part) => part.length), [70, 200, 200, 30]);
  assertEquals(parts.flat(), LINES);
});
