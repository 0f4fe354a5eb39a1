import { assertEquals } from "@std/assert";
import { type MultilineRules, multilineSection, tryBeginLineRules } from "./multiline_options.ts";
import { warningOf } from "./option_notes.ts";

const START = "^\\d{4}-";
const CONTINUE = "^\\s";
const END = "^END";

const parse = (given: object) => multilineSection().parse(given);
const faults = (given: object) => multilineSection().safeParse(given).error?.issues.map(({ message }) => message);

/** The rules as plain text. */
function words(rules: MultilineRules | undefined): object | undefined {
  if (rules === undefined) return undefined;
  const { mode, start, continue: toContinue, end, anchored, unmatched } = rules;
  const patterns = { start: start?.source, continue: toContinue?.source, end: end?.source };
  return { mode, ...patterns, anchored, unmatched };
}

Deno.test("BeginLineRegex is searched for in a line's first bytes, and lines before the first match are joined", () => {
  const rules = tryBeginLineRules("\\d+-\\d+", 100);
  const expected = { mode: "begin", start: "\\d+-\\d+", continue: undefined, end: undefined };
  assertEquals(words(rules), { ...expected, anchored: false, unmatched: "join" });
  assertEquals(rules?.checkBytesMax, 100);
  assertEquals(tryBeginLineRules("", 100), undefined);
});

Deno.test("the patterns that are given decide how lines are joined", () => {
  const cases: readonly [object, string | undefined][] = [
    [{}, undefined],
    [{ StartPattern: START }, "start"],
    [{ StartPattern: START, ContinuePattern: CONTINUE }, "start-continue"],
    [{ StartPattern: START, EndPattern: END }, "start-end"],
    [{ ContinuePattern: CONTINUE, EndPattern: END }, "continue-end"],
    [{ EndPattern: END }, "end"],
  ];
  for (const [given, mode] of cases) assertEquals(parse(given)?.mode, mode, JSON.stringify(given));
});

Deno.test("patterns of Multiline match at a line's start, whole lines are looked at", () => {
  const rules = parse({ Mode: "Custom", StartPattern: START, EndPattern: END, UnmatchedContentTreatment: "discard" });
  assertEquals(words(rules), {
    mode: "start-end",
    start: START,
    continue: undefined,
    end: END,
    anchored: true,
    unmatched: "discard",
  });
  assertEquals((rules?.checkBytesMax ?? 0) > 20 * 1024 * 1024, true);
  assertEquals(parse({ StartPattern: START })?.unmatched, "single");
});

Deno.test("of three patterns the one to continue is ignored, with a warning", () => {
  const given = { StartPattern: START, ContinuePattern: CONTINUE, EndPattern: END };
  assertEquals(parse(given)?.mode, "start-end");
  assertEquals(parse(given)?.continue, undefined);
  const warning = "ContinuePattern is ignored: StartPattern and EndPattern say where a record is";
  assertEquals(warningOf(multilineSection(), given), warning);
  assertEquals(warningOf(multilineSection(), { StartPattern: START }), undefined);
});

Deno.test("a pattern to continue needs another beside it", () => {
  const message = "needs a StartPattern or an EndPattern beside it, which says where a record begins or ends";
  assertEquals(faults({ ContinuePattern: CONTINUE }), [message]);
});

Deno.test("what says nothing at a pattern's end is taken away, as in the original", () => {
  const cases: readonly [string, string | undefined][] = [
    ["a$", "a"],
    ["a.*", "a"],
    ["a.*$", "a"],
    ["a.*.*", "a"],
    ["a\\$", "a\\$"],
    ["a\\\\$", "a\\\\"],
    ["a\\.*", "a\\.*"],
    ["a$b", "a$b"],
    [".*", undefined],
    [".*$", undefined],
  ];
  for (const [given, used] of cases) assertEquals(parse({ StartPattern: given })?.start?.source, used, given);
});

Deno.test("a pattern that matches every line counts as not given, and is warned of", () => {
  const warning = "StartPattern would match every line: counts as not given, as in the original";
  assertEquals(warningOf(multilineSection(), { startpattern: ".*", EndPattern: END }), warning);
  assertEquals(parse({ StartPattern: ".*", EndPattern: END })?.mode, "end");
});

Deno.test("modes that cannot be are refused by name", () => {
  const faultOf = (Mode: string) => faults({ Mode, StartPattern: START })?.[0].split(":")[0];
  assertEquals(faultOf("JSON"), "JSON is not supported");
  assertEquals(faultOf("whole_file"), "whole_file is not supported");
  assertEquals(faultOf("lines"), 'must be custom or JSON or whole_file, not "lines"');
});

Deno.test("a broken pattern and an unknown treatment are errors at their places", () => {
  const given = { EndPattern: "(", UnmatchedContentTreatment: "keep" };
  assertEquals(multilineSection().safeParse(given).error?.issues.map(({ path, message }) => [path.join(), message]), [
    ["EndPattern", "not a usable regular expression: Unterminated group"],
    ["UnmatchedContentTreatment", 'must be single_line or discard, not "keep"'],
  ]);
});
