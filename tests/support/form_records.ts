/**
 * Records that tests of message forms share: those of the walk-through, and what every form makes of tags.
 *
 * @module
 */
import type { LogRecord } from "../../src/core/record.ts";
import type { TagRules } from "../../src/encode/split_fields.ts";

/** Rules that rename nothing. */
export const PLAIN_RULES: TagRules = { hostIp: "172.10.0.56", rename: new Map(), kubernetesNames: false };

/** A record of a container's output. */
export const OUTPUT_RECORD: LogRecord = recordOf([
  ["content", 'GET "/" <ok>'],
  ["_time_", "2022-07-13T23:45:54.976593653+08:00"],
  ["_source_", "stdout"],
  ["_image_name_", "nginx:latest"],
  ["_container_name_", "nginx"],
  ["_pod_name_", "nginx-1"],
  ["_namespace_", "default"],
  ["_pod_uid_", "07f75a79"],
  ["_container_ip_", "10.223.0.154"],
]);

/** A record of a file, whose tags have a prefix. */
export const FILE_RECORD: LogRecord = recordOf([
  ["content", "PUT"],
  ["__log_topic__", "file"],
  ["__tag__:__path__", "/root/example.log"],
  ["__tag__:__user_defined_id__", "machine"],
  ["__tag__:_pod_name_", "shop-1"],
  ["__tag__:label", "tag"],
]);

/** A record of the walk-through's time. */
export function recordOf(fields: readonly (readonly [name: string, value: string])[], seconds = 1657727154): LogRecord {
  return { seconds, fields: fields.map(([name, value]) => ({ name, value })) };
}
