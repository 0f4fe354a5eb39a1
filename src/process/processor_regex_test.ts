import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorRegex, type ProcessorRegexOptions, processorRegexOptions } from "./processor_regex.ts";

function trial(given: object): ProcessorTrial<ProcessorRegexOptions> {
  return new ProcessorTrial(ProcessorRegex, processorRegexOptions(), given);
}

Deno.test("the walk-through's pattern gives the walk-through's fields", () => {
  const given = {
    SourceKey: "content",
    Regex: String
      .raw`([\d\.:]+) - (\S+) \[(\S+) \S+\] \"(\S+) (\S+) ([^\\"]+)\" (\d+) (\d+) \"([^\\"]*)\" \"([^\\"]*)\" \"([^\\"]*)\"`,
    Keys: [
      "remote_addr",
      "remote_user",
      "time_local",
      "method",
      "path",
      "protocol",
      "status",
      "body_bytes_sent",
      "http_referer",
      "http_user_agent",
      "http_x_forwarded_for",
    ],
  };
  const line = '::1 - - [13/Jul/2022:16:26:19 +0000] "GET /hello/ilogtail HTTP/1.1" 404 153 "-" "curl/7.74.0" "-"';
  assertEquals(trial(given).run([["content", line], ["_time_", "t"], ["_source_", "stdout"]]), [[
    ["_time_", "t"],
    ["_source_", "stdout"],
    ["remote_addr", "::1"],
    ["remote_user", "-"],
    ["time_local", "13/Jul/2022:16:26:19"],
    ["method", "GET"],
    ["path", "/hello/ilogtail"],
    ["protocol", "HTTP/1.1"],
    ["status", "404"],
    ["body_bytes_sent", "153"],
    ["http_referer", "-"],
    ["http_user_agent", "curl/7.74.0"],
    ["http_x_forwarded_for", "-"],
  ]]);
});

Deno.test("each outcome gives its fields", () => {
  const cases: readonly [string, object, Pairs][] = [
    // A search finds its match anywhere; FullMatch wants the whole value.
    ["--k=v--", { Regex: "(\\w)=(\\w)", Keys: ["a", "b"] }, [["a", "k"], ["b", "v"]]],
    ["--k=v--", { Regex: "(\\w)=(\\w)", Keys: ["a", "b"], FullMatch: "true" }, [["c", "--k=v--"]]],
    ["k=v", { Regex: "(\\w)=(\\w)", Keys: ["a", "b"], FullMatch: "true" }, [["a", "k"], ["b", "v"]]],
    // The leftmost match decides, even if another way would span all.
    ["ab", { Regex: "(a|ab)", Keys: ["x"], FullMatch: "true" }, [["c", "ab"]]],
    ["one\ntwo", { Regex: "(o.*o)", Keys: ["x"] }, [["x", "one\ntwo"]]],
    ["nothing", { Regex: "(\\d+)", Keys: ["x"] }, [["c", "nothing"]]],
    ["nothing", { Regex: "(\\d+)", Keys: ["x"], KeepSourceIfParseError: "false" }, []],
    ["nothing", { Regex: "(\\d+)", Keys: ["x"], KeepSourceIfParseError: "false", KeepSource: "true" }, [[
      "c",
      "nothing",
    ]]],
    ["7", { Regex: "(\\d+)", Keys: ["x"], KeepSource: "true" }, [["c", "7"], ["x", "7"]]],
    ["7", { Regex: "(\\d+)", Keys: ["x", "y"] }, [["c", "7"]]],
    ["7", { Regex: "(\\d+)", Keys: ["x", "y"], KeepSourceIfParseError: "false" }, []],
    ["12", { Regex: "(\\d)(\\d)", Keys: ["x"] }, [["x", "1"]]],
    ["b", { Regex: "(a)?(b)", Keys: ["x", "y"] }, [["y", "b"]]],
    ["b", { Regex: "(a*)(b)", Keys: ["x", "y"] }, [["x", ""], ["y", "b"]]],
    ["12", { Regex: "(?P<n>\\d)(\\d)", Keys: ["x", "y"] }, [["x", "1"], ["y", "2"]]],
    ["12", { Regex: "(\\d)(\\d)", Keys: ["x", "x"] }, [["x", "1"], ["x", "2"]]],
    ["7", { Regex: "(\\d)", Keys: ["c"] }, [["c", "7"]]],
    ["", { Regex: "(.*)", Keys: ["x"] }, [["x", ""]]],
    ["😀!", { Regex: "(.)(.)", Keys: ["x", "y"] }, [["x", "😀"], ["y", "!"]]],
    ["7", { Regex: "(\\d)", Keys: "x" }, [["x", "7"]]],
  ];
  for (const [value, given, expected] of cases) {
    assertEquals(trial({ SourceKey: "c", ...given }).run([["c", value]])[0], expected, JSON.stringify([value, given]));
  }
});

Deno.test("without SourceKey the first field is taken, whatever it is", () => {
  const given = { Regex: "(\\d)", Keys: ["x"] };
  assertEquals(trial(given).run([["a", "1"], ["b", "2"]], []), [[["b", "2"], ["x", "1"]], []]);
});

Deno.test("only the first of a name is taken, and an existing field stays beside a new one", () => {
  const given = { SourceKey: "c", Regex: "(\\d)", Keys: ["x"] };
  assertEquals(trial(given).run([["c", "1"], ["x", "0"], ["c", "2"]]), [[["x", "0"], ["c", "2"], ["x", "1"]]]);
});

Deno.test("NoKeyError, NoMatchError: what is wrong is counted, and told where they ask for it", () => {
  const loud = trial({ SourceKey: "c", Regex: "(\\d)", Keys: ["x"], NoKeyError: "true" });
  loud.run([["c", "no"]], [["d", "1"]]);
  assertEquals(loud.processor.counts, { processed: 2, missing: 1, failed: 1, dropped: 0 });
  assertEquals(loud.log.lines.length, 2);
  const quiet = trial({ SourceKey: "c", Regex: "(\\d)", Keys: ["x"], NoMatchError: "false" });
  quiet.run([["c", "no"]], [["d", "1"]]);
  assertEquals(quiet.processor.counts, { processed: 2, missing: 1, failed: 1, dropped: 0 });
  assertEquals(quiet.log.lines, []);
});

Deno.test("options that cannot be are refused, all at once", () => {
  assertEquals(refusals(processorRegexOptions(), { Regex: "(a" }), [
    "Regex: not a usable regular expression: Unterminated group",
    "Keys: missing: must be a list of field names",
  ]);
  assertEquals(refusals(processorRegexOptions(), { Keys: [] }), [
    "Regex: missing: must be text",
    "Keys: must be a list of field names, at least one",
  ]);
});

processorCases("processor_regex", ProcessorRegex, processorRegexOptions(), {
  defaults: { SourceKey: "c", Regex: "(\\d+)-(\\d+)", Keys: ["x", "y"] },
}, {
  "Regex and Keys: group i becomes the field Keys[i]": [{}, [["c", "1-2"]], [["x", "1"], ["y", "2"]]],
  "Regex: . matches newlines, too": [{ Regex: "(a.b)()" }, [["c", "a\nb"]], [["x", "a\nb"], ["y", ""]]],
  "Keys: of more groups than names the surplus is ignored": [{ Keys: ["x"] }, [["c", "1-2"]], [["x", "1"]]],
  "Keys: fewer groups than names is a failure": [{ Keys: ["x", "y", "z"] }, [["c", "1-2"]], [["c", "1-2"]]],
  "Keys: a group that took no part gives no field": [{ Regex: "(\\d)?-(\\d)" }, [["c", "-2"]], [["y", "2"]]],
  "Keys: an empty group gives an empty field": [{ Regex: "(\\d*)-(\\d)" }, [["c", "-2"]], [["x", ""], ["y", "2"]]],
  "Keys: new fields come last, in the order of Keys, beside those of the same name": [
    { Keys: ["b", "a"] },
    [["a", "0"], ["c", "1-2"], ["z", "9"]],
    [["a", "0"], ["z", "9"], ["b", "1"], ["a", "2"]],
  ],
  "SourceKey: only the first field of the name is taken": [
    {},
    [["c", "1-2"], ["c", "3-4"]],
    [["c", "3-4"], ["x", "1"], ["y", "2"]],
  ],
  "SourceKey: empty stands for the first field": [{ SourceKey: "" }, [["any", "1-2"], ["c", "3-4"]], [
    ["c", "3-4"],
    ["x", "1"],
    ["y", "2"],
  ]],
  "SourceKey: empty stands for the first field that is not a tag": [{ SourceKey: "" }, [
    ["__tag__:__path__", "/a"],
    ["any", "1-2"],
  ], [["__tag__:__path__", "/a"], ["x", "1"], ["y", "2"]]],
  "SourceKey: a record without it stays as it is": [{}, [["d", "1-2"]], [["d", "1-2"]]],
  "FullMatch off, the default: a match anywhere is enough": [{}, [["c", "a1-2b"]], [["x", "1"], ["y", "2"]]],
  "FullMatch on: the match must be the whole value": [{ FullMatch: "true" }, [["c", "a1-2b"]], [["c", "a1-2b"]]],
  "FullMatch on: the leftmost match decides": [{ FullMatch: "true", Regex: "(a|ab)(x?)" }, [["c", "ab"]], [
    ["c", "ab"],
  ]],
  "KeepSource off, the default: the source goes on success": [{}, [["c", "1-2"], ["k", "v"]], [
    ["k", "v"],
    ["x", "1"],
    ["y", "2"],
  ]],
  "KeepSource on: the source stays on success": [{ KeepSource: "true" }, [["c", "1-2"]], [
    ["c", "1-2"],
    ["x", "1"],
    ["y", "2"],
  ]],
  "KeepSourceIfParseError on, the default: the record is unchanged without a match": [{}, [["c", "no"], ["k", "v"]], [
    ["c", "no"],
    ["k", "v"],
  ]],
  "KeepSourceIfParseError off: the source goes without a match, and a record without fields is left": [
    { KeepSourceIfParseError: "false" },
    [["c", "no"]],
    [],
  ],
});
