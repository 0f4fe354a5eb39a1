/**
 * How the agent was started: plain values, already resolved from command line and environment. Pipelines have their own files.
 *
 * @module
 */

/** How much the agent says about itself. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** A part of a disk. */
export type KeepFree = { readonly percent: number } | { readonly bytes: number };

/** Where the agent finds and keeps things. */
export interface AgentOptions {
  /** The pipeline file, or the directory of pipeline files. */
  readonly configPath: string;
  /** Where the node's file system is mounted; `/` outside a container. */
  readonly hostRoot: string;
  readonly checkpointDirectory: string;
  /** The one CRI socket to use; undefined: look in the usual places. */
  readonly containerdSocket: string | undefined;
  /** The one Docker socket to use; undefined: look in the usual places. */
  readonly dockerSocket: string | undefined;
  /** Where containerd keeps its state on the node; undefined: beside its socket, then the usual places. */
  readonly containerdStateDirectory: string | undefined;
  /** A file that lists containers in place of a runtime. */
  readonly staticContainersFile: string | undefined;
  /** The address of the node; empty: take it from the network interfaces. */
  readonly hostIp: string;
  /** How long files inside containers that are gone are held open while they are not read to their end; undefined: until they are. */
  readonly releaseAfterMs: number | undefined;
  /** How much room deleted files leave on their disk that are held open because they are not read. */
  readonly keepFree: KeepFree;
  /** How many cores' time the agent may use on average; undefined: as much as there is. */
  readonly cpuCoresMax: number | undefined;
  /** How much memory the agent may use, in bytes; undefined: as much as there is. */
  readonly memoryBytesMax: number | undefined;
  /** How many threads share the sources; 1: everything runs in one. */
  readonly threads: number;
  readonly logLevel: LogLevel;
  /** Print records to standard output in place of sending them: every pipeline's flushers become one `flusher_stdout`. */
  readonly printToStdout: boolean;
}
