/**
 * An agent under measurement: how to start it on a given piece of work. Each peer has a file of its own.
 *
 * @module
 */

/** The kinds of work. */
export const MODES = ["plain", "regex", "json", "multiline", "docker"] as const;
/** One of {@link MODES}. */
export type Mode = (typeof MODES)[number];

/** The compressions of what is sent. */
export const CODECS = ["none", "lz4"] as const;
/** One of {@link CODECS}. */
export type Codec = (typeof CODECS)[number];

/** The metadata that each record carries beside `content`, `_time_` and `_source_`: constant for the one log that is read. */
export const METADATA: readonly (readonly [key: string, value: string])[] = [
  ["_image_name_", "docker.io/library/nginx:latest"],
  ["_container_name_", "nginx"],
  ["_pod_name_", "nginx-76d49876c7-r892w"],
  ["_namespace_", "default"],
  ["_pod_uid_", "07f75a79-da69-40ac-ae2b-77a632929cc6"],
  ["_container_ip_", "10.223.0.154"],
];

/** Where the log is below the host root, as the kubelet names it. */
export const LOG_PATH = "/var/log/pods/default_nginx-76d49876c7-r892w_07f75a79-da69-40ac-ae2b-77a632929cc6/nginx/0.log";

/** One piece of work. */
export interface Work {
  /** What `prepare` returned. */
  readonly program: string;
  readonly hostRoot: string;
  /** An empty directory for the agent's configuration and state; fresh for each run. */
  readonly directory: string;
  /** `host:port`. */
  readonly broker: string;
  readonly topic: string;
  readonly codec: Codec;
}

/** An agent that can be measured. */
export interface Peer {
  readonly name: string;
  /** Why this machine cannot run it, or undefined when it can. */
  unavailable(): string | undefined;
  /** Does once what is needed before it can be started. @returns the program's path or name. */
  prepare(): Promise<string>;
  start(work: Work): Deno.ChildProcess;
}
