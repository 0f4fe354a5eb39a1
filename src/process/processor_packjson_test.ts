import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { ProcessorPackjson, processorPackjsonOptions } from "./processor_packjson.ts";

function trial(given: object) {
  return new ProcessorTrial(ProcessorPackjson, processorPackjsonOptions(), { DestKey: "d", ...given });
}

Deno.test("fields are packed, sorted by name", () => {
  const cases: readonly [object, Pairs, Pairs][] = [
    [{ SourceKeys: ["b", "a"] }, [["a", "1"], ["b", "x"]], [["a", "1"], ["b", "x"], ["d", '{"a":"1","b":"x"}']]],
    [{ SourceKeys: ["a"], KeepSource: "false" }, [["a", "1"], ["c", "2"], ["a", "3"]], [["c", "2"], [
      "d",
      '{"a":"1"}',
    ]]],
    [{ SourceKeys: ["a"] }, [["a", '<"&>\u2028\n']], [
      ["a", '<"&>\u2028\n'],
      ["d", '{"a":"\\u003c\\"\\u0026\\u003e\\u2028\\n"}'],
    ]],
    [{ SourceKeys: ["a", "z"] }, [["a", "1"]], [["a", "1"], ["d", '{"a":"1"}']]],
    [{ SourceKeys: ["z"] }, [], [["d", "{}"]]],
  ];
  for (const [given, record, expected] of cases) assertEquals(trial(given).run(record), [expected]);
});

Deno.test("a record with missing fields is counted, and told of unless AlarmIfIncomplete is off", () => {
  for (const [AlarmIfIncomplete, lines] of [["true", 1], ["false", 0]] as const) {
    const one = trial({ SourceKeys: ["a", "b", "c"], AlarmIfIncomplete });
    one.run([["a", "1"]]);
    assertEquals([one.processor.counts, one.log.lines.length], [
      { processed: 1, missing: 1, failed: 0, dropped: 0 },
      lines,
    ]);
  }
});

Deno.test("names must be given", () => {
  assertEquals(refusals(processorPackjsonOptions(), {}), [
    "SourceKeys: missing: must be a list of field names",
    "DestKey: missing: must be text",
  ]);
});
