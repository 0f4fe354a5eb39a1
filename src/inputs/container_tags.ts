/**
 * The metadata that every record of a container carries, in the walk-through's order
 * (https://github.com/alibaba/loongcollector/blob/main/pkg/helper/containercenter/container_center.go).
 *
 * @module
 */
import type { Container } from "../core/container.ts";
import type { Tag } from "../core/source.ts";

/** Image, container, pod, namespace, uid and address; what is unknown is left out. */
export function containerTags(container: Container): readonly Tag[] {
  const { image, name, pod, ip } = container;
  const tags: readonly Tag[] = [
    ["_image_name_", image],
    ["_container_name_", name],
    ["_pod_name_", pod?.name ?? ""],
    ["_namespace_", pod?.namespace ?? ""],
    ["_pod_uid_", pod?.uid ?? ""],
    ["_container_ip_", ip],
  ];
  return tags.filter(([, value]) => value !== "");
}
