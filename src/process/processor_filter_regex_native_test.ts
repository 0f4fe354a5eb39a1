import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorFilterRegexNative, processorFilterRegexNativeOptions } from "./processor_filter_regex_native.ts";

const A = { key: "a", exp: "1", type: "regex" };
const B = { key: "b", exp: "2", type: "regex" };

Deno.test("a record stays when it meets the condition", () => {
  const cases: readonly [object, Pairs, boolean][] = [
    [{}, [["a", "1"]], true],
    [{ Include: { a: "1", b: ".*" } }, [["a", "1"], ["b", "x\ny"]], true],
    [{ Include: { a: "1" } }, [["a", "12"]], false],
    [{ Include: { a: "1|12" } }, [["a", "12"]], true],
    [{ Include: { a: "1" } }, [["b", "1"]], false],
    [{ FilterKey: ["a", "b"], FilterRegex: ["1", "2"] }, [["a", "1"], ["b", "2"]], true],
    [{ FilterKey: ["a", "b"], FilterRegex: ["1", "2"] }, [["a", "1"], ["b", "3"]], false],
    [{ FilterKey: ["a"], FilterRegex: ["1"], Include: { a: "2" } }, [["a", "1"]], true],
    [{ Include: { a: "1" }, ConditionExp: B }, [["a", "1"]], true],
    [{ ConditionExp: A }, [["a", "1"]], true],
    [{ ConditionExp: A }, [["a", "11"]], false],
    [{ ConditionExp: A }, [], false],
    [{ ConditionExp: { operator: "and", operands: [A, B] } }, [["a", "1"], ["b", "2"]], true],
    [{ ConditionExp: { operator: "and", operands: [A, B] } }, [["a", "1"]], false],
    [{ ConditionExp: { operator: "OR", operands: [A, B] } }, [["b", "2"]], true],
    [{ ConditionExp: { operator: "or", operands: [A, B] } }, [["b", "1"]], false],
    [{ ConditionExp: { operator: "not", operands: [A] } }, [["b", "1"]], true],
    [{ ConditionExp: { operator: "not", operands: [{ operator: "or", operands: [A, B] }] } }, [["a", "1"]], false],
  ];
  for (const [given, record, isKept] of cases) {
    const trial = new ProcessorTrial(ProcessorFilterRegexNative, processorFilterRegexNativeOptions(), given);
    assertEquals(trial.run(record), isKept ? [record] : [], JSON.stringify([given, record]));
    assertEquals(trial.processor.counts.processed, 1);
  }
});

Deno.test("options that cannot be are refused", () => {
  const cases: readonly [object, string[]][] = [
    [{ FilterKey: ["a"] }, ["FilterRegex: must have as many patterns as FilterKey has names: 1, not 0"]],
    [{ Include: { a: "(" } }, ["Include.a: not a usable regular expression: Unterminated group"]],
    [{ ConditionExp: { operator: "and", operands: [A] } }, ["ConditionExp.operands: and must have 2 of them, not 1"]],
    [{ ConditionExp: { operator: "not", operands: [{ ...A, exp: "(", type: "x" }] } }, [
      "ConditionExp.operands.0.exp: not a usable regular expression: Unterminated group",
      'ConditionExp.operands.0.type: must be regex, not "x"',
    ]],
    [{ ConditionExp: { operator: "xor", operands: [] } }, [
      'ConditionExp.operator: must be and or or or not, not "xor"',
    ]],
  ];
  for (const [given, expected] of cases) assertEquals(refusals(processorFilterRegexNativeOptions(), given), expected);
});

processorCases("processor_filter_regex_native", ProcessorFilterRegexNative, processorFilterRegexNativeOptions(), {}, {
  "FilterKey and FilterRegex: every field must be there and match as a whole": [
    { FilterKey: ["a", "b"], FilterRegex: ["\\d", ".*"] },
    [["a", "1"], ["b", ""]],
    [["a", "1"], ["b", ""]],
  ],
  "FilterKey and FilterRegex: a match of a part drops the record": [{ FilterKey: "a", FilterRegex: "\\d" }, [
    ["a", "12"],
  ]],
  "FilterKey and FilterRegex: a missing field drops the record": [{ FilterKey: "a", FilterRegex: ".*" }, [["b", "1"]]],
  "Include: the same as a map": [{ Include: { a: "\\d" } }, [["a", "1"]], [["a", "1"]]],
  "Include: a match of a part drops the record": [{ Include: { a: "\\d" } }, [["a", "12"]]],
  "ConditionExp: and, or, not": [
    {
      ConditionExp: {
        operator: "and",
        operands: [
          { operator: "or", operands: [{ key: "a", exp: "1", type: "regex" }, { key: "a", exp: "2", type: "regex" }] },
          { operator: "not", operands: [{ key: "b", exp: ".*", type: "regex" }] },
        ],
      },
    },
    [["a", "2"]],
    [["a", "2"]],
  ],
  "ConditionExp: a record that does not meet it is dropped": [
    { ConditionExp: { operator: "not", operands: [{ key: "a", exp: "1", type: "regex" }] } },
    [["a", "1"]],
  ],
  "DiscardingNonUTF8: nothing is left to replace": [{ DiscardingNonUTF8: "true" }, [["a", "\ufffd"]], [[
    "a",
    "\ufffd",
  ]]],
  "no rule: every record stays": [{}, [["a", "1"]], [["a", "1"]]],
});
