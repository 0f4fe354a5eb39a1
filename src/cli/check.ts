/**
 * `sluice check`: says what would run and what is wrong, without running anything. Takes a pipeline file, a directory of them, or
 * Kubernetes manifests whose ConfigMaps hold them.
 *
 * @module
 */
import { expandManifest } from "../config/config_map.ts";
import { readConfigTexts } from "../config/load.ts";
import { formatProblem, sortProblems } from "../config/problem.ts";
import { type LoadedPipelines, validateTexts } from "../config/validate.ts";
import type { Files } from "../core/env.ts";
import type { PluginDeclaration } from "../core/plugin.ts";

/** What a check found: the lines to print, and whether all of it can run. */
export interface CheckReport {
  readonly lines: readonly string[];
  /** False when a pipeline cannot run, or when there is none at all. */
  readonly isGood: boolean;
}

/** Checks the pipelines at `paths`. Never throws for the files' sake. */
export function checkConfig(
  paths: readonly string[],
  declarations: readonly PluginDeclaration[],
  files: Files,
): CheckReport {
  const found = paths.map((path) => readConfigTexts(path, files));
  const texts = found.flatMap((one) => one.texts).flatMap(expandManifest);
  const loaded = validateTexts(texts, declarations);
  const problems = sortProblems([...found.flatMap((one) => one.problems), ...loaded.problems]);
  const isEmpty = loaded.pipelines.length + loaded.disabled.length === 0;
  return {
    lines: [...problems.map(formatProblem), summarise(loaded)],
    isGood: !isEmpty && problems.every((problem) => problem.severity !== "error"),
  };
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
