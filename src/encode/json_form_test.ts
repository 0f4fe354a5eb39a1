import { assertEquals } from "@std/assert";
import { recordOf } from "../../tests/support/form_records.ts";
import { bothWays, decodeLogLines, renderMessages } from "../../tests/support/form_rendering.ts";
import { testKernel } from "../../tests/support/kernel.ts";
import { JsonForm } from "./json_form.ts";
import { SECONDS } from "./plan.ts";

/** The values of all fields, the same text before and after them, the time. */
const form = () =>
  new JsonForm((names) => ["[", ...names.flatMap((_, field) => [{ field }, ","]), { text: '"' }, ",", SECONDS, "]"]);

Deno.test("constants, columns and the time are the same bytes both ways", async () => {
  const kernel = testKernel();
  const lines = '2022-07-13T23:45:54+08:00 stdout F a\\"\x01\xe9\n2022-07-13T23:45:55Z stderr F \xff\n';
  const batch = decodeLogLines(kernel, Uint8Array.from(lines, (unit) => unit.charCodeAt(0)), [
    { name: "content", column: 0, escape: true },
    { name: "b", text: '\ud800"' },
    { name: "_source_", column: 2, escape: false },
  ]);
  const { rendered, made } = await bothWays(kernel, form(), batch);
  const expected = [
    String.raw`["a\\\"\u0001�","�\"","stdout","\"",1657727154]`,
    String.raw`["�","�\"","stderr","\"",1657755955]`,
  ];
  assertEquals(rendered.map((message) => new TextDecoder().decode(message)), expected);
  assertEquals(made, rendered);
});

Deno.test("neighbouring constants are one piece of a template", () => {
  const template = form().template([{ name: "a", text: "1" }, { name: "b", column: 0, escape: true }]);
  assertEquals(template?.pieces.map(({ kind }) => kind), ["constant", "escaped", "constant", "seconds", "constant"]);
});

Deno.test("constants that are larger than the kernel has room for make no template, those that just fit do", async () => {
  const text = (size: number) => form().template([{ name: "a", text: "x".repeat(size) }]);
  assertEquals(text(128 * 1024), undefined);
  const largest = text(127 * 1024);
  assertEquals(largest === undefined, false);
  const [message] = await renderMessages(testKernel(), largest!, 1);
  assertEquals(message.length, 127 * 1024 + '["","\\"",0]'.length);
});

Deno.test("records of other fields have other plans, whatever came before", () => {
  const one = form();
  const records = [
    recordOf([["a", "1"]], 1),
    recordOf([["a", "1"], ["b", "2"]], 1),
    recordOf([], 1),
    recordOf([["b", "3"]], 1),
  ];
  const messages = [...records, ...records].map((record) => one.message(record));
  const expected = ['["1","\\"",1]', '["1","2","\\"",1]', '["\\"",1]', '["3","\\"",1]'];
  assertEquals(messages, [...expected, ...expected]);
});

Deno.test("a plan is made once for records of the same fields", () => {
  let made = 0;
  const counting = new JsonForm((names) => [String(made++), ...names]);
  const records = [recordOf([["a", "1"]]), recordOf([["a", "2"]]), recordOf([["b", "2"]])];
  assertEquals(records.map((record) => counting.message(record)), ["0a", "0a", "1b"]);
});
