/**
 * Messages that are texts already, with keys and headers of any size: what fits becomes records within their slot, in order and as they
 * are, also when batches go out in halves.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { batchCodec } from "../../src/deliver/kafka/compression.ts";
import { Envelope, KEY_BYTES_MAX } from "../../src/kernel/envelope.ts";
import type { KernelSlot } from "../../src/kernel/slot.ts";
import { Template } from "../../src/kernel/template.ts";
import { KEY_COLUMN, MESSAGE_COLUMN, type RowText } from "../../src/kernel/text_rows.ts";
import type { Random } from "../support/random.ts";
import { decodeRecordBatch } from "../support/record_batch.ts";
import { fuzz } from "./fuzz.ts";
import { type GuardedKernel, GuardedKernels, type RegionName } from "./guarded_kernel.ts";
import { logMutator } from "./log_mutants.ts";

const LIMITS = { lineBytesMax: 200, batchBytesMax: 3000, slots: 1, rowsMax: 20 };
const MESSAGE_TEMPLATE = new Template([{ kind: "verbatim", column: MESSAGE_COLUMN }]);
const CODECS = [undefined, batchCodec("lz4", 0), batchCodec("lz4", 1), batchCodec("snappy", 0)];
const RENDERING: readonly RegionName[] = ["own", "state", "template", "envelope", "slot 0"];
const SENDING: readonly RegionName[] = ["own", "table", "slot 0"];
const encoder = new TextEncoder();

/** What a broker would get of one text. */
interface Sent {
  readonly value: Uint8Array;
  readonly key: Uint8Array | null;
}

function randomText(random: Random): string {
  const kind = random.integer(0, 5);
  if (kind === 0) return "x".repeat(random.integer(2850, 3100));
  if (kind === 1) return "\ud83d😀é\udc00".repeat(random.integer(0, 300));
  const text = logMutator.mutantText(random);
  return text.slice(0, random.integer(0, random.pick([20, 400, 4000])));
}

function bytesOf(text: RowText): Uint8Array {
  return typeof text === "string" ? encoder.encode(text) : text;
}

async function sendTexts(kernels: GuardedKernels, random: Random): Promise<void> {
  const guarded = kernels.take(LIMITS, random.pick([0x00, 0xa5, 0xff]));
  const texts = Array.from({ length: random.integer(1, 40) }, (): RowText => {
    return random.integer(0, 3) > 0 ? randomText(random) : encoder.encode(randomText(random));
  });
  const keys = random.integer(0, 1) === 0
    ? undefined
    : texts.map(() => randomText(random).repeat(random.integer(0, 9)));
  const sameKey = random.pick([undefined, "", randomText(random)]);
  const headers = Array.from({ length: random.integer(0, 3) }, () => ({ key: "h", value: randomText(random) }));
  const envelope = new Envelope(keys ? { column: KEY_COLUMN } : sameKey, headers);
  const keyOf = (index: number) => keys?.[index] ?? sameKey;
  const expected: Sent[] = [];
  const sent: Sent[] = [];
  for (let from = 0; from < texts.length;) {
    const rows = guarded.watch(["texts", "columns"], () => guarded.kernel.setTexts(texts, from, keys));
    for (let index = from; index < from + rows; index++) expected.push(sentOf(texts[index], keyOf(index)));
    if (rows > 0) sent.push(...await render(guarded, rows, envelope, random));
    else assert(bytesOf(texts[from]).length > guarded.kernel.textBytesMax, "a text that fits is refused");
    from += Math.max(1, rows);
  }
  assertEquals(sent, expected);
  guarded.finish();
}

function sentOf(text: RowText, key: string | undefined): Sent {
  return { value: bytesOf(text), key: key === undefined ? null : encoder.encode(key).slice(0, KEY_BYTES_MAX) };
}

async function render(guarded: GuardedKernel, rows: number, envelope: Envelope, random: Random): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (let row = 0; row < rows;) {
    const slot = await guarded.kernel.takeSlot(() => 0);
    slot.compressWith(random.pick(CODECS));
    const next = guarded.watch(RENDERING, () => {
      return guarded.kernel.renderRecords(MESSAGE_TEMPLATE, row, rows, slot, envelope);
    });
    assert(next > row, "an empty slot takes no record");
    sent.push(...guarded.watch(SENDING, () => sendInParts(slot, random)));
    slot.release();
    row = next;
  }
  return sent;
}

/** As a batch goes out that brokers find too large. */
function sendInParts(slot: KernelSlot, random: Random): Sent[] {
  const sent: Sent[] = [];
  do {
    while (slot.recordCount > 1 && random.integer(0, 1) === 0) slot.narrow(random.integer(1, slot.recordCount - 1));
    slot.seal(1n, 0, 0);
    const { records } = decodeRecordBatch(slot.frame(new Uint8Array(0)).slice());
    sent.push(...records.map(({ key, value }) => ({ key, value: value ?? new Uint8Array() })));
  } while (slot.takeRest());
  return sent;
}

Deno.test("texts with keys and headers become records within their slot, also in parts", async () => {
  const kernels = new GuardedKernels();
  const count = await fuzz("kernel texts", (random) => sendTexts(kernels, random));
  assert(count > 20, `only ${count} cases`);
});
