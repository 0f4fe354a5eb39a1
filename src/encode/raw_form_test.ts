import { assertEquals } from "@std/assert";
import { bothWays, decodeLogLines } from "../../tests/support/form_rendering.ts";
import { OUTPUT_RECORD, recordOf } from "../../tests/support/form_records.ts";
import { testKernel } from "../../tests/support/kernel.ts";
import type { Field } from "../core/batch.ts";
import { RawForm } from "./raw_form.ts";

const CONTENT: Field = { name: "content", column: 0, escape: true };
const STREAM: Field = { name: "content", column: 2, escape: false };

/** Messages of the line `bytes` both ways. */
async function messages(fields: readonly Field[], bytes: Uint8Array): Promise<string[]> {
  const kernel = testKernel();
  const batch = decodeLogLines(kernel, bytes, fields);
  const { rendered, made } = await bothWays(kernel, new RawForm(), batch);
  return [...rendered, ...made].map((message) => message.toString());
}

Deno.test("a message is the content and nothing else", async () => {
  assertEquals(new RawForm().message(OUTPUT_RECORD), 'GET "/" <ok>');
  const line = new TextEncoder().encode('2022-07-13T23:45:54+08:00 stdout F "é"\r\n');
  const content = new TextEncoder().encode('"é"\r').toString();
  assertEquals(await messages([{ name: "a", text: "b" }, CONTENT], line), [content, content]);
});

Deno.test("of two contents the later counts, of none the message is empty", async () => {
  const line = new TextEncoder().encode("2022-07-13T23:45:54+08:00 stdout F a\n");
  const stdout = new TextEncoder().encode("stdout").toString();
  assertEquals(await messages([CONTENT, STREAM], line), [stdout, stdout]);
  assertEquals(await messages([CONTENT, { name: "content", text: "stdout" }], line), [stdout, stdout]);
  assertEquals(await messages([], line), ["", ""]);
  assertEquals(new RawForm().message(recordOf([["content", "a"], ["content", "b"], ["c", "c"]])), "b");
});

Deno.test("bytes that are no UTF-8 stay what they are, until a processor has made a text of them", async () => {
  const line = Uint8Array.of(0x61, 0xff, 0xc3, 0x0a);
  assertEquals(await messages([CONTENT], line), ["97,255,195", new TextEncoder().encode("a\ufffd\ufffd").toString()]);
});
