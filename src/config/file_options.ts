/**
 * Plugins whose options name other files: what is in those is read together with the configuration, so that what is wrong in them is
 * told like everything else that is wrong.
 *
 * @module
 */
import type * as z from "zod";
import type { Files } from "../core/env.ts";
import type { PluginDeclaration } from "../core/plugin.ts";

/** A plugin that reads files when its options are read. */
export interface FileReadingPlugin extends PluginDeclaration {
  /** The options' schema over these files; `options` is the one over no files at all. */
  readonly optionsFrom: (files: Files) => z.ZodType;
}

/** @returns the declarations, those that read files bound to these. */
export function withFiles(declarations: readonly PluginDeclaration[], files: Files): readonly PluginDeclaration[] {
  return declarations.map((one) => readsFiles(one) ? { ...one, options: () => one.optionsFrom(files) } : one);
}

function readsFiles(declaration: PluginDeclaration): declaration is FileReadingPlugin {
  return "optionsFrom" in declaration;
}
