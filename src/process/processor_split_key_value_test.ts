import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial } from "../../tests/support/processing.ts";
import { ProcessorSplitKeyValue, processorSplitKeyValueOptions } from "./processor_split_key_value.ts";

function trial(given: object) {
  return new ProcessorTrial(ProcessorSplitKeyValue, processorSplitKeyValueOptions(), { SourceKey: "c", ...given });
}

Deno.test("pairs become fields", () => {
  const quoted = { Delimiter: " ", Separator: "=", Quote: '"' };
  const cases: readonly [string, object, Pairs][] = [
    ["a:1\tb:2", {}, [["a", "1"], ["b", "2"]]],
    ["a:1\tb:2", { Delimiter: "", Separator: "" }, [["a", "1"], ["b", "2"]]],
    ["a=1&&b=2", { Delimiter: "&&", Separator: "=" }, [["a", "1"], ["b", "2"]]],
    ["a:1:2", {}, [["a", "1:2"]]],
    ["a:", {}, [["a", ""]]],
    [":1\t:2", {}, [["empty_key_0", "1"], ["empty_key_1", "2"]]],
    [":1", { EmptyKeyPrefix: "e" }, [["e0", "1"]]],
    ["x\ty", {}, [["no_separator_key_0", "x"], ["no_separator_key_1", "y"]]],
    ["x\ta:1", { DiscardWhenSeparatorNotFound: "true" }, [["a", "1"]]],
    ["x", { NoSeparatorKeyPrefix: "n" }, [["n0", "x"]]],
    ["a:1\t", {}, [["a", "1"], ["no_separator_key_0", ""]]],
    ["", {}, [["no_separator_key_0", ""]]],
    ['a="1 2" b=3', quoted, [["a", "1 2"], ["b", "3"]]],
    ['a=" 1" b=3', quoted, [["a", " 1"], ["b", "3"]]],
    ['a="" b=3', quoted, [["a", ""], ["b", "3"]]],
    ['a="1 \\" 2" b=3', quoted, [["a", '1 \\" 2'], ["b", "3"]]],
    ['a="1 2"x b=3', quoted, [["a", '"1 2"x'], ["b", "3"]]],
    ['a="1 b=3', quoted, [["a", '"1'], ["b", "3"]]],
    ['"x = y" b=3', quoted, [['"x ', ' y"'], ["b", "3"]]],
    ['"x y" b=3', quoted, [["no_separator_key_0", "x y"], ["b", "3"]]],
    ["a='''1 2''' b=3", { ...quoted, Quote: "'''" }, [["a", "1 2"], ["b", "3"]]],
  ];
  for (const [value, given, expected] of cases) {
    const result = trial({ KeepSource: "false", ...given }).run([["c", value]]);
    assertEquals(result, [expected], JSON.stringify([value, given]));
  }
});

Deno.test("the source stays by default", () => {
  assertEquals(trial({}).run([["c", "a:1"], ["d", "2"]]), [[["c", "a:1"], ["d", "2"], ["a", "1"]]]);
});

Deno.test("what is wrong is counted once a record, and told where the options ask for it", () => {
  for (const [isTold, lines] of [["true", 3], ["false", 0]] as const) {
    const one = trial({ ErrIfSourceKeyNotFound: isTold, ErrIfSeparatorNotFound: isTold, ErrIfKeyIsEmpty: isTold });
    one.run([["c", "x\ty"]], [["c", ":1\t:2"]], [["d", "1"]]);
    assertEquals([one.processor.counts, one.log.lines.length], [
      { processed: 3, missing: 1, failed: 2, dropped: 0 },
      lines,
    ]);
  }
});
