/**
 * Sluice as a peer: the compiled binary with the walk-through's pipeline for nginx's stdout.
 *
 * @module
 */
import { join } from "@std/path";
import { sluiceBinary } from "../tests/support/sluice.ts";
import { LOG_PATH, METADATA, type Peer, type Work } from "./peer.ts";

/** The compiled binary, made when it is missing or older than its sources. */
export const sluice: Peer = {
  name: "sluice",
  unavailable: () => undefined,
  prepare: sluiceBinary,
  start(work) {
    const config = join(work.directory, "config");
    const containers = join(work.directory, "containers.json");
    Deno.mkdirSync(config);
    Deno.writeTextFileSync(join(config, "nginx_stdout.yaml"), configText(work));
    Deno.writeTextFileSync(containers, containersText());
    const args = ["run", "--config", config, "--host-root", work.hostRoot, "--static-containers", containers];
    args.push("--checkpoint", join(work.directory, "checkpoint"));
    return new Deno.Command(work.program, { args, stdout: "null", stderr: "inherit" }).spawn();
  },
};

function configText({ broker, topic, codec }: Work): string {
  return `enable: true
inputs:
  - Type: service_docker_stdout
    Stderr: false
    Stdout: true
    IncludeK8sLabel:
      app: nginx
flushers:
  - Type: flusher_kafka_v2
    Brokers:
      - ${broker}
    Topic: ${topic}
    Compression: ${codec}
`;
}

/** The static container file: its labels are the container's and the pod's. */
function containersText(): string {
  const { _image_name_, _container_name_, _pod_name_, _namespace_, _pod_uid_, _container_ip_ } = Object.fromEntries(
    METADATA,
  );
  return JSON.stringify([{
    ID: _pod_uid_.replaceAll("-", "").padEnd(64, "0"),
    Name: `k8s_${_container_name_}_${_pod_name_}_${_namespace_}_${_pod_uid_}_0`,
    Created: "2026-07-13T15:40:00Z",
    HostName: _pod_name_,
    IP: _container_ip_,
    Image: _image_name_,
    LogPath: LOG_PATH,
    Labels: { app: "nginx" },
    State: { Status: "running" },
  }]);
}
