import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorStringReplace, processorStringReplaceOptions } from "./processor_string_replace.ts";

function trial(given: object) {
  return new ProcessorTrial(ProcessorStringReplace, processorStringReplaceOptions(), { SourceKey: "c", ...given });
}

Deno.test("each method replaces in its way", () => {
  const cases: readonly [object, string, string][] = [
    [{ Method: "const", Match: "a", ReplaceString: "$&" }, "banana", "b$&n$&n$&"],
    [{ Method: "const", Match: "a.", ReplaceString: "x" }, "ana", "ana"],
    [{ Method: "const", Match: "a" }, "banana", "bnn"],
    [{ Method: "regex", Match: "a.", ReplaceString: "x" }, "banana", "bxxa"],
    [{ Method: "regex", Match: "(\\w)=(\\w)", ReplaceString: "$2:$1" }, "a=1 b=2", "1:a 2:b"],
    [{ Method: "regex", Match: "(\\w)=(?<v>\\w)", ReplaceString: "${v}${1}0" }, "a=1", "1a0"],
    [
      { Method: "regex", Match: "b(x)?", ReplaceString: "[$&|$1|$$|$`|$'|$_|$7|${no}]" },
      "abc",
      "a[b||$|a|c|abc|$7|${no}]c",
    ],
    [{ Method: "regex", Match: "(a)(b)", ReplaceString: "$+" }, "ab", "b"],
    [{ Method: "regex", Match: "", ReplaceString: "-" }, "a😀", "-a-😀-"],
    [{ Method: "regex", Match: "", ReplaceString: "$$" }, "ab", "$a$b$"],
    [{ Method: "regex", Match: "\\\\u\\w+\\[\\d{1,3};*\\d{1,3}m|N/A", ReplaceString: "" }, "a\\u001b[31;1mN/Ab", "ab"],
    [{ Method: "unquote" }, "\\u65e5\\n", "日\n"],
    [{ Method: "unquote" }, '"a\\tb"', "a\tb"],
    [{ Method: "unquote" }, 'a"b\\x22', 'a"b"'],
    [{ Method: "unquote" }, "broken \\q", "broken \\q"],
    [{ Method: "unquote" }, '"', '"'],
    [{ Method: "unquote" }, '"a"b"', '"a"b"'],
  ];
  for (const [given, value, expected] of cases) {
    assertEquals(trial(given).run([["c", value]]), [[["c", expected]]], JSON.stringify([given, value]));
  }
});

Deno.test("every field of the name is replaced in place, or gives another at the end", () => {
  const record: Pairs = [["c", "a"], ["d", "a"], ["c", "aa"]];
  const given = { Method: "const", Match: "a", ReplaceString: "b" };
  assertEquals(trial(given).run(record), [[["c", "b"], ["d", "a"], ["c", "bb"]]]);
  assertEquals(trial({ ...given, DestKey: "c" }).run(record), [[...record, ["c", "b"], ["c", "bb"]]]);
});

Deno.test("what cannot be unquoted and what is missing is counted", () => {
  const one = trial({ Method: "unquote" });
  one.run([["c", "\\"]], [["d", ""]]);
  assertEquals([one.processor.counts, one.log.lines.length], [{ processed: 2, missing: 1, failed: 1, dropped: 0 }, 1]);
});

Deno.test("options that cannot be are refused", () => {
  assertEquals(refusals(processorStringReplaceOptions(), {}), [
    "SourceKey: missing: must be text",
    "Method: missing: must be const or regex or unquote",
  ]);
  assertEquals(refusals(processorStringReplaceOptions(), { SourceKey: "c", Method: "const" }), [
    "Match: must not be empty when Method is const",
  ]);
  assertEquals(refusals(processorStringReplaceOptions(), { SourceKey: "c", Method: "regex", Match: "(" }), [
    "Match: not a usable regular expression: Unterminated group",
  ]);
});

processorCases("processor_string_replace", ProcessorStringReplace, processorStringReplaceOptions(), {
  defaults: { SourceKey: "c" },
}, {
  "Method const: every occurrence of Match becomes ReplaceString": [
    { Method: "const", Match: "a.", ReplaceString: "$&" },
    [["c", "a.a.ab"]],
    [["c", "$&$&ab"]],
  ],
  "Method const: without ReplaceString Match goes": [{ Method: "const", Match: "a" }, [["c", "abca"]], [["c", "bc"]]],
  "Method regex: ReplaceString may name groups": [
    { Method: "regex", Match: "(\\d)-(?P<n>\\d)", ReplaceString: "${n}-$1" },
    [["c", "1-2 3-4"]],
    [["c", "2-1 4-3"]],
  ],
  "Method unquote: escapes become what they stand for": [{ Method: "unquote" }, [["c", "a\\tb\\x41\\u00e9"]], [
    ["c", "a\tbAé"],
  ]],
  "Method unquote: quotes around the value go": [{ Method: "unquote" }, [["c", '"a\\"b"']], [["c", 'a"b']]],
  "Method unquote: a value that cannot be unquoted stays": [{ Method: "unquote" }, [["c", "a\\q"]], [["c", "a\\q"]]],
  "DestKey: the result is another field, and the source stays": [
    { Method: "const", Match: "a", ReplaceString: "b", DestKey: "d" },
    [["c", "a"]],
    [["c", "a"], ["d", "b"]],
  ],
  "SourceKey: every field of the name": [
    { Method: "const", Match: "a", ReplaceString: "b" },
    [["c", "a"], ["c", "aa"]],
    [
      ["c", "b"],
      ["c", "bb"],
    ],
  ],
});

Deno.test("processor_string_replace: RegexTimeoutMs has no effect", () => {
  const given = { SourceKey: "c", Method: "const", Match: "a", ReplaceString: "x" };
  assertEquals(
    processorStringReplaceOptions().parse({ ...given, RegexTimeoutMs: "5" }),
    processorStringReplaceOptions().parse(given),
  );
});
