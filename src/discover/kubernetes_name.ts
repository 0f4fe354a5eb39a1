/**
 * Which pod a container belongs to, from the name that the kubelet gives Docker containers and from the labels it sets
 * everywhere. Shared by the discoverers; knows no runtime.
 *
 * @module
 */
import type { Pod, StringMap } from "../core/container.ts";

/** What the kubelet's name or labels tell. */
export interface KubernetesName {
  readonly container: string;
  readonly pod: string;
  readonly namespace: string;
  readonly uid: string;
}

/** The kubelet's own keys, which are not labels of the pod. */
const INTERNAL_LABEL = /^(?:io\.kubernetes|annotation\.)/;
/** A pod's UID, or the hash that stands for it in static pods. */
const POD_UID = /^[0-9a-f-]{32,36}$/i;

/**
 * Takes apart `k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT`, with or without a leading slash, or the same without `k8s_` where the
 * UID proves that it is no coincidence.
 *
 * @returns undefined for any other name.
 */
export function tryParseKubernetesName(name: string): KubernetesName | undefined {
  const parts = name.replace(/^\//, "").split("_");
  const hasPrefix = parts[0] === "k8s";
  const [container, pod, namespace, uid] = hasPrefix ? parts.slice(1) : parts;
  if (parts.length < 5 || !container || !pod || !namespace || !uid) return undefined;
  if (!hasPrefix && !POD_UID.test(uid)) return undefined;
  return { container, pod, namespace, uid };
}

/** Reads the kubelet's labels. @returns undefined when they name no pod; `container` is empty when they name none. */
export function tryReadKubernetesLabels(labels: StringMap): KubernetesName | undefined {
  const pod = labels["io.kubernetes.pod.name"];
  if (!pod) return undefined;
  return {
    container: labels["io.kubernetes.container.name"] ?? "",
    pod,
    namespace: labels["io.kubernetes.pod.namespace"] ?? "",
    uid: labels["io.kubernetes.pod.uid"] ?? "",
  };
}

/** The labels that a pod's author set: all but the kubelet's own, sorted. */
export function podLabels(labels: StringMap): StringMap {
  return Object.fromEntries(Object.entries(sortedMap(labels)).filter(([key]) => !INTERNAL_LABEL.test(key)));
}

/** The same, in the order of the names: a runtime in Go tells the same map in another order each time. */
export function sortedMap(map: StringMap): StringMap {
  return Object.fromEntries(Object.keys(map).toSorted().map((key) => [key, map[key]]));
}

/** A pod from its name and the labels found on it. */
export function podOf(name: KubernetesName, labels: StringMap): Pod {
  return { name: name.pod, namespace: name.namespace, uid: name.uid, labels: podLabels(labels) };
}

/** Turns `NAME=value` entries into a map; entries without `=` are dropped, of two equal names the last counts. */
export function parseEnvList(entries: readonly string[]): StringMap {
  const pairs = entries.map((entry) => [entry, entry.indexOf("=")] as const).filter(([, at]) => at > 0);
  return Object.fromEntries(pairs.map(([entry, at]) => [entry.slice(0, at), entry.slice(at + 1)]));
}
