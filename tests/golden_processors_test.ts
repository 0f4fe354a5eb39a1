/**
 * What processors make of records, from the configuration file to the message: each folder of `tests/golden/processors` holds a
 * pipeline, records before its processors and messages behind them, a line each in the walk-through's form. After a wanted change:
 * `UPDATE_GOLDEN=1 deno test -A` here, then read the difference.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { loadPipelines } from "../src/config/validate.ts";
import { formatProblem } from "../src/config/problem.ts";
import { makeDenoEnv } from "../src/core/deno_env.ts";
import type { Processor } from "../src/core/processor.ts";
import type { LogRecord } from "../src/core/record.ts";
import { tutorialForm } from "../src/encode/tutorial_form.ts";
import { plugins } from "../src/plugins.ts";
import { processors } from "../src/processor_plugins.ts";
import { RecordingLog } from "./support/recording_log.ts";

const folder = join(dirname(fromFileUrl(import.meta.url)), "golden", "processors");
const isUpdate = Deno.env.get("UPDATE_GOLDEN") === "1";
/** Five minutes after the walk-through's first message. */
const NOW_MS = Date.parse("2022-07-13T15:50:00Z");

/** A message of the walk-through's form. */
interface Message {
  readonly Time: number;
  readonly Contents: readonly { readonly Key: string; readonly Value: string }[];
}

const names = [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();

for (const name of names) {
  Deno.test(`processors make the messages of tests/golden/processors: ${name.replaceAll("_", " ")}`, () => {
    const directory = join(folder, name);
    const expectedPath = join(directory, "expected.jsonl");
    const records = linesOf(Deno.readTextFileSync(join(directory, "input.jsonl"))).map(readRecord);
    const made = processorsOf(directory).reduce((left, processor) => processor.process(left), records);
    // As the pipeline does behind its last processor.
    const actual = made.filter(({ fields }) => fields.length > 0).map((record) => tutorialForm().message(record));
    if (isUpdate) Deno.writeTextFileSync(expectedPath, actual.map((line) => `${line}\n`).join(""));
    assertEquals(actual, linesOf(Deno.readTextFileSync(expectedPath)));
  });
}

Deno.test("every processor has a folder in tests/golden/processors", () => {
  const configs = names.map((name) => Deno.readTextFileSync(join(folder, name, "config.yaml"))).join("\n");
  assertEquals(
    processors.filter(({ name }) => !new RegExp(`Type: ${name}$`, "m").test(configs)).map((one) => one.name),
    [],
  );
});

/** The processors of the one pipeline in a folder; it must have nothing wrong or doubtful. */
function processorsOf(directory: string): Processor[] {
  const env = makeDenoEnv();
  const { pipelines, problems } = loadPipelines(join(directory, "config.yaml"), plugins, env.files);
  assertEquals(problems.map(formatProblem), []);
  const context = {
    log: new RecordingLog(),
    env: { now: () => NOW_MS, hostName: "node-1", hostIp: "10.0.0.1", tryVariable: (name: string) => `<${name}>` },
  };
  return pipelines[0].processors.map(({ declaration, options }) => {
    const plugin = processors.find((one) => one.name === declaration.name);
    assert(plugin !== undefined, declaration.name);
    return plugin.create(options, context);
  });
}

function readRecord(line: string): LogRecord {
  const { Time, Contents }: Message = JSON.parse(line);
  return { seconds: Time, fields: Contents.map(({ Key, Value }) => ({ name: Key, value: Value })) };
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
