import { assert, assertEquals } from "@std/assert";
import { type Random, seededRandom } from "../tests/support/random.ts";
import { nearly, randomCharacters, randomLogPattern } from "../tests/support/random_log_pattern.ts";
import { decodeLogLines } from "../tests/support/form_rendering.ts";
import { testKernel } from "../tests/support/kernel.ts";
import { type Given, messagesOf, tryMakeProcessors } from "../tests/support/processed_messages.ts";
import type { Batch, Field } from "./core/batch.ts";
import { recordTexts } from "./kernel/record_texts.ts";
import { processBatch } from "./process_batch.ts";

const CASES = 400;
const FIELDS: readonly Field[] = [
  { name: "content", column: 0, escape: true },
  { name: "_time_", column: 1, escape: false },
  { name: "_source_", text: "stdout" },
  { name: "_pod_name_", text: "shop-1" },
];
const NAMES = ["content", "_time_", "_source_", "a", "b", "c", "d", "new"];

const WORDS = ["a", "[0-9]", "^.{0,9}$", "e|1", "é", "\\s", "(?i)S", "^$", "shop", "(?!x)"];

/** A line of this one in so many does not match. */
function linesFor(sample: () => string, random: Random): Uint8Array {
  const texts = Array.from({ length: random.integer(1, 40) }, () => {
    const kind = random.integer(0, 9);
    return kind < 7 ? sample() : kind < 9 ? nearly(sample(), random) : randomCharacters(random, 30);
  });
  const bytes = texts.flatMap((text) => {
    const line = [...new TextEncoder().encode(`2022-07-13T23:45:54.1+08:00 stdout F ${text.replaceAll("\n", " ")}`)];
    // Some are spoilt near their end: what is behind a match is not looked at.
    if (random.next() < 0.03) line[line.length - 1] = random.integer(0x80, 0xff);
    return [...line, 10];
  });
  return Uint8Array.from(bytes);
}

function randomChain(pattern: string, random: Random): Given[] {
  const flag = () => String(random.integer(0, 1) === 1);
  const some = () => Array.from({ length: random.integer(1, 3) }, () => random.pick(NAMES));
  const regex: Given = ["processor_regex", {
    Regex: pattern,
    Keys: ["a", "b", "c", "d"].slice(0, random.integer(1, 4)),
    SourceKey: random.pick(["content", "content", "", "new", "a"]),
    FullMatch: flag(),
    KeepSource: flag(),
    KeepSourceIfParseError: flag(),
  }];
  const others: Given[] = [
    ["processor_drop", { DropKeys: some() }],
    ["processor_rename", { SourceKeys: [random.pick(NAMES)], DestKeys: [random.pick(NAMES)] }],
    ["processor_add_fields", { Fields: { new: "text", a: "é" }, IgnoreIfExist: flag() }],
    ["processor_pick_key", { Include: some(), Exclude: random.pick([[], some()]) }],
    ["processor_filter_regex", { Include: { [random.pick(NAMES)]: random.pick(WORDS) } }],
    ["processor_filter_regex", {
      Include: random.pick([{}, { content: random.pick(WORDS) }]),
      Exclude: { [random.pick(NAMES)]: random.pick(WORDS), a: random.pick(WORDS) },
    }],
    ["processor_filter_regex_native", { Include: { [random.pick(NAMES)]: `.*(?:${random.pick(WORDS)}).*` } }],
    ["processor_filter_regex_native", {
      FilterKey: ["content", random.pick(NAMES)],
      FilterRegex: [".*", random.pick([".*", "\\S+", random.pick(WORDS)])],
    }],
    ["processor_filter_key_regex", { Include: [random.pick(NAMES)], Exclude: random.pick([[], ["^d"]]) }],
    regex,
    ["processor_md5", { SourceKey: "a", MD5Key: "md5" }],
  ];
  const native: Given = ["processor_parse_regex_native", {
    SourceKey: random.pick(["content", "content", "a", "new"]),
    Regex: random.pick([pattern, pattern, `${pattern}.*`]),
    Keys: random.pick([["a"], ["a", "b"], ["content", "b", "c"], ["a", "b", "a", "d"]]),
    KeepingSourceWhenParseFail: flag(),
    KeepingSourceWhenParseSucceed: flag(),
    RenamedSourceKey: random.pick(["", "raw", "a"]),
    CopingRawLog: flag(),
  }];
  if (random.next() < 0.3) return [native, ...random.pick([[], [random.pick(others)]])];
  const after = Array.from({ length: random.integer(0, 3) }, () => random.pick(others));
  return [...random.pick([[], [random.pick(others)]]), regex, ...after];
}

Deno.test("columns and texts come to the same messages and counts, whatever the processors and the lines", async () => {
  const random = seededRandom("columns and texts");
  let messages = 0;
  let asColumns = 0;
  for (let index = 0; index < CASES; index++) {
    const pattern = randomLogPattern(random);
    const chain = randomChain(pattern.source, random);
    const kernel = testKernel({ rowsMax: 64, batchBytesMax: 100_000 });
    const [fast, slow] = [tryMakeProcessors(chain, kernel.columns), tryMakeProcessors(chain, undefined)];
    if (fast === undefined || slow === undefined) continue;
    for (let batches = 0; batches < 3; batches++) {
      const lines = linesFor(() => pattern.sample(random), random);
      const about = JSON.stringify([chain, new TextDecoder().decode(lines)]);
      const textOf = (batch: Batch) => recordTexts(kernel, batch);
      const bySlow = await messagesOf(kernel, processBatch(decodeLogLines(kernel, lines, FIELDS), slow, textOf));
      const processed = processBatch(decodeLogLines(kernel, lines, FIELDS), fast, textOf);
      assertEquals(await messagesOf(kernel, processed), bySlow, about);
      assertEquals(fast.map(({ counts }) => counts), slow.map(({ counts }) => counts), about);
      messages += bySlow.length;
      if (processed.records === undefined) asColumns++;
    }
  }
  console.log(`${messages} messages, ${asColumns} batches as columns`);
  assert(messages > 2000 && asColumns > 200, `${messages} messages, ${asColumns} batches as columns`);
});
