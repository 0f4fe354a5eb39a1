/**
 * A CRI runtime inside the test: a real gRPC server on a unix socket that says what the test wants, for what no installable
 * runtime does on demand (streams of events, slow and failing answers). Where containerd can do it, tests use containerd.
 *
 * @module
 */
import { Server, ServerCredentials, type ServerWritableStream, status as grpcStatus } from "@grpc/grpc-js";
import { Buffer } from "node:buffer";
import { CRI_MESSAGES, MessageCodec } from "../../src/discover/cri_messages.ts";

const CODEC = new MessageCodec(CRI_MESSAGES);

/** A container of the fake runtime; its pod is named `pod-of-NAME`. */
export interface FakeContainer {
  readonly id: string;
  readonly name: string;
  readonly state: number;
  /** The verbose JSON; none by default. */
  readonly info?: string;
}

/** How a call fails, or how long it takes. */
export interface Trouble {
  readonly code?: number;
  readonly delayMs?: number;
}

type Answer = (request: { containerId?: string; podSandboxId?: string }) => object;

/** The runtime. Dispose of it with `await using`. */
export class CriServer implements AsyncDisposable {
  readonly containers = new Map<string, FakeContainer>();
  /** By method (`ListContainers`), or by method and container (`ContainerStatus:ID`). */
  readonly troubles = new Map<string, Trouble>();
  /** The labels of a container's pod, where they are others than `app: NAME`. */
  readonly podLabels = new Map<string, Readonly<Record<string, string>>>();
  /** How often each method was called. */
  readonly calls = new Map<string, number>();
  version = { runtimeName: "containerd", runtimeVersion: "2.1.4" };
  readonly #streams = new Set<ServerWritableStream<Uint8Array, Uint8Array>>();
  readonly #timers = new Set<number>();
  readonly #server = new Server();

  private constructor(hasEvents: boolean) {
    const answers: Record<string, readonly [request: string, response: string, answer: Answer]> = {
      Version: ["Empty", "VersionResponse", () => this.version],
      ListContainers: ["Empty", "ListContainersResponse", () => ({ containers: this.#list() })],
      ListPodSandbox: ["Empty", "ListPodSandboxResponse", () => ({ items: this.#listPods() })],
      ContainerStatus: [
        "ContainerStatusRequest",
        "ContainerStatusResponse",
        ({ containerId }) => this.#status(containerId),
      ],
      PodSandboxStatus: ["PodSandboxStatusRequest", "PodSandboxStatusResponse", () => ({
        status: { network: { ip: "10.1.2.3" } },
      })],
    };
    for (const [method, [request, response, answer]] of Object.entries(answers)) {
      this.#addUnary(method, request, response, answer);
    }
    if (hasEvents) this.#addEvents();
  }

  /** Starts listening. @param hasEvents whether `GetContainerEvents` is implemented. */
  static async start(socketPath: string, hasEvents: boolean): Promise<CriServer> {
    const server = new CriServer(hasEvents);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.#server.bindAsync(`unix:${socketPath}`, ServerCredentials.createInsecure(), (error) => {
      if (error) reject(error);
      else resolve();
    });
    await promise;
    return server;
  }

  /** Tells all listeners that a container changed. @returns how many listen. */
  ring(containerId: string): number {
    const bytes = CODEC.encoder("ContainerEventResponse")({ containerId });
    this.#streams.forEach((stream) => stream.write(bytes));
    return this.#streams.size;
  }

  /** Ends all event streams, as a restarting runtime does. */
  endStreams(): void {
    this.#streams.forEach((stream) => stream.end());
    this.#streams.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#timers.forEach((timer) => clearTimeout(timer));
    this.#server.forceShutdown();
    return Promise.resolve();
  }

  #list(): object[] {
    return [...this.containers.values()].map(({ id, name, state }) => ({
      id,
      podSandboxId: `pod-${id}`,
      metadata: { name },
      image: { image: "image" },
      state,
      createdAt: 1_700_000_000_000_000_000,
      labels: {},
    }));
  }

  #listPods(): object[] {
    return [...this.containers.values()].map(({ id, name }) => ({
      id: `pod-${id}`,
      metadata: { name: `pod-of-${name}`, namespace: "default", uid: `uid-${id}` },
      labels: { ...(this.podLabels.get(id) ?? { app: name }), "io.kubernetes.pod.name": "internal" },
    }));
  }

  #status(id = ""): object {
    const container = this.containers.get(id);
    const info = container?.info === undefined ? {} : { info: container.info };
    return { status: { state: container?.state, logPath: `/var/log/pods/${id}/0.log`, imageRef: "sha256:1" }, info };
  }

  #addUnary(method: string, requestName: string, responseName: string, answer: Answer): void {
    const decode = CODEC.decoder<{ containerId?: string }>(requestName);
    const encode = CODEC.encoder(responseName);
    const definition = { ...definitionOf(method, false), requestDeserialize: decode };
    type Call = { request: { containerId?: string } };
    type Callback = (error: object | null, response?: Uint8Array) => void;
    this.#server.addService({ [method]: definition }, {
      [method]: ({ request }: Call, callback: Callback) => {
        this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
        const trouble = this.troubles.get(`${method}:${request.containerId}`) ?? this.troubles.get(method) ?? {};
        const respond = () =>
          trouble.code === undefined
            ? callback(null, encode(answer(request)))
            : callback({ code: trouble.code, details: "in trouble" });
        this.#after(trouble.delayMs ?? 0, respond);
      },
    });
  }

  #addEvents(): void {
    this.#server.addService({ GetContainerEvents: definitionOf("GetContainerEvents", true) }, {
      GetContainerEvents: (stream: ServerWritableStream<Uint8Array, Uint8Array>) => {
        this.calls.set("GetContainerEvents", (this.calls.get("GetContainerEvents") ?? 0) + 1);
        const code = this.troubles.get("GetContainerEvents")?.code;
        if (code !== undefined) return stream.emit("error", { code, details: "in trouble" });
        this.#streams.add(stream);
        stream.on("cancelled", () => this.#streams.delete(stream));
      },
    });
  }

  #after(ms: number, action: () => void): void {
    if (ms === 0) return action();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }
}

/** gRPC's code for "not now", as tests give it in {@link Trouble}. */
export const UNAVAILABLE: number = grpcStatus.UNAVAILABLE;
/** gRPC's code for "went wrong". */
export const INTERNAL: number = grpcStatus.INTERNAL;
/** gRPC's code for "never heard of it". */
export const UNIMPLEMENTED: number = grpcStatus.UNIMPLEMENTED;
/** gRPC's code for "no such thing". */
export const NOT_FOUND: number = grpcStatus.NOT_FOUND;

function definitionOf(method: string, responseStream: boolean) {
  const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes);
  return {
    path: `/runtime.v1.RuntimeService/${method}`,
    requestStream: false,
    responseStream,
    requestSerialize: asBuffer,
    requestDeserialize: (bytes: Uint8Array): unknown => bytes,
    responseSerialize: asBuffer,
    responseDeserialize: asBuffer,
  };
}
