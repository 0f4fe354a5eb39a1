/**
 * Which pipelines are not shared among threads and run in the main one alone: those with a plugin that must see all records. Where one
 * of them wants files for itself, so do all that compete for files: who may read what is decided within a thread.
 *
 * @module
 */
import { buildInputs, type InputBuildContext } from "./build_pipeline.ts";
import type { PipelineConfig } from "./config/validate.ts";

/** @returns their names. */
export function wholePipelines(configs: readonly PipelineConfig[], context: InputBuildContext): ReadonlySet<string> {
  const whole = configs.filter(needsAllRecords);
  const competing = configs.filter((config) => buildInputs(config, context).some(({ exclusive }) => exclusive));
  const all = whole.some((config) => competing.includes(config)) ? [...whole, ...competing] : whole;
  return new Set(all.map(({ name }) => name));
}

function needsAllRecords({ inputs, processors, flushers }: PipelineConfig): boolean {
  const plugins = [...inputs, ...processors, ...flushers];
  return plugins.some(({ declaration, options }) => declaration.needsAllRecords?.(options) ?? false);
}
