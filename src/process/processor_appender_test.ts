import { assertEquals } from "@std/assert";
import { type Pairs, ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { ProcessorAppender, processorAppenderOptions } from "./processor_appender.ts";

Deno.test("the value is appended, or a field added", () => {
  const cases: readonly [object, Pairs, Pairs][] = [
    [{ Value: "-x" }, [["k", "a"], ["k", "b"]], [["k", "a-x"], ["k", "b"]]],
    [{ Value: "x" }, [["a", "1"]], [["a", "1"], ["k", "x"]]],
    [{ Value: "{{__host__}}@{{__ip__}}$&" }, [], [["k", "node-1@10.0.0.1$&"]]],
    [{ Value: "{{other}}{{}}" }, [], [["k", "other{{}}"]]],
    [{ Value: "|b#$#2", SortLabels: "true" }, [["k", "c#$#3|a#$#1"]], [["k", "a#$#1|b#$#2|c#$#3"]]],
    [{ Value: "|junk|b#$#", SortLabels: "true" }, [["k", "c#$#3"]], [["k", "b#$#|c#$#3"]]],
    [{ Value: "|x", SortLabels: "true" }, [["k", "y"]], [["k", "y|x"]]],
  ];
  for (const [given, record, expected] of cases) {
    const trial = new ProcessorTrial(ProcessorAppender, processorAppenderOptions(), { Key: "k", ...given });
    assertEquals(trial.run(record), [expected], JSON.stringify(given));
  }
});

Deno.test("options that cannot be are refused", () => {
  assertEquals(refusals(processorAppenderOptions(), {}), [
    "Key: missing: must be text",
    "Value: missing: must be text",
  ]);
  assertEquals(refusals(processorAppenderOptions(), { Key: "k", Value: "v", Platform: "aliyun" }), [
    "Platform: not supported yet",
  ]);
});

Deno.test("{{$NAME}} stands for a variable of the agent's environment, empty where it is not set", () => {
  const given = { Key: "k", Value: "{{$ZONE}}/{{$MISSING}}/{{$}}" };
  const trial = new ProcessorTrial(ProcessorAppender, processorAppenderOptions(), given, { ZONE: "eu-1" });
  assertEquals(trial.run([["a", "1"]]), [[["a", "1"], ["k", "eu-1//"]]]);
});

Deno.test("processor_appender: ReadOnce has no effect", () => {
  const given = { Key: "a", Value: "b" };
  assertEquals(
    processorAppenderOptions().parse({ ...given, ReadOnce: "true" }),
    processorAppenderOptions().parse(given),
  );
});
