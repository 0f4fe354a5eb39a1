/**
 * `processor_regex` on the kernel's columns, with random expressions and mutated lines: groups lie inside of what they were matched in,
 * nothing else is written, and what comes of them is rendered within its slot, however much it is.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Batch, RowRun } from "../../src/core/batch.ts";
import type { Processor } from "../../src/core/processor.ts";
import { recordTexts } from "../../src/kernel/record_texts.ts";
import { processBatch } from "../../src/process_batch.ts";
import { processors } from "../../src/processor_plugins.ts";
import type { Random } from "../support/random.ts";
import { randomLogPattern, randomPattern } from "../support/random_log_pattern.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { decodeLines, render } from "./column_case.ts";
import { fuzz } from "./fuzz.ts";
import { type GuardedKernel, GuardedKernels, type RegionName } from "./guarded_kernel.ts";
import { Mutator } from "./mutate.ts";

const LIMITS = { lineBytesMax: 2000, batchBytesMax: 10_000, slots: 1, rowsMax: 64 };
const LARGE_LIMITS = { lineBytesMax: 512 * 1024, batchBytesMax: 1_000_000, slots: 2, rowsMax: 64 };
const KEYS = ["a", "b", "c", "d"];
const TOKENS = [
  ..."\n \t\"'[]():=-/|\\é日😀\0",
  "=",
  "00",
  Uint8Array.of(0xff),
  Uint8Array.of(0xe2, 0x82),
  "a".repeat(50),
];
/** A case takes four columns at most, of some 58. */
const USES_MAX = 14;
const CAPTURING: readonly RegionName[] = ["own", "columns", "statuses", "captures", "patterns"];

const encoder = new TextEncoder();

/** @returns undefined where the expression is none. */
function tryProcessor(guarded: GuardedKernel, options: Record<string, unknown>): Processor | undefined {
  const plugin = processors.find(({ name }) => name === "processor_regex")!;
  const parsed = plugin.options().safeParse(options);
  if (!parsed.success) return undefined;
  const env = { now: () => 0, hostName: "h", hostIp: "192.0.2.1", tryVariable: () => undefined };
  const processor = plugin.create(parsed.data, { log: new RecordingLog(), env, columns: guarded.kernel.columns });
  guarded.settle();
  return processor;
}

function checkGroups(guarded: GuardedKernel, runs: readonly RowRun[] | undefined): void {
  for (const { fields, rowFrom, rowTo } of runs ?? []) {
    for (const field of fields) {
      if ("column" in field && rowTo > rowFrom) guarded.checkParts(rowTo, field.column, 0);
    }
  }
}

/** @returns whether the kernel was asked. */
function captureCase(kernels: GuardedKernels, random: Random): boolean {
  const guarded = kernels.take(LIMITS, random.pick([0x20, 0x61, 0xff]));
  const pattern = randomLogPattern(random);
  const source = random.integer(0, 4) > 0 ? pattern.source : `(${randomPattern(random, 3)})()()()`;
  const Keys = KEYS.slice(0, random.integer(1, 4));
  const processor = tryProcessor(guarded, { Regex: source, Keys, KeepSource: random.pick(["true", "false"]) });
  if (processor === undefined) return false;
  const samples = Array.from(
    { length: 5 },
    () => Array.from({ length: 5 }, () => `${pattern.sample(random)}\n`).join(""),
  );
  const batch = decodeLines(guarded, new Mutator(samples, TOKENS, 3000).mutant(random));
  const runs = guarded.watch(
    CAPTURING,
    () => processor.processRuns?.([{ fields: batch.fields, rowFrom: 0, rowTo: batch.rows }]),
  );
  checkGroups(guarded, runs);
  guarded.finish();
  return runs !== undefined;
}

/** A long line and an expression whose groups have much of it several times. */
async function largeCase(kernels: GuardedKernels, random: Random): Promise<void> {
  const guarded = kernels.take(LARGE_LIMITS, 0xa5);
  const Regex = random.pick(["(.*)", "((.*))", "(((.*)))", "((a)*(.*))", "(.(.(.(.*))))"]);
  const Keys = KEYS.slice(0, Regex.split("(").length - 1);
  const processor = tryProcessor(guarded, { Regex, Keys, KeepSource: random.pick(["true", "false"]) });
  assert(processor !== undefined);
  const filling = random.pick(["x", '"', "\u0001", "é", 'ab"c']);
  const line = filling.repeat(Math.ceil(random.integer(1, 500_000) / encoder.encode(filling).length));
  const batch = decodeLines(guarded, encoder.encode(`${line}\nshort\n`));
  const textOf = (given: Batch) => recordTexts(guarded.kernel, given);
  const processed = guarded.watch(CAPTURING, () => processBatch(batch, [processor], textOf));
  const messages = await render(guarded, processed);
  const contents = messages.map((message) => JSON.parse(message).Contents.length > 0);
  assertEquals(contents, contents.map(() => true));
  assert(messages.at(-1)?.includes("short"), "what follows a long record is lost");
  guarded.finish();
}

Deno.test("random expressions find groups of mutated lines within the memory that is theirs", async () => {
  const kernels = new GuardedKernels(USES_MAX);
  let asked = 0;
  await fuzz("captures", (random) => void (captureCase(kernels, random) && asked++));
  assert(asked > 10, `only ${asked} were asked of the kernel`);
});

Deno.test("groups that are together larger than any batch are rendered within their slot", async () => {
  const kernels = new GuardedKernels(USES_MAX);
  const count = await fuzz("large captures", (random) => largeCase(kernels, random));
  assert(count > 5, `only ${count} cases`);
});
