import { assertEquals } from "@std/assert";
import * as z from "zod";
import { bool, choice, durationMs, integer, section, text, textList, textMap } from "../core/options.ts";
import { definePlugin } from "../core/plugin.ts";
import { formatProblem } from "./problem.ts";
import { validateTexts } from "./validate.ts";
import type { VariableLookup } from "./references.ts";

const options = () =>
  z.object({
    Text: text().optional(),
    Flag: bool().optional(),
    Count: integer().optional(),
    Wait: durationMs().optional(),
    Word: choice(["none", "all"]).optional(),
    List: textList().optional(),
    Map: textMap().optional(),
    Deep: section({ Flag: bool().optional() }),
  });
const declarations = [
  definePlugin({ kind: "input", name: "input_x", aliases: [], summary: "", options }),
  definePlugin({ kind: "flusher", name: "flusher_x", aliases: [], summary: "", options: () => z.object({}) }),
];

function validate(lines: readonly string[], tryVariable?: VariableLookup) {
  const indented = lines.map((line) => `    ${line}\n`).join("");
  const text = `inputs:\n  - Type: input_x\n${indented}flushers: [{Type: flusher_x}]\n`;
  const { pipelines, problems } = validateTexts([{ path: "p.yaml", name: "p", text }], declarations, tryVariable);
  return { options: pipelines[0]?.inputs[0].options, messages: problems.map(formatProblem) };
}

Deno.test("every scalar is text until its option's type converts it", () => {
  const cases: readonly [line: string, expected: Record<string, unknown>][] = [
    ["Text: 123", { Text: "123" }],
    ["Text: 1.10", { Text: "1.10" }],
    ["Text: 0123", { Text: "0123" }],
    ["Text: 1e3", { Text: "1e3" }],
    ["Text: 1657727155000", { Text: "1657727155000" }],
    ["Text: yes", { Text: "yes" }],
    ["Text: 'null'", { Text: "null" }],
    ["Map: {ID: 123, version: 1.10, on: off, 7: 08}", { Map: { ID: "123", version: "1.10", on: "off", 7: "08" } }],
    ["List: [1, 1.0, true]", { List: ["1", "1.0", "true"] }],
    ["List: 1.10", { List: ["1.10"] }],
    ["Count: '12'", { Count: 12 }],
    ["Count: 012", { Count: 12 }],
    ["Wait: '30s'", { Wait: 30_000 }],
    ["Word: NONE", { Word: "none" }],
    ...["true", "yes", "on", "y", "'true'", "YES"].map((word) => [`Flag: ${word}`, { Flag: true }] as const),
    ...["false", "no", "off", "n", "'no'", "Off"].map((word) => [`Flag: ${word}`, { Flag: false }] as const),
  ].map(([line, expected]) => [String(line), expected as Record<string, unknown>]);
  for (const [line, expected] of cases) {
    assertEquals(validate([line]), { options: { Deep: {}, ...expected }, messages: [] }, line);
  }
});

Deno.test("all values of a wrong kind are told at once, with line, column and what is wanted", () => {
  const lines = [
    "Text: {a: b}",
    "Flag: 1",
    "Count: 1.0",
    "Wait: soon",
    "Word: nome",
    "List: {a: b}",
    "Map: [a]",
    "Deep: x",
  ];
  const { options, messages } = validate([...lines, "Txet: 1"]);
  assertEquals(options, undefined);
  assertEquals(messages, [
    "p.yaml:3:5 error: inputs[0].Text: must be text, not a map",
    'p.yaml:4:11 error: inputs[0].Flag: must be true or false, not "1"',
    'p.yaml:5:12 error: inputs[0].Count: must be a whole number, not "1.0"',
    'p.yaml:6:11 error: inputs[0].Wait: must be a duration such as 30s or 250ms, not "soon"',
    'p.yaml:7:11 error: inputs[0].Word: must be none or all, not "nome"',
    "p.yaml:8:5 error: inputs[0].List: must be a list of texts, not a map",
    "p.yaml:9:5 error: inputs[0].Map: must be a map of names and texts, not a list",
    'p.yaml:10:11 error: inputs[0].Deep: must be a map of options, not "x"',
    "p.yaml:11:5 warning: inputs[0].Txet: unknown option, ignored; did you mean Text?",
  ]);
});

Deno.test("a reference to the environment is converted by its option's type, too", () => {
  const variables: Readonly<Record<string, string>> = { COUNT: "7", FLAG: "on", NULL: "null", BAD: "x" };
  const tryVariable = (name: string) => variables[name];
  const good = validate(["Count: ${COUNT}", "Deep: {Flag: '${FLAG}'}", "Text: ${NULL}", "Wait: ${W:5s}"], tryVariable);
  assertEquals(good, { options: { Count: 7, Deep: { Flag: true }, Text: "null", Wait: 5000 }, messages: [] });
  const bad = validate(["Count: ${BAD}"], tryVariable);
  assertEquals(bad.messages, ['p.yaml:3:12 error: inputs[0].Count: must be a whole number, not "x"']);
});

Deno.test("a variable that is not set is warned of with its place, and counts as empty text", () => {
  assertEquals(validate(["Text: a${NO}", "List: ['${NO}']"], () => undefined), {
    options: { Text: "a", List: [""], Deep: {} },
    messages: [
      "p.yaml:3:11 warning: inputs[0].Text: the environment has no variable NO, it counts as empty: " +
      "${NO:…} gives a default, $${NO} is the text itself",
      "p.yaml:4:12 warning: inputs[0].List[0]: the environment has no variable NO, it counts as empty: " +
      "${NO:…} gives a default, $${NO} is the text itself",
    ],
  });
});

Deno.test("without an environment references stay as they are, and a disabled pipeline is not warned of", () => {
  assertEquals(validate(["Text: ${NO}"]).options, { Text: "${NO}", Deep: {} });
  const text = "enable: ${ON:no}\ninputs: ${NO}\n";
  const { disabled, problems } = validateTexts([{ path: "p.yaml", name: "p", text }], [], () => undefined);
  assertEquals([disabled, problems], [["p"], []]);
});
