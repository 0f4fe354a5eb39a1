import { assertEquals } from "@std/assert";
import { tryParseTree } from "./parse.ts";
import { ProblemList } from "./problem.ts";
import { expandReferences } from "./references.ts";
import { isNothing, placeOf, plainValue } from "./tree.ts";

const VARIABLES: Readonly<Record<string, string>> = {
  TOPIC: "access-log",
  _1: "underscore",
  YAML: "{a: [b]}",
  EMPTY: "",
  LOOP: "${TOPIC}",
  NULL: "null",
};

function expand(text: string) {
  const tree = tryParseTree(text, new ProblemList("f.yaml"));
  if (tree === undefined) throw new Error("not parsed");
  return expandReferences(tree, (name) => VARIABLES[name]);
}

/** What becomes of one value. */
function valueOf(value: string): unknown {
  return plainValue(expand(JSON.stringify([value])).tree);
}

Deno.test("references become what the environment holds", () => {
  const cases: readonly [string, string][] = [
    ["${TOPIC}", "access-log"],
    ["a-${TOPIC}-${_1}", "a-access-log-underscore"],
    ["${NO:other}", "other"],
    ["${TOPIC:other}", "access-log"],
    ["${EMPTY:other}", ""],
    ["${NO:}", ""],
    ["${NO:a:b}", "a:b"],
    ["${NO:{a$}}", "{a}"],
    ["${NO:two\nlines}", "two\nlines"],
    ["${YAML}", "{a: [b]}"],
    ["${LOOP}", "${TOPIC}"],
    ["$$${TOPIC}", "$access-log"],
    ["$${TOPIC}", "${TOPIC}"],
    ["$${TOPIC} is ${TOPIC}", "${TOPIC} is access-log"],
    ["${TOPIC} costs $$5$}", "access-log costs $5}"],
  ];
  for (const [given, expected] of cases) assertEquals(valueOf(given), [expected], given);
});

Deno.test("values without a reference stay as they are, dollars and all", () => {
  const cases = [
    "^(\\d+)$",
    "^a$$",
    "${1}",
    "${12}-$2",
    "a$}",
    "%{content.TOPIC}",
    "${a.b}",
    "${a-b}",
    "${}",
    "${TOPIC",
    "$TOPIC",
    "x{2,3}$",
    "(?P<TOPIC>.*)$",
  ];
  for (const given of cases) assertEquals(valueOf(given), [given], given);
});

Deno.test("keys and the groups that ReplaceString names are left alone", () => {
  const { tree } = expand("${TOPIC}: ${TOPIC}\nprocessors:\n  - replaceString: ${TOPIC}\n    Match: ${TOPIC}\n");
  const processors = [{ replaceString: "${TOPIC}", Match: "access-log" }];
  assertEquals(plainValue(tree), { "${TOPIC}": "access-log", processors });
});

Deno.test("a variable that is not set is empty text, and told with its place", () => {
  const { tree, unset } = expand("a: 1\nflushers:\n  - Topic: x${NO}${NEITHER}\n    Brokers: [a, '${NO}']\n");
  assertEquals(plainValue(tree), { a: "1", flushers: [{ Topic: "x", Brokers: ["a", ""] }] });
  assertEquals(unset, [
    { name: "NO", place: { line: 3, column: 12 }, path: "flushers[0].Topic" },
    { name: "NEITHER", place: { line: 3, column: 12 }, path: "flushers[0].Topic" },
    { name: "NO", place: { line: 4, column: 18 }, path: "flushers[0].Brokers[1]" },
  ]);
});

Deno.test("what a variable holds is text, and stands where the reference stood", () => {
  const { tree } = expand("a:\n  - ${NULL}\n  - ${EMPTY}\n");
  if (tree.kind !== "map" || tree.entries[0].value.kind !== "list") throw new Error("not a list");
  assertEquals(tree.entries[0].value.items.map(isNothing), [false, false]);
  assertEquals(placeOf(tree, ["a", 1]), { line: 3, column: 5 });
});
