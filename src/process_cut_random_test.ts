/**
 * Values cut as columns and as texts: both ways give the same messages, whatever the lines and the options.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { decodeLogLines } from "../tests/support/form_rendering.ts";
import { testKernel } from "../tests/support/kernel.ts";
import { type Given, makeProcessors, messagesOf } from "../tests/support/processed_messages.ts";
import { type Random, seededRandom } from "../tests/support/random.ts";
import type { Batch, Field } from "./core/batch.ts";
import { recordTexts } from "./kernel/record_texts.ts";
import { processBatch } from "./process_batch.ts";

const CASES = 150;
const FIELDS: readonly Field[] = [
  { name: "content", column: 0, escape: true },
  { name: "_time_", column: 1, escape: false },
  { name: "b", text: "before" },
];
const SEPARATORS = [",", "|", " ", "::", "|||", "aa", "é"];
const NAMES = ["a", "b", "c", "content", "_", "d"];

function randomChain(random: Random, separator: string): Given[] {
  const flag = () => String(random.integer(0, 1) === 1);
  const names = (least: number) => Array.from({ length: random.integer(least, 4) }, () => random.pick(NAMES));
  const SourceKey = random.pick(["content", "content", "content", "b", "none"]);
  const isAscii = separator !== "é";
  const cutting: Given[] = [
    ["processor_split_string", {
      SourceKey: random.pick([SourceKey, ""]),
      SplitSep: separator,
      SplitKeys: names(0),
      PreserveOthers: flag(),
      ExpandOthers: flag(),
      ExpandKeyPrefix: "more",
      KeepSource: flag(),
      NoMatchError: flag(),
    }],
    ["processor_parse_delimiter_native", {
      SourceKey,
      Separator: separator,
      Quote: random.pick(['"', "'", ""]),
      Keys: names(1),
      AllowingShortenedFields: flag(),
      OverflowedFieldsTreatment: random.pick(["extend", "keep", "discard"]),
      KeepingSourceWhenParseFail: flag(),
      KeepingSourceWhenParseSucceed: flag(),
      RenamedSourceKey: random.pick(["", "raw", "a"]),
      CopingRawLog: flag(),
    }],
  ];
  if (separator.length === 1 && isAscii) {
    cutting.push(["processor_split_char", {
      SourceKey: random.pick([SourceKey, ""]),
      SplitSep: separator,
      SplitKeys: names(0),
      QuoteFlag: flag(),
      Quote: '"',
      PreserveOthers: flag(),
      KeepSource: flag(),
      KeepSourceIfParseError: flag(),
      NoMatchError: flag(),
    }]);
    const pairs: Given = ["processor_split_key_value", {
      SourceKey,
      Delimiter: separator,
      Separator: random.pick([":", "=", ":="]),
      Quote: random.pick(["", '"', "'"]),
      KeepSource: flag(),
      DiscardWhenSeparatorNotFound: flag(),
      ErrIfSeparatorNotFound: flag(),
    }];
    cutting.push(pairs, pairs, pairs);
  }
  const before: Given[][] = [[], [], [["processor_json", {
    SourceKey: "content",
    KeepSource: "false",
    ExpandConnector: "",
  }]]];
  return [...random.pick(before), random.pick(cutting), ...random.pick([[], [random.pick(cutting)]])];
}

function randomLine(random: Random, separator: string): string {
  const piece = () =>
    random.pick([
      "",
      "x",
      "é",
      '"',
      '"q"',
      `"q${separator}r"`,
      " ",
      "a",
      "aa",
      "long ".repeat(9),
      "\u0001",
      "\\n",
      "\r",
    ]);
  const pair = () => {
    const quote = random.pick(["", "", '"', "'"]);
    return random.pick(["a", "b", "c", "é", "a", ""]) + random.pick([":", ":", "=", ""]) + quote + piece() + quote;
  };
  if (random.next() < 0.4) return Array.from({ length: random.integer(0, 5) }, pair).join(separator);
  const value = Array.from({ length: random.integer(0, 7) }, piece).join(random.pick([separator, separator, "", ":"]));
  return random.next() < 0.2 ? JSON.stringify({ content: value, b: piece() }) : value;
}

function randomBytes(random: Random, separator: string): Uint8Array {
  const isTidy = random.next() < 0.5;
  const lines = Array.from({ length: random.integer(1, 40) }, () => {
    const tidy = random.pick([["x", "y", "z"], ["a:1", "b:2", 'c:"3"'], ["a:1", "c:2"]]).join(separator);
    const text = isTidy && random.next() < 0.9 ? tidy : randomLine(random, separator);
    const bytes = new TextEncoder().encode(text);
    if (random.next() < 0.05 && bytes.length > 0) {
      bytes[random.integer(0, bytes.length - 1)] = random.pick([0xff, 0xe2]);
    }
    return [...new TextEncoder().encode("2022-07-13T23:45:54.1+08:00 stdout F "), ...bytes, 0x0a];
  });
  return Uint8Array.from(lines.flat());
}

Deno.test("values cut as columns and as texts come to the same messages and counts", async () => {
  const random = seededRandom("cut columns");
  let messages = 0;
  let asColumns = 0;
  for (let index = 0; index < CASES; index++) {
    const separator = random.pick(SEPARATORS);
    const chain = randomChain(random, separator);
    const kernel = testKernel({ rowsMax: 64, batchBytesMax: 100_000 });
    const [fast, slow] = [makeProcessors(chain, kernel.columns), makeProcessors(chain, undefined)];
    for (let batches = 0; batches < 3; batches++) {
      const lines = randomBytes(random, separator);
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
  assert(messages > 2000 && asColumns > 80, `${messages} messages, ${asColumns} batches as columns`);
});
