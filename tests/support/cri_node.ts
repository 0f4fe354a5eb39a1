/**
 * A node with many containers: a CRI runtime that speaks real gRPC and runs nothing (`cri_server.ts`), and the log files that it
 * names. For thousands of containers, which no machine for tests runs.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { CriServer } from "./cri_server.ts";
import { containerLines } from "./made_up_node.ts";

const CONTAINER_RUNNING = 1;
/** Versions of containerd without and with usable events; see `src/discover/cri.ts`. */
const VERSIONS = { polled: "1.6.20", streaming: "2.1.4" };

/** Whether the runtime tells of changes by itself. */
export type RuntimeKind = "polled" | "streaming";

/** A container that writes what the test wants. */
export class CriNodeContainer {
  readonly id: string;
  readonly #logPath: string;

  /** Only {@link CriNode.addContainer} makes containers. */
  constructor(id: string, logPath: string) {
    this.id = id;
    this.#logPath = logPath;
    Deno.mkdirSync(dirname(logPath), { recursive: true });
    Deno.writeTextFileSync(logPath, "");
  }

  writeLines(texts: readonly string[]): void {
    Deno.writeTextFileSync(this.#logPath, containerLines(texts), { append: true });
  }

  /** Removes its log and the directory of it, as the kubelet does. */
  removeLog(): void {
    Deno.removeSync(dirname(this.#logPath), { recursive: true });
  }
}

/** Dispose of it with `await using`. */
export class CriNode implements AsyncDisposable {
  readonly hostRoot: string;
  /** For `--containerd-socket`. */
  readonly containerdSocket: string;
  readonly #server: CriServer;

  private constructor(hostRoot: string, containerdSocket: string, server: CriServer) {
    this.hostRoot = hostRoot;
    this.containerdSocket = containerdSocket;
    this.#server = server;
  }

  static async start(kind: RuntimeKind): Promise<CriNode> {
    const hostRoot = Deno.makeTempDirSync({ prefix: "sluice-node-" });
    const socketPath = join(hostRoot, "cri.sock");
    const server = await CriServer.start(socketPath, kind === "streaming");
    server.version = { runtimeName: "containerd", runtimeVersion: VERSIONS[kind] };
    return new CriNode(hostRoot, socketPath, server);
  }

  /** Adds a container of the pod `pod-of-NAME`, with an empty log; {@link ring} tells of it. */
  addContainer(id: string, name: string): CriNodeContainer {
    const container = new CriNodeContainer(id, `${this.hostRoot}/var/log/pods/${id}/0.log`);
    this.#server.containers.set(id, { id, name, state: CONTAINER_RUNNING });
    return container;
  }

  /** Removes containers and their logs; {@link ring} tells of it. */
  removeContainers(containers: readonly CriNodeContainer[]): void {
    for (const container of containers) {
      this.#server.containers.delete(container.id);
      container.removeLog();
    }
  }

  /** Tells those who listen, if the runtime does, that something has changed. */
  ring(): void {
    this.#server.ring("");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    Deno.removeSync(this.hostRoot, { recursive: true });
  }
}
