/**
 * Where container runtimes usually listen. Pure: whether anything is there is asked by `runtime_watch.ts`.
 *
 * @module
 */

/**
 * containerd as packaged, k3s and RKE2 (https://docs.k3s.io/advanced), and CRI-O
 * (https://github.com/cri-o/cri-o/blob/main/docs/crio.conf.5.md).
 */
const CRI_PATHS = [
  "/run/containerd/containerd.sock",
  "/var/run/containerd/containerd.sock",
  "/run/k3s/containerd/containerd.sock",
  "/run/crio/crio.sock",
];

/** The Docker Engine (https://docs.docker.com/reference/cli/dockerd/#daemon-socket-option). */
const DOCKER_PATHS = ["/var/run/docker.sock", "/run/docker.sock"];

/** The containerd of an engine: the node's, or one that the engine itself runs. */
const ENGINE_CONTAINERD_PATHS = [
  "/run/containerd/containerd.sock",
  "/run/docker/containerd/containerd.sock",
  "/var/run/docker/containerd/containerd.sock",
];

/**
 * Lists the CRI sockets to try, best first: each as the agent's own file system has it, then below the host's.
 *
 * @param hostRoot where the node's file system is mounted; empty or `/` outside a container
 * @param override the value of `CONTAINERD_SOCK_PATH`, which is then the only one; `unix://` in front is allowed
 */
export function runtimeSocketPaths(hostRoot: string, override: string): readonly string[] {
  return candidates(CRI_PATHS, hostRoot, override);
}

/**
 * The same for the Docker Engine.
 *
 * @param override the value of `DOCKER_HOST`, which is then the only one; `unix://` in front is allowed
 */
export function dockerSocketPaths(hostRoot: string, override: string): readonly string[] {
  return candidates(DOCKER_PATHS, hostRoot, override);
}

/** Lists the sockets at which a Docker Engine may say that its containerd listens. */
export function engineContainerdPaths(hostRoot: string): readonly string[] {
  return candidates(ENGINE_CONTAINERD_PATHS, hostRoot, "");
}

function candidates(usual: readonly string[], hostRoot: string, override: string): readonly string[] {
  const path = override.trim().replace(/^unix:(\/\/)?/, "");
  const paths = path === "" ? usual : [path];
  const prefix = hostRoot.replace(/\/+$/, "");
  const below = prefix === ""
    ? []
    : paths.filter((path) => !path.startsWith(`${prefix}/`)).map((path) => prefix + path);
  return [...paths, ...below];
}
