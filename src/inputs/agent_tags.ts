/**
 * The tags that say which agent sent a record: facts of its host, where a pipeline asks for them, and variables of its environment,
 * where one of them names others.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/plugin/processor/inner/ProcessorTagNative.cpp
 *
 * @module
 */
import { DEFAULT_TAG_NAME, type GlobalOptions } from "../core/global_options.ts";
import type { Tag } from "../core/source.ts";
import { uniqueTags } from "./container_tags.ts";

/** Gives the value of a variable of the agent's environment. */
export type TryVariable = (name: string) => string | undefined;

/** Variables that name the variables that become tags, as `a|b|c`; the first that is set counts. */
export const ENV_TAGS_VARIABLES = ["ALIYUN_LOG_ENV_TAGS", "LOONG_LOG_ENV_TAGS", "LOONG_ENV_TAGS"] as const;

/** Variables that name the group of machines that the agent belongs to; the first that is set counts. */
export const USER_DEFINED_ID_VARIABLES = ["ALIYUN_LOGTAIL_USER_DEFINED_ID", "LOONG_USER_DEFINED_ID"] as const;

const USER_DEFINED_ID_DEFAULT = "default";
const HOST_NAMES = { HOST_NAME: "__hostname__", HOST_IP: "__host_ip__" } as const;

/**
 * The agent's tags: the host's name, its address, then variables in the order in which they are named. A variable that is not set
 * gives an empty tag, as in the original.
 */
export function agentTags(
  global: GlobalOptions,
  tryVariable: TryVariable,
  hostName: string,
  hostIp: string,
): readonly Tag[] {
  return uniqueTags([
    ...hostTag(global, "HOST_NAME", hostName),
    ...hostTag(global, "HOST_IP", hostIp),
    ...envTags(global, tryVariable),
  ]);
}

/** What `__user_defined_id__` says of this agent. */
export function userDefinedId(tryVariable: TryVariable): string {
  return firstSet(USER_DEFINED_ID_VARIABLES, tryVariable) ?? USER_DEFINED_ID_DEFAULT;
}

function hostTag(global: GlobalOptions, key: keyof typeof HOST_NAMES, value: string): readonly Tag[] {
  const given = global.pipelineMetaTagKey[key] ?? "";
  const name = given === DEFAULT_TAG_NAME ? HOST_NAMES[key] : given;
  return name === "" || value === "" ? [] : [[name, value]];
}

function envTags({ agentEnvMetaTagKey }: GlobalOptions, tryVariable: TryVariable): readonly Tag[] {
  const listed = firstSet(ENV_TAGS_VARIABLES, tryVariable)?.split("|").map((name) => name.trim()) ?? [];
  return listed.flatMap((variable): Tag[] => {
    const given = agentEnvMetaTagKey === undefined ? DEFAULT_TAG_NAME : agentEnvMetaTagKey[variable] ?? "";
    const name = given === DEFAULT_TAG_NAME ? variable : given;
    return variable === "" || name === "" ? [] : [[name, tryVariable(variable) ?? ""]];
  });
}

function firstSet(names: readonly string[], tryVariable: TryVariable): string | undefined {
  return names.map(tryVariable).find((value) => value);
}
