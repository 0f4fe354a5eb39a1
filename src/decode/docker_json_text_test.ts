/**
 * Docker's contents that stay JSON text: whatever is in a log, what is made of them is what is made of the texts that they stand for.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { renderMessages } from "../../tests/support/form_rendering.ts";
import { NGINX_SOURCE, testKernel } from "../../tests/support/kernel.ts";
import { type Random, seededRandom } from "../../tests/support/random.ts";
import { decodeRecordBatch } from "../../tests/support/record_batch.ts";
import { type Batch, type ColumnField, isStuck } from "../core/batch.ts";
import { batchCodec } from "../deliver/kafka/compression.ts";
import { customSingle } from "../encode/custom_single.ts";
import { customSingleFlatten } from "../encode/custom_single_flatten.ts";
import { flatForm } from "../encode/flat_form.ts";
import { keyValueForm } from "../encode/key_value_form.ts";
import { otlpJson } from "../encode/otlp_json.ts";
import { tutorialForm } from "../encode/tutorial_form.ts";
import { recordTexts } from "../kernel/record_texts.ts";
import { containerLogDecoder, type ContainerLogOptions } from "./container_log.ts";
import type { LineDecoder } from "./line_decoder.ts";

const TIME = "2022-07-13T15:45:54.976593653Z";
const ROUNDS = Deno.env.get("SLUICE_TEST_REAL") === "required" ? 10_000 : 1000;
const LIMITS = [
  { lineBytesMax: 300, batchBytesMax: 2000, slots: 2, rowsMax: 5 },
  { lineBytesMax: 5000, batchBytesMax: 30_000, slots: 2, rowsMax: 200 },
];
const RULES = { hostIp: "10.0.0.1", rename: new Map<string, string>(), kubernetesNames: false };
const PARTS = { time: "time", contents: "contents", tags: "tags" };
const FORMS = [
  tutorialForm(),
  customSingle(RULES, PARTS),
  customSingleFlatten(RULES, PARTS.time),
  otlpJson(RULES),
  keyValueForm(),
  flatForm(),
];
const encoder = new TextEncoder();
const kernels = LIMITS.map((limits) => [testKernel(limits), testKernel(limits)] as const);

/** What stands in Docker's texts: plain, escaped as in messages, escaped otherwise, and what is no JSON or no UTF-8. */
const PLAIN = ["a", "GET /", " ", "x".repeat(17), "<&>", "n", "/"];
const AS_MESSAGES = ['\\"', "\\\\", "\\n", "\\r", "\\t", "\\b", "\\f", "\\u0000", "\\u001b[0m", "\\u001f"];
const BEYOND_ASCII = ["é", "世界", "😀", "\u2028", "\x7f", "\ufeff"];
const OTHERWISE = [
  "\\u003c",
  "\\u0026",
  "\\u0009",
  "\\u000A",
  "\\u001B",
  "\\u0022",
  "\\u005c",
  "\\u005C",
  "\\/",
  "\\u2028",
]
  .concat(["\\u00e9", "\\u4E16", "\\ud83d\\ude00", "\\uD83D\\uDE00", "\\u007f"]);
const BROKEN = ["\\ud83d", "\\ude00", "\\ud83d\\u0041", "\\x", "\\u12", "\\u", "\\u00g0", "\\'", "\t", "\0", "\x1f"];
const NO_UTF8 = [[0xff], [0xc3], [0x80], [0xe4, 0xb8], [0xed, 0xa0, 0x80], [0xf0, 0x9f]];

function randomText(random: Random, kinds: readonly (readonly string[])[]): number[] {
  const size = random.pick([0, 1, 3, 20, random.integer(0, random.next() < 0.9 ? 120 : 1500)]);
  return Array.from({ length: size }, () => {
    if (random.next() < 0.001) return random.pick(NO_UTF8);
    return [...encoder.encode(random.pick(random.pick(kinds)))];
  }).flat();
}

/** A line as dockerd writes it, or nearly so; now and then one of another kind. */
function randomLine(random: Random, kinds: readonly (readonly string[])[], share: number): number[] {
  const text = randomText(random, kinds);
  const isUsual = () => random.next() < share;
  if (random.next() < 0.01) return [...encoder.encode(`${TIME} stdout ${random.pick(["P", "F"])} `), ...text, 0x0a];
  if (random.next() < 0.01) return [...encoder.encode(random.pick(["{", '{"log":"', "", "\\"])), ...text, 0x0a];
  const end = isUsual() ? "\\n" : random.pick(["", "", "\\\\n", "\\u000a", "\\\\\\n", "\\r\\n", "\\n\\n"]);
  const log = `"log":"${String.fromCharCode(...text)}${end}"`;
  const stream = `"stream":"${isUsual() ? "stdout" : random.pick(["stderr", "stderr", "stdoutx", "stdlog"])}"`;
  const second = random.integer(10, isUsual() ? 60 : 62);
  const fraction = isUsual() ? String(random.integer(1, 999_999_999)) : random.pick(["", "0", "1234567890", "x"]);
  const zone = isUsual() ? "Z" : random.pick(["+08:00", "", "z", "ZZ"]);
  const minute = isUsual()
    ? "2022-07-13T15:45"
    : random.pick(["2022-07-13T15:46", "1970-01-01T00:00", "0000-01-01T00:00"]);
  const time = `"time":"${minute}:${second}.${fraction}${zone}"`;
  const parts = isUsual() ? [log, stream, time] : random.pick([
    [time, stream, log],
    [log, stream, '"attrs":{"a":"}\\""}', time],
    [log, time],
    [log, stream, time, ""],
  ]);
  const whole = `{${parts.join(isUsual() ? "," : random.pick([", ", ",,", " "]))}}${
    isUsual() ? "" : random.pick([" ", "\r", "x"])
  }\n`;
  return [...whole].map((character) => character.charCodeAt(0));
}

function randomLog(random: Random): Uint8Array {
  const kinds = random.pick([
    [PLAIN, PLAIN, PLAIN, AS_MESSAGES],
    [PLAIN, AS_MESSAGES, BEYOND_ASCII],
    [PLAIN, PLAIN, AS_MESSAGES, OTHERWISE, BEYOND_ASCII],
    [PLAIN, PLAIN, PLAIN, PLAIN, AS_MESSAGES, OTHERWISE, BROKEN],
    [["\\\\"], ["\\\\"], ['\\"'], ["\\n"], ["n"]],
  ]);
  const share = random.pick([1, 0.99, 0.95, 0.8]);
  return Uint8Array.from(Array.from({ length: random.integer(1, 60) }, () => randomLine(random, kinds, share)).flat());
}

/** One of the two ways to read a log. */
class Way {
  readonly kernel: (typeof kernels)[number][number];
  readonly counts = { malformed: 0, split: 0, filtered: 0, discarded: 0 };
  readonly decoder: LineDecoder;

  constructor(kernel: Way["kernel"], options: ContainerLogOptions) {
    const { counts } = this;
    this.kernel = kernel;
    for (const word of ["pendingStdout", "pendingStderr"] as const) kernel.set(word, 0);
    this.decoder = containerLogDecoder(options, { kernel, source: NGINX_SOURCE, counts, nowSeconds: () => 7 });
  }

  decode(bytes: Uint8Array, offset: number): Batch {
    this.kernel.chunk.set(bytes);
    return this.decoder.decode({ offset, size: bytes.length });
  }

  /** What a batch comes to beside its messages. */
  seen(batch: Batch): unknown {
    const { rows, offsetEnd, offsetSafe } = batch;
    return [rows, offsetEnd, offsetSafe, this.counts, this.decoder.pending(), recordTexts(this.kernel, batch)];
  }

  messages(batch: Batch, form: (typeof FORMS)[number]): Promise<Uint8Array[]> {
    return renderMessages(this.kernel, form.template(batch.fields)!, batch.rows);
  }

  /** The same through a compressed batch. */
  async compressed(batch: Batch, form: (typeof FORMS)[number], level: number): Promise<Uint8Array[]> {
    const messages: Uint8Array[] = [];
    for (let row = 0; row < batch.rows;) {
      const slot = await this.kernel.takeSlot(() => 0);
      slot.compressWith(batchCodec("lz4", level));
      row = this.kernel.renderRecords(form.template(batch.fields)!, row, batch.rows, slot);
      slot.seal(1n, 0, 0);
      messages.push(...decodeRecordBatch(slot.frame(new Uint8Array(0)).slice()).records.map(({ value }) => value!));
      slot.release();
    }
    return messages;
  }
}

function isJsonText({ fields }: Batch): boolean {
  return (fields[0] as ColumnField).isJsonText === true;
}

async function compare([text, json]: readonly [Way, Way], [ofText, ofJson]: readonly [Batch, Batch], random: Random) {
  assertEquals(json.seen(ofJson), text.seen(ofText));
  const form = random.pick(FORMS);
  const expected = await text.messages(ofText, form);
  assertSame(await json.messages(ofJson, form), expected);
  assertSame(await json.compressed(ofJson, form, random.pick([0, 1])), expected);
}

/** Byte for byte: what is no UTF-8 must not look like what it becomes. */
function assertSame(messages: readonly Uint8Array[], expected: readonly Uint8Array[]): void {
  const [shown, shouldBe] = [messages, expected].map((some) => some.map((bytes) => bytes.toHex()));
  if (shown.join() !== shouldBe.join()) assertEquals(messages, expected);
}

Deno.test("Docker's logs give the same messages, positions and counts with contents that stay JSON text", async () => {
  const random = seededRandom("docker JSON text");
  let records = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = randomLog(random);
    const [stdout, timeOfFirst, dropsMalformed] = [0.9, 0.5, 0.5].map((share) => random.next() < share);
    const options = { stdout, stderr: random.next() < 0.9, multiline: undefined, timeOfFirst, dropsMalformed };
    const [first, second] = random.pick(kernels);
    const text = new Way(first, options);
    const json = new Way(second, { ...options, takesJsonText: true });
    const bytesMax = random.pick([100, 1000, 60_000]);
    let chunkBytes = random.integer(1, bytesMax);
    for (let offset = 0; offset < bytes.length;) {
      const chunk = bytes.subarray(offset, offset + Math.min(chunkBytes, first.chunk.length));
      const batches = [text.decode(chunk, offset), json.decode(chunk, offset)] as const;
      await compare([text, json], batches, random);
      if (isStuck(batches[0]) && offset + chunk.length === bytes.length) break;
      chunkBytes = isStuck(batches[0]) ? chunkBytes * 2 : random.integer(1, bytesMax);
      offset = batches[0].offsetEnd;
      if (isJsonText(batches[1])) records += batches[1].rows;
    }
    const [left, right] = [text, json].map((way) => way.decoder.flush(bytes.length, "ended"));
    assertEquals(left === undefined, right === undefined);
    if (left !== undefined && right !== undefined) await compare([text, json], [left, right], random);
  }
  assert(records > 10 * ROUNDS, `${records} records were JSON text`);
});

function decodeOne(line: string) {
  const options = { stdout: true, stderr: true, multiline: undefined, timeOfFirst: false, takesJsonText: true };
  const way = new Way(testKernel(), options);
  const batch = way.decode(encoder.encode(line), 0);
  return { ...way, batch, slice: way.kernel.slice(0, 0), content: new TextDecoder().decode(way.kernel.slice(0, 0)) };
}

Deno.test("a text that is escaped as messages are stays where it was read", () => {
  const { kernel, slice, content, batch } = decodeOne(
    `{"log":"a \\"b\\" é\\u001b\\n","stream":"stdout","time":"${TIME}"}\n`,
  );
  assertEquals(content, 'a \\"b\\" é\\u001b');
  assertEquals(slice.byteOffset - kernel.chunk.byteOffset, 8);
  assertEquals(batch.fields[0], { name: "content", column: 0, escape: false, isJsonText: true });
});

Deno.test("what only Docker escapes is written as in messages", () => {
  const { content } = decodeOne(`{"log":"\\u003ca\\u003e\\u0009\\u001B\\n","stream":"stdout","time":"${TIME}"}\n`);
  assertEquals(content, "<a>\\t\\u001b");
});

Deno.test("a chunk that does not begin as Docker's lines do has texts", () => {
  const { batch, content } = decodeOne(`${TIME} stdout F "a"\n{"log":"x\\n","stream":"stdout","time":"${TIME}"}\n`);
  assertEquals(batch.fields[0], { name: "content", column: 0, escape: true });
  assertEquals(content, '"a"');
});

Deno.test("records of several lines are texts", () => {
  const multiline = { mode: "start", start: /^a/, unmatched: "single", anchored: true, checkBytesMax: 100 } as const;
  const way = new Way(testKernel(), { stdout: true, stderr: true, multiline, timeOfFirst: false, takesJsonText: true });
  const line = (text: string) => `{"log":"${text}\\n","stream":"stdout","time":"${TIME}"}\n`;
  const batch = way.decode(encoder.encode(line('a \\"') + line("b") + line("a")), 0);
  assertEquals(recordTexts(way.kernel, batch).map(({ fields }) => fields[0].value), ['a "\nb']);
  assertEquals(isJsonText(batch), false);
});

Deno.test("a line that is too long for its room is cut as where contents are texts", () => {
  const kernel = testKernel({ lineBytesMax: 1000, batchBytesMax: 1_000_000, chunkBytesMin: 200_000 });
  const first = `{"log":"x\\n","stream":"stdout","time":"${TIME}"}\n`;
  const sizes = [0, 1, 2].map((more) => 1000 + 64 * 1024 - first.length + more);
  for (const size of sizes) {
    const line = first.replace("x", "x".repeat(size));
    const [shown, expected] = [true, false].map((takesJsonText) => {
      const streams = { stdout: true, stderr: true };
      const way = new Way(kernel, { ...streams, multiline: undefined, timeOfFirst: false, takesJsonText });
      return way.seen(way.decode(encoder.encode(first + line), 0));
    });
    assertEquals(shown, expected);
  }
});
