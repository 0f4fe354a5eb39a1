/**
 * gRPC over a unix socket: a client and a call, for what a container runtime is asked. gRPC itself is left to grpc-js.
 *
 * @module
 */
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { Buffer } from "node:buffer";
import type { Decode } from "./cri_messages.ts";

/** A node with some thousand containers answers with more than gRPC's usual 4 MiB. */
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;

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
 * @param metadata the call's headers; none by default
 * @throws {Error} gRPC's error, with its numeric `code`, also after `timeoutMs` and when `signal` aborts.
 */
export function callUnary<Response>(
  client: Client,
  path: string,
  request: Uint8Array,
  decode: Decode<Response>,
  timeoutMs: number,
  signal?: AbortSignal,
  metadata = new Metadata(),
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  // The deadline is gRPC's own clock: it travels with the call.
  const options = { deadline: Date.now() + timeoutMs };
  const call = client.makeUnaryRequest(path, toBuffer, decode, request, metadata, options, (error, response) => {
    if (error) reject(error);
    else if (response === undefined) reject(new Error(`${path} answered nothing`));
    else resolve(response);
  });
  const cancel = () => call.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  if (signal?.aborted) cancel();
  return promise.finally(() => signal?.removeEventListener("abort", cancel));
}

/** True for gRPC's error of this code. */
export function hasCode(error: unknown, code: number): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** The same bytes, as grpc-js wants them. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
