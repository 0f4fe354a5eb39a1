/**
 * The metadata that every record of a container carries, in the walk-through's order
 * (https://github.com/alibaba/loongcollector/blob/main/pkg/helper/containercenter/container_center.go).
 *
 * @module
 */
import type { Container, StringMap } from "../core/container.ts";
import type { Tag } from "../core/source.ts";

/** What the tags of a container are called; `""` leaves one out. */
export interface TagNames {
  readonly image: string;
  readonly container: string;
  readonly pod: string;
  readonly namespace: string;
  readonly podUid: string;
  readonly ip: string;
}

/** The usual names. */
export const TAG_NAMES: TagNames = {
  image: "_image_name_",
  container: "_container_name_",
  pod: "_pod_name_",
  namespace: "_namespace_",
  podUid: "_pod_uid_",
  ip: "_container_ip_",
};

/** Which variables and pod labels of a container become tags, under which names. */
export interface ExternalTagRules {
  readonly envTag: StringMap;
  readonly k8sLabelTag: StringMap;
  /** What becomes of one that the container does not have: a tag with an empty value, or none. */
  readonly missing: "empty" | "omit";
}

/** Image, container, pod, namespace, uid and address; what is unknown is left out. */
export function containerTags(container: Container, names: TagNames = TAG_NAMES): readonly Tag[] {
  const { image, name, pod, ip } = container;
  return knownTags([
    [names.image, image],
    [names.container, name],
    [names.pod, pod?.name ?? ""],
    [names.namespace, pod?.namespace ?? ""],
    [names.podUid, pod?.uid ?? ""],
    [names.ip, ip],
  ]);
}

/** @returns the tags that have a name and a value. */
export function knownTags(tags: readonly Tag[]): readonly Tag[] {
  return tags.filter(([name, value]) => name !== "" && value !== "");
}

/** The tags that rules ask for, in the rules' order; a container without a pod has none of its labels. */
export function externalTags(container: Container, rules: ExternalTagRules): readonly Tag[] {
  return [
    ...pickTags(container.env, rules.envTag, rules.missing),
    ...pickTags(container.pod?.labels ?? {}, rules.k8sLabelTag, rules.missing),
  ];
}

function pickTags(
  values: StringMap,
  names: StringMap,
  missing: ExternalTagRules["missing"],
): readonly Tag[] {
  return Object.entries(names).flatMap(([key, name]): Tag[] => {
    if (Object.hasOwn(values, key)) return [[name, values[key]]];
    return missing === "empty" ? [[name, ""]] : [];
  });
}

/** A container's variable that is a tag; what stands between the prefix and `_tags` names it for people only. */
const OWN_TAG = /^(aliyun|loong)_logs_(.+)_tags$/;

/**
 * The tags that a container asks for itself, by variables such as `aliyun_logs_mark_tags=team=web`; a text without `=` is name and
 * value. Sorted by the variables' middle part; of two with the same, the one with `loong` counts.
 */
export function ownTags(container: Container): readonly Tag[] {
  const texts = new Map<string, string>();
  for (const variable of Object.keys(container.env).toSorted()) {
    // Sorted, "loong" comes after "aliyun" and takes its place.
    const middle = OWN_TAG.exec(variable)?.[2];
    if (middle !== undefined) texts.set(middle, container.env[variable]);
  }
  const sorted = [...texts.keys()].toSorted();
  return sorted.map((middle) => ownTag(texts.get(middle) ?? "")).filter(([name]) => name !== "");
}

function ownTag(text: string): Tag {
  const equals = text.indexOf("=");
  return equals < 0 ? [text, text] : [text.slice(0, equals), text.slice(equals + 1)];
}

/** @returns the tags without those whose name was there before: a container cannot overwrite what is known of it. */
export function uniqueTags(tags: readonly Tag[]): readonly Tag[] {
  const names = new Set<string>();
  return tags.filter(([name]) => !names.has(name) && names.add(name));
}

/** All that can be asked for of a container whose output is read. */
export interface OutputTagRules {
  readonly names: TagNames;
  readonly external: ExternalTagRules;
  /** Those of the agent, which come last. */
  readonly agentTags: readonly Tag[];
}

/** Every tag of the records of a container's output: what is known of it, external ones, its own, the agent's. */
export function outputTags(container: Container, { names, external, agentTags }: OutputTagRules): readonly Tag[] {
  return uniqueTags([
    ...containerTags(container, names),
    ...externalTags(container, external),
    ...ownTags(container),
    ...agentTags,
  ]);
}
