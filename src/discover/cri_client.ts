/**
 * One connection to a container runtime's CRI socket: the few read-only calls of discovery, each with a time limit. Says
 * nothing, retries nothing and keeps nothing; `cri.ts` decides what a failure means.
 *
 * @module
 */
import { type Client, status as grpcStatus } from "@grpc/grpc-js";
import { tryAskUpperDirectory } from "./containerd_layers.ts";
import {
  type ContainerEventResponse,
  type ContainerStatusResponse,
  CRI_MESSAGES,
  type ListedContainer,
  MessageCodec,
  type PodSandbox,
  type PodSandboxStatusResponse,
  type VersionResponse,
} from "./cri_messages.ts";
import { callUnary, hasCode, openUnixClient, toBuffer } from "./grpc_calls.ts";

const SERVICE = "/runtime.v1.RuntimeService";
/** Where containerd keeps what the CRI makes. */
const CONTAINERD_NAMESPACE = "k8s.io";
const CODEC = new MessageCodec(CRI_MESSAGES);

/** True for the answer of a runtime that does not know the method. */
export function isUnimplemented(error: unknown): boolean {
  return hasCode(error, grpcStatus.UNIMPLEMENTED);
}

/** True for the answer of a runtime that does not know the container or pod (any more). */
export function isNotFound(error: unknown): boolean {
  return hasCode(error, grpcStatus.NOT_FOUND);
}

/** True when the call was given up on our side: the agent stops or connects anew. */
export function isCancelled(error: unknown): boolean {
  return hasCode(error, grpcStatus.CANCELLED);
}

/** The calls of discovery. Every one rejects with gRPC's error, at the latest when the client's `signal` aborts. */
export class CriClient {
  readonly #client: Client;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal;

  constructor(socketPath: string, timeoutMs: number, signal: AbortSignal) {
    this.#client = openUnixClient(socketPath);
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
  }

  version(): Promise<VersionResponse> {
    return this.#call("Version", "Empty", {}, "VersionResponse");
  }

  async listPodSandboxes(): Promise<readonly PodSandbox[]> {
    const answer = await this.#call<{ items: PodSandbox[] }>("ListPodSandbox", "Empty", {}, "ListPodSandboxResponse");
    return answer.items;
  }

  async listContainers(): Promise<readonly ListedContainer[]> {
    const answer = await this.#call<{ containers: ListedContainer[] }>(
      "ListContainers",
      "Empty",
      {},
      "ListContainersResponse",
    );
    return answer.containers;
  }

  containerStatus(containerId: string): Promise<ContainerStatusResponse> {
    const request = { containerId, verbose: true };
    return this.#call("ContainerStatus", "ContainerStatusRequest", request, "ContainerStatusResponse");
  }

  /**
   * The writable layer of a container that does not run.
   *
   * @returns a directory of the node; undefined when the runtime does not tell; only containerd does.
   */
  upperDirectory({ snapshotter, key }: { snapshotter: string; key: string }): Promise<string | undefined> {
    const call = { timeoutMs: this.#timeoutMs, signal: this.#signal };
    return tryAskUpperDirectory(this.#client, { namespace: CONTAINERD_NAMESPACE, snapshotter, key }, call);
  }

  podSandboxStatus(podSandboxId: string): Promise<PodSandboxStatusResponse> {
    return this.#call("PodSandboxStatus", "PodSandboxStatusRequest", { podSandboxId }, "PodSandboxStatusResponse");
  }

  /**
   * Calls `onEvent` for each container event until the stream ends or the client's `signal` aborts.
   *
   * @throws {Error} gRPC's error; see {@link isUnimplemented}.
   */
  containerEvents(onEvent: () => void): Promise<void> {
    const signal = this.#signal;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const decode = CODEC.decoder<ContainerEventResponse>("ContainerEventResponse");
    const stream = this.#client.makeServerStreamRequest(`${SERVICE}/GetContainerEvents`, toBuffer, decode, EMPTY);
    const cancel = () => stream.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    stream.on("data", onEvent);
    stream.on("end", resolve);
    stream.on("error", (error: Error) => signal.aborted ? resolve() : reject(error));
    if (signal.aborted) cancel();
    return promise.finally(() => signal.removeEventListener("abort", cancel));
  }

  close(): void {
    this.#client.close();
  }

  #call<Response>(method: string, requestName: string, request: object, responseName: string): Promise<Response> {
    const bytes = CODEC.encoder(requestName)(request);
    const decode = CODEC.decoder<Response>(responseName);
    return callUnary(this.#client, `${SERVICE}/${method}`, bytes, decode, this.#timeoutMs, this.#signal);
  }
}

const EMPTY = new Uint8Array();
