import { assertEquals } from "@std/assert";
import * as z from "zod";
import { withoutEffect } from "../core/option_notes.ts";
import { bool, choice, durationMs, integer, section, text, textList, textMap } from "../core/options.ts";
import { definePlugin } from "../core/plugin.ts";
import { plugins } from "../plugins.ts";
import { type JsonSchema, pipelineSchema } from "./schema.ts";

const SCALAR = { type: ["string", "number", "boolean"] };

/** The part of a schema that a path leads to. */
function part(schema: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], schema);
}

/** The schema of one option. */
function optionSchema(option: z.ZodType): unknown {
  const options = () => z.object({ Option: option });
  const schema = pipelineSchema([definePlugin({ kind: "input", name: "input_x", aliases: [], summary: "", options })]);
  return part(schema, "properties", "inputs", "items", "allOf", 0, "then", "properties", "Option");
}

Deno.test("each kind of option has its schema, which takes a reference to the environment, too", () => {
  const open = { type: "null" };
  const cases: readonly [z.ZodType, JsonSchema][] = [
    [text(), SCALAR],
    [text().default("x"), { default: "x", anyOf: [SCALAR, open] }],
    [textMap(), { type: "object", additionalProperties: { anyOf: [SCALAR, open] } }],
    [textList(), { anyOf: [{ type: "array", items: SCALAR }, SCALAR] }],
    [durationMs(), { anyOf: [{ type: "integer", minimum: 0 }, { type: "string" }] }],
    [integer({ min: 1, max: 5 }), {
      anyOf: [{ type: "integer", minimum: 1, maximum: 5 }, { type: "string", pattern: "^[+-]?\\d+$|\\$\\{" }],
    }],
    [choice(["on", "a1"]), {
      anyOf: [{ enum: ["on", "a1"] }, { type: "string", pattern: "^([oO][nN]|[aA]1)$|\\$\\{" }],
    }],
    [z.array(z.unknown()), { type: "array" }],
    [z.unknown(), {}],
    [text().describe("who"), { description: "who", ...SCALAR }],
    [withoutEffect(text()), { description: "no effect", anyOf: [SCALAR, open] }],
    [section({ A: text() }), {
      type: "object",
      properties: { A: SCALAR },
      required: ["A"],
      additionalProperties: false,
    }],
  ];
  for (const [option, expected] of cases) assertEquals(optionSchema(option), expected);
});

Deno.test("words and numbers in any of their forms match the patterns", () => {
  const pattern = (option: z.ZodType) => new RegExp(String(part(optionSchema(option), "anyOf", 1, "pattern")));
  for (const given of ["yes", "OFF", "${FLAG}", "n"]) assertEquals(pattern(bool()).test(given), true, given);
  for (const given of ["1", "maybe", ""]) assertEquals(pattern(bool()).test(given), false, given);
  for (const given of ["012", "-1", "${COUNT:1}"]) assertEquals(pattern(integer()).test(given), true, given);
  for (const given of ["1.5", "x", ""]) assertEquals(pattern(integer()).test(given), false, given);
});

Deno.test("every plugin is chosen by its name, an alias, or a name with an instance's", () => {
  const schema = pipelineSchema(plugins);
  for (const kind of ["input", "processor", "flusher"] as const) {
    const cases = part(schema, "properties", `${kind}s`, "items", "allOf") as readonly unknown[];
    const names = cases.map((one) => part(one, "if", "properties", "Type", "anyOf", 0, "enum"));
    const ofKind = plugins.filter((plugin) => plugin.kind === kind);
    assertEquals(names, ofKind.map(({ name, aliases }) => [name, ...aliases]));
    assertEquals(
      part(schema, "properties", `${kind}s`, "items", "properties", "Type", "anyOf", 0, "enum"),
      names.flat(),
    );
  }
});

Deno.test("the schema is plain JSON, and knows what a pipeline must have", () => {
  const schema = pipelineSchema(plugins);
  assertEquals(JSON.parse(JSON.stringify(schema)), schema);
  assertEquals([schema.required, schema.additionalProperties], [["inputs", "flushers"], false]);
});
