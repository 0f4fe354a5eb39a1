/**
 * What is known of a container on this node, whoever told us: one shape for containerd, Docker and the static file.
 * Owned by `discover`, read by `match`, `pipeline` and the command line. Values are never changed after they were made:
 * news about a container is a new value.
 *
 * @module
 */

/** A string-to-string map as runtimes report labels, annotations and environments. */
export type StringMap = Readonly<Record<string, string>>;

/** Which source told us of a container. */
export type RuntimeName = "containerd" | "docker" | "static";

/** The pod that a container belongs to. Labels are those of the sandbox, without the kubelet's own `io.kubernetes*` keys. */
export interface Pod {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly labels: StringMap;
}

/** One mount of a container: `destination` inside it, `source` on the node. */
export interface Mount {
  readonly source: string;
  readonly destination: string;
}

/** A container on this node. Paths are those of the node, without the host root's prefix. */
export interface Container {
  readonly id: string;
  readonly runtime: RuntimeName;
  /** The container's name inside its pod, or its plain name outside Kubernetes. */
  readonly name: string;
  readonly image: string;
  readonly state: "created" | "running" | "exited" | "unknown";
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  /** The container's own labels (`io.kubernetes.container.name`, …), which are not the pod's. */
  readonly labels: StringMap;
  readonly env: StringMap;
  readonly pod?: Pod;
  /** Empty when unknown. */
  readonly ip: string;
  readonly hostName: string;
  /** 0 when the container does not run. */
  readonly pid: number;
  /** Where the runtime writes stdout and stderr; empty when it writes none. */
  readonly logPath: string;
  /** What the runtime does with stdout and stderr: Docker's `json-file`, `journald`, …; `cri` for a log file of the CRI. */
  readonly logDriver: string;
  readonly mounts: readonly Mount[];
  /** Candidate host paths of the container's root file system, best first. */
  readonly rootPaths: readonly string[];
}

/** What a discoverer reports. `snapshot` replaces all that the same discoverer reported before. */
export type ContainerEvent =
  | { readonly kind: "snapshot"; readonly containers: readonly Container[] }
  | { readonly kind: "upsert"; readonly container: Container }
  | { readonly kind: "remove"; readonly id: string };

/** Tells who runs on this node: a snapshot first, then changes, until `signal` aborts. Never throws for the world's sake. */
export interface Discoverer {
  readonly name: string;
  watch(signal: AbortSignal): AsyncIterable<ContainerEvent>;
}
