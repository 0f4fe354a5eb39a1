import { assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { tryParseTree } from "./parse.ts";
import { formatProblem, ProblemList } from "./problem.ts";
import { isNothing, placeOf, plainValue } from "./tree.ts";

function parse(text: string) {
  const problems = new ProblemList("f.yaml");
  return { tree: tryParseTree(text, problems), messages: problems.all.map(formatProblem) };
}

Deno.test("every scalar stays the text that was written", () => {
  const cases: readonly [string, unknown][] = [
    ["a: 1.10", { a: "1.10" }],
    ["a: 0123\nb: 1e3\nc: 0x10", { a: "0123", b: "1e3", c: "0x10" }],
    ["a: yes\nb: true", { a: "yes", b: "true" }],
    ["a: '1'\nb: \"x\\n\"", { a: "1", b: "x\n" }],
    ["a: |\n  x\n  y\n", { a: "x\ny\n" }],
    ['{"a": [1, null, {"b": false}]}', { a: ["1", "", { b: "false" }] }],
    ["a:\nb: ~\nc: null", { a: "", b: "", c: "" }],
    ["a: '~'\nb: 'null'", { a: "~", b: "null" }],
    ["a: &x [1]\nb: *x", { a: ["1"], b: ["1"] }],
    ["__proto__: 1", { ["__proto__"]: "1" }],
    ["\uFEFFa: 1\r\nb: 2\r\n", { a: "1", b: "2" }],
  ];
  for (const [text, value] of cases) {
    const { tree, messages } = parse(text);
    assertEquals(messages, [], text);
    assertEquals(tree && plainValue(tree), value, text);
  }
});

Deno.test("what is not one readable document is refused with its place", () => {
  const cases: readonly [string, string[]][] = [
    ["", ["f.yaml:1:1 error: the file is empty"]],
    ["---\n", ["f.yaml:1:1 error: the file is empty"]],
    ["a: 1\n---\nb: 1\n", ["f.yaml:2:1 error: one file is one pipeline: a second document begins here"]],
    ["a:\n\t- b\n", ["f.yaml:2:1 error: a tab is used as indentation: YAML wants spaces"]],
    ["a: 1\nb: 2\na: 3\n", ['f.yaml:3:1 error: "a" was already given on line 1']],
    ["a: *b\n", ["f.yaml:1:4 error: there is no anchor &b before this"]],
    ["a: &b\n  c: *b\n", ["f.yaml:2:6 error: the anchor &b contains itself"]],
    ["? [a]\n: b\n", ["f.yaml:1:3 error: a key must be text, not a list"]],
  ];
  for (const [text, messages] of cases) {
    const result = parse(text);
    assertEquals(result.messages, messages, JSON.stringify(text));
    assertEquals(result.tree, undefined);
  }
});

Deno.test("aliases that multiply are refused once, before they fill the memory", () => {
  const levels = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]`);
  const { tree, messages } = parse(["a0: &a0 x", ...levels].join("\n"));
  assertEquals(tree, undefined);
  assertEquals(messages.length, 1);
  assertEquals(messages[0].includes("larger than 100000 values"), true);
});

Deno.test("many aliases take the time of their number, and each stands for the last anchor before it", () => {
  const start = performance.now();
  const { tree, messages } = parse(`a: [&x 1, *x, &x 2, *x]\nb: [${"*x, ".repeat(20_000)}*x]\n`);
  assertLess(performance.now() - start, 10_000);
  assertEquals(messages, []);
  assertEquals(tree && plainValue(tree), { a: ["1", "1", "2", "2"], b: Array.from({ length: 20_001 }, () => "2") });
});

Deno.test("what is nested too deeply to be read is refused, however it is written", () => {
  for (const text of ["- ".repeat(20_000), "[".repeat(20_000), "{a: ".repeat(20_000), "a:\n" + "- ".repeat(20_000)]) {
    const { tree, messages } = parse(text);
    assertEquals(tree, undefined);
    assertStringIncludes(messages[0], "cannot read this as YAML: ");
  }
});

Deno.test("every part knows its place", () => {
  const { tree } = parse("a:\n  - b: 1\n  - c:\n      d: 2\n");
  if (tree === undefined) throw new Error("not parsed");
  assertEquals(placeOf(tree, []), { line: 1, column: 1 });
  assertEquals(placeOf(tree, ["a", 0, "b"]), { line: 2, column: 8 });
  assertEquals(placeOf(tree, ["a", 1, "c"]), { line: 3, column: 5 });
  assertEquals(placeOf(tree, ["a", 1, "c", "d"]), { line: 4, column: 10 });
  assertEquals(placeOf(tree, ["a", 1, "missing", "x"]), { line: 3, column: 5 });
});

Deno.test("only what was left open is nothing", () => {
  for (
    const [text, expected] of [["a:", true], ["a: ~", true], ["a: Null", true], ["a: ''", false], ["a: no", false]]
  ) {
    const { tree } = parse(String(text));
    assertEquals(tree?.kind === "map" && isNothing(tree.entries[0].value), expected, String(text));
  }
});
