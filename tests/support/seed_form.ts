/**
 * Messages of the walk-through's form: what a test expects as text, and what it needs of one that came.
 *
 * @module
 */
import type { TestPod } from "./containerd.ts";
import { SCENE_HOST_IP } from "./runtime_scene.ts";

/** Name and value of a field. */
export type Field = readonly [name: string, value: string];

/** A message with its time masked; see {@link maskTimes}. */
export function seedMessage(fields: readonly Field[]): string {
  const contents = fields.map(([Key, Value]) => ({ Key, Value }));
  return `{"Time":T,"Contents":${JSON.stringify(contents)}}`;
}

/** Replaces the two times of a message, which differ from run to run, by `T`. */
export function maskTimes(message: string): string {
  return message.replace(/^\{"Time":\d{10},/, '{"Time":T,')
    .replace(/"_time_","Value":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}(Z|[+-]\d\d:\d\d)"/, '"_time_","Value":"T"');
}

/** The fields of a message, in their order. @throws {SyntaxError} when the message is no JSON. */
export function fieldsOf(message: string): readonly Field[] {
  const { Contents }: { Contents: { Key: string; Value: string }[] } = JSON.parse(message);
  return Contents.map(({ Key, Value }) => [Key, Value]);
}

/** The value of a field; empty where it is not there. */
export function valueOf(message: string, name: string): string {
  return fieldsOf(message).find(([key]) => key === name)?.[1] ?? "";
}

/** The tags of a pod's container, in the order of its output's messages. */
export function outputTagsOf(
  { name, namespace, uid }: Pick<TestPod, "name" | "namespace" | "uid">,
  container: string,
  image: string,
): readonly Field[] {
  return [
    ["_image_name_", image],
    ["_container_name_", container],
    ["_pod_name_", name],
    ["_namespace_", namespace],
    ["_pod_uid_", uid],
    ["_container_ip_", SCENE_HOST_IP],
  ];
}

/** The tags of a file in a pod's container, in the order of its messages. */
export function fileTagsOf(
  { name, namespace, uid }: Pick<TestPod, "name" | "namespace" | "uid">,
  container: string,
  image: string,
  path: string,
): readonly Field[] {
  return [
    ["__tag__:__path__", path],
    ["__tag__:__user_defined_id__", "default"],
    ["__tag__:_container_ip_", SCENE_HOST_IP],
    ["__tag__:_image_name_", image],
    ["__tag__:_container_name_", container],
    ["__tag__:_pod_name_", name],
    ["__tag__:_namespace_", namespace],
    ["__tag__:_pod_uid_", uid],
  ];
}
