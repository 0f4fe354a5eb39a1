import { assertEquals } from "@std/assert";
import { ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { ProcessorMd5, processorMd5Options } from "./processor_md5.ts";

function trial(given: object = {}) {
  return new ProcessorTrial(ProcessorMd5, processorMd5Options(), { SourceKey: "a", MD5Key: "m", ...given });
}

Deno.test("the sum of the first field of the name comes last", () => {
  assertEquals(trial().run([["a", "hello"], ["a", "b"]], [["a", ""]]), [
    [["a", "hello"], ["a", "b"], ["m", "5d41402abc4b2a76b9719d911017c592"]],
    [["a", ""], ["m", "d41d8cd98f00b204e9800998ecf8427e"]],
  ]);
});

Deno.test("a missing field is counted, and told where NoKeyError asks for it", () => {
  for (const [NoKeyError, lines] of [["true", 1], ["false", 0]] as const) {
    const one = trial({ NoKeyError });
    assertEquals(one.run([["b", "1"]]), [[["b", "1"]]]);
    assertEquals([one.processor.counts, one.log.lines.length], [
      { processed: 1, missing: 1, failed: 0, dropped: 0 },
      lines,
    ]);
  }
});

Deno.test("both names must be given", () => {
  assertEquals(refusals(processorMd5Options(), {}), [
    "SourceKey: missing: must be text",
    "MD5Key: missing: must be text",
  ]);
});
