/**
 * Where container runtimes that speak CRI usually listen. Pure: whether anything is there is asked by `cri.ts`.
 *
 * @module
 */

/**
 * containerd as packaged, k3s and RKE2 (https://docs.k3s.io/advanced), and CRI-O
 * (https://github.com/cri-o/cri-o/blob/main/docs/crio.conf.5.md).
 */
const USUAL_PATHS = [
  "/run/containerd/containerd.sock",
  "/var/run/containerd/containerd.sock",
  "/run/k3s/containerd/containerd.sock",
  "/run/crio/crio.sock",
];

/**
 * Lists the sockets to try, best first: each as the agent's own file system has it, then below the host's.
 *
 * @param hostRoot where the node's file system is mounted; empty or `/` outside a container
 * @param override the value of `CONTAINERD_SOCK_PATH`, which is then the only one; `unix://` in front is allowed
 */
export function runtimeSocketPaths(hostRoot: string, override: string): readonly string[] {
  const path = override.trim().replace(/^unix:(\/\/)?/, "");
  const paths = path === "" ? USUAL_PATHS : [path];
  const prefix = hostRoot.replace(/\/+$/, "");
  const below = prefix === ""
    ? []
    : paths.filter((path) => !path.startsWith(`${prefix}/`)).map((path) => prefix + path);
  return [...paths, ...below];
}
