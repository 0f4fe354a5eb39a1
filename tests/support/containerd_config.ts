/**
 * The configuration of a test's containerd (https://github.com/containerd/containerd/blob/v1.6.20/docs/cri/config.md): everything
 * below one directory, CRI without CNI, and settings that also work inside virtual machines and containers.
 *
 * @module
 */

/** The sandbox's image; loaded by the tests, never pulled. */
export const PAUSE_IMAGE = "registry.k8s.io/pause:3.6";

/** The text of `containerd.toml`. */
export function containerdConfig(directory: string): string {
  return `version = 2
root = "${directory}/var/lib/containerd"
state = "${directory}/run"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]

[grpc]
  address = "${directory}/run/containerd.sock"

[plugins."io.containerd.internal.v1.opt"]
  path = "${directory}/opt"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  restrict_oom_score_adj = true
  disable_tcp_service = true
  stream_server_port = "0"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${directory}/cni/bin"
    conf_dir = "${directory}/cni/conf"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      Root = "${directory}/runc"
`;
}
