/**
 * One connection to a container runtime's CRI socket: the few read-only calls of discovery, each with a time limit. Says
 * nothing, retries nothing and keeps nothing; `cri.ts` decides what a failure means. gRPC is left to grpc-js.
 *
 * @module
 */
import { Client, credentials, status as grpcStatus } from "@grpc/grpc-js";
import { Buffer } from "node:buffer";
import {
  type ContainerEventResponse,
  type ContainerStatusResponse,
  CRI_MESSAGES,
  type Decode,
  type ListedContainer,
  MessageCodec,
  type PodSandbox,
  type PodSandboxStatusResponse,
  type VersionResponse,
} from "./cri_messages.ts";

const SERVICE = "/runtime.v1.RuntimeService";
/** A node with some thousand containers answers with more than gRPC's usual 4 MiB. */
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
const CODEC = new MessageCodec(CRI_MESSAGES);

/**
 * Makes a gRPC client for a unix socket that neither reads proxies from the environment nor asks DNS.
 *
 * @returns a client that connects with its first call; the caller closes it.
 */
export function openUnixClient(socketPath: string): Client {
  return new Client(`unix:${socketPath}`, credentials.createInsecure(), {
    "grpc.enable_http_proxy": 0,
    "grpc.service_config_disable_resolution": 1,
    "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
    "grpc.default_authority": "localhost",
    // Who calls tries again by itself: a connection that failed must not leave the next one waiting.
    "grpc.use_local_subchannel_pool": 1,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1000,
  });
}

/**
 * Calls one method.
 *
 * @throws {Error} gRPC's error, with its numeric `code`, also after `timeoutMs` and when `signal` aborts.
 */
export function callUnary<Response>(
  client: Client,
  path: string,
  request: Uint8Array,
  decode: Decode<Response>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  // The deadline is gRPC's own clock: it travels with the call.
  const options = { deadline: Date.now() + timeoutMs };
  const call = client.makeUnaryRequest(path, toBuffer, decode, request, options, (error, response) => {
    if (error) reject(error);
    else if (response === undefined) reject(new Error(`${path} answered nothing`));
    else resolve(response);
  });
  const cancel = () => call.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  if (signal?.aborted) cancel();
  return promise.finally(() => signal?.removeEventListener("abort", cancel));
}

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

function hasCode(error: unknown, code: number): boolean {
  return error instanceof Error && "code" in error && error.code === code;
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

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
