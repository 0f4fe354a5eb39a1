/**
 * One processor as a plugin: its declaration, and how it is made. The lists of them are in `processor_plugins.ts` and
 * `native_processor_plugins.ts`.
 *
 * @module
 */
import type * as z from "zod";
import type { Files } from "./core/env.ts";
import { definePlugin, type PluginDeclaration } from "./core/plugin.ts";
import type { Processor } from "./core/processor.ts";
import type { ProcessorContext } from "./process/processor_context.ts";

/** A processor and how to make it from options that its schema has produced. */
export interface ProcessorPlugin extends PluginDeclaration {
  readonly create: (options: unknown, context: ProcessorContext) => Processor;
  /** Where options name files: their schema over these files. `config/file_options.ts` binds it. */
  readonly optionsFrom?: (files: Files) => z.ZodType;
}

/** What only some processors have. */
export interface ProcessorParts<Options> {
  /** See `PluginDeclaration.fastPath`. */
  readonly fastPath?: (options: Options) => string | undefined;
  /** See `PluginDeclaration.needsAllRecords`. */
  readonly needsAllRecords?: (options: Options) => boolean;
  /** See `ProcessorPlugin.optionsFrom`. */
  readonly optionsFrom?: (files: Files) => z.ZodType<Options>;
}

/** A processor that works on the names of fields only stays on the fast path, whatever its options. */
export const ON_NAMES = { fastPath: () => undefined } as const;

/** One that looks at values stays there, too, where all that differs is done row by row. */
export const ON_VALUES = ON_NAMES;

/** Declares a processor and ties its options to how it is made. */
export function processor<Options>(
  name: string,
  summary: string,
  options: () => z.ZodType<Options>,
  create: (options: Options, context: ProcessorContext) => Processor,
  parts: ProcessorParts<Options> = {},
): ProcessorPlugin {
  const { optionsFrom, ...facts } = parts;
  const declaration = definePlugin({ kind: "processor", name, aliases: [], summary, options, ...facts });
  const plugin = {
    ...declaration,
    create: (given: unknown, context: ProcessorContext) => create(given as Options, context),
  };
  return optionsFrom === undefined ? plugin : { ...plugin, optionsFrom };
}
