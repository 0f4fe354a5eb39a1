/**
 * `processor_json` and the native parser on the kernel's columns, with mutated documents: values lie in what was read or in the arena,
 * nothing else is written, and what comes of them is rendered within its slot, however much it is.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Batch } from "../../src/core/batch.ts";
import type { Processor } from "../../src/core/processor.ts";
import { recordTexts } from "../../src/kernel/record_texts.ts";
import { processBatch } from "../../src/process_batch.ts";
import { type Given, makeProcessors } from "../support/processed_messages.ts";
import type { Random } from "../support/random.ts";
import { randomJson } from "../support/random_json.ts";
import { checkValues, decodeLines, MAKING_COLUMNS, render } from "./column_case.ts";
import { fuzz } from "./fuzz.ts";
import { type GuardedKernel, GuardedKernels } from "./guarded_kernel.ts";
import { Mutator } from "./mutate.ts";

const LIMITS = { lineBytesMax: 2000, batchBytesMax: 10_000, slots: 1, rowsMax: 64 };
const LARGE_LIMITS = { lineBytesMax: 512 * 1024, batchBytesMax: 1_000_000, slots: 2, rowsMax: 64 };
const TOKENS = [
  ...'\n \t"\\{}[],:-+.0eE/',
  ...["\\u0041", "\\ud83d", "\\ude00", "\\u00", '{"', '":', "true", "null", "é", "😀", "\0"],
  Uint8Array.of(0xff),
  Uint8Array.of(0xe2, 0x82),
  '{"a":'.repeat(30),
  "\\/".repeat(40),
  "[".repeat(100),
  "]".repeat(100),
];
/** Each processor takes 64 columns of some 250 for good. */
const USES_MAX = 3;
const encoder = new TextEncoder();

function jsonProcessor(guarded: GuardedKernel, random: Random): Processor {
  const native: Given = ["processor_parse_json_native", { SourceKey: "content", KeepingSourceWhenParseFail: "true" }];
  const usual: Given = ["processor_json", {
    SourceKey: "content",
    ExpandDepth: String(random.integer(0, 2)),
    KeepSource: random.pick(["true", "false"]),
  }];
  const [processor] = makeProcessors([random.pick([usual, usual, native])], guarded.kernel.columns);
  guarded.settle();
  return processor;
}

/** @returns whether the kernel did it. */
async function scanCase(kernels: GuardedKernels, random: Random): Promise<boolean> {
  const guarded = kernels.take(LIMITS, random.pick([0x20, 0x22, 0x7d, 0xff]));
  const processor = jsonProcessor(guarded, random);
  const samples = Array.from(
    { length: 5 },
    () => Array.from({ length: 5 }, () => `${randomJson(random).text.replaceAll("\n", " ")}\n`).join(""),
  );
  const batch = decodeLines(guarded, new Mutator(samples, TOKENS, 3000).mutant(random));
  const textOf = (given: Batch) => recordTexts(guarded.kernel, given);
  const processed = guarded.watch(MAKING_COLUMNS, () => processBatch(batch, [processor], textOf));
  checkValues(guarded, processed.runs ?? []);
  for (const message of await render(guarded, processed)) JSON.parse(message);
  guarded.finish();
  return processed.records === undefined;
}

/** A long line whose values grow, or are there several times. */
async function largeCase(kernels: GuardedKernels, random: Random): Promise<void> {
  const guarded = kernels.take(LARGE_LIMITS, 0xa5);
  const processor = jsonProcessor(guarded, random);
  const filling = random.pick(["x", '\\"', "\\u0001", "é", "\\/", "\\n"]);
  const text = filling.repeat(Math.ceil(random.integer(1, 250_000) / encoder.encode(filling).length));
  const line = random.pick([
    `{"a":"${text}"}`,
    `{"a":{"b":["${text}"]}}`,
    `{"a":["${text}"],"b":"${text}"}`,
    `{"a":"${text}"`,
  ]);
  const batch = decodeLines(guarded, encoder.encode(`${line}\n{"b":"short"}\n`));
  const textOf = (given: Batch) => recordTexts(guarded.kernel, given);
  const processed = guarded.watch(MAKING_COLUMNS, () => processBatch(batch, [processor], textOf));
  const messages = await render(guarded, processed);
  const contents = messages.map((message) => JSON.parse(message).Contents.length > 0);
  assertEquals(contents, contents.map(() => true));
  assert(messages.at(-1)?.includes("short"), "what follows a long record is lost");
  guarded.finish();
}

Deno.test("mutated documents are scanned within the memory that is theirs", async () => {
  const kernels = new GuardedKernels(USES_MAX);
  let asColumns = 0;
  await fuzz("JSON", async (random) => void (await scanCase(kernels, random) && asColumns++));
  assert(asColumns > 10, `only ${asColumns} were the kernel's`);
});

Deno.test("large values are rendered within their slot", async () => {
  const kernels = new GuardedKernels(USES_MAX);
  const count = await fuzz("large JSON", (random) => largeCase(kernels, random));
  assert(count > 5, `only ${count} cases`);
});
