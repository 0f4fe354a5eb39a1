import { assertEquals } from "@std/assert";
import { ClockEnv } from "../tests/support/clock_env.ts";
import { RecordingLog } from "../tests/support/recording_log.ts";
import { validateTexts } from "./config/validate.ts";
import { plugins } from "./plugins.ts";
import { wholePipelines } from "./whole_pipelines.ts";

const OUTPUT = "{ Type: service_docker_stdout }";
const FILES = "{ Type: input_file, FilePaths: [/var/log/*.log] }";
const SHARED_FILES = "{ Type: input_file, FilePaths: [/var/log/*.log], AllowingIncludedByMultiConfigs: true }";
const LIMIT = "{ Type: processor_rate_limit, Limit: 10/s }";
const NONE = "{ Type: processor_default }";

/** The names of those that are whole, of pipelines that are named by letters. */
function wholeOf(...pipelines: readonly (readonly [input: string, processor: string])[]): string {
  const texts = pipelines.map(([input, processor], index) => ({
    path: "p.yaml",
    name: "abc"[index],
    text: `inputs: [${input}]\nprocessors: [${processor}]\nflushers: [{ Type: flusher_stdout }]\n`,
  }));
  const { pipelines: configs, problems } = validateTexts(texts, plugins);
  assertEquals([configs.length, problems], [pipelines.length, []]);
  const context = { hostRoot: "/", env: new ClockEnv(), log: new RecordingLog() };
  return [...wholePipelines(configs, context)].toSorted().join("");
}

Deno.test("a pipeline is shared unless a plugin of it must see all records", () => {
  assertEquals(wholeOf([OUTPUT, NONE], [FILES, NONE]), "");
  assertEquals(wholeOf([OUTPUT, LIMIT], [FILES, NONE]), "a");
});

Deno.test("those that compete for files are decided about in one thread", () => {
  assertEquals(wholeOf([FILES, LIMIT], [FILES, NONE], [OUTPUT, NONE]), "ab");
  assertEquals(wholeOf([FILES, LIMIT], [SHARED_FILES, NONE], [FILES, NONE]), "ac");
  assertEquals(wholeOf([SHARED_FILES, LIMIT], [FILES, NONE]), "a");
});
