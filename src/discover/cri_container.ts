/**
 * From what CRI tells of a container to our `Container`. The verbose `info` is JSON of the runtime's own making
 * (https://github.com/containerd/containerd/blob/v1.6.20/pkg/cri/server/container_status.go, `ContainerInfo`): what it
 * lacks stays empty, so that a container without it is still collected from standard output.
 *
 * @module
 */
import * as z from "zod";
import type { Container, Mount } from "../core/container.ts";
import type { Env } from "../core/env.ts";
import { findContainerIp, tryReadText } from "./container_ip.ts";
import {
  CONTAINER_STATES,
  type ContainerStatusResponse,
  type ListedContainer,
  NAMESPACE_MODE_NODE,
  type PodSandbox,
  type PodSandboxStatusResponse,
} from "./cri_messages.ts";
import { parseEnvList, podOf, sortedMap, tryReadKubernetesLabels } from "./kubernetes_name.ts";

/** All that the runtime told of one container. The pod's parts are missing when it vanished between two calls. */
export interface CriFacts {
  readonly listed: ListedContainer;
  readonly response: ContainerStatusResponse;
  readonly sandbox?: PodSandbox;
  readonly sandboxStatus?: PodSandboxStatusResponse;
  /** The writable layer that the runtime names, where {@link tryLayerOf} has it asked. */
  readonly upperDirectory?: string;
}

/** The node's side: its files, and where the runtime may keep its state. */
export interface CriNode {
  readonly env: Env;
  /** Without a slash at its end. */
  readonly hostRoot: string;
  /** Of the node, best first: what was set, and the socket's directory. The usual ones are tried after them. */
  readonly stateDirectories: readonly string[];
}

const USUAL_STATE_DIRECTORIES = ["/run/containerd", "/var/run/containerd"];
/** Where containerd mounts a container's root below its state: its task services of now and before, and a bare runc. */
const TASK_DIRECTORIES = ["io.containerd.runtime.v2.task", "io.containerd.runtime.v1.linux", "runc"];
const TASK_NAMESPACES = ["k8s.io/", "moby/", ""];
const ROOT_NAMES = ["rootfs", "root"];

const MOUNT = z.object({ destination: z.string(), source: z.string().catch("") });
const SPEC = z.object({
  hostname: z.string().catch(""),
  root: z.object({ path: z.string().catch("") }).catch({ path: "" }),
  process: z.object({ env: z.array(z.string()).catch([]) }).catch({ env: [] }),
  mounts: z.array(MOUNT).optional().catch(undefined),
});
const INFO = z.object({
  pid: z.number().catch(0),
  snapshotter: z.string().catch(""),
  snapshotKey: z.string().catch(""),
  runtimeSpec: SPEC.catch(SPEC.parse({})),
});
type Info = z.infer<typeof INFO>;

/** Builds the container. */
export function criContainer(facts: CriFacts, node: CriNode): Container {
  const { listed, response, sandbox } = facts;
  const info = parseInfo(response.info["info"]);
  const env = parseEnvList(info.runtimeSpec.process.env);
  const mounts = mountsOf(info, response);
  const state = CONTAINER_STATES[response.status?.state ?? listed.state] ?? "unknown";
  const pid = state === "running" ? info.pid : 0;
  const hostNetwork = facts.sandboxStatus?.status?.linux?.namespaces?.options?.network === NAMESPACE_MODE_NODE;
  const hostName = info.runtimeSpec.hostname || env["HOSTNAME"] || (hostNetwork ? node.env.hostName : "");
  const ip = facts.sandboxStatus?.status?.network?.ip ||
    findContainerIp({ hostName, hostNetwork, mounts }, node.env, node.hostRoot);
  return {
    id: listed.id,
    runtime: "containerd",
    name: nameOf(listed),
    image: response.status?.image?.image || listed.image?.image || listed.imageRef,
    state,
    createdMs: Math.trunc((response.status?.createdAt || listed.createdAt) / 1e6),
    labels: sortedMap(listed.labels),
    env,
    pod: podOfSandbox(listed, sandbox),
    ip,
    hostName,
    pid,
    logPath: response.status?.logPath ?? "",
    logDriver: "cri",
    mounts,
    rootPaths: rootPathsOf(facts, state, pid, info, node),
  };
}

/**
 * Tells which snapshot to ask for: before a container runs and after it has ended there is no process that shows its layer, and what
 * is in it must have one name all the time.
 *
 * @returns undefined where the process shows it, or the runtime names none.
 */
export function tryLayerOf(
  { status, info }: ContainerStatusResponse,
  node: CriNode,
): { readonly snapshotter: string; readonly key: string } | undefined {
  const { pid, snapshotter, snapshotKey: key } = parseInfo(info["info"]);
  const isRunning = CONTAINER_STATES[status?.state ?? -1] === "running";
  if (snapshotter === "" || key === "" || (isRunning && tryLayerOfProcess(pid, node) !== undefined)) return undefined;
  return { snapshotter, key };
}

function parseInfo(json: string | undefined): Info {
  try {
    return INFO.parse(JSON.parse(json ?? "{}"));
  } catch {
    return INFO.parse({});
  }
}

function nameOf(listed: ListedContainer): string {
  return listed.metadata?.name || tryReadKubernetesLabels(listed.labels)?.container || listed.id.slice(0, 12);
}

function podOfSandbox(listed: ListedContainer, sandbox: PodSandbox | undefined): Container["pod"] {
  const labelled = tryReadKubernetesLabels(listed.labels);
  if (labelled !== undefined) return podOf(labelled, sandbox?.labels ?? {});
  const metadata = sandbox?.metadata;
  if (!metadata) return undefined;
  const { name, namespace, uid } = metadata;
  return podOf({ container: "", pod: name, namespace, uid }, sandbox.labels);
}

/** The bind mounts: the runtime's specification has them all (image volumes, `/etc/hosts`), the status only the pod's. */
function mountsOf(info: Info, response: ContainerStatusResponse): readonly Mount[] {
  const own = response.status?.mounts.map(({ hostPath, containerPath }) => ({
    source: hostPath,
    destination: containerPath,
  }));
  const mounts = info.runtimeSpec.mounts ?? own ?? [];
  return mounts.filter(({ source }) => source.startsWith("/")).map(({ source, destination }) => ({
    source,
    destination,
  }));
}

/**
 * The merged root file system first (CRI-O names it, containerd keeps it in the task's bundle; it is mounted until the container ends),
 * then the writable layer, which is visible where mounts do not propagate into the agent's container.
 */
function rootPathsOf(
  { listed, upperDirectory }: CriFacts,
  state: Container["state"],
  pid: number,
  info: Info,
  node: CriNode,
): readonly string[] {
  const { path } = info.runtimeSpec.root;
  const merged = path.startsWith("/")
    ? path
    : mergedRootCandidates(listed.id, node).find((path) => isMounted(path, node));
  const layer = tryLayerOfProcess(pid, node) ?? upperDirectory;
  return [state === "exited" ? undefined : merged, layer].filter((path) => path !== undefined);
}

function tryLayerOfProcess(pid: number, { env, hostRoot }: CriNode): string | undefined {
  return pid === 0 ? undefined : tryFindUpperDirectory(tryReadText(env, `${hostRoot}/proc/${pid}/mounts`));
}

function mergedRootCandidates(id: string, { stateDirectories }: CriNode): readonly string[] {
  const directories = new Set([...stateDirectories, ...USUAL_STATE_DIRECTORIES]);
  return [...directories].flatMap((directory) =>
    TASK_DIRECTORIES.flatMap((task) =>
      TASK_NAMESPACES.flatMap((space) => ROOT_NAMES.map((root) => `${directory}/${task}/${space}${id}/${root}`))
    )
  );
}

/** Tells whether a root is mounted. Where mounts do not propagate, one that is mounted on the node is an empty directory here. */
export function isMounted(path: string, { env, hostRoot }: Pick<CriNode, "env" | "hostRoot">): boolean {
  try {
    return env.files.list(hostRoot + path).length > 0;
  } catch {
    return false;
  }
}

/**
 * Finds the writable layer of the overlay that is mounted at `/`.
 *
 * @param mounts the text of `/proc/PID/mounts` (https://man7.org/linux/man-pages/man5/proc_pid_mounts.5.html)
 */
export function tryFindUpperDirectory(mounts: string | undefined): string | undefined {
  const root = mounts?.split("\n").map((line) => line.split(" ")).find((fields) => fields[1] === "/");
  return root?.[3]?.split(",").find((option) => option.startsWith("upperdir="))?.slice("upperdir=".length);
}
