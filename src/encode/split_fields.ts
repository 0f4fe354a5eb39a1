/**
 * What of a record's fields is content and what is a tag, and what tags are called in messages: by the names of OpenTelemetry where
 * they have one, then by the user's. Source: version 2 of
 * https://github.com/alibaba/ilogtail/blob/main/pkg/protocol/converter/converter.go and its manual,
 * https://github.com/alibaba/ilogtail/blob/main/docs/cn/developer-guide/log-protocol/converter.md.
 *
 * @module
 */
import type { PlanValue } from "./plan.ts";

/** What tags are called. */
export interface TagRules {
  /** The tag `host.ip`, which every record has. */
  readonly hostIp: string;
  /** Converted names → other names, `""` for none. `host.ip` and `log.topic` stay. */
  readonly rename: ReadonlyMap<string, string>;
  /** Whether tags of containers are called so, too: `k8s.container.name` in place of `container.name`. */
  readonly kubernetesNames: boolean;
}

/** A record's fields by their names in messages. All names are well-formed; of two fields with the same, the later counts. */
export interface SplitFields {
  readonly contents: ReadonlyMap<string, PlanValue>;
  readonly tags: ReadonlyMap<string, PlanValue>;
}

/** Names of tags that no rule changes. */
export const FIXED_TAG_NAMES = { hostIp: "host.ip", topic: "log.topic" } as const;

const TAG_PREFIX = "__tag__:";
const DROPPED = `${TAG_PREFIX}__user_defined_id__`;
const TOPIC = "__log_topic__";

/** Fields that are tags without the prefix, too. */
const CONVERTED_NAMES: ReadonlyMap<string, string> = new Map([
  ["__path__", "log.file.path"],
  ["__hostname__", "host.name"],
  ["__host_ip__", "__host_ip__"],
  ["_node_ip_", "k8s.node.ip"],
  ["_node_name_", "k8s.node.name"],
  ["_namespace_", "k8s.namespace.name"],
  ["_pod_name_", "k8s.pod.name"],
  ["_pod_ip_", "k8s.pod.ip"],
  ["_pod_uid_", "k8s.pod.uid"],
  ["_container_name_", "container.name"],
  ["_container_ip_", "container.ip"],
  ["_image_name_", "container.image.name"],
]);

/** Their names where the agent is told that it runs in Kubernetes. */
const KUBERNETES_NAMES: ReadonlyMap<string, string> = new Map([
  ["_container_name_", "k8s.container.name"],
  ["_container_ip_", "k8s.container.ip"],
  ["_image_name_", "k8s.container.image.name"],
]);

/** Splits fields of these names, in this order. */
export function splitFields(names: readonly string[], rules: TagRules): SplitFields {
  const contents = new Map<string, PlanValue>();
  const tags = new Map<string, PlanValue>();
  names.forEach((given, field) => {
    const name = given.toWellFormed();
    const tag = tryTagName(name, rules);
    if (tag === undefined) contents.set(name, { field });
    else if (tag !== "") tags.set(tag, { field });
  });
  tags.set(FIXED_TAG_NAMES.hostIp, { text: rules.hostIp });
  return { contents, tags };
}

/** @returns what a field is called as a tag, `""` for one that is left out; undefined: it is no tag. */
function tryTagName(name: string, { rename, kubernetesNames }: TagRules): string | undefined {
  if (name === TOPIC) return FIXED_TAG_NAMES.topic;
  if (name === DROPPED) return "";
  const isMarked = name.startsWith(TAG_PREFIX) && name !== TAG_PREFIX;
  const bare = isMarked ? name.slice(TAG_PREFIX.length) : name;
  const special = kubernetesNames ? KUBERNETES_NAMES.get(bare) : undefined;
  const converted = special ?? CONVERTED_NAMES.get(bare) ?? (isMarked ? bare : undefined);
  return converted === undefined ? undefined : rename.get(converted) ?? converted;
}
