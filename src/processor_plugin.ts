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

/** Declares a processor and ties its options to how it is made. */
export function processor<Options>(
  name: string,
  summary: string,
  options: z.ZodType<Options>,
  create: (options: Options, context: ProcessorContext) => Processor,
  optionsFrom?: (files: Files) => z.ZodType<Options>,
): ProcessorPlugin {
  const declaration = definePlugin({ kind: "processor", name, aliases: [], summary, options });
  const plugin = {
    ...declaration,
    create: (given: unknown, context: ProcessorContext) => create(given as Options, context),
  };
  return optionsFrom === undefined ? plugin : { ...plugin, optionsFrom };
}
