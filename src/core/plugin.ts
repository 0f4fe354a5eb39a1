/**
 * How a plugin is declared: once, with its options. Types, defaults, error messages and the reference come from this.
 * Registered in `src/plugins.ts`, one array.
 *
 * @module
 */
import type * as z from "zod";

/** What a plugin does in a pipeline. */
export type PluginKind = "input" | "processor" | "flusher";

/** One plugin's declaration. `options` converts the strings of the configuration into typed options. */
export interface PluginDeclaration<Options = unknown> {
  readonly kind: PluginKind;
  /** The `Type` that a configuration names. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** One sentence for the reference. */
  readonly summary: string;
  /** Makes their schema, anew each time: those of all plugins are 5 MB of objects, and a pipeline has a few. */
  readonly options: () => z.ZodType<Options>;
  /**
   * Whether a processor works on columns of bytes, with these options. One that does not say it works on text.
   *
   * @returns undefined: it does; otherwise why not, as a few words: "works on text".
   */
  fastPath?(options: Options): string | undefined;
  /** Whether all records of its pipeline must come to one of it, with these options: the pipeline is not shared among threads then. */
  needsAllRecords?(options: Options): boolean;
  /**
   * Why a flusher must be the only one of its pipeline, with these options.
   *
   * @returns undefined: others may be beside it.
   */
  tryAlone?(options: Options): string | undefined;
}

/** Declares a plugin, keeping its options' type. */
export function definePlugin<Options>(declaration: PluginDeclaration<Options>): PluginDeclaration<Options> {
  return declaration;
}
