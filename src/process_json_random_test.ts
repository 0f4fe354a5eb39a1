/**
 * JSON as columns and as texts: both ways give the same messages, whatever the documents, the options and the processors behind.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { decodeLogLines } from "../tests/support/form_rendering.ts";
import { testKernel } from "../tests/support/kernel.ts";
import { type Given, makeProcessors, messagesOf } from "../tests/support/processed_messages.ts";
import { type Random, seededRandom } from "../tests/support/random.ts";
import { mutatedJson, randomJson } from "../tests/support/random_json.ts";
import type { Batch, Field } from "./core/batch.ts";
import { customSingle } from "./encode/custom_single.ts";
import { customSingleFlatten } from "./encode/custom_single_flatten.ts";
import { flatForm } from "./encode/flat_form.ts";
import { RawForm } from "./encode/raw_form.ts";
import { tutorialForm } from "./encode/tutorial_form.ts";
import type { Kernel } from "./kernel/kernel.ts";
import type { MessageForm } from "./deliver/message_form.ts";
import type { TagRules } from "./encode/split_fields.ts";
import { recordTexts } from "./kernel/record_texts.ts";
import { processBatch } from "./process_batch.ts";

const CASES = 200;
const BATCHES = 4;
const FIELDS: readonly Field[] = [
  { name: "content", column: 0, escape: true },
  { name: "_time_", column: 1, escape: false },
  { name: "_pod_name_", text: "shop-1" },
];
const NAMES = ["content", "a", "b", "c", "msg", "_msg", "inner", "level"];
const VALUES = [
  ...[
    "12.5",
    "-0.0",
    "-0",
    "0.000001",
    "0.1234567",
    "123456789012345678",
    "1234567890123456789",
    "18446744073709551616",
  ],
  ...["12345678901.2345", "1234567890123.456", "-12.50", "-0.5", '{"a":[1,"x y"]}', '["xy",{}]', "1E5"],
  ...[
    '"x"',
    '"\\u0041\\u00e9\\ud83d\\ude00"',
    '"\\/\\b\\f\\n\\r\\t\\"\\\\"',
    '"\\u0000\\u001f\\u001F\\u000a"',
    '""',
    '"\\ud83d"',
  ],
  ...[
    "0",
    "-1.50e+3",
    "01",
    "+1",
    "1.",
    "true",
    "false",
    "null",
    "nul",
    "[]",
    "{}",
    '[1, {"a":"\\n\\u0041"}]',
    '{"b" : [2]}',
    "[1,]",
  ],
  ...[
    '"{\\"a\\":1,\\"b\\":\\"\\\\n\\"}"',
    '"tab\there"',
    '"日本"',
    '"\u2028"',
    "1 ",
    '{"a":{"b":{"c":1}}}',
    "[[[",
    '"\\x"',
    '"\\u12"',
  ],
];

const TAG_RULES: TagRules = { hostIp: "192.0.2.1", rename: new Map(), kubernetesNames: true };
const FORMS: readonly (() => MessageForm)[] = [
  tutorialForm,
  flatForm,
  () => new RawForm(),
  () => customSingle(TAG_RULES, { time: "time", contents: "contents", tags: "tags" }),
  () => customSingleFlatten(TAG_RULES, "time"),
];

/** Usual documents: a few names in nearly the same order. */
function usualJson(random: Random): string {
  const names = NAMES.filter(() => random.next() < 0.6);
  if (random.next() < 0.05) names.push(random.pick(NAMES));
  return `{${names.map((name) => `"${name}":${random.pick(VALUES)}`).join(random.pick([",", ", "]))}}`;
}

function randomLine(random: Random): string {
  const kind = random.integer(0, 19);
  if (kind < 12) return usualJson(random);
  if (kind < 16) return randomJson(random).text;
  if (kind < 18) return mutatedJson(random.pick([usualJson(random), randomJson(random).text]), random).text;
  return random.pick([
    "",
    "no JSON",
    "{",
    "{}",
    "null",
    " {} ",
    '{"a":1}x',
    '{"a"}',
    "\ufeff{}",
    '{"":{"":1}}',
    '{"\\ud83d":1}',
  ]);
}

function randomBytes(random: Random): Uint8Array {
  const documents = Array.from({ length: 4 }, () => randomLine(random));
  const lines = Array.from({ length: random.integer(1, 40) }, () => {
    const text = random.next() < 0.5 ? random.pick(documents) : randomLine(random);
    const bytes = new TextEncoder().encode(text.replaceAll("\n", " "));
    if (random.next() < 0.03 && bytes.length > 0) bytes[random.integer(0, bytes.length - 1)] = 0xff;
    return [...new TextEncoder().encode("2022-07-13T23:45:54.1+08:00 stdout F "), ...bytes, 0x0a];
  });
  return Uint8Array.from(lines.flat());
}

function randomChain(random: Random): Given[] {
  const flag = () => String(random.integer(0, 1) === 1);
  const json = (SourceKey: string): Given => ["processor_json", {
    SourceKey,
    ExpandDepth: String(random.integer(0, 2)),
    ExpandConnector: random.pick(["", "_", "."]),
    Prefix: random.pick(["", "p"]),
    UseSourceKeyAsPrefix: random.pick(["false", "false", "true"]),
    IgnoreFirstConnector: flag(),
    KeepSource: flag(),
    KeepSourceIfParseError: flag(),
    ExpandArray: random.pick(["false", "false", "false", "true"]),
  }];
  const others: Given[] = [
    ["processor_drop", { DropKeys: [random.pick(NAMES)] }],
    ["processor_rename", { SourceKeys: [random.pick(NAMES)], DestKeys: ["content"] }],
    ["processor_filter_regex", { Include: { [random.pick(NAMES)]: random.pick(["a", "^.{0,9}$", "\\n|A", "\\\\"]) } }],
    ["processor_filter_regex", { Exclude: { [random.pick(NAMES)]: random.pick(["\t", "é", "\\d"]) } }],
    ["processor_regex", {
      SourceKey: random.pick(NAMES),
      Regex: "([^n]*)(.*)",
      Keys: ["one", "two"],
      KeepSource: flag(),
    }],
    ["processor_md5", { SourceKey: "a", MD5Key: "md5" }],
    json("msg"),
    json("a"),
    ["processor_parse_json_native", { SourceKey: random.pick(["msg", "a"]) }],
  ];
  const native: Given = ["processor_parse_json_native", {
    SourceKey: random.pick(["content", "content", "msg"]),
    KeepingSourceWhenParseFail: flag(),
    KeepingSourceWhenParseSucceed: flag(),
    RenamedSourceKey: random.pick(["", "raw", "a"]),
    CopingRawLog: flag(),
  }];
  const first = random.pick([json("content"), json("content"), native]);
  return [first, ...Array.from({ length: random.integer(0, 3) }, () => random.pick(others))];
}

/** The messages of the same lines both ways, and whether the kernel did it. */
async function compare(kernel: Kernel, random: Random, chain: readonly Given[]): Promise<readonly [number, boolean]> {
  const [fast, slow] = [makeProcessors(chain, kernel.columns), makeProcessors(chain, undefined)];
  const form = random.pick(FORMS)();
  const textOf = (batch: Batch) => recordTexts(kernel, batch);
  let messages = 0;
  let isFast = false;
  for (let count = 0; count < BATCHES; count++) {
    const bytes = randomBytes(random);
    const about = JSON.stringify([chain, new TextDecoder().decode(bytes)]);
    const slowBatch = processBatch(decodeLogLines(kernel, bytes, FIELDS), slow, textOf);
    const bySlow = await messagesOf(kernel, slowBatch, form);
    const fastBatch = processBatch(decodeLogLines(kernel, bytes, FIELDS), fast, textOf);
    assertEquals(await messagesOf(kernel, fastBatch, form), bySlow, about);
    assertEquals(fast.map(({ counts }) => counts), slow.map(({ counts }) => counts), about);
    messages += bySlow.length;
    isFast ||= fastBatch.records === undefined;
  }
  return [messages, isFast];
}

Deno.test("JSON as columns and as texts comes to the same messages and counts", async () => {
  const random = seededRandom("JSON columns");
  let messages = 0;
  let asColumns = 0;
  for (let index = 0; index < CASES; index++) {
    const [count, isFast] = await compare(
      testKernel({ rowsMax: 64, batchBytesMax: 100_000 }),
      random,
      randomChain(random),
    );
    messages += count;
    if (isFast) asColumns++;
  }
  console.log(`${messages} messages, ${asColumns} of ${CASES} chains as columns`);
  assert(messages > 2000 && asColumns > CASES / 4, `${messages} messages, ${asColumns} chains as columns`);
});
