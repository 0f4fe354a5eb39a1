import { assertEquals } from "@std/assert";
import { ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { ProcessorBase64Encoding, processorBase64EncodingOptions } from "./processor_base64_encoding.ts";

function trial(given: object) {
  return new ProcessorTrial(ProcessorBase64Encoding, processorBase64EncodingOptions(), { SourceKey: "a", ...given });
}

Deno.test("a field is encoded in place, or as another at the end", () => {
  for (const [value, encoded] of [["", ""], ["a", "YQ=="], ["日本?>", "5pel5pysPz4="]]) {
    assertEquals(trial({}).run([["a", value], ["b", "1"]]), [[["a", encoded], ["b", "1"]]]);
    assertEquals(trial({ NewKey: "n" }).run([["a", value], ["a", "1"]]), [[["a", value], ["a", "1"], ["n", encoded]]]);
  }
});

Deno.test("a missing field is counted, and told where NoKeyError asks for it", () => {
  for (const [NoKeyError, lines] of [["true", 1], ["false", 0]] as const) {
    const one = trial({ NoKeyError });
    assertEquals(one.run([["b", "1"]]), [[["b", "1"]]]);
    assertEquals([one.processor.counts.missing, one.log.lines.length], [1, lines]);
  }
});

Deno.test("SourceKey must be given", () => {
  assertEquals(refusals(processorBase64EncodingOptions(), {}), ["SourceKey: missing: must be text"]);
});
