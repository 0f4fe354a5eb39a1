import { assertEquals } from "@std/assert";
import * as z from "zod";
import { warnedWhen } from "../core/option_notes.ts";
import { bool, integer, section, text } from "../core/options.ts";
import { definePlugin, type PluginDeclaration } from "../core/plugin.ts";
import { formatProblem } from "./problem.ts";
import { validateTexts } from "./validate.ts";

const input = definePlugin({
  kind: "input",
  name: "input_test",
  aliases: ["input_alias"],
  summary: "",
  options: () =>
    z.object({
      Wanted: text(),
      Flag: bool().default(true),
      Deep: section({ Count: integer({ min: 0 }).default(7), Old: warnedWhen(text().optional(), () => "old") }),
    }).transform((given) => ({ wanted: given.Wanted, isOn: given.Flag, count: given.Deep.Count })),
});
const flusher = definePlugin({
  kind: "flusher",
  name: "flusher_test",
  aliases: [],
  summary: "",
  options: () => z.object({}),
});
const declarations: readonly PluginDeclaration[] = [input, flusher];

function validate(...texts: string[]) {
  const loaded = validateTexts(texts.map((text, n) => ({ path: `p${n}.yaml`, name: `p${n}`, text })), declarations);
  return { ...loaded, messages: loaded.problems.map(formatProblem) };
}

const FLUSHERS = "flushers: [{Type: flusher_test}]";

Deno.test("a good file becomes a pipeline with typed options", () => {
  const { pipelines, messages } = validate(
    `inputs:\n  - Type: input_test\n    Wanted: 007\n    Flag: off\n${FLUSHERS}`,
  );
  assertEquals(messages, []);
  assertEquals(pipelines.length, 1);
  const [{ name, file, inputs, processors, flushers }] = pipelines;
  assertEquals([name, file, processors, flushers.length], ["p0", "p0.yaml", [], 1]);
  assertEquals(inputs, [{
    declaration: input,
    type: "input_test",
    line: 2,
    options: { wanted: "007", isOn: false, count: 7 },
  }]);
});

Deno.test("aliases, plugin ids and other cases of option names are understood", () => {
  const text = `inputs: [{Type: input_alias/2, WANTED: x, deep: {count: 3}}]\n${FLUSHERS}`;
  const { pipelines, messages } = validate(text);
  assertEquals(messages, []);
  assertEquals(pipelines[0].inputs[0].options, { wanted: "x", isOn: true, count: 3 });
});

Deno.test("a broken pipeline does not keep the others from running", () => {
  const good = `inputs: [{Type: input_test, Wanted: x}]\n${FLUSHERS}`;
  const off = "enable: no\ninputs: [{Type: whatever}]";
  const { pipelines, broken, disabled } = validate("a: [", good, off, "enable: perhaps", "[]");
  assertEquals(pipelines.map((pipeline) => pipeline.name), ["p1"]);
  assertEquals(disabled, ["p2"]);
  assertEquals(broken, ["p0", "p3", "p4"]);
});

Deno.test("all problems of all plugins are reported, sorted by place", () => {
  const { messages } = validate(`flushers: []
inputs:
  - Type: input_test
    Flag: maybe
    Deep: {Count: -1, Old: x, Odl: y}
  - Type: input_tset
`);
  assertEquals(messages, [
    "p0.yaml:1:1 error: flushers: needs at least one",
    "p0.yaml:3:5 error: inputs[0].Wanted: missing: must be text",
    'p0.yaml:4:11 error: inputs[0].Flag: must be true or false, not "maybe"',
    'p0.yaml:5:19 error: inputs[0].Deep.Count: must be a whole number, 0 or more, not "-1"',
    "p0.yaml:5:23 warning: inputs[0].Deep.Old: old",
    "p0.yaml:5:31 warning: inputs[0].Deep.Odl: unknown option, ignored; did you mean Old?",
    'p0.yaml:6:11 error: inputs[1].Type: unknown input "input_tset"; did you mean input_test?',
  ]);
});

Deno.test("what a pipeline says beside its plugins is read", () => {
  const plugins = `inputs: [{Type: input_test, Wanted: x}]\n${FLUSHERS}`;
  const text = `createTime: 1657727155
global:
  pipelinemetatagkey: {HOST_NAME: host, HOST_IP: ""}
  AgentEnvMetaTagKey: {_node_name_: __default__}
${plugins}`;
  const [said, silent] = validate(text, plugins).pipelines;
  assertEquals(said.createTime, 1_657_727_155);
  assertEquals(said.global.pipelineMetaTagKey, { HOST_NAME: "host", HOST_IP: "" });
  assertEquals(said.global.agentEnvMetaTagKey, { _node_name_: "__default__" });
  assertEquals(silent.createTime, undefined);
  assertEquals(silent.global, { pipelineMetaTagKey: {}, agentEnvMetaTagKey: undefined });
});

Deno.test("AgentMetaTagKey is another name of AgentEnvMetaTagKey, which counts where both are given", () => {
  const plugins = `inputs: [{Type: input_test, Wanted: x}]\n${FLUSHERS}`;
  const agentKey = (global: string) => validate(`${global}\n${plugins}`).pipelines[0].global.agentEnvMetaTagKey;
  assertEquals(agentKey("global: {AgentMetaTagKey: {a: b}}"), { a: "b" });
  assertEquals(agentKey("global: {AgentMetaTagKey: {a: b}, AgentEnvMetaTagKey: {c: d}}"), { c: "d" });
});

Deno.test("tags that global cannot give are errors at their places", () => {
  const { messages } = validate(`global:
  PipelineMetaTagKey: {HOST_NAM: host, CLOUD_PROVIDER: "", HOST_IP: [a]}
  AgentMetaTagKey: all
inputs: [{Type: input_test, Wanted: x}]
${FLUSHERS}`);
  assertEquals(messages, [
    "p0.yaml:2:24 error: global.PipelineMetaTagKey.HOST_NAM: not supported: only HOST_NAME and HOST_IP are; did you mean HOST_NAME?",
    "p0.yaml:2:60 error: global.PipelineMetaTagKey.HOST_IP: must be text, not a list",
    'p0.yaml:3:20 error: global.AgentMetaTagKey: must be a map of names and texts, not "all"',
  ]);
});
