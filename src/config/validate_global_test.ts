import { assertEquals } from "@std/assert";
import * as z from "zod";
import { tryShape } from "./shape.ts";
import { definePlugin } from "../core/plugin.ts";
import { globalOptions, NO_GLOBAL_OPTIONS } from "../core/global_options.ts";
import { formatProblem } from "./problem.ts";
import { validateTexts } from "./validate.ts";

const kinds = ["input", "processor", "flusher"] as const;
const names = { input: ["input_x"], processor: ["processor_a", "processor_b_native"], flusher: ["flusher_x"] };
const declarations = kinds.flatMap((kind) =>
  names[kind].map((name) => definePlugin({ kind, name, aliases: [], summary: "", options: () => z.object({}) }))
);

/** A good pipeline with more lines before it. */
function validate(text: string) {
  const whole = `${text}\ninputs: [{Type: input_x}]\nflushers: [{Type: flusher_x}]\n`;
  const { pipelines, problems } = validateTexts([{ path: "p.yaml", name: "p", text: whole }], declarations);
  return {
    pipeline: pipelines[0],
    messages: problems.map((problem) => formatProblem(problem).slice("p.yaml:".length)),
  };
}

/** Each key of `global` with a value that is fine, and what is said of it. */
const GOOD: Readonly<Record<string, readonly [value: string, message: string | undefined]>> = {
  PipelineMetaTagKey: ["{HOST_NAME: a}", undefined],
  AgentEnvMetaTagKey: ["{a: b}", undefined],
  AgentMetaTagKey: ["{a: b}", undefined],
  TopicType: ["none", undefined],
  TopicFormat: ["none", undefined],
  EnableTimestampNanosecond: ["false", undefined],
  UsingOldContentTag: ["no", undefined],
  StructureType: ["v1", undefined],
  ExcutionTimeout: ["", undefined],
  Priority: ["1", "has no effect here, ignored"],
  InputIntervalMs: ["1000", "has no effect here, ignored"],
  InputMaxFirstCollectDelayMs: ["10000", "has no effect here, ignored"],
  AggregatIntervalMs: ["3000", "has no effect here, ignored"],
  FlushIntervalMs: ["3000", "has no effect here, ignored"],
  DefaultLogQueueSize: ["1000", "has no effect here, ignored"],
  DefaultLogGroupQueueSize: ["4", "has no effect here, ignored"],
  DelayStopSec: ["300", "has no effect here, ignored"],
};

/** Each key with a value that keeps the pipeline from running. */
const BAD: Readonly<Record<string, readonly [value: string, message: string]>> = {
  PipelineMetaTagKey: ["a", 'must be a map of names and texts, not "a"'],
  AgentEnvMetaTagKey: ["[a]", "must be a map of names and texts, not a list"],
  AgentMetaTagKey: ["a", 'must be a map of names and texts, not "a"'],
  TopicType: ["filepath", "not supported yet"],
  TopicFormat: ["custom", "not supported yet"],
  EnableTimestampNanosecond: ["true", "not supported yet"],
  UsingOldContentTag: ["on", "not supported yet"],
  StructureType: ["v2", "not supported yet"],
  ExcutionTimeout: ["600", "pipelines that run once are not supported: this one would run for ever"],
  Priority: ["high", 'must be a whole number, 0 or more, not "high"'],
  InputIntervalMs: ["1s", 'must be a whole number, 0 or more, not "1s"'],
  InputMaxFirstCollectDelayMs: ["-1", 'must be a whole number, 0 or more, not "-1"'],
  AggregatIntervalMs: ["{}", "must be a whole number, 0 or more, not a map"],
  FlushIntervalMs: ["yes", 'must be a whole number, 0 or more, not "yes"'],
  DefaultLogQueueSize: ["1.5", 'must be a whole number, 0 or more, not "1.5"'],
  DefaultLogGroupQueueSize: ["[4]", "must be a whole number, 0 or more, not a list"],
  DelayStopSec: ["5m", 'must be a whole number, 0 or more, not "5m"'],
};

for (const name of Object.keys(tryShape(globalOptions()) ?? {})) {
  Deno.test(`global.${name} is accepted and refused by its type, in any case of letters`, () => {
    const [good, note] = GOOD[name];
    const accepted = validate(`global:\n  ${name.toLowerCase()}: ${good}`);
    const expected = note === undefined ? [] : [`2:3 warning: global.${name.toLowerCase()}: ${note}`];
    assertEquals([accepted.messages, accepted.pipeline?.name], [expected, "p"]);
    const [bad, message] = BAD[name];
    const refused = validate(`global: {${name}: ${bad}}`);
    const error = refused.messages.find((line) => line.includes("error"))?.replace(/^\d+:\d+ /, "");
    assertEquals([error, refused.pipeline], [`error: global.${name}: ${message}`, undefined]);
  });
}

Deno.test("an unknown key of global is named with the nearest one, and a global that is no map is an error", () => {
  assertEquals(validate("global:\n  AggregateIntervalMs: 3000").messages, [
    "2:3 warning: global.AggregateIntervalMs: unknown option, ignored; did you mean AggregatIntervalMs?",
  ]);
  assertEquals(validate("global: [a]").messages, ["1:9 error: global: must be a map, not a list"]);
  assertEquals(validate("global:").pipeline.global, NO_GLOBAL_OPTIONS);
  assertEquals(validate("global: {}").pipeline.global, NO_GLOBAL_OPTIONS);
});

Deno.test("a misspelt key at the top is named with the nearest one", () => {
  assertEquals(validate("createtime: 1\nprocesors: []\nversion: v1").messages, [
    "1:1 warning: createtime: unknown key, ignored; did you mean createTime?",
    "2:1 warning: procesors: unknown key, ignored; did you mean processors?",
  ]);
});

Deno.test("enable and createTime are checked by their type", () => {
  assertEquals(validate("enable: On\ncreateTime: 1657727155").pipeline.createTime, 1_657_727_155);
  assertEquals(validate("enable:\ncreateTime: ~").pipeline.createTime, undefined);
  assertEquals(validate("enable: [true]").messages, ["1:9 error: enable: must be true or false, not a list"]);
  assertEquals(validate("createTime: -1").messages, ['1:13 error: createTime: must be seconds since 1970, not "-1"']);
});

Deno.test("a task of the original is refused, whatever else the file says", () => {
  const message = "1:1 error: task: this is a task of the original, not a pipeline: not supported";
  assertEquals(validate("task: {Type: task_x}\ncreateTime: x").messages, [message]);
});

Deno.test("an aggregator is accepted without effect: at most one, and one that there is", () => {
  const effectless = "1:15 warning: aggregators[0]: has no effect: records of all containers are batched together";
  const cases: readonly [string, readonly string[]][] = [
    ["aggregators:", []],
    ["aggregators: []", []],
    ["aggregators: [{Type: aggregator_context}]", [effectless]],
    ["aggregators: [{Type: aggregator_base/1, MaxLogCount: 10}]", [effectless]],
    ["aggregators: [{Type: aggregator_contxt}]", [
      '1:15 error: aggregators[0]: unknown aggregator "aggregator_contxt"; did you mean aggregator_context?',
    ]],
    ["aggregators: [{Type: aggregator_base}, {Type: aggregator_base}]", [
      effectless,
      "1:40 error: aggregators[1]: a pipeline has at most one aggregator",
    ]],
    ["aggregators: [aggregator_base]", [
      '1:15 error: aggregators[0]: must be a map with a Type, not "aggregator_base"',
    ]],
    ["aggregators: [{type: aggregator_base}]", ["1:15 error: aggregators[0]: Type is missing"]],
    ["aggregators: {Type: aggregator_base}", ["1:14 error: aggregators: must be a list, not a map"]],
  ];
  for (const [text, messages] of cases) assertEquals(validate(text).messages, messages, text);
});

Deno.test("extensions are accepted without effect", () => {
  const effectless = "1:14 warning: extensions[0]: has no effect: no plugin here uses an extension";
  assertEquals(validate("extensions: [{Type: ext_basicauth/x}]").messages, [effectless]);
  assertEquals(validate("extensions: []").messages, []);
  assertEquals(validate("extensions: off").messages, ['1:13 error: extensions: must be a list, not "off"']);
});

Deno.test("a native processor behind an extended one works, and is mentioned once", () => {
  const [native, extended] = ["{Type: processor_b_native/1}", "{Type: processor_a}"];
  const messages = (...processors: string[]) => validate(`processors: [${processors.join(", ")}]`).messages;
  assertEquals(messages(native, extended), []);
  assertEquals(messages(extended, extended), []);
  assertEquals(messages(extended, native, native), [
    "1:42 warning: processors[1].Type: a native processor behind an extended one: " +
    "works here as written, iLogtail refuses such a file",
  ]);
  assertEquals(validate(`processors: [${extended}, ${native}]`).pipeline.processors.length, 2);
});
