import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { ProcessorDictMap, processorDictMapOptions } from "./processor_dict_map.ts";

Deno.test("what is found goes where the options say", () => {
  const missing = { HandleMissing: "true" };
  const cases: readonly [object, Pairs, Pairs][] = [
    [{}, [["s", "200"], ["s", "200"]], [["s", "ok"], ["s", "200"]]],
    [{}, [["s", "500"]], [["s", "500"]]],
    [{ Mode: "fill" }, [["s", "200"]], [["s", "ok"]]],
    [{ DestKey: "s" }, [["s", "200"]], [["s", "ok"]]],
    [{ DestKey: "d" }, [["s", "200"]], [["s", "200"], ["d", "ok"]]],
    [{ DestKey: "d" }, [["d", "x"], ["s", "200"]], [["d", "ok"], ["s", "200"]]],
    [{ DestKey: "d", Mode: "fill" }, [["d", "x"], ["s", "200"]], [["d", "x"], ["s", "200"]]],
    [{ DestKey: "d" }, [["s", "500"]], [["s", "500"]]],
    [{}, [["a", "1"]], [["a", "1"]]],
    [{ DestKey: "d" }, [["a", "1"]], [["a", "1"]]],
    [missing, [["a", "1"]], [["a", "1"], ["s", "Unknown"]]],
    [{ ...missing, Missing: "none", DestKey: "d" }, [["a", "1"]], [["a", "1"], ["d", "none"]]],
    [{ ...missing, DestKey: "d" }, [["d", "1"]], [["d", "Unknown"]]],
    [{ ...missing, DestKey: "d", Mode: "fill" }, [["d", "1"]], [["d", "1"]]],
    [{}, [["s", "__proto__"]], [["s", "__proto__"]]],
  ];
  for (const [given, record, expected] of cases) {
    const all = { SourceKey: "s", MapDict: { "200": "ok", "404": "lost" }, ...given };
    const trial = new ProcessorTrial(ProcessorDictMap, processorDictMapOptions(), all);
    assertEquals(trial.run(record), [expected], JSON.stringify([given, record]));
    assertEquals(trial.log.lines, []);
  }
});

Deno.test("options that cannot be are refused", () => {
  const cases: readonly [object, string[]][] = [
    [{}, ["SourceKey: missing: must be text"]],
    [{ SourceKey: "s" }, ["MapDict: must not be empty"]],
    [{ SourceKey: "s", MapDict: { a: "1", b: "2" }, MaxDictSize: "1" }, [
      "MapDict: has 2 words, more than MaxDictSize allows",
    ]],
    [{ SourceKey: "s", MapDict: { a: "1" }, DictFilePath: "/x" }, ["DictFilePath: there is no such file (/x)"]],
    [{ SourceKey: "s", MapDict: { a: "1" }, Mode: "x" }, ['Mode: must be overwrite or fill, not "x"']],
  ];
  for (const [given, expected] of cases) assertEquals(refusals(processorDictMapOptions(), given), expected);
});
