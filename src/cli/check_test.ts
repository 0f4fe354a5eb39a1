import { assertEquals } from "@std/assert";
import * as z from "zod";
import { makeDenoEnv } from "../core/deno_env.ts";
import { bool, text } from "../core/options.ts";
import { definePlugin, type PluginDeclaration } from "../core/plugin.ts";
import { checkConfig } from "./check.ts";

const nothing = () => z.object({});
const declarations: readonly PluginDeclaration[] = [
  definePlugin({ kind: "input", name: "input_x", aliases: [], summary: "", options: () => z.object({ Path: text() }) }),
  definePlugin({ kind: "flusher", name: "flusher_x", aliases: [], summary: "", options: nothing }),
  definePlugin({ kind: "processor", name: "processor_text", aliases: [], summary: "", options: nothing }),
  definePlugin({
    kind: "processor",
    name: "processor_columns",
    aliases: [],
    summary: "",
    options: () => z.object({ Deep: bool().default(false) }),
    fastPath: ({ Deep }) => Deep ? "Deep looks into values" : undefined,
  }),
];

function check(pipelineText: string, variables: Readonly<Record<string, string>> = {}) {
  const directory = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${directory}/a.yaml`, pipelineText);
    const { files } = makeDenoEnv("127.0.0.1");
    const { lines, processorLines } = checkConfig([directory], declarations, files, (name) => variables[name]);
    return { lines: lines.map(withoutDirectory), processorLines: processorLines.map(withoutDirectory) };
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }

  function withoutDirectory(line: string): string {
    return line.replaceAll(`${directory}/`, "");
  }
}

const FLUSHERS = "flushers: [{Type: flusher_x}]\n";

Deno.test("every processor of a pipeline that can run says whether it stays on the fast path, or why not", () => {
  const { lines, processorLines } = check(`inputs: [{Type: input_x, Path: a}]
processors:
  - Type: processor_columns
  - Type: processor_columns/second
    Deep: true
  - Type: processor_text
${FLUSHERS}`);
  assertEquals(lines, ["1 pipeline can run"]);
  assertEquals(processorLines, [
    "a.yaml:3 processor_columns stays on the fast path",
    "a.yaml:4 processor_columns/second leaves the fast path: Deep looks into values",
    "a.yaml:6 processor_text leaves the fast path: behind processor_columns/second, which works on text",
  ]);
});

Deno.test("the first processor that leaves the fast path says why, those behind it name it", () => {
  const { processorLines } = check(`inputs: [{Type: input_x, Path: a}]
processors:
  - Type: processor_text
  - Type: processor_columns
${FLUSHERS}`);
  assertEquals(processorLines, [
    "a.yaml:3 processor_text leaves the fast path: works on text",
    "a.yaml:4 processor_columns leaves the fast path: behind processor_text, which works on text",
  ]);
});

Deno.test("of a pipeline that cannot run only the problems are told", () => {
  const { lines, processorLines } = check(`inputs: []\nprocessors: [{Type: processor_text}]\n${FLUSHERS}`);
  assertEquals(lines, ["a.yaml:1:1 error: inputs: needs at least one", "0 pipelines can run, 1 cannot"]);
  assertEquals(processorLines, []);
});

Deno.test("references to the environment are looked up, and those to nothing told", () => {
  const pipelineText = `inputs: [{Type: input_x, Path: "\${LOGS}/a"}]\n${FLUSHERS}`;
  assertEquals(check(pipelineText, { LOGS: "/var/log" }).lines, ["1 pipeline can run"]);
  assertEquals(check(pipelineText).lines, [
    "a.yaml:1:32 warning: inputs[0].Path: the environment has no variable LOGS, it counts as empty: " +
    "${LOGS:…} gives a default, $${LOGS} is the text itself",
    "1 pipeline can run",
  ]);
});
