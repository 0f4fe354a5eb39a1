import { assertEquals } from "@std/assert";
import { ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorDesensitize, processorDesensitizeOptions } from "./processor_desensitize.ts";

function masked(value: string, given: object): string {
  const trial = new ProcessorTrial(ProcessorDesensitize, processorDesensitizeOptions(), { SourceKey: "c", ...given });
  return trial.run([["c", value], ["c", "second"]])[0][0][1];
}

Deno.test("ReplaceString: a whole value is replaced", () => {
  assertEquals(masked("secret", { ReplaceString: "***" }), "***");
  assertEquals(masked("", { ReplaceString: "***" }), "***");
  assertEquals(masked("hello", { Method: "md5" }), "5d41402abc4b2a76b9719d911017c592");
  assertEquals(masked("日本", { Method: "md5" }), "4dbed2e657457884e67137d3514119b3");
});

Deno.test("parts are replaced behind a match of RegexBegin", () => {
  const password = { Match: "regex", ReplaceString: "***", RegexBegin: "'password':'", RegexContent: "[^']*" };
  const cases: readonly [string, object, string][] = [
    ["{'id':'7','password':'pw'}", password, "{'id':'7','password':'***'}"],
    ["'password':'a','password':'b'", password, "'password':'***','password':'***'"],
    ["'password':''", password, "'password':'***'"],
    ["nothing", password, "nothing"],
    ["'password':'pw'", { ...password, Method: "md5" }, "'password':'8fe4c11451281c094a6578e6ddbf5eed'"],
    // What is between the two stays.
    ["key: 12", { ...password, RegexBegin: "key", RegexContent: "\\d+" }, "key: ***"],
    ["key: x", { ...password, RegexBegin: "key", RegexContent: "\\d+" }, "key: x"],
    ["a1b2", { ...password, RegexBegin: "a", RegexContent: "\\d" }, "a***b2"],
    ["😀x😀", { ...password, RegexBegin: "😀", RegexContent: ".", ReplaceString: "$&" }, "😀$&😀"],
    ["a😀", { ...password, RegexBegin: "x?", RegexContent: "y?", ReplaceString: "-" }, "-a-😀-"],
  ];
  for (const [value, given, expected] of cases) assertEquals(masked(value, given), expected, value);
});

Deno.test("a missing field is counted without a word", () => {
  const trial = new ProcessorTrial(ProcessorDesensitize, processorDesensitizeOptions(), {
    SourceKey: "c",
    ReplaceString: "x",
  });
  assertEquals(trial.run([["d", "1"]]), [[["d", "1"]]]);
  assertEquals([trial.processor.counts.missing, trial.log.lines], [1, []]);
});

Deno.test("options that cannot be are refused", () => {
  const cases: readonly [object, string[]][] = [
    [{}, ["SourceKey: missing: must be text", "ReplaceString: must not be empty when Method is const"]],
    [{ SourceKey: "c" }, ["ReplaceString: must not be empty when Method is const"]],
    [{ SourceKey: "c", Match: "regex", Method: "md5" }, [
      "RegexBegin: must not be empty when Match is regex",
      "RegexContent: must not be empty when Match is regex",
    ]],
    [{ SourceKey: "c", Match: "regex", Method: "md5", RegexBegin: "(", RegexContent: "[" }, [
      "RegexBegin: not a usable regular expression: Unterminated group",
      "RegexContent: not a usable regular expression: missing closing ]",
    ]],
    [{ SourceKey: "c", Method: "sha1", ReplaceString: "x" }, ['Method: must be const or md5, not "sha1"']],
  ];
  for (const [given, expected] of cases) assertEquals(refusals(processorDesensitizeOptions(), given), expected);
});

processorCases("processor_desensitize", ProcessorDesensitize, processorDesensitizeOptions(), {
  defaults: { SourceKey: "c", ReplaceString: "***" },
}, {
  "Method const, the default, and Match full, the default: the value is replaced": [{}, [["c", "secret"]], [
    ["c", "***"],
  ]],
  "Method md5: the value is replaced by its sum": [{ Method: "md5" }, [["c", "abc"]], [
    ["c", "900150983cd24fb0d6963f7d28e17f72"],
  ]],
  "Match regex: what RegexContent finds behind RegexBegin is replaced, each time": [
    { Match: "regex", RegexBegin: "pw=", RegexContent: "\\w+" },
    [["c", "pw=a b pw=c"]],
    [["c", "pw=*** b pw=***"]],
  ],
  "Match regex and Method md5: each part is replaced by its own sum": [
    { Match: "regex", Method: "md5", RegexBegin: "pw=", RegexContent: "\\w+" },
    [["c", "pw=abc"]],
    [["c", "pw=900150983cd24fb0d6963f7d28e17f72"]],
  ],
  "Match regex: without RegexBegin nothing is replaced": [
    { Match: "regex", RegexBegin: "pw=", RegexContent: "\\w+" },
    [["c", "user=a"]],
    [["c", "user=a"]],
  ],
  "SourceKey: only the first field of the name": [{}, [["c", "1"], ["c", "2"]], [["c", "***"], ["c", "2"]]],
});

Deno.test("processor_desensitize: RegexTimeoutMs has no effect", () => {
  const given = { SourceKey: "c", Method: "const", ReplaceString: "x" };
  assertEquals(
    processorDesensitizeOptions().parse({ ...given, RegexTimeoutMs: "5" }),
    processorDesensitizeOptions().parse(given),
  );
});
