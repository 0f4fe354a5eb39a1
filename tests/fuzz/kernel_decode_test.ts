/**
 * The kernel's decoders, templates and compressors on mutated logs, in random chunks: nothing is written where it does not belong, rows
 * point into what was read, and what lies behind a chunk has no say.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Batch, Decoder } from "../../src/core/batch.ts";
import { parseRegex } from "../../src/core/regex.ts";
import { containerLogDecoder, type ContainerLogOptions } from "../../src/decode/container_log.ts";
import { plainLineDecoder } from "../../src/decode/plain_lines.ts";
import { batchCodec } from "../../src/deliver/kafka/compression.ts";
import { tutorialTemplate } from "../../src/encode/tutorial_form.ts";
import { BATCH_HEAD_BYTES, type KernelLimits } from "../../src/kernel/layout.ts";
import { rowsOf } from "../support/decoding.ts";
import { NGINX_SOURCE } from "../support/kernel.ts";
import type { Random } from "../support/random.ts";
import { decodeRecordBatch } from "../support/record_batch.ts";
import { fuzz } from "./fuzz.ts";
import { type GuardedKernel, GuardedKernels, type RegionName } from "./guarded_kernel.ts";
import { logMutator } from "./log_mutants.ts";

const LIMITS: readonly KernelLimits[] = [
  { lineBytesMax: 200, batchBytesMax: 2000, slots: 2, rowsMax: 3 },
  { lineBytesMax: 1000, batchBytesMax: 1300, slots: 2, rowsMax: 20 },
  { lineBytesMax: 5000, batchBytesMax: 30_000, slots: 2, rowsMax: 200 },
];
const BEGIN = parseRegex("^(?:BEGIN|GET)");
const MIDDLE = parseRegex("^(?:middle|\\s|at )");
/** Has no table in the kernel: the host is asked. */
const END = parseRegex("(?<=E)ND$");
const MULTILINE = [
  undefined,
  undefined,
  { mode: "begin", start: BEGIN, unmatched: "join" },
  { mode: "start", start: BEGIN, unmatched: "single" },
  { mode: "start-continue", start: BEGIN, continue: MIDDLE, unmatched: "discard" },
  { mode: "start-end", start: BEGIN, end: END, unmatched: "single" },
  { mode: "continue-end", continue: MIDDLE, end: END, unmatched: "single" },
  { mode: "end", end: END, unmatched: "discard" },
] as const;
const DECODING: readonly RegionName[] = ["own", "state", "times", "columns", "joins", "arena"];
const CODECS = [undefined, batchCodec("lz4", 0), batchCodec("lz4", 1), batchCodec("snappy", 0)];
const TEMPLATE = tutorialTemplate([
  { name: "content", column: 0, escape: true },
  { name: "_time_", column: 1, escape: false },
  { name: "_source_", column: 2, escape: false },
]);
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
/** So many times a file is read from: looking at a memory takes longer than decoding. */
const CALLS_MAX = 200;
const FILLERS = [0x0a, 0x22, 0x30, 0x50, 0x7d, 0xa5, 0xff];

/** How a file is read. */
interface Manner {
  readonly limits: KernelLimits;
  readonly isPlain: boolean;
  readonly offsetKey: string | undefined;
  readonly options: ContainerLogOptions;
}

function mannerOf(random: Random): Manner {
  const rules = random.pick(MULTILINE);
  const checkBytesMax = random.pick([2 ** 31 - 1, 4]);
  return {
    limits: random.pick(LIMITS),
    isPlain: random.integer(0, 4) === 0,
    offsetKey: random.pick([undefined, "offset"]),
    options: {
      stdout: random.integer(0, 5) > 0,
      stderr: random.integer(0, 5) > 0,
      multiline: rules && { ...rules, anchored: flag(random), checkBytesMax },
      timeOfFirst: flag(random),
      dropsMalformed: flag(random),
      takesJsonText: flag(random),
    },
  };
}

function flag(random: Random): boolean {
  return random.integer(0, 1) === 1;
}

/** One reading of a file by one kernel. */
class Reading {
  readonly guarded: GuardedKernel;
  readonly counts = { malformed: 0, split: 0, filtered: 0, discarded: 0 };
  readonly #decoder: Decoder;
  readonly #columns: readonly number[];

  constructor(guarded: GuardedKernel, { isPlain, offsetKey, options }: Manner) {
    this.guarded = guarded;
    const { counts } = this;
    const { kernel } = guarded;
    const context = { kernel, source: NGINX_SOURCE, counts, nowSeconds: () => 1_800_000_000 };
    const plain = { multiline: options.multiline, offsetKey, inodeKey: undefined };
    this.#columns = isPlain && offsetKey !== undefined ? [0, 1, 2, 3] : [0, 1, 2];
    this.#decoder = isPlain ? plainLineDecoder(plain, context) : containerLogDecoder(options, context);
    this.guarded.settle();
  }

  decode(offset: number, part: Uint8Array): Batch {
    this.guarded.place(part);
    const batch = this.guarded.watch(DECODING, () => this.#decoder.decode({ offset, size: part.length }));
    assert(batch.offsetEnd >= offset && batch.offsetEnd <= offset + part.length, `reads on at ${batch.offsetEnd}`);
    return this.#checked(batch, part.length);
  }

  flush(offset: number, why: "ended" | "idle"): Batch | undefined {
    const batch = this.guarded.watch(DECODING, () => this.#decoder.flush(offset, why));
    if (batch !== undefined) assertEquals(batch.offsetEnd, offset);
    return batch && this.#checked(batch, 0);
  }

  /** What a batch comes to, whatever the memory was full of. */
  shown(batch: Batch | undefined): unknown {
    const rows = rowsOf(this.guarded.kernel, batch).map(({ offset, ...row }) => {
      return this.#columns.includes(3) ? { ...row, offset } : row;
    });
    return [rows, batch?.offsetEnd, batch?.offsetSafe, this.counts];
  }

  #checked(batch: Batch, size: number): Batch {
    assert(batch.offsetSafe <= batch.offsetEnd, `safe is ${batch.offsetSafe}, behind ${batch.offsetEnd}`);
    this.guarded.checkRows(batch.rows, size, this.#columns);
    return batch;
  }
}

/** Reads a file to its end with two kernels whose memories are full of different bytes. */
async function readBoth(kernels: GuardedKernels, random: Random, bytes: Uint8Array): Promise<void> {
  const manner = mannerOf(random);
  const [left, right] = [0, 1].map((number) => {
    return new Reading(kernels.take(manner.limits, random.pick(FILLERS), number), manner);
  });
  const chunkBytesMax = random.pick([30, 200, 3000, left.guarded.layout.chunkBytes]);
  const compare = async (ofLeft: Batch | undefined, ofRight: Batch | undefined) => {
    assertEquals(left.shown(ofLeft), right.shown(ofRight), "what lies around the chunk has a say");
    if (ofLeft !== undefined && ofLeft.rows > 0) await deliver(left.guarded, ofLeft, random);
  };
  let isStuck = false;
  for (let offset = 0, calls = 0; offset < bytes.length && calls < CALLS_MAX; calls++) {
    const size = isStuck ? left.guarded.layout.chunkBytes : random.integer(1, chunkBytesMax);
    const part = bytes.subarray(offset, offset + size);
    const batch = left.decode(offset, part);
    await compare(batch, right.decode(offset, part));
    if (isStuck && batch.offsetEnd === offset && batch.rows === 0) break;
    isStuck = batch.offsetEnd === offset && batch.rows === 0;
    offset = batch.offsetEnd;
    if (random.integer(0, 9) === 0) await compare(left.flush(offset, "idle"), right.flush(offset, "idle"));
  }
  await compare(left.flush(bytes.length, "ended"), right.flush(bytes.length, "ended"));
  for (const { guarded } of [left, right]) guarded.finish();
}

/** Renders a batch into record batches, compresses them, and reads them again. */
async function deliver(guarded: GuardedKernel, { rows }: Batch, random: Random): Promise<void> {
  const { kernel, layout } = guarded;
  const contents = rowsOf(kernel, { rows } as Batch).map(({ content }) => content);
  for (let row = 0; row < rows;) {
    const slot = await kernel.takeSlot(() => 1_700_000_000_000);
    const name: RegionName = `slot ${layout.batches.indexOf(slot.records.byteOffset - BATCH_HEAD_BYTES)}`;
    const codec = random.pick(CODECS);
    const isEarly = random.integer(0, 2) > 0;
    if (isEarly) slot.compressWith(codec);
    const next = guarded.watch(["own", "state", "template", "envelope", name], () => {
      return kernel.renderRecords(TEMPLATE, row, rows, slot);
    });
    assert(next > row, "an empty slot takes no record");
    if (!isEarly) slot.compressWith(codec);
    guarded.watch([name, "own", "table"], () => slot.seal(1n, 0, 0));
    const { records } = decodeRecordBatch(slot.frame(new Uint8Array(0)).slice());
    assertEquals(records.map(({ value }) => contentOf(value)), contents.slice(row, next));
    slot.release();
    row = next;
  }
}

/** Now and then with a line that is longer than any chunk. */
function fileOf(random: Random): Uint8Array {
  const bytes = logMutator.mutant(random);
  if (random.integer(0, 5) > 0) return bytes;
  const at = random.integer(0, bytes.length);
  const long = new Uint8Array(random.integer(60_000, 150_000)).fill(random.pick([0x01, 0x22, 0x61, 0xbf, 0xf0]));
  return Uint8Array.from([...bytes.subarray(0, at), ...long, ...bytes.subarray(at)]);
}

function contentOf(message: Uint8Array | null): string {
  return JSON.parse(decoder.decode(message ?? new Uint8Array())).Contents[0].Value;
}

Deno.test("mutated logs are decoded, rendered and compressed within the memory that is theirs", async () => {
  const kernels = new GuardedKernels();
  const count = await fuzz("kernel decode", (random) => readBoth(kernels, random, fileOf(random)));
  assert(count > 5, `only ${count} cases`);
});
