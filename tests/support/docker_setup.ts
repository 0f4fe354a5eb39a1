/**
 * What tests of Docker discovery begin with: a socket of their own, a discoverer for it that lists often, and short words for what
 * they do with a `DockerServer`.
 *
 * @module
 */
import { makeDenoEnv } from "../../src/core/deno_env.ts";
import { DockerDiscoverer, type DockerOptions } from "../../src/discover/docker.ts";
import type { DockerServer, FakeDockerContainer } from "./docker_server.ts";
import { RecordingLog } from "./recording_log.ts";

/** The node's address, as the discoverer is told. */
export const HOST_IP = "192.0.2.1";

/** A socket path in a directory of its own where nobody listens yet, a discoverer for it, and what it says. */
export async function setUpDocker(options: Partial<DockerOptions> = {}) {
  const socketPath = `${await Deno.makeTempDir()}/docker.sock`;
  const log = new RecordingLog();
  const env = makeDenoEnv(HOST_IP);
  const often = { listIntervalMs: 50, resyncIntervalMs: 50 };
  const discoverer = new DockerDiscoverer({ socketPaths: [socketPath], env, log, hostRoot: "", ...often, ...options });
  return { socketPath, log, discoverer };
}

/** Puts a running container into the server, or another one in its place. */
export function addContainer(server: DockerServer, id: string, change: Partial<FakeDockerContainer> = {}): void {
  server.containers.set(id, { id, name: `name-${id}`, state: "running", ...change });
}

/** How often the server was asked something; names are those of {@link DockerServer.calls}. */
export function callCount(server: DockerServer, name: string): number {
  return server.calls.get(name) ?? 0;
}

/** How often an outage was said. */
export function outageCount(log: RecordingLog): number {
  return log.lines.filter((line) => line.startsWith("warn: No Docker Engine answers")).length;
}
