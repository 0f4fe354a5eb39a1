/**
 * What a pipeline says of all its records, beside its plugins. Read by `config`, used by `inputs`.
 *
 * @module
 */
import type { StringMap } from "./container.ts";

/** The value that asks for a tag under its usual name. */
export const DEFAULT_TAG_NAME = "__default__";

/** The section `global` of a pipeline. */
export interface GlobalOptions {
  /** Which facts of the host become tags: `HOST_NAME` and `HOST_IP` → the tag's name, `__default__`, or `""` for none. */
  readonly pipelineMetaTagKey: StringMap;
  /** The agent's variables that become tags → the tag's name, `__default__`, or `""` for none; undefined: all, by their own names. */
  readonly agentEnvMetaTagKey: StringMap | undefined;
}

/** What holds for a pipeline that says nothing. */
export const NO_GLOBAL_OPTIONS: GlobalOptions = { pipelineMetaTagKey: {}, agentEnvMetaTagKey: undefined };
