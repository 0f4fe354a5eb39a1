import { assertEquals } from "@std/assert";
import { ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorDesensitizeNative, processorDesensitizeNativeOptions } from "./processor_desensitize_native.ts";

const PASSWORD = {
  SourceKey: "c",
  Method: "const",
  ReplacingString: "***",
  ContentPatternBeforeReplacedString: "password':'",
  ReplacedContentPattern: "[^']*",
};

function trial(given: object) {
  return new ProcessorTrial(ProcessorDesensitizeNative, processorDesensitizeNativeOptions(), { ...PASSWORD, ...given });
}

Deno.test("ReplacingString: what ReplacedContentPattern finds after ContentPatternBeforeReplacedString is replaced", () => {
  const two = "{'password':'a','password':'b'}";
  const cases: readonly [string, object, string][] = [
    [two, {}, "{'password':'***','password':'***'}"],
    [two, { ReplacingAll: "false" }, "{'password':'***','password':'b'}"],
    ["password':'pw'", { Method: "md5" }, "password':'8fe4c11451281c094a6578e6ddbf5eed'"],
    ["password = pw", {}, "password = pw"],
    ["password':'pw'", { ReplacingString: "$&\\\\" }, "password':'$&\\'"],
    ["id=12;", {
      ContentPatternBeforeReplacedString: "(i)d=",
      ReplacedContentPattern: "\\d(\\d)",
      ReplacingString: "*\\3\\4\\2\\9",
    }, "id=*2i;"],
    ["", {}, ""],
  ];
  for (const [value, given, expected] of cases) {
    assertEquals(trial(given).run([["c", value], ["d", value], ["c", value]]), [[
      ["c", expected],
      ["d", value],
      ["c", expected],
    ]]);
  }
});

Deno.test("a missing field is counted", () => {
  const one = trial({});
  assertEquals(one.run([["d", "1"]]), [[["d", "1"]]]);
  assertEquals([one.processor.counts.missing, one.log.lines], [1, []]);
});

Deno.test("options that cannot be are refused", () => {
  assertEquals(refusals(processorDesensitizeNativeOptions(), {}), [
    "SourceKey: missing: must be text",
    "Method: missing: must be const or md5",
    "ContentPatternBeforeReplacedString: missing: must be text",
    "ReplacedContentPattern: missing: must be text",
  ]);
  assertEquals(refusals(processorDesensitizeNativeOptions(), { ...PASSWORD, ReplacingString: "" }), [
    "ReplacingString: must not be empty when Method is const",
  ]);
  assertEquals(refusals(processorDesensitizeNativeOptions(), { ...PASSWORD, ReplacedContentPattern: "(" }), [
    "ReplacedContentPattern: not a usable regular expression: Unterminated group",
  ]);
});

processorCases("processor_desensitize_native", ProcessorDesensitizeNative, processorDesensitizeNativeOptions(), {
  defaults: {
    SourceKey: "c",
    Method: "const",
    ReplacingString: "***",
    ContentPatternBeforeReplacedString: "pw=",
    ReplacedContentPattern: "\\w+",
  },
}, {
  "Method const: what matches behind the first pattern is replaced": [{}, [["c", "pw=a b"]], [["c", "pw=*** b"]]],
  "Method md5: it is replaced by its sum": [{ Method: "md5" }, [["c", "pw=abc"]], [
    ["c", "pw=900150983cd24fb0d6963f7d28e17f72"],
  ]],
  "ReplacingAll on, the default: each occurrence": [{}, [["c", "pw=a pw=b"]], [["c", "pw=*** pw=***"]]],
  "ReplacingAll off: the first occurrence": [{ ReplacingAll: "false" }, [["c", "pw=a pw=b"]], [["c", "pw=*** pw=b"]]],
  "SourceKey: a record without it stays as it is": [{}, [["k", "pw=a"]], [["k", "pw=a"]]],
});
