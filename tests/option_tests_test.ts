/**
 * Every option of every plugin is in a test of that plugin, and those of the plugins that most users need are named by one; unless the
 * README's table of differences says why an option is refused.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join, relative } from "@std/path";
import { describeOptions, flattenOptions, type OptionDescription } from "../src/config/describe.ts";
import { plugins } from "../src/plugins.ts";

const projectDirectory = dirname(dirname(fromFileUrl(import.meta.url)));
const FOLDERS = ["src", "tests"];
/** What stands in a test's or a step's name: after the call, in a table of cases by name or by sentence. */
const NAMES = [
  /\b(?:Deno\.test|test\.step|t\.step)\(\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g,
  /\bfiltered\(\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g,
  /\bname:\s+(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g,
  /^\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`): \[/gm,
];
const CONVERSION = "src/deliver/convert_options_test";
/** The beginnings of the paths of a plugin's tests, where its name is not that of the files. */
const TEST_FILES: Readonly<Record<string, readonly string[]>> = {
  service_docker_stdout: ["tests/support/output_option_cases", "tests/real/output_options_test"],
  input_container_stdio: ["tests/support/output_option_cases", "tests/real/output_options_test"],
  input_file: ["tests/support/file_option_cases", "tests/real/file_options_test"],
  file_log: ["tests/support/file_option_cases", "src/inputs/file_log_test"],
  flusher_kafka_v2: ["tests/real/", "src/deliver/kafka/", CONVERSION],
  flusher_stdout: ["src/deliver/stdout_", "src/deliver/flusher_stdout", CONVERSION],
  flusher_file: ["src/deliver/file_options", "src/deliver/flusher_file", CONVERSION],
};
/** Of these each option has a test whose name says it. */
const NAMED = [
  ...Object.keys(TEST_FILES).filter((name) => name !== "file_log"),
  ...["regex", "json", "split_log_regex", "split_log_string", "split_string", "split_char", "filter_regex", "drop"],
  ...["rename", "add_fields", "strptime", "gotime", "grok", "desensitize", "string_replace", "rate_limit"],
  ...["parse_regex_native", "parse_json_native", "parse_delimiter_native", "parse_timestamp_native"],
  ...["filter_regex_native", "desensitize_native"],
];

/** What a test file says: all of it, and the names of its tests alone. */
interface TestFile {
  readonly path: string;
  readonly text: string;
  readonly names: string;
}

function* testFiles(directory: string): Generator<TestFile> {
  for (const entry of Deno.readDirSync(directory)) {
    const path = join(directory, entry.name);
    if (entry.isDirectory) yield* testFiles(path);
    if (!/_(test|cases)\.ts$/.test(entry.name)) continue;
    const text = Deno.readTextFileSync(path);
    const names = NAMES.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? match[2]));
    yield { path: relative(projectDirectory, path), text, names: names.join("\n") };
  }
}

const files = FOLDERS.flatMap((folder) => [...testFiles(join(projectDirectory, folder))]);
const readme = Deno.readTextFileSync(join(projectDirectory, "README.md"));
const differences = /^## What differs from the original\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? "";

function isTested(plugin: string, { path, note }: OptionDescription): boolean {
  const option = path.slice(path.lastIndexOf(".") + 1);
  const isMisplaced = note?.startsWith("refused: belongs under");
  if (isMisplaced && differences.includes("filters beside `ContainerFilters`")) return true;
  if (note?.startsWith("refused") && differences.includes(`\`${option}\``)) return true;
  const shared = /_accelerate$/.test(plugin) ? ["accelerated_parser", "processor_regex_accelerate"] : [];
  const starts = TEST_FILES[plugin] ?? [plugin, ...shared].map((name) => `src/process/${name}`);
  const word = new RegExp(`\\b${option}\\b`);
  const sentence = new RegExp(`^${plugin}: .*\\b${option}\\b`, "m");
  const isNamed = NAMED.includes(plugin.replace(/^processor_/, ""));
  return files.some(({ path, text, names }) => {
    return starts.some((start) => path.startsWith(start)) && word.test(isNamed ? names : text) || sentence.test(names);
  });
}

Deno.test("every option is in a test of its plugin, or refused with its reason in the README's table of differences", () => {
  assert(differences.includes("|"));
  const missing = plugins.map(({ name, options }) => {
    const all = flattenOptions(describeOptions(options())).filter((option) => !isTested(name, option));
    return [name, all.map(({ path }) => path).join(" ")];
  });
  assertEquals(missing.filter(([, paths]) => paths !== ""), []);
});
