/**
 * The calls of the Container Runtime Interface that the kubelet makes and the agent never does: pods and containers made,
 * started, stopped and removed. Messages as in
 * https://github.com/kubernetes/cri-api/blob/v0.30.0/pkg/apis/runtime/v1/api.proto.
 *
 * @module
 */
import type { Client } from "@grpc/grpc-js";
import { callUnary, openUnixClient } from "../../src/discover/grpc_calls.ts";
import {
  CRI_MESSAGES,
  MessageCodec,
  type MessageDeclarations,
  NAMESPACE_MODE_NODE,
} from "../../src/discover/cri_messages.ts";

const CALL_TIMEOUT_MS = 60_000;

const ADMIN_MESSAGES: MessageDeclarations = {
  ...CRI_MESSAGES,
  LinuxSandboxSecurityContext: { namespaceOptions: [1, "NamespaceOption"] },
  LinuxPodSandboxConfig: { securityContext: [2, "LinuxSandboxSecurityContext"] },
  PodSandboxConfig: {
    metadata: [1, "PodSandboxMetadata"],
    logDirectory: [3, "string"],
    labels: [6, "string", "map"],
    linux: [8, "LinuxPodSandboxConfig"],
  },
  RunPodSandboxRequest: { config: [1, "PodSandboxConfig"] },
  PodSandboxId: { podSandboxId: [1, "string"] },
  KeyValue: { key: [1, "string"], value: [2, "string"] },
  LinuxContainerSecurityContext: { namespaceOptions: [3, "NamespaceOption"] },
  LinuxContainerConfig: { securityContext: [2, "LinuxContainerSecurityContext"] },
  ContainerConfig: {
    metadata: [1, "ContainerMetadata"],
    image: [2, "ImageSpec"],
    command: [3, "string", "repeated"],
    args: [4, "string", "repeated"],
    envs: [6, "KeyValue", "repeated"],
    mounts: [7, "Mount", "repeated"],
    labels: [9, "string", "map"],
    logPath: [11, "string"],
    linux: [15, "LinuxContainerConfig"],
  },
  CreateContainerRequest: {
    podSandboxId: [1, "string"],
    config: [2, "ContainerConfig"],
    sandboxConfig: [3, "PodSandboxConfig"],
  },
  ContainerId: { containerId: [1, "string"] },
  StopContainerRequest: { containerId: [1, "string"], timeout: [2, "int64"] },
};

const CODEC = new MessageCodec(ADMIN_MESSAGES);
const NODE_NETWORK = { securityContext: { namespaceOptions: { network: NAMESPACE_MODE_NODE } } };

/** A pod as the kubelet describes it to the runtime. */
export interface SandboxConfig {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly logDirectory: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A container as the kubelet describes it to the runtime; `logPath` is relative to the pod's log directory. */
export interface ContainerConfig {
  readonly metadata: { readonly name: string };
  readonly image: { readonly image: string };
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly envs: readonly { readonly key: string; readonly value: string }[];
  readonly mounts: readonly { readonly containerPath: string; readonly hostPath: string }[];
  readonly labels: Readonly<Record<string, string>>;
  readonly logPath: string;
}

/** A kubelet's connection to a runtime. Pods get the node's network: no CNI plugin is needed. */
export class CriAdmin {
  readonly #client: Client;

  constructor(socketPath: string) {
    this.#client = openUnixClient(socketPath);
  }

  async version(timeoutMs: number): Promise<void> {
    await this.#call("Version", "Empty", {}, "VersionResponse", timeoutMs);
  }

  async runPodSandbox(config: SandboxConfig): Promise<string> {
    const request = { config: { ...config, linux: NODE_NETWORK } };
    const answer = await this.#call<{ podSandboxId: string }>(
      "RunPodSandbox",
      "RunPodSandboxRequest",
      request,
      "PodSandboxId",
    );
    return answer.podSandboxId;
  }

  async startContainer(podSandboxId: string, sandbox: SandboxConfig, container: ContainerConfig): Promise<string> {
    const config = { ...container, linux: NODE_NETWORK };
    const request = { podSandboxId, config, sandboxConfig: { ...sandbox, linux: NODE_NETWORK } };
    const created = await this.#call<{ containerId: string }>(
      "CreateContainer",
      "CreateContainerRequest",
      request,
      "ContainerId",
    );
    await this.#onContainer("StartContainer", created.containerId);
    return created.containerId;
  }

  async stopContainer(containerId: string, timeoutS = 0): Promise<void> {
    await this.#call("StopContainer", "StopContainerRequest", { containerId, timeout: timeoutS }, "Empty");
  }

  removeContainer(containerId: string): Promise<void> {
    return this.#onContainer("RemoveContainer", containerId);
  }

  /** Makes the runtime write to a new log file, as the kubelet asks after it renamed the old one. */
  reopenContainerLog(containerId: string): Promise<void> {
    return this.#onContainer("ReopenContainerLog", containerId);
  }

  async stopPodSandbox(podSandboxId: string): Promise<void> {
    await this.#call("StopPodSandbox", "PodSandboxId", { podSandboxId }, "Empty");
  }

  async removePodSandbox(podSandboxId: string): Promise<void> {
    await this.#call("RemovePodSandbox", "PodSandboxId", { podSandboxId }, "Empty");
  }

  close(): void {
    this.#client.close();
  }

  async #onContainer(method: string, containerId: string): Promise<void> {
    await this.#call(method, "ContainerId", { containerId }, "Empty");
  }

  #call<Response>(
    method: string,
    requestName: string,
    request: object,
    responseName: string,
    timeoutMs = CALL_TIMEOUT_MS,
  ): Promise<Response> {
    const path = `/runtime.v1.RuntimeService/${method}`;
    const bytes = CODEC.encoder(requestName)(request);
    return callUnary(this.#client, path, bytes, CODEC.decoder<Response>(responseName), timeoutMs);
  }
}
