/**
 * Processors that cut values on the kernel's columns, with mutated lines: pieces lie in what was read or in the arena, nothing else is
 * written, and what comes of them is rendered within its slot.
 *
 * @module
 */
import { assert } from "@std/assert";
import type { Batch } from "../../src/core/batch.ts";
import type { Processor } from "../../src/core/processor.ts";
import { recordTexts } from "../../src/kernel/record_texts.ts";
import { processBatch } from "../../src/process_batch.ts";
import { type Given, makeProcessors } from "../support/processed_messages.ts";
import type { Random } from "../support/random.ts";
import { checkValues, decodeLines, MAKING_COLUMNS, render } from "./column_case.ts";
import { fuzz } from "./fuzz.ts";
import { type GuardedKernel, GuardedKernels } from "./guarded_kernel.ts";
import { Mutator } from "./mutate.ts";

const LIMITS = { lineBytesMax: 2000, batchBytesMax: 10_000, slots: 1, rowsMax: 64 };
const TOKENS = [
  ..."\n ,|:\"'\\\t\r\0é",
  "::",
  ":::",
  ",,,,",
  "|".repeat(70),
  Uint8Array.of(0xff),
  Uint8Array.of(0xe2, 0x82),
];
/** Each processor takes 64 columns of some 250 at most for good. */
const USES_MAX = 3;

function cutter(guarded: GuardedKernel, random: Random): Processor {
  const separator = random.pick([",", "|", ":", "::", ":::"]);
  const names = ["a", "b", "c", "d"].slice(0, random.integer(1, 4));
  const chain: Given[] = [
    ["processor_split_string", { SplitSep: separator, SplitKeys: names, ExpandOthers: random.pick(["true", "false"]) }],
    ["processor_split_char", { SplitSep: separator.slice(0, 1), SplitKeys: names, QuoteFlag: "true", Quote: '"' }],
    ["processor_split_key_value", { Delimiter: ",", Separator: ":", Quote: random.pick(["", '"']) }],
    ["processor_parse_delimiter_native", {
      SourceKey: "content",
      Separator: separator,
      Keys: names,
      OverflowedFieldsTreatment: random.pick(["extend", "keep", "discard"]),
    }],
  ];
  const [processor] = makeProcessors([random.pick(chain)], guarded.kernel.columns);
  guarded.settle();
  return processor;
}

/** @returns whether the kernel did it. */
async function cutCase(kernels: GuardedKernels, random: Random): Promise<boolean> {
  const guarded = kernels.take(LIMITS, random.pick([0x20, 0x2c, 0x3a, 0xff]));
  const processor = cutter(guarded, random);
  const samples = [
    "a,b,c,d\n1|2|3|4\n",
    'x::y::z\n"q",r\n',
    "no separator\n:::\n",
    'a:1,b:"2,3",c:4\n',
    `${",".repeat(100)}\n`,
  ];
  const batch = decodeLines(guarded, new Mutator(samples, TOKENS, 3000).mutant(random));
  const textOf = (given: Batch) => recordTexts(guarded.kernel, given);
  const processed = guarded.watch(MAKING_COLUMNS, () => processBatch(batch, [processor], textOf));
  checkValues(guarded, processed.runs ?? []);
  for (const message of await render(guarded, processed)) JSON.parse(message);
  guarded.finish();
  return processed.records === undefined;
}

Deno.test("mutated lines are cut within the memory that is theirs", async () => {
  const kernels = new GuardedKernels(USES_MAX);
  let asColumns = 0;
  await fuzz("cutting", async (random) => void (await cutCase(kernels, random) && asColumns++));
  assert(asColumns > 10, `only ${asColumns} were the kernel's`);
});
