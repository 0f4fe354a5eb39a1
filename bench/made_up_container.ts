/**
 * The containers whose logs are read. They do not run: a static list tells the agents of them.
 *
 * @module
 */

/** The metadata that each record carries beside `content`, `_time_` and `_source_`: the same for all containers. */
export const METADATA: readonly (readonly [key: string, value: string])[] = [
  ["_image_name_", "docker.io/library/nginx:latest"],
  ["_container_name_", "nginx"],
  ["_pod_name_", "nginx-76d49876c7-r892w"],
  ["_namespace_", "default"],
  ["_pod_uid_", "07f75a79-da69-40ac-ae2b-77a632929cc6"],
  ["_container_ip_", "10.223.0.154"],
];

/** The label of every pod, by which pipelines choose. */
export const POD_LABEL = { app: "nginx" } as const;

/** What the list says of one container. */
export interface MadeUpContainer {
  readonly id: string;
  /** On the node; empty for a container without a log. */
  readonly logPath: string;
  /** How Docker names the form of the log; the CRI's form needs no name. */
  readonly logType?: "json-file";
  /** Labels beside {@link POD_LABEL}. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly mounts?: readonly { readonly source: string; readonly destination: string }[];
}

/** The text of a static container file: its labels are the container's and the pod's. */
export function containersText(containers: readonly MadeUpContainer[]): string {
  const metadata = Object.fromEntries(METADATA);
  return JSON.stringify(containers.map(({ id, logPath, logType, labels, mounts = [] }) => ({
    ID: id,
    Name: `k8s_${metadata._container_name_}_${metadata._pod_name_}_${metadata._namespace_}_${metadata._pod_uid_}_0`,
    Created: "2026-07-13T15:40:00Z",
    HostName: metadata._pod_name_,
    IP: metadata._container_ip_,
    Image: metadata._image_name_,
    LogPath: logPath,
    LogType: logType,
    Labels: { ...POD_LABEL, ...labels },
    Mounts: mounts.map(({ source, destination }) => ({ Source: source, Destination: destination })),
    State: { Status: "running" },
  })));
}
