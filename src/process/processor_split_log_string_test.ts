import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, recordOf, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorSplitLogString, processorSplitLogStringOptions } from "./processor_split_log_string.ts";

function trial(given: object) {
  return new ProcessorTrial(ProcessorSplitLogString, processorSplitLogStringOptions(), given);
}

Deno.test("SplitKey: each piece of it that is not empty becomes a record", () => {
  const cases: readonly [object, Pairs, Pairs[]][] = [
    [{}, [["c", "a\nb"]], [[["c", "a"]], [["c", "b"]]]],
    [{}, [["c", "\na\n\nb\n"]], [[["c", "a"]], [["c", "b"]]]],
    [{}, [["c", "a"]], [[["c", "a"]]]],
    [{}, [["c", ""]], []],
    [{}, [], [[]]],
    [{ SplitSep: "||" }, [["c", "a||b|c"]], [[["c", "a"]], [["c", "b|c"]]]],
    [{ SplitSep: "" }, [["c", "a\0b\nc"]], [[["c", "a"]], [["c", "b\nc"]]]],
    [{ SplitKey: "c" }, [["c", "a\nb"], ["x", "1"]], [[["x", "1"], ["c", "a"]], [["x", "1"], ["c", "b"]]]],
    [{ SplitKey: "c", PreserveOthers: "false" }, [["x", "1"], ["c", "a\nb"]], [[["c", "a"]], [["c", "b"]]]],
    [{ SplitKey: "c" }, [["c", "a"], ["c", "b\nd"]], [[["c", "b\nd"], ["c", "a"]]]],
    [{ SplitKey: "z" }, [["c", "a\nb"]], [[["c", "a\nb"]]]],
    [{ SplitKey: "z", PreserveOthers: "false" }, [["c", "a\nb"]], []],
  ];
  for (const [given, record, expected] of cases) {
    assertEquals(trial(given).run(record), expected, JSON.stringify([given, record]));
  }
});

Deno.test("the pieces have the record's time and fields of their own", () => {
  const [first, second] = trial({ SplitKey: "c" }).runRecords(recordOf([["x", "1"], ["c", "a\nb"]], 7));
  first.fields[0].value = "changed";
  assertEquals([second.seconds, second.fields[0].value], [7, "1"]);
});

Deno.test("a missing field is counted, and told where NoKeyError asks for it", () => {
  const told = trial({ SplitKey: "z", NoKeyError: "true" });
  told.run([["c", "a"]]);
  assertEquals([told.processor.counts, told.log.lines.length], [
    { processed: 1, missing: 1, failed: 0, dropped: 0 },
    1,
  ]);
});

Deno.test("what is not built is refused", () => {
  assertEquals(refusals(processorSplitLogStringOptions(), { EnableLogPositionMeta: "true" }), [
    "EnableLogPositionMeta: not supported yet",
  ]);
});

processorCases("processor_split_log_string", ProcessorSplitLogString, processorSplitLogStringOptions(), {
  defaults: { SplitKey: "c" },
}, {
  "SplitSep newline, the default: each line is a record": [{}, [["c", "a\nb"]], [["c", "a"]], [["c", "b"]]],
  "SplitSep: any text": [{ SplitSep: "--" }, [["c", "a--b-c"]], [["c", "a"]], [["c", "b-c"]]],
  "SplitSep: an empty piece is no record": [{}, [["c", "\na\n\n"]], [["c", "a"]]],
  "SplitSep: a value of nothing but separators is dropped": [{}, [["c", "\n\n"]]],
  "PreserveOthers on, the default: other fields are copied before each piece": [
    {},
    [["c", "a\nb"], ["k", "v"]],
    [["k", "v"], ["c", "a"]],
    [["k", "v"], ["c", "b"]],
  ],
  "PreserveOthers off: other fields go": [{ PreserveOthers: "false" }, [["c", "a"], ["k", "v"]], [["c", "a"]]],
});
