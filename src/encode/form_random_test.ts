/**
 * All forms on random records: what the kernel renders and what is made of texts are the same bytes, and those are what a second,
 * slower way of writing the form expects.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { bothWays, decodeLogLines } from "../../tests/support/form_rendering.ts";
import { testKernel } from "../../tests/support/kernel.ts";
import { type Random, seededRandom } from "../../tests/support/random.ts";
import type { Field } from "../core/batch.ts";
import type { LogRecord, RecordField } from "../core/record.ts";
import { customSingle } from "./custom_single.ts";
import { customSingleFlatten } from "./custom_single_flatten.ts";
import { JsonForm } from "./json_form.ts";
import { otlpJson } from "./otlp_json.ts";
import { OtlpProtobufForm } from "./otlp_protobuf.ts";
import { RawForm } from "./raw_form.ts";
import type { TagRules } from "./split_fields.ts";
import { tutorialForm } from "./tutorial_form.ts";

/** Of each form; all of them where everything is required. */
const RECORDS = Deno.env.get("SLUICE_TEST_REAL") === "required" ? 100_000 : 25_000;
const ROWS_PER_BATCH = 50;
const RULES: TagRules = {
  hostIp: '10.0.0.1"',
  rename: new Map([["k8s.pod.name", "pod"], ["container.name", ""], ["x", "content"], ["host.ip", "no"], ["é", "10"]]),
  kubernetesNames: false,
};
const PARTS = { time: "time", contents: "contents", tags: "tags" };

/** Pieces of names and values that writers of JSON get wrong. */
const PIECES = [
  "",
  "a",
  "b",
  "10",
  "9",
  "é",
  "€",
  "😀",
  '"',
  "\\",
  "\n",
  "\r",
  "\t",
  "\b",
  "\f",
  "\0",
  "\x1f",
  "\x7f",
  "/",
  "<&>",
]
  .concat([
    "\ud800",
    "\udc00",
    "\u2028",
    "\u2029",
    "\ufeff",
    "\uffff",
    "\ue000",
    "\u{10ffff}",
    "__proto__",
    "constructor",
  ]);
const NAMES = [
  "content",
  "_time_",
  "_source_",
  "_pod_name_",
  "_container_name_",
  "__tag__:",
  "__tag__:_pod_name_",
  "__tag__:x",
]
  .concat([
    "__tag__:é",
    "__log_topic__",
    "__tag__:__user_defined_id__",
    "time",
    "__tag__:time",
    "host.ip",
    "__tag__:host.ip",
  ]);

/** Ordered members of an object, as the second way writes them. */
type Members = readonly (readonly [name: string, json: string])[];

const FORMS = {
  tutorial: { form: tutorialForm(), expected: expectedTutorial },
  customSingle: { form: customSingle(RULES, PARTS), expected: expectedSingle },
  flatten: { form: customSingleFlatten(RULES, PARTS.time), expected: expectedFlat },
  otlp: { form: otlpJson(RULES), expected: expectedOtlp },
};

for (const [name, { form, expected }] of Object.entries(FORMS)) {
  Deno.test(`${RECORDS} random records in the form ${name} are the same bytes both ways, what is expected, and JSON`, async () => {
    const random = seededRandom(`form ${name}`);
    const kernel = testKernel();
    for (let batches = 0; batches < RECORDS / ROWS_PER_BATCH; batches++) {
      const batch = decodeLogLines(kernel, randomLines(random), randomFields(random));
      const { rendered, made, records } = await bothWays(kernel, form, batch);
      assertEquals(records.length, ROWS_PER_BATCH);
      records.forEach((record, row) =>
        check({ rendered: rendered[row], made: made[row], expected: expected(record) }, form)
      );
    }
  });
}

function check(message: { rendered: Uint8Array; made: Uint8Array; expected: string }, form: JsonForm): void {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(message.made);
  if (text !== message.expected) assertEquals(text, message.expected);
  if (!areSame(message.made, message.rendered)) assertEquals(new TextDecoder().decode(message.rendered), text);
  const object: unknown = JSON.parse(text);
  assertEquals(typeof object, "object", String(form));
}

function areSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

Deno.test("random contents are raw messages byte for byte", async () => {
  const random = seededRandom("raw forms");
  const kernel = testKernel();
  for (let round = 0; round < 100; round++) {
    const lines = randomLines(random);
    const batch = decodeLogLines(kernel, lines, [{ name: "content", column: 0, escape: true }]);
    const { rendered, made, records } = await bothWays(kernel, new RawForm(), batch);
    assertEquals(joined(rendered), contentsOf(lines));
    records.forEach(({ fields }, row) => assertEquals(new TextEncoder().encode(fields[0].value), made[row]));
  }
});

Deno.test("random records become protocol buffers without a complaint, whatever is in them", () => {
  const random = seededRandom("protobuf forms");
  const form = new OtlpProtobufForm(RULES);
  for (let round = 0; round < 5000; round++) {
    const fields = Array.from({ length: random.integer(0, 8) }, () => {
      return { name: randomText(random), value: randomText(random) };
    });
    const seconds = random.pick([0, 1, 2 ** 31, 2 ** 32 - 1, -1]);
    const message = form.message({ seconds, fields });
    const text = new TextDecoder().decode(message);
    for (const { name } of fields.filter(({ name }) => !NAMES.includes(name) && !name.startsWith("__tag__:"))) {
      assertEquals(text.includes(name.toWellFormed()), true, JSON.stringify(fields));
    }
  }
});

function randomText(random: Random): string {
  return Array.from({ length: random.integer(0, 4) }, () => random.pick(PIECES)).join("");
}

function randomName(random: Random): string {
  return random.next() < 0.6 ? random.pick(NAMES) : random.pick(["", "__tag__:"]) + randomText(random);
}

/** Columns and constants in any order; names occur twice. */
function randomFields(random: Random): Field[] {
  return Array.from({ length: random.integer(0, 12) }, (): Field => {
    const name = randomName(random);
    if (random.next() < 0.5) return { name, text: randomText(random) };
    const column = random.pick([0, 0, 1, 2]);
    return { name, column, escape: column === 0 };
  });
}

/** Lines with an empty beginning, which are contents as they are, and lines of a runtime. */
function randomLines(random: Random): Uint8Array {
  const lines = Array.from({ length: ROWS_PER_BATCH }, () => {
    const head = random.next() < 0.5 ? "2022-07-13T23:45:54.5+08:00 stdout F " : "";
    return [...new TextEncoder().encode(head), ...randomContent(random), 0x0a];
  });
  return Uint8Array.from(lines.flat());
}

function randomContent(random: Random): number[] {
  const pieces = Array.from({ length: random.integer(0, 8) }, () => {
    return random.next() < 0.3 ? random.bytes(random.integer(0, 3)) : new TextEncoder().encode(random.pick(PIECES));
  });
  return pieces.flatMap((bytes) => [...bytes]).filter((byte) => byte !== 0x0a);
}

/** What lines hold after the head that a runtime writes. */
function contentsOf(lines: Uint8Array): string {
  const text = Array.from(lines, (byte) => String.fromCharCode(byte)).join("");
  return text.replaceAll("2022-07-13T23:45:54.5+08:00 stdout F ", "");
}

function joined(messages: readonly Uint8Array[]): string {
  return messages.map((message) => Array.from(message, (byte) => String.fromCharCode(byte)).join("") + "\n").join("");
}

/** The second way: a record is taken apart once more, by lists, and sorted by the bytes themselves. */
function expectedParts({ fields }: LogRecord): { contents: Members; tags: Members } {
  const tags: RecordField[] = [];
  const contents: RecordField[] = [];
  for (const { name, value } of fields) {
    const given = name.toWellFormed();
    if (given === "__tag__:__user_defined_id__") continue;
    const bare = given.replace(/^__tag__:(?=[^])/, "");
    const known = { _pod_name_: "pod", _container_name_: "", __log_topic__: "log.topic" };
    const isKnown = Object.hasOwn(known, bare) && !(bare === "__log_topic__" && bare !== given);
    if (bare === given && !isKnown) contents.push({ name: given, value });
    else tags.push({ name: isKnown ? known[bare as keyof typeof known] : renamed(bare), value });
  }
  tags.push({ name: "host.ip", value: RULES.hostIp });
  return { contents: lastOfEach(contents), tags: lastOfEach(tags.filter(({ name }) => name !== "")) };
}

/** The rest of the table of `RULES`: the names in it that are no names of containers. */
function renamed(name: string): string {
  if (name === "x") return "content";
  if (name === "host.ip") return "no";
  return name === "é" ? "10" : name;
}

/** In the order of first sight, with the values of last sight. */
function lastOfEach(fields: readonly RecordField[]): Members {
  const names = fields.map(({ name }) => name).filter((name, index, all) => all.indexOf(name) === index);
  return names.map((name) => [name, json(fields.findLast((field) => field.name === name)?.value ?? "")]);
}

function json(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

function objectOf(members: Members): string {
  const key = (name: string) =>
    Array.from(new TextEncoder().encode(name), (byte) => String.fromCharCode(byte)).join("");
  const sorted = members.toSorted(([left], [right]) => key(left) < key(right) ? -1 : 1);
  return `{${sorted.map(([name, value]) => `${json(name)}:${value}`).join(",")}}`;
}

function expectedTutorial({ seconds, fields }: LogRecord): string {
  const contents = fields.map(({ name, value }) => `{"Key":${json(name)},"Value":${json(value)}}`);
  return `{"Time":${seconds},"Contents":[${contents.join(",")}]}`;
}

function expectedSingle(record: LogRecord): string {
  const { contents, tags } = expectedParts(record);
  return `{"contents":${objectOf(contents)},"tags":${objectOf(tags)},"time":${record.seconds}}`;
}

function expectedFlat(record: LogRecord): string {
  const { contents, tags } = expectedParts(record);
  const isIn = (members: Members, name: string) => members.some(([other]) => other === name);
  const kept = [...contents.filter(([name]) => !isIn(tags, name)), ...tags].filter(([name]) => name !== "time");
  return objectOf([...kept, ["time", String(record.seconds)]]);
}

function expectedOtlp(record: LogRecord): string {
  const { contents, tags } = expectedParts(record);
  const list = (members: Members) =>
    `[${members.map(([name, value]) => `{"key":${json(name)},"value":{"stringValue":${value}}}`).join(",")}]`;
  const body = contents.filter(([name]) => name === "content").map(([, value]) => `"body":{"stringValue":${value}},`);
  const time = `"${record.seconds}000000000"`;
  return `{"resourceLogs":[{"resource":{"attributes":${
    list(tags)
  }},"scopeLogs":[{"scope":{"name":"sluice"},"logRecords":[` +
    `{"timeUnixNano":${time},"observedTimeUnixNano":${time},${body.join("")}"attributes":` +
    `${list(contents.filter(([name]) => name !== "content"))}}]}]}]}`;
}
