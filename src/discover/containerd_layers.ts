/**
 * Asks containerd where the writable layer of a container is. A container that runs shows it in `/proc/PID/mounts`; of one that
 * has ended only containerd knows it, and what the container wrote last is there until the container is removed. The calls are
 * those of https://github.com/containerd/containerd/blob/v1.6.20/api/services/snapshots/v1/snapshots.proto.
 *
 * @module
 */
import { type Client, Metadata, status as grpcStatus } from "@grpc/grpc-js";
import { MessageCodec } from "./cri_messages.ts";
import { callUnary, hasCode, openUnixClient } from "./grpc_calls.ts";

const MOUNTS_PATH = "/containerd.services.snapshots.v1.Snapshots/Mounts";
/** Names the part of containerd that a call is about (https://github.com/containerd/containerd/blob/v1.6.20/docs/namespaces.md). */
const NAMESPACE_HEADER = "containerd-namespace";
const UPPER_OPTION = "upperdir=";

const CODEC = new MessageCodec({
  MountsRequest: { snapshotter: [1, "string"], key: [2, "string"] },
  Mount: { type: [1, "string"], source: [2, "string"], options: [4, "string", "repeated"] },
  MountsResponse: { mounts: [1, "Mount", "repeated"] },
});
const encodeRequest = CODEC.encoder("MountsRequest");
const decodeResponse = CODEC.decoder<{ readonly mounts: readonly LayerMount[] }>("MountsResponse");

/** How containerd would mount a container's root, as far as it is read here. */
export interface LayerMount {
  /** `overlay`, or `bind` of an image without layers. */
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

/** Which snapshot is a container's. */
export interface LayerName {
  /** `k8s.io` for pods, `moby` for the Docker Engine. */
  readonly namespace: string;
  readonly snapshotter: string;
  readonly key: string;
}

/** How to call. */
export interface LayerCall {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks through a connection that is open.
 *
 * @returns a directory of the node; undefined when containerd does not know the snapshot or keeps it in no directory.
 * @throws {Error} gRPC's error when containerd does not answer: ask again.
 */
export async function tryAskUpperDirectory(
  client: Client,
  { namespace, snapshotter, key }: LayerName,
  { timeoutMs, signal }: LayerCall,
): Promise<string | undefined> {
  const metadata = new Metadata();
  metadata.set(NAMESPACE_HEADER, namespace);
  try {
    const request = encodeRequest({ snapshotter, key });
    const { mounts } = await callUnary(client, MOUNTS_PATH, request, decodeResponse, timeoutMs, signal, metadata);
    return tryReadUpperDirectory(mounts);
  } catch (error) {
    const isSilence = [grpcStatus.UNAVAILABLE, grpcStatus.DEADLINE_EXCEEDED, grpcStatus.CANCELLED]
      .some((code) => hasCode(error, code));
    if (isSilence) throw error;
    return undefined;
  }
}

/** The same through a connection of its own, for a containerd that belongs to a Docker Engine. */
export async function tryAskUpperDirectoryAt(
  socketPath: string,
  name: LayerName,
  call: LayerCall,
): Promise<string | undefined> {
  const client = openUnixClient(socketPath);
  try {
    return await tryAskUpperDirectory(client, name, call);
  } finally {
    client.close();
  }
}

/** @returns the writable layer of such a mount, or undefined when it is no directory. */
export function tryReadUpperDirectory(mounts: readonly LayerMount[]): string | undefined {
  const [mount] = mounts;
  const path = mount?.type === "bind"
    ? mount.source
    : mount?.options.find((option) => option.startsWith(UPPER_OPTION))?.slice(UPPER_OPTION.length);
  return path?.startsWith("/") ? path : undefined;
}
