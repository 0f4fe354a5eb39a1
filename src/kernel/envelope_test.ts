import { assertEquals } from "@std/assert";
import { testKernel } from "../../tests/support/kernel.ts";
import { type DecodedRecord, decodeRecordBatch } from "../../tests/support/record_batch.ts";
import { Envelope, type RecordKey } from "./envelope.ts";
import type { KernelSlot } from "./slot.ts";
import { Template } from "./template.ts";
import { KEY_COLUMN, MESSAGE_COLUMN } from "./text_rows.ts";

const AS_IT_IS = new Template([{ kind: "verbatim", column: MESSAGE_COLUMN }]);
const HEADERS = [{ key: "service", value: "shop" }, { key: "é", value: "" }, { key: "long", value: "x".repeat(5000) }];
const MESSAGES = Array.from({ length: 300 }, (_, index) => `${index} ${"m".repeat(index % 130)}`);
const KEYS = MESSAGES.map((_, index) => index % 50 === 0 ? "k".repeat(20_000) : "é".repeat(index % 100));
const decoder = new TextDecoder();

async function slotOf(key: RecordKey, headers: typeof HEADERS): Promise<KernelSlot> {
  const kernel = testKernel({ batchBytesMax: 4_000_000 });
  const rows = kernel.setTexts(MESSAGES, 0, KEYS);
  const slot = await kernel.takeSlot(() => 1_700_000_000_000);
  assertEquals(kernel.renderRecords(AS_IT_IS, 0, rows, slot, new Envelope(key, headers)), MESSAGES.length);
  return slot;
}

/** What a broker would find; decoding checks every length and the checksum. */
function read(slot: KernelSlot): readonly DecodedRecord[] {
  slot.seal(1n, 0, 0);
  return decodeRecordBatch(slot.frame(new Uint8Array(0)).slice()).records;
}

const textOf = (bytes: Uint8Array | null) => bytes === null ? null : decoder.decode(bytes);
const headersOf = ({ headers }: DecodedRecord) => headers.map(({ key, value }) => ({ key, value: textOf(value) }));

for (
  const [name, key, keyOf] of [
    ["no key", undefined, () => null],
    ["an empty key", "", () => ""],
    ["one key for all", "é-key", () => "é-key"],
    ["a key of each record", { column: KEY_COLUMN }, (index: number) => KEYS[index].slice(0, 16_384)],
  ] as const
) {
  Deno.test(`a record carries its key and headers beside its message: ${name}`, async () => {
    for (const headers of [[], HEADERS]) {
      const records = read(await slotOf(key, headers));
      assertEquals(records.map(({ value }) => textOf(value)), MESSAGES);
      assertEquals(records.map((record) => textOf(record.key)), MESSAGES.map((_, index) => keyOf(index)));
      for (const record of records) assertEquals(headersOf(record), headers);
    }
  });
}

Deno.test("a batch sent in parts keeps keys and headers", async () => {
  const slot = await slotOf({ column: KEY_COLUMN }, HEADERS);
  slot.narrow(100);
  const parts = [read(slot)];
  while (slot.takeRest()) parts.push(read(slot));
  assertEquals(parts.map((part) => part.length), [100, 200]);
  assertEquals(parts.flat().map(({ key }) => textOf(key)), KEYS.map((key) => key.slice(0, 16_384)));
  for (const record of parts.flat()) assertEquals(headersOf(record), HEADERS);
  assertEquals(parts[1].map(({ offsetDelta }) => offsetDelta), parts[1].map((_, index) => index));
});

Deno.test("messages() gives back the messages, whatever is around them", async () => {
  const slot = await slotOf("key", HEADERS);
  assertEquals(Array.from(slot.messages(), (message) => decoder.decode(message)), MESSAGES);
});
