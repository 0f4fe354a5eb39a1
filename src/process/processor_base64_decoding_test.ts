import { assertEquals } from "@std/assert";
import { ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { ProcessorBase64Decoding, processorBase64DecodingOptions } from "./processor_base64_decoding.ts";

function trial(given: object = {}) {
  return new ProcessorTrial(ProcessorBase64Decoding, processorBase64DecodingOptions(), {
    SourceKey: "a",
    NewKey: "n",
    ...given,
  });
}

Deno.test("what Base64 stands for comes last", () => {
  const cases = [["", ""], ["YQ==", "a"], ["5pel\r\n5pysPz4=\n", "日本?>"], ["/w==", "\ufffd"], ["AAAA", "\0\0\0"]];
  for (const [value, decoded] of cases) assertEquals(trial().run([["a", value]]), [[["a", value], ["n", decoded]]]);
});

Deno.test("what is not Base64 stays, counted, and told where DecodeError asks for it", () => {
  for (const value of ["YQ", "YQ=", "Y-==", "YQ==YQ==", "====", "a b="]) {
    for (const [DecodeError, lines] of [["true", 1], ["false", 0]] as const) {
      const one = trial({ DecodeError });
      assertEquals(one.run([["a", value]]), [[["a", value]]], value);
      assertEquals([one.processor.counts.failed, one.log.lines.length], [1, lines]);
    }
  }
});

Deno.test("a missing field is counted, and told where NoKeyError asks for it", () => {
  const one = trial({ NoKeyError: "true" });
  assertEquals(one.run([["b", "1"]]), [[["b", "1"]]]);
  assertEquals([one.processor.counts.missing, one.log.lines.length], [1, 1]);
});

Deno.test("both names must be given", () => {
  assertEquals(refusals(processorBase64DecodingOptions(), { NewKey: "" }), [
    "SourceKey: missing: must be text",
    "NewKey: must not be empty",
  ]);
});
