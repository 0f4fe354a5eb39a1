/** @module */
import { assertRejects } from "@std/assert";
import type { Corpus, ExpectedRecord } from "./corpus.ts";
import { METADATA } from "./made_up_container.ts";
import { checkRecords } from "./record_check.ts";

const TRACE = "ERROR failed\njava.lang.Exception: x\n\tat a.b(c.java:1)";
const corpus: Corpus = {
  bytes: 0,
  lines: 5,
  records: 3,
  fieldsLength: "first".length + "between".length + TRACE.length,
  keys: ["content"],
  samples: [sample("first", ["1", "1"]), sample(TRACE, ["3", "5"])],
};

function sample(content: string, times: readonly [string, string]): ExpectedRecord {
  return { content, fields: new Map([["content", content]]), times };
}

function record(content: string, time: string, further: Readonly<Record<string, string>> = {}): object {
  const fields = { content, _time_: time, _source_: "stdout", ...Object.fromEntries(METADATA), ...further };
  return { Time: 1, Contents: Object.entries(fields).map(([Key, Value]) => ({ Key, Value })) };
}

const first = record("first", "1");
const between = record("between", "2");
const trace = record(TRACE, "5");

async function check(records: readonly object[]): Promise<void> {
  const values = records.map((one) => new TextEncoder().encode(JSON.stringify(one)));
  await checkRecords(corpus, ReadableStream.from(values));
}

Deno.test("what was written is accepted, in any order", () => check([trace, first, between]));

Deno.test("a record may carry the time of its first or its last line", async () => {
  await check([first, between, record(TRACE, "3")]);
});

for (
  const [what, records, message] of [
    ["a record too few", [first, trace], "2 records arrived where 3"],
    ["a record too many", [first, between, between, trace], "4 records arrived where 3"],
    ["a trace in pieces", [first, record("ERROR failed", "3"), record("\tat a.b(c.java:1)", "5")], "1 samples"],
    ["a record that is cut", [first, record("betw", "2"), trace], "characters"],
    ["another time", [first, between, record(TRACE, "4")], "_time_"],
    ["other metadata", [record("first", "1", { _pod_name_: "other" }), between, trace], "_pod_name_"],
    ["further fields", [record("first", "1", { extra: "" }), between, trace], "extra"],
    ["a time that is text", [{ ...first, Time: "1" }, between, trace], "Time"],
  ] as const
) {
  Deno.test(`${what} is refused`, async () => {
    await assertRejects(() => check(records), Error, message);
  });
}
