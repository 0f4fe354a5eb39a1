import { assertEquals, assertThrows } from "@std/assert";
import { crc32c } from "../deliver/kafka/exactly_once/crc32c.ts";
import { testKernel } from "../../tests/support/kernel.ts";
import { seededRandom } from "../../tests/support/random.ts";
import { decodeRecordBatch } from "../../tests/support/record_batch.ts";
import { COLUMNS_MAX, planLayout } from "./layout.ts";
import { Template } from "./template.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Takes nothing but UTF-8. */
const strictDecoder = new TextDecoder("utf-8", { fatal: true });
/** A message that is nothing but the content as a JSON string. */
const CONTENT_ONLY = new Template([
  { kind: "constant", bytes: encoder.encode('"') },
  { kind: "escaped", column: 0 },
  { kind: "constant", bytes: encoder.encode('"') },
]);

/** Renders raw lines (each without a newline in it) and returns the messages. */
async function render(lines: readonly Uint8Array[], kernel = testKernel()): Promise<string[]> {
  let size = 0;
  for (const line of lines) {
    kernel.chunk.set(line, size);
    kernel.chunk[size + line.length] = 0x0a;
    size += line.length + 1;
  }
  const rows = kernel.decodeContainerLog(size, 3);
  const slot = await kernel.takeSlot(() => 1_700_000_000_000);
  assertEquals(kernel.renderRecords(CONTENT_ONLY, 0, rows, slot), rows);
  slot.seal(7n, 1, 42);
  const batch = decodeRecordBatch(slot.frame(new Uint8Array(0)).slice());
  assertEquals([batch.producerId, batch.producerEpoch, batch.baseSequence], [7n, 1, 42]);
  assertEquals(batch.baseTimestampMs, 1_700_000_000_000);
  slot.release();
  return batch.records.map((record) => strictDecoder.decode(record.value!));
}

Deno.test("crc32c() agrees with the plain one at every size around the block edges", () => {
  const kernel = testKernel();
  const random = seededRandom("crc32c");
  const bytes = random.bytes(40_000);
  assertEquals(kernel.crc32c(encoder.encode("123456789")), 0xe3069283);
  const edges = [6687, 6688, 6689, 6704, 11_535, 11_536, 11_537, 11_552, 19_728, 19_729, 40_000];
  for (const size of [0, 1, 7, 8, 9, ...edges, ...Array.from({ length: 50 }, () => random.integer(0, 40_000))]) {
    assertEquals(kernel.crc32c(bytes.subarray(0, size)), crc32c(bytes.subarray(0, size)), `size ${size}`);
  }
});

Deno.test("every byte is escaped as JSON.stringify() does, and invalid UTF-8 becomes U+FFFD", async () => {
  const cases = [
    "",
    "plain",
    'a "quoted" \\ backslash',
    "\t\r\b\f\v\u0000\u001f\u007f",
    "é ß 日志 🚀 \u2028",
    "x".repeat(15) + '"',
    "x".repeat(16) + "é",
    '"'.repeat(100),
    "日".repeat(100),
  ];
  assertEquals(await render(cases.map((text) => encoder.encode(text))), cases.map((text) => JSON.stringify(text)));
});

Deno.test("any set of a step's sixteen bytes may need a backslash", async () => {
  const random = seededRandom("backslashes");
  const texts = Array.from({ length: 3000 }, () => {
    const share = random.next();
    const plain = () => String.fromCharCode(random.integer(0x23, 0x5b));
    const characters = Array.from(
      { length: random.integer(1, 40) },
      () => random.next() < share ? random.pick(['"', "\\", "\t", "\r", "\b", "\f"]) : plain(),
    );
    return characters.join("");
  });
  assertEquals(await render(texts.map((text) => encoder.encode(text))), texts.map((text) => JSON.stringify(text)));
});

Deno.test("invalid UTF-8 is replaced as TextDecoder replaces it", async () => {
  const cases = [
    [0xff],
    [0xc3],
    [0xc3, 0x28],
    [0xe2, 0x82],
    [0xe2, 0x28, 0xa1],
    [0xed, 0xa0, 0x80],
    [0xf0, 0x9f, 0x9a],
    [0xf0, 0x80, 0x80, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5, 0x80],
    [0xc0, 0xaf],
    [0x80, 0xbf, 0x41],
  ].map((bytes) => Uint8Array.from(bytes));
  assertEquals(await render(cases), cases.map((bytes) => JSON.stringify(decoder.decode(bytes))));
});

Deno.test("random bytes give the same JSON as TextDecoder and JSON.stringify()", async () => {
  const random = seededRandom("random bytes");
  const alphabet = [
    0x22,
    0x5c,
    0x09,
    0x41,
    0x20,
    0x7f,
    0x80,
    0xbf,
    0xc3,
    0xa9,
    0xe2,
    0x82,
    0xac,
    0xed,
    0xf0,
    0x9f,
    0x9a,
    0x80,
  ];
  const kernel = testKernel();
  for (let round = 0; round < 300; round++) {
    const lines = Array.from({ length: 40 }, () => {
      const wild = random.next() < 0.5;
      const size = random.integer(0, 70);
      const bytes = Array.from({ length: size }, () => wild ? random.integer(0, 255) : random.pick(alphabet));
      return Uint8Array.from(bytes.filter((byte) => byte !== 0x0a));
    });
    // A leading byte order mark is content here; the decoder below would drop it.
    const expected = lines.map((line) => JSON.stringify(new TextDecoder("utf-8", { ignoreBOM: true }).decode(line)));
    assertEquals(await render(lines, kernel), expected);
  }
});

Deno.test("records of every size are framed right, at the edges of their lengths' sizes too", async () => {
  const sizes = [
    0,
    1,
    50,
    51,
    52,
    53,
    54,
    55,
    56,
    57,
    58,
    59,
    60,
    61,
    62,
    63,
    64,
    8170,
    8180,
    8185,
    8189,
    8190,
    8191,
    8192,
  ];
  const lines = sizes.map((size) => encoder.encode("x".repeat(size)));
  assertEquals(await render(lines), lines.map((line) => JSON.stringify(decoder.decode(line))));
});

Deno.test("a batch takes no record that might pass its end, but always a first one", async () => {
  const kernel = testKernel({ batchBytesMax: 64 * 1024, slots: 1 });
  const line = encoder.encode("y".repeat(9_000) + "\n");
  for (let at = 0; at < 20; at++) kernel.chunk.set(line, at * line.length);
  const rows = kernel.decodeContainerLog(20 * line.length, 3);
  assertEquals(rows, 20);
  const slot = await kernel.takeSlot(() => 0);
  const next = kernel.renderRecords(CONTENT_ONLY, 0, rows, slot);
  assertEquals(next > 0 && next < 20, true);
  assertEquals(slot.batchBytes <= 64 * 1024, true);
  assertEquals(kernel.renderRecords(CONTENT_ONLY, next, rows, slot), next);
});

Deno.test("a content that escapes to more than a batch becomes several records, each valid", async () => {
  const kernel = testKernel({ batchBytesMax: 64 * 1024, slots: 1 });
  const content = new Uint8Array(100_000).fill(0x01);
  kernel.chunk.set(content);
  kernel.chunk[content.length] = 0x0a;
  const rows = kernel.decodeContainerLog(content.length + 1, 3);
  assertEquals(rows > 9, true);
  assertEquals(kernel.get("linesSplit"), rows - 1);
  let text = "";
  for (let row = 0; row < rows;) {
    const slot = await kernel.takeSlot(() => 0);
    const next = kernel.renderRecords(CONTENT_ONLY, row, rows, slot);
    assertEquals(next, row + 1);
    slot.seal(0n, 0, 0);
    text += JSON.parse(decoder.decode(decodeRecordBatch(slot.frame(new Uint8Array(0))).records[0].value!));
    slot.release();
    row = next;
  }
  assertEquals(text, "\u0001".repeat(100_000));
});

Deno.test("a first record larger than the batch wants is rendered all the same, within the slot's room", async () => {
  const kernel = testKernel({ batchBytesMax: 1024, slots: 2 });
  kernel.chunk.set(encoder.encode("z".repeat(1024) + "\n"));
  const rows = kernel.decodeContainerLog(1025, 3);
  const large = new Template([{ kind: "constant", bytes: new Uint8Array(100_000).fill(0x61) }, {
    kind: "escaped",
    column: 0,
  }]);
  const slot = await kernel.takeSlot(() => 0);
  assertEquals(kernel.renderRecords(large, 0, rows, slot), rows);
  slot.seal(0n, 0, 0);
  assertEquals(decodeRecordBatch(slot.frame(new Uint8Array(0)).slice()).records[0].value!.length, 101_024);
});

Deno.test("numbers of seconds are written in decimal", async () => {
  const kernel = testKernel();
  const seconds = new Template([{ kind: "seconds" }]);
  for (const value of [0, 9, 10, 1657727154, 4294967295]) {
    kernel.set("nowSeconds", value);
    kernel.chunk.set(encoder.encode("raw\n"));
    assertEquals(kernel.decodeContainerLog(4, 3), 1);
    const slot = await kernel.takeSlot(() => 0);
    kernel.renderLines(seconds, 0, 1, slot);
    assertEquals(decoder.decode(slot.records), `${value}\n`);
    slot.release();
  }
});

Deno.test("takeSlot() waits until a slot is released", async () => {
  const kernel = testKernel({ slots: 1 });
  const first = await kernel.takeSlot(() => 0);
  let taken = false;
  const second = kernel.takeSlot(() => 0).then(() => taken = true);
  await Promise.resolve();
  assertEquals(taken, false);
  first.release();
  await second;
  assertEquals(taken, true);
});

Deno.test("a slot that is released twice, or sealed empty, is a bug", async () => {
  const kernel = testKernel();
  const slot = await kernel.takeSlot(() => 0);
  assertThrows(() => slot.seal(0n, 0, 0), Error, "without records");
  slot.release();
  assertThrows(() => slot.release(), Error, "released twice");
});

Deno.test("regions of a kernel's memory do not overlap", () => {
  const limits = { lineBytesMax: 512 * 1024, batchBytesMax: 1_000_000, slots: 6, rowsMax: 4096 };
  const layout = planLayout(limits);
  const regions = [
    [layout.columns, layout.rowsRoom * 8 * COLUMNS_MAX],
    [layout.joinStdout - 64, 64 + layout.chunkBytes],
    [layout.joinStderr - 64, 64 + layout.chunkBytes],
    [layout.chunk, layout.chunkBytes],
    [layout.arena, layout.chunkBytes + 2 * limits.lineBytesMax],
    ...layout.batches.map((batch) => [batch - 1024, 1024 + layout.batchRoomBytes]),
  ].toSorted(([a], [b]) => a - b);
  for (let index = 1; index < regions.length; index++) {
    const [start, size] = regions[index - 1];
    assertEquals(start + size + 16 <= regions[index][0], true, `region ${index}`);
  }
});

Deno.test("slots that are withheld are not handed out until they are given back", async () => {
  const kernel = testKernel({ slots: 3 });
  kernel.withhold(2);
  const slots = [await kernel.takeSlot(() => 0)];
  const waiting = [1, 2].map(() => kernel.takeSlot(() => 0).then((slot) => slots.push(slot)));
  await Promise.resolve();
  assertEquals(slots.length, 1);
  slots[0].release();
  await waiting[0];
  assertEquals(slots.length, 2, "one at a time");
  kernel.withhold(0);
  await Promise.all(waiting);
  assertEquals([slots.length, kernel.slotsFree], [3, 1]);
  kernel.withhold(2);
  slots[1].release();
  slots[2].release();
  assertEquals(kernel.slotsFree, 3);
});
