/**
 * Trees × plugin declarations → pipelines, or all problems. A pipeline with an error does not run, the others do; unknown keys are
 * warned of and ignored, because a file that runs in the original must run here.
 *
 * @module
 */
import type { Files } from "../core/env.ts";
import { tryBoolean } from "../core/options.ts";
import type { PluginDeclaration, PluginKind } from "../core/plugin.ts";
import { withFiles } from "./file_options.ts";
import { type ConfigFile, type ConfigText, parseConfigFile, readConfigTexts } from "./load.ts";
import { PIPELINE_KEYS } from "./pipeline_keys.ts";
import { type Problem, type ProblemList, sortProblems } from "./problem.ts";
import { expandReferences, type UnsetReference, type VariableLookup } from "./references.ts";
import { tryNearest } from "./suggest.ts";
import { noteProcessorOrder } from "./topology.ts";
import { describeTree, isNothing, type MapTree, type Tree, tryEntry } from "./tree.ts";
import { readSurroundings, type Surroundings } from "./validate_global.ts";
import { type PluginConfig, tryPlugin } from "./validate_plugin.ts";

/** One pipeline that can run. `inputs` and `flushers` are never empty. */
export interface PipelineConfig extends Surroundings {
  /** The file's stem. */
  readonly name: string;
  readonly file: string;
  readonly inputs: readonly PluginConfig[];
  readonly processors: readonly PluginConfig[];
  readonly flushers: readonly PluginConfig[];
}

/** What became of a directory of files. */
export interface LoadedPipelines {
  /** Those that can run. */
  readonly pipelines: readonly PipelineConfig[];
  /** By file and line. */
  readonly problems: readonly Problem[];
  /** The names of those that are switched off (`enable: false`). */
  readonly disabled: readonly string[];
  /** The names of those that cannot run: `problems` holds at least one error of each. */
  readonly broken: readonly string[];
}

/**
 * Reads and validates the pipeline file at `path`, or all in the directory `path`. Never throws for the files' sake.
 *
 * @param tryVariable the environment that references stand for; without it they stay as they are written.
 */
export function loadPipelines(
  path: string,
  declarations: readonly PluginDeclaration[],
  files: Files,
  tryVariable?: VariableLookup,
): LoadedPipelines {
  const found = readConfigTexts(path, files);
  const validated = validateTexts(found.texts, withFiles(declarations, files), tryVariable);
  return { ...validated, problems: sortProblems([...found.problems, ...validated.problems]) };
}

/** Parses and validates the texts of pipelines. `tryVariable` is that of `loadPipelines`. */
export function validateTexts(
  texts: readonly ConfigText[],
  declarations: readonly PluginDeclaration[],
  tryVariable?: VariableLookup,
): LoadedPipelines {
  const pipelines: PipelineConfig[] = [];
  const disabled: string[] = [];
  const broken: string[] = [];
  const problems: Problem[] = [];
  for (const text of texts) {
    const file = parseConfigFile(text);
    const verdict = validateFile(file, declarations, tryVariable);
    if (verdict === "disabled") disabled.push(file.name);
    else if (verdict === "broken") broken.push(file.name);
    else pipelines.push(verdict);
    problems.push(...file.problems.all);
  }
  return { pipelines, disabled, broken, problems: sortProblems(problems) };
}

function validateFile(
  file: ConfigFile,
  declarations: readonly PluginDeclaration[],
  tryVariable: VariableLookup | undefined,
): PipelineConfig | "disabled" | "broken" {
  const { document, problems } = file;
  if (document === undefined) return "broken";
  const { tree, unset } = tryVariable ? expandReferences(document, tryVariable) : { tree: document, unset: [] };
  if (tree.kind !== "map") {
    problems.error(tree.place, "", `a pipeline must be a map with inputs and flushers, not ${describeTree(tree)}`);
    return "broken";
  }
  if (!isEnabled(tree, problems)) return problems.hasErrors ? "broken" : "disabled";
  unset.forEach((reference) => warnOfUnset(reference, problems));
  return validatePipeline(file, tree, declarations);
}

function warnOfUnset({ name, place, path }: UnsetReference, problems: ProblemList): void {
  const remedy = `\${${name}:…} gives a default, $\${${name}} is the text itself`;
  problems.warn(place, path, `the environment has no variable ${name}, it counts as empty: ${remedy}`);
}

function isEnabled(root: MapTree, problems: ProblemList): boolean {
  const value = tryEntry(root, "enable")?.value;
  if (value === undefined || isNothing(value)) return true;
  const enabled = value.kind === "text" ? tryBoolean(value.text) : undefined;
  if (enabled === undefined) problems.error(value.place, "enable", `must be true or false, not ${describeTree(value)}`);
  return enabled ?? true;
}

function validatePipeline(
  { name, path, problems }: ConfigFile,
  root: MapTree,
  declarations: readonly PluginDeclaration[],
): PipelineConfig | "broken" {
  checkTopLevel(root, problems);
  noteProcessorOrder(root, problems);
  if (problems.hasErrors) return "broken";
  const pipeline = {
    name,
    file: path,
    ...readSurroundings(root, problems),
    inputs: readPlugins(root, "input", declarations, problems),
    processors: readPlugins(root, "processor", declarations, problems),
    flushers: readPlugins(root, "flusher", declarations, problems),
  };
  checkAlone(root, pipeline.flushers, problems);
  return problems.hasErrors ? "broken" : pipeline;
}

function checkAlone(root: MapTree, flushers: readonly PluginConfig[], problems: ProblemList): void {
  const entry = tryEntry(root, "flushers");
  if (flushers.length < 2 || entry === undefined) return;
  for (const { declaration, options } of flushers) {
    const reason = declaration.tryAlone?.(options);
    if (reason !== undefined) return problems.error(entry.keyPlace, "flushers", reason);
  }
}

function checkTopLevel(root: MapTree, problems: ProblemList): void {
  for (const { key, keyPlace } of root.entries) {
    if (key === "task") {
      problems.error(keyPlace, key, "this is a task of the original, not a pipeline: not supported");
    } else if (!Object.hasOwn(PIPELINE_KEYS, key)) {
      problems.warn(keyPlace, key, "unknown key, ignored", tryNearest(key, Object.keys(PIPELINE_KEYS)));
    }
  }
}

function readPlugins(
  root: MapTree,
  kind: PluginKind,
  declarations: readonly PluginDeclaration[],
  problems: ProblemList,
): PluginConfig[] {
  const key = `${kind}s`;
  const items = readList(root, key, kind !== "processor", problems);
  return items.flatMap((item, index) => {
    const plugin = tryPlugin(item, { kind, path: `${key}[${index}]` }, declarations, problems);
    return plugin === undefined ? [] : [plugin];
  });
}

function readList(root: MapTree, key: string, isRequired: boolean, problems: ProblemList): readonly Tree[] {
  const entry = tryEntry(root, key);
  if (entry === undefined || isNothing(entry.value)) {
    if (isRequired) problems.error(entry?.keyPlace ?? root.place, key, "missing: a pipeline needs at least one");
    return [];
  }
  if (entry.value.kind !== "list") {
    problems.error(entry.value.place, key, `must be a list, not ${describeTree(entry.value)}`);
    return [];
  }
  if (isRequired && entry.value.items.length === 0) problems.error(entry.keyPlace, key, "needs at least one");
  return entry.value.items;
}
