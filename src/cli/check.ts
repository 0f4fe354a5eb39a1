/**
 * `sluice check`: says what would run and what is wrong, without running anything. Takes a pipeline file, a directory of them, or
 * Kubernetes manifests whose ConfigMaps hold them.
 *
 * @module
 */
import { expandManifest } from "../config/config_map.ts";
import { withFiles } from "../config/file_options.ts";
import { readConfigTexts } from "../config/load.ts";
import { formatProblem, sortProblems } from "../config/problem.ts";
import type { VariableLookup } from "../config/references.ts";
import { type LoadedPipelines, validateTexts } from "../config/validate.ts";
import type { PluginConfig } from "../config/validate_plugin.ts";
import type { Files } from "../core/env.ts";
import type { PluginDeclaration } from "../core/plugin.ts";

/** What a check found: the lines to print, and whether all of it can run. */
export interface CheckReport {
  /** Every problem, then how many pipelines can run. */
  readonly lines: readonly string[];
  /** A line for each processor of a pipeline that can run: whether it stays on the fast path, or why not. */
  readonly processorLines: readonly string[];
  /** False when a pipeline cannot run, or when there is none at all. */
  readonly isGood: boolean;
}

/** What is said of a processor that says nothing itself. */
const ON_TEXT = "works on text";

/**
 * Checks the pipelines at `paths`. Never throws for the files' sake.
 *
 * @param tryVariable the environment that references stand for; without it they stay as they are written.
 */
export function checkConfig(
  paths: readonly string[],
  declarations: readonly PluginDeclaration[],
  files: Files,
  tryVariable?: VariableLookup,
): CheckReport {
  const found = paths.map((path) => readConfigTexts(path, files));
  const texts = found.flatMap((one) => one.texts).flatMap(expandManifest);
  const loaded = validateTexts(texts, withFiles(declarations, files), tryVariable);
  const problems = sortProblems([...found.flatMap((one) => one.problems), ...loaded.problems]);
  const isEmpty = loaded.pipelines.length + loaded.disabled.length === 0;
  return {
    lines: [...problems.map(formatProblem), summarise(loaded)],
    processorLines: loaded.pipelines.flatMap(({ file, processors }) => describePaths(file, processors)),
    isGood: !isEmpty && problems.every((problem) => problem.severity !== "error"),
  };
}

/** Behind a processor that works on text, all do. */
function describePaths(file: string, processors: readonly PluginConfig[]): string[] {
  let left: PluginConfig | undefined;
  return processors.map((processor) => {
    const reason = left === undefined ? tryReason(processor) : `behind ${left.type}, which works on text`;
    if (reason !== undefined) left ??= processor;
    const verdict = reason === undefined ? "stays on the fast path" : `leaves the fast path: ${reason}`;
    return `${file}:${processor.line} ${processor.type} ${verdict}`;
  });
}

function tryReason({ declaration, options }: PluginConfig): string | undefined {
  return declaration.fastPath ? declaration.fastPath(options) : ON_TEXT;
}

function summarise({ pipelines, broken, disabled }: LoadedPipelines): string {
  const parts = [`${count(pipelines.length, "pipeline")} can run`];
  if (broken.length > 0) parts.push(`${broken.length} cannot`);
  if (disabled.length > 0) parts.push(`${disabled.length} ${disabled.length === 1 ? "is" : "are"} disabled`);
  return parts.join(", ");
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
