/**
 * What a pipeline says of all its records, beside its plugins: the section `global`. Every key of the original, with its type; what
 * would change records and is not built yet is refused, what tunes the original's own machinery has no effect.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/collection_pipeline/GlobalConfig.cpp
 *
 * @module
 */
import * as z from "zod";
import type { StringMap } from "./container.ts";
import { asksForNothing, notSupportedYet, refusedBecause, withoutEffectHere } from "./option_notes.ts";
import { integer, textMap } from "./options.ts";

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

const ONE_TIME = "pipelines that run once are not supported: this one would run for ever";

/** The schema of `GlobalOptions`. The original reads `AgentEnvMetaTagKey`, its list of keys says `AgentMetaTagKey`: both are. */
export const globalOptions = (): z.ZodType<GlobalOptions> =>
  z.object({
    PipelineMetaTagKey: textMap().default({})
      .describe("`HOST_NAME` and `HOST_IP` → names of tags; `__default__`: the usual name; empty: none"),
    AgentEnvMetaTagKey: textMap().optional()
      .describe("variables of the agent → names of tags; else those of `ALIYUN_LOG_ENV_TAGS`, by their own names"),
    AgentMetaTagKey: textMap().optional().describe("another name of `AgentEnvMetaTagKey`"),
    TopicType: notSupportedYet(isNone),
    TopicFormat: notSupportedYet(isNone),
    EnableTimestampNanosecond: notSupportedYet(),
    UsingOldContentTag: notSupportedYet(),
    StructureType: notSupportedYet((given) => asksForNothing(given) || given === "v1"),
    ExcutionTimeout: refusedBecause(ONE_TIME),
    Priority: withoutEffectHere(integer({ min: 0 })),
    InputIntervalMs: withoutEffectHere(integer({ min: 0 })),
    InputMaxFirstCollectDelayMs: withoutEffectHere(integer({ min: 0 })),
    AggregatIntervalMs: withoutEffectHere(integer({ min: 0 })),
    FlushIntervalMs: withoutEffectHere(integer({ min: 0 })),
    DefaultLogQueueSize: withoutEffectHere(integer({ min: 0 })),
    DefaultLogGroupQueueSize: withoutEffectHere(integer({ min: 0 })),
    DelayStopSec: withoutEffectHere(integer({ min: 0 })),
  }).transform((given) => ({
    pipelineMetaTagKey: given.PipelineMetaTagKey,
    agentEnvMetaTagKey: given.AgentEnvMetaTagKey ?? given.AgentMetaTagKey,
  }));

function isNone(given: unknown): boolean {
  return asksForNothing(given) || given === "none";
}
