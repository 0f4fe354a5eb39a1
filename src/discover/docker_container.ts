/**
 * From what the Docker Engine tells of a container to our `Container`: names as the kubelet gives them to Docker, the places of
 * the log and of the root file system. Pure but for the files of the node that tell what the engine does not.
 *
 * @module
 */
import type { Container, Mount, StringMap } from "../core/container.ts";
import type { Env } from "../core/env.ts";
import { findContainerIp, tryReadText } from "./container_ip.ts";
import { isMounted, tryFindUpperDirectory } from "./cri_container.ts";
import type { InspectedContainer, ListedDockerContainer } from "./docker_messages.ts";
import {
  type KubernetesName,
  parseEnvList,
  podOf,
  tryParseKubernetesName,
  tryReadKubernetesLabels,
} from "./kubernetes_name.ts";

/** The only driver whose log is a file that can be read (https://docs.docker.com/engine/logging/configure/). */
const FILE_DRIVER = "json-file";

/** The kubelet's name for the container that holds a pod's network, of now and before. */
const SANDBOX_NAMES: readonly string[] = ["POD", "pause"];

/** The node's side. */
export interface DockerNode {
  readonly env: Env;
  /** Without a slash at its end. */
  readonly hostRoot: string;
}

/** What is known of a container beside its own description. */
export interface DockerSurroundings {
  /** The first name of the container's image; empty when it has none. */
  readonly imageTag: string;
  /** The labels of the pod's own container; undefined when it is not there. */
  readonly sandboxLabels: StringMap | undefined;
  /** True when the container, or the one whose network it shares, uses the node's network. */
  readonly hostNetwork: boolean;
  /** The root of an image that containerd keeps: where it is mounted while the container runs, else its writable layer. */
  readonly snapshotPath?: string;
}

/** Builds the container. */
export function dockerContainer(
  inspected: InspectedContainer,
  around: DockerSurroundings,
  node: DockerNode,
): Container {
  const { Id, Name, Config, HostConfig, Created } = inspected;
  const labels = Config.Labels;
  const kubernetes = tryReadPodName([Name], labels);
  const state = stateOf(inspected.State.Status);
  const pid = state === "running" ? inspected.State.Pid : 0;
  const env = parseEnvList(Config.Env);
  const hostName = Config.Hostname || env["HOSTNAME"] || (around.hostNetwork ? node.env.hostName : "");
  const logDriver = HostConfig.LogConfig.Type;
  return {
    id: Id,
    runtime: "docker",
    name: kubernetes?.container || Name.replace(/^\//, ""),
    image: around.imageTag || Config.Image,
    state,
    createdMs: Date.parse(Created) || 0,
    labels,
    env,
    pod: kubernetes && podOf(kubernetes, around.sandboxLabels ?? {}),
    ip: ipOf(inspected) || findContainerIp(cluesOf(inspected, hostName, around), node.env, node.hostRoot),
    hostName,
    pid,
    logPath: logDriver === FILE_DRIVER ? inspected.LogPath : "",
    logDriver,
    mounts: mountsOf(inspected),
    rootPaths: rootPathsOf(inspected, pid, around.snapshotPath, node),
  };
}

/** Which pod a container belongs to, by its names or else its labels. @returns undefined outside Kubernetes. */
export function tryReadPodName(names: readonly string[], labels: StringMap): KubernetesName | undefined {
  return names.map(tryParseKubernetesName).find((name) => name !== undefined) ?? tryReadKubernetesLabels(labels);
}

/** True for the container that only holds a pod's network, and carries the pod's labels. */
export function isSandbox({ Names, Labels }: ListedDockerContainer): boolean {
  const type = Labels["io.kubernetes.docker.type"];
  if (type !== undefined) return type === "podsandbox";
  const name = Names.map(tryParseKubernetesName).find((name) => name !== undefined);
  return name !== undefined && SANDBOX_NAMES.includes(name.container);
}

/** Between two runs nothing runs, and what is being removed has ended. */
function stateOf(status: string): Container["state"] {
  if (status === "created") return "created";
  if (status === "running" || status === "paused") return "running";
  return ["exited", "restarting", "removing", "dead"].includes(status) ? "exited" : "unknown";
}

/** The address of the default network, else of any other, version 4 before 6. */
function ipOf({ NetworkSettings }: InspectedContainer): string {
  const networks = Object.values(NetworkSettings.Networks);
  const addresses = [
    NetworkSettings.IPAddress,
    ...networks.map(({ IPAddress }) => IPAddress),
    ...networks.map(({ GlobalIPv6Address }) => GlobalIPv6Address),
  ];
  return addresses.find((address) => address !== "") ?? "";
}

/** The kubelet mounts a hosts file of its own; where it does not, Docker has made one. */
function cluesOf(inspected: InspectedContainer, hostName: string, { hostNetwork }: DockerSurroundings) {
  const own = inspected.HostsPath === "" ? [] : [{ source: inspected.HostsPath, destination: "/etc/hosts" }];
  return { hostName, hostNetwork, mounts: [...mountsOf(inspected), ...own] };
}

function mountsOf({ Mounts }: InspectedContainer): readonly Mount[] {
  return Mounts.filter(({ Source }) => Source.startsWith("/")).map(({ Source, Destination }) => ({
    source: Source,
    destination: Destination,
  }));
}

/**
 * The merged root file system, which is mounted while the container runs, then the writable layer. Where containerd keeps the
 * images, the engine names neither: the layer of a container that runs is then that of its process.
 */
function rootPathsOf(
  { GraphDriver }: InspectedContainer,
  pid: number,
  snapshotPath: string | undefined,
  node: DockerNode,
): readonly string[] {
  const { MergedDir, UpperDir } = GraphDriver.Data;
  if (pid === 0) return [UpperDir || (snapshotPath ?? "")].filter((path) => path !== "");
  const merged = [MergedDir, snapshotPath].find((path) => path !== undefined && path !== "" && isMounted(path, node));
  const upper = UpperDir || tryFindUpperDirectory(tryReadText(node.env, `${node.hostRoot}/proc/${pid}/mounts`));
  return [merged, upper].filter((path) => path !== undefined);
}
