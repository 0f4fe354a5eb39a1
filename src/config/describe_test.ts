import { assertEquals } from "@std/assert";
import * as z from "zod";
import { notSupportedYet, warnedWhen, withoutEffect } from "../core/option_notes.ts";
import { bool, choice, durationMs, integer, section, text, textList } from "../core/options.ts";
import { describeOptions, flattenOptions, type OptionDescription } from "./describe.ts";

/** One description, as short as it goes. */
function shorten(option: OptionDescription) {
  const { path, facts, isRequired, otherwise, note, parts } = option;
  return [path, facts?.kind, isRequired ? "required" : otherwise, note, parts?.length];
}

Deno.test("options are described through defaults, checks, warnings and transformations", () => {
  const schema = z.object({
    Plain: text(),
    Checked: text().refine((given) => given !== "").transform((given) => given.length),
    Number: warnedWhen(integer({ min: 1 }).default(5).transform((given) => given * 2), () => "warned"),
    Wait: durationMs().default(1000),
    Word: choice(["a", "b"]).prefault("b").transform((word) => word === "a"),
    List: textList().default([]),
    Items: z.array(z.unknown()).optional(),
    Nothing: withoutEffect(bool()),
    Refused: notSupportedYet(),
    Free: z.unknown(),
  }).superRefine(() => {}).transform(() => 1);
  assertEquals(describeOptions(schema).map(shorten), [
    ["Plain", "text", "required", undefined, undefined],
    ["Checked", "text", "required", undefined, undefined],
    ["Number", "integer", 5, undefined, undefined],
    ["Wait", "duration", 1000, undefined, undefined],
    ["Word", "choice", "b", undefined, undefined],
    ["List", "list", [], undefined, undefined],
    ["Items", "items", undefined, undefined, undefined],
    ["Nothing", "boolean", undefined, "no effect", undefined],
    ["Refused", undefined, undefined, "refused: not supported yet", undefined],
    ["Free", undefined, undefined, undefined, undefined],
  ]);
});

Deno.test("options within options are parts, with the whole path as their names", () => {
  const schema = z.object({ Outer: section({ Inner: section({ Flag: bool() }).transform(() => 1), Text: text() }) });
  const options = describeOptions(schema);
  assertEquals(flattenOptions(options).map(shorten), [
    ["Outer", undefined, "required", undefined, 2],
    ["Outer.Inner", undefined, "required", undefined, 1],
    ["Outer.Inner.Flag", "boolean", "required", undefined, undefined],
    ["Outer.Text", "text", "required", undefined, undefined],
  ]);
});

Deno.test("a declaration may say what an option is for", () => {
  const [option] = describeOptions(z.object({ A: warnedWhen(text().describe("a name").optional(), () => "x") }));
  assertEquals(option.meaning, "a name");
});

Deno.test("a schema that is not made of options has none", () => {
  assertEquals(describeOptions(z.string()), []);
});
