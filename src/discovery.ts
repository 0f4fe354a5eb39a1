/**
 * Who tells the agent of containers: the runtimes of the node, or a file in their place.
 *
 * @module
 */
import type { AgentOptions } from "./core/agent_options.ts";
import type { Discoverer, RuntimeName } from "./core/container.ts";
import type { Env } from "./core/env.ts";
import type { Log } from "./core/log.ts";
import { CriDiscoverer } from "./discover/cri.ts";
import { DockerDiscoverer } from "./discover/docker.ts";
import { dockerSocketPaths, runtimeSocketPaths } from "./discover/socket_paths.ts";
import { StaticFileDiscoverer } from "./discover/static_file.ts";

/** What to say when no runtime has been heard of. */
export const NOBODY_ANSWERS = "No container runtime answers: no container is seen until one does. " +
  "--containerd-socket and --docker-socket say where their sockets are";

/** Who tells of containers, and whether any of them has heard of a runtime. */
export interface Discovery {
  readonly discoverers: readonly Discoverer[];
  isAnswered(): boolean;
  /** The runtimes that answer now. */
  answering(): readonly RuntimeName[];
}

/** Makes the discoverers that the options ask for; nothing runs yet. */
export function makeDiscovery(options: AgentOptions, env: Env, log: Log): Discovery {
  const { hostRoot, staticContainersFile, containerdSocket, containerdStateDirectory, dockerSocket } = options;
  if (staticContainersFile !== undefined) {
    const discoverers = [new StaticFileDiscoverer({ path: staticContainersFile, env, log })];
    return { discoverers, isAnswered: () => true, answering: () => ["static"] };
  }
  const shared = { env, log, hostRoot };
  const cri = new CriDiscoverer({
    ...shared,
    socketPaths: runtimeSocketPaths(hostRoot, containerdSocket ?? ""),
    stateDirectory: containerdStateDirectory,
  });
  const docker = new DockerDiscoverer({ ...shared, socketPaths: dockerSocketPaths(hostRoot, dockerSocket ?? "") });
  const answering = (): RuntimeName[] => [
    ...cri.isAnswering ? ["containerd" as const] : [],
    ...docker.isAnswering ? ["docker" as const] : [],
  ];
  return { discoverers: [cri, docker], isAnswered: () => answering().length > 0, answering };
}
