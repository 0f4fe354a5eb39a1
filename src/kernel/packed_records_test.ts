import { assert, assertEquals } from "@std/assert";
import { nginxLine, testKernel } from "../../tests/support/kernel.ts";
import { type Random, seededRandom } from "../../tests/support/random.ts";
import { decodeRecordBatch } from "../../tests/support/record_batch.ts";
import { batchCodec } from "../deliver/kafka/compression.ts";
import { Envelope } from "./envelope.ts";
import type { Kernel } from "./kernel.ts";
import type { KernelSlot } from "./slot.ts";
import { Template, type TemplatePiece } from "./template.ts";

const LIMITS = { lineBytesMax: 100_000, batchBytesMax: 60_000, slots: 2, rowsMax: 256 };
const packed = batchCodec("lz4", 0);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A record as a consumer sees it. */
type Seen = readonly [key: string | null, value: string, headers: number];

/** Seals a slot and reads it as a strict consumer does. */
function read(slot: KernelSlot): { seen: Seen[]; bytes: number; attributes: number } {
  slot.seal(1n, 0, 0);
  const { records, bytes, attributes } = decodeRecordBatch(slot.frame(new Uint8Array(0)).slice());
  records.forEach(({ offsetDelta }, index) => assertEquals(offsetDelta, index));
  const seen = records.map(({ key, value, headers }): Seen => [
    key === null ? null : decoder.decode(key),
    decoder.decode(value!),
    headers.length,
  ]);
  return { seen, bytes, attributes };
}

function constant(text: string): TemplatePiece {
  return { kind: "constant", bytes: encoder.encode(text) };
}

/** As forms have them: constants that are not short, and values between them. */
function alternatingTemplate(random: Random): Template {
  const long = () => constant("constant ".repeat(40).slice(0, random.pick([8, 9, 18, 30, 180, 300])));
  const value = (): TemplatePiece => {
    const column = random.integer(0, 2);
    return random.pick<TemplatePiece>([{ kind: "escaped", column }, { kind: "verbatim", column }, { kind: "seconds" }]);
  };
  const pairs = Array.from({ length: random.integer(1, 5) }, () => [value(), long()]).flat();
  return new Template([constant("{".repeat(random.integer(64, 90))), ...pairs]);
}

/** Pieces of all sizes, in any order; the columns are those of a decoded line. */
function randomTemplate(random: Random): Template {
  if (random.integer(0, 1) === 0) return alternatingTemplate(random);
  const pieces = Array.from({ length: random.integer(1, 9) }, (): TemplatePiece => {
    const kind = random.integer(0, 9);
    if (kind < 5) return constant("constant ".repeat(20).slice(0, random.pick([1, 7, 8, 9, 30, 180])));
    if (kind === 5) return { kind: "seconds" };
    const column = random.integer(0, 2);
    return kind < 8 ? { kind: "escaped", column } : { kind: "verbatim", column };
  });
  if (random.integer(0, 1) === 0) pieces.push(constant("x".repeat(random.integer(60, 300))));
  if (random.integer(0, 1) === 0) pieces.unshift(constant("y".repeat(random.integer(60, 300))));
  return new Template(pieces);
}

function randomContent(random: Random, kind: number): string {
  if (kind < 3) return nginxLine(random.integer(0, 20)).trimEnd().slice(45);
  if (kind === 3) return "";
  if (kind === 4) return '\t"\\'.repeat(random.integer(0, 500));
  if (kind === 5) return "日志😀".repeat(random.integer(0, 200));
  if (kind === 6) {
    return "x".repeat(random.pick([14, 15, 16, 254, 255, 269, 270, 271, 524, 525, 8100, 8191, 8192, 20_000]));
  }
  if (kind === 7) return "same beginning, then ".repeat(random.integer(1, 3)) + random.integer(0, 1e9);
  return "x".repeat(random.integer(0, 100));
}

function decodeLines(kernel: Kernel, random: Random): number {
  const seconds = random.integer(10, 59);
  // Many rows at once are rendered together where none of them is large.
  const kinds = random.pick([[0, 3, 7, 8], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
  const lines = Array.from({ length: random.pick([1, 2, 3, 20, 60, 200]) }, (_, index) => {
    const content = index === 0 ? "x".repeat(random.pick([0, 20_000])) : randomContent(random, random.pick(kinds));
    const time = `2022-07-13T23:45:${random.integer(0, 3) > 0 ? seconds : 59}.${random.integer(1, 999)}+08:00`;
    return `${time} ${random.pick(["stdout", "stderr"])} F ${content}\n`;
  });
  const { written } = encoder.encodeInto(lines.join(""), kernel.chunk);
  return kernel.decodeContainerLog(written, 3);
}

function randomEnvelope(random: Random): Envelope {
  const headers = Array.from({ length: random.pick([0, 0, 1, 3]) }, () => ({
    key: "header",
    value: "h".repeat(random.integer(0, 20)),
  }));
  return new Envelope(random.pick([undefined, undefined, "key", "6 more", { column: 2 }]), headers);
}

/** Compares without printing megabytes. */
function assertSame(seen: readonly Seen[], expected: readonly Seen[]): void {
  assertEquals(seen.length, expected.length);
  const index = seen.findIndex((one, index) => JSON.stringify(one) !== JSON.stringify(expected[index]));
  assertEquals(seen[index], expected[index], `record ${index}`);
}

/** The records of rows as they are rendered otherwise. */
async function plainRecords(kernel: Kernel, template: Template, rows: number, envelope: Envelope): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (let row = 0; row < rows;) {
    const slot = await kernel.takeSlot(() => 0);
    row = kernel.renderRecords(template, row, rows, slot, envelope);
    seen.push(...read(slot).seen);
    slot.release();
  }
  return seen;
}

/** Fills one packed batch from many decoded chunks, with a template and an envelope that change now and then. */
async function checkBatch(kernel: Kernel, random: Random): Promise<void> {
  const slot = await kernel.takeSlot(() => 0);
  slot.compressWith(packed);
  if (random.integer(0, 3) === 0) slot.limitTo(random.integer(2000, 100_000));
  const templates = Array.from({ length: random.integer(1, 4) }, () => randomTemplate(random));
  let template = templates[0];
  let envelope = randomEnvelope(random);
  const expected: Seen[] = [];
  for (let isFull = false; !isFull && slot.recordCount < 2000;) {
    const rows = decodeLines(kernel, random);
    const next = kernel.renderRecords(template, 0, rows, slot, envelope);
    isFull = next < rows;
    expected.push(...await plainRecords(kernel, template, next, envelope));
    if (random.integer(0, 9) === 0) templates.push(randomTemplate(random));
    if (random.integer(0, 1) === 0) template = random.pick(templates);
    if (random.integer(0, 5) === 0) envelope = randomEnvelope(random);
    if (random.integer(0, 5) === 0) assertSame(read(slot).seen, expected);
  }
  assertSame(read(slot).seen, expected);
  assert(
    slot.batchBytes <= LIMITS.batchBytesMax || slot.recordCount === 1,
    `${slot.batchBytes} bytes, ${slot.recordCount} records of ${slot.renderedBytes} bytes`,
  );
  assertEquals(Array.from(slot.messages(), (text) => decoder.decode(text)), expected.map(([, value]) => value));
  slot.release();
}

Deno.test("records that are rendered compressed are those that are rendered as they are", async () => {
  const random = seededRandom("packed records");
  const kernel = testKernel(LIMITS);
  for (let round = 0; round < 300; round++) await checkBatch(kernel, random);
});

/** A kernel with rows of an access log, and a template like those of the forms. */
function accessLog(count: number) {
  const kernel = testKernel();
  const bytes = encoder.encode(Array.from({ length: count }, (_, number) => nginxLine(number)).join(""));
  kernel.chunk.set(bytes);
  const rows = kernel.decodeContainerLog(bytes.length, 3);
  const tags = `"},${'{"Key":"_tag_","Value":"which is the same for all"},'.repeat(6)}]}`;
  const content: TemplatePiece = { kind: "escaped", column: 0 };
  const time: TemplatePiece = { kind: "verbatim", column: 1 };
  const pieces = [
    constant('{"Time":'),
    { kind: "seconds" } as const,
    constant(',"Contents":[{"Key":"content","Value":"'),
  ];
  const template = new Template([...pieces, content, constant('"},{"Key":"_time_","Value":"'), time, constant(tags)]);
  return { kernel, rows, template };
}

Deno.test("constants that are a little farther back than a match reaches are written anew", async () => {
  const kernel = testKernel({ lineBytesMax: 100_000, batchBytesMax: 900_000, slots: 2, rowsMax: 256 });
  const [content, time]: TemplatePiece[] = [{ kind: "escaped", column: 0 }, { kind: "verbatim", column: 1 }];
  const template = new Template([
    constant("a".repeat(90)),
    time,
    constant("b".repeat(90)),
    content,
    constant("c".repeat(90)),
  ]);
  // One row is as large as a match reaches, and in the next one a value before it is longer; the next one may be rendered with others.
  for (let large = 25; large < 41; large++) {
    for (let size = 65_200; size < 65_240; size++) {
      const lines = Array.from({ length: 60 }, (_, row) => {
        const nanoseconds = row === large ? "5" : "500000000";
        return `2022-07-13T23:45:10.${nanoseconds}+08:00 stdout F ${"x".repeat(row === large ? size : 60)}\n`;
      });
      const { written } = encoder.encodeInto(lines.join(""), kernel.chunk);
      const rows = kernel.decodeContainerLog(written, 3);
      const slot = await kernel.takeSlot(() => 0);
      slot.compressWith(packed);
      assertEquals(kernel.renderRecords(template, 0, rows, slot), lines.length);
      assertSame(read(slot).seen, await plainRecords(kernel, template, rows, new Envelope(undefined, [])));
      slot.release();
    }
  }
});

Deno.test("records of thousands of templates, in turn, repeat each its own", async () => {
  const kernel = testKernel();
  kernel.chunk.set(encoder.encode(nginxLine(1)));
  kernel.decodeContainerLog(nginxLine(1).length, 3);
  const pieces = Array.from({ length: 9 }, (): TemplatePiece => ({ kind: "verbatim", column: 2 }));
  const templates = Array.from(
    { length: 2000 },
    (_, number) => new Template([constant(`${number} `.repeat(30)), ...pieces]),
  );
  const slot = await kernel.takeSlot(() => 0);
  slot.compressWith(packed);
  const order = [...templates, ...templates.slice(-20), ...templates.slice(0, 20), ...templates.slice(-20)];
  for (const template of order) assertEquals(kernel.renderRecords(template, 0, 1, slot), 1);
  const expected = order.map((template) => `${templates.indexOf(template)} `.repeat(30) + "stdout".repeat(9));
  assertEquals(read(slot).seen.map(([, value]) => value), expected);
});

Deno.test("a batch holds as many records as its compressed size allows, and is a third as large", async () => {
  const { kernel, rows, template } = accessLog(1000);
  const slot = await kernel.takeSlot(() => 0);
  slot.compressWith(packed);
  while (kernel.renderRecords(template, 0, rows, slot) === rows);
  const { bytes, attributes } = read(slot);
  assertEquals(attributes, 3);
  assert(bytes <= 1_000_000 && bytes > 950_000, `${bytes} bytes`);
  assert(slot.renderedBytes > 2.2 * bytes, `${slot.renderedBytes} of ${bytes} bytes`);
});

Deno.test("a packed batch that is too large goes out in parts, with the same records", async () => {
  const { kernel, rows, template } = accessLog(600);
  const slot = await kernel.takeSlot(() => 0);
  slot.compressWith(packed);
  for (let round = 0; round < 4; round++) kernel.renderRecords(template, 0, rows, slot);
  const whole = read(slot).seen;
  assertEquals(whole.length, 2400);
  slot.narrow(700);
  const parts = [...read(slot).seen];
  while (slot.takeRest()) parts.push(...read(slot).seen);
  assertEquals(parts, whole);
});

Deno.test("what a template hardly repeats is searched instead", async () => {
  const { kernel, rows } = accessLog(600);
  const slot = await kernel.takeSlot(() => 0);
  slot.compressWith(packed);
  kernel.renderRecords(new Template([constant("{"), { kind: "escaped", column: 0 }, constant("}")]), 0, rows, slot);
  const { attributes, bytes } = read(slot);
  assertEquals(attributes, 3);
  assert(bytes < slot.renderedBytes / 4, `${bytes} of ${slot.renderedBytes} bytes`);
});
