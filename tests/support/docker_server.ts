/**
 * A Docker Engine's API in the test's own process, on a real unix socket: answers what the test puts into it, as badly as the test
 * wants. For what a real engine does not do on demand.
 *
 * @module
 */
import { createServer, type Server, type ServerResponse } from "node:http";

/** A container as the engine tells of it. `inspected` overrides fields of its description. */
export interface FakeDockerContainer {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly networkMode?: string;
  readonly inspected?: Readonly<Record<string, unknown>>;
}

/** What goes wrong with a call. `isCut`: the connection ends in the middle of the body. */
export interface DockerTrouble {
  readonly delayMs?: number;
  readonly status?: number;
  readonly body?: string;
  readonly isCut?: boolean;
}

/** The calls that a server knows. */
export type DockerCall = "version" | "list" | "inspect" | "image" | "events";

const ROUTES: readonly (readonly [call: DockerCall, path: RegExp])[] = [
  ["version", /^\/version$/],
  ["list", /^\/v[\d.]+\/containers\/json\?all=1$/],
  ["inspect", /^\/v[\d.]+\/containers\/([^/]+)\/json$/],
  ["image", /^\/v[\d.]+\/images\/([^/]+)\/json$/],
  ["events", /^\/v[\d.]+\/events\?filters=/],
];

/** A server on `socketPath`. Dispose of it with `await using`. */
export class DockerServer implements AsyncDisposable {
  readonly containers = new Map<string, FakeDockerContainer>();
  /** By call, or by call and id (`inspect:ID`). */
  readonly troubles = new Map<string, DockerTrouble>();
  /** How often each was asked, in the same names. */
  readonly calls = new Map<string, number>();
  /** Names of images by id; an image that is not here is gone. */
  readonly imageTags = new Map<string, readonly string[]>([["sha256:1", ["nginx:1.27", "nginx:latest"]]]);
  readonly paths: string[] = [];
  version: Readonly<Record<string, string>> = { ApiVersion: "1.47", MinAPIVersion: "1.24" };
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  private constructor() {
    this.#server = createServer((request, response) => this.#take(request.url ?? "", response));
  }

  static async start(socketPath: string): Promise<DockerServer> {
    const server = new DockerServer();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.#server.on("error", reject).listen(socketPath, () => resolve());
    await promise;
    return server;
  }

  /** Streams of events that are open. */
  get streamCount(): number {
    return this.#streams.size;
  }

  /** Connections that are open. */
  connectionCount(): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#server.getConnections((error, count) => error ? reject(error) : resolve(count));
    return promise;
  }

  /** Tells everyone who listens that something happened to a container. */
  sendEvent(id: string, action = "start"): void {
    this.sendLine(JSON.stringify({ Type: "container", Action: action, Actor: { ID: id } }));
  }

  /** Sends a line of a stream as it is. */
  sendLine(line: string): void {
    for (const stream of this.#streams) stream.write(`${line}\n`);
  }

  /** Ends every stream, as an engine that shuts down does. */
  endStreams(): void {
    for (const stream of this.#streams) stream.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    await promise;
  }

  #take(url: string, response: ServerResponse): void {
    this.paths.push(url);
    const [call, path] = ROUTES.find(([, path]) => path.test(url)) ?? [];
    if (call === undefined || path === undefined) return answer(response, 404, { message: "page not found" });
    const id = decodeURIComponent(path.exec(url)?.[1] ?? "");
    for (const name of [call, `${call}:${id}`]) this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
    const trouble = this.troubles.get(`${call}:${id}`) ?? this.troubles.get(call) ?? {};
    this.#after(trouble.delayMs ?? 0, () => this.#answer(call, id, trouble, response));
  }

  #answer(call: DockerCall, id: string, { status, body, isCut }: DockerTrouble, response: ServerResponse): void {
    if (status !== undefined || body !== undefined) return send(response, status ?? 200, body ?? "");
    if (isCut) return cut(response);
    if (call === "version") return answer(response, 200, this.version);
    if (call === "list") return answer(response, 200, [...this.containers.values()].map(listed));
    if (call === "inspect") return answerOrMissing(response, tryInspected(this.containers.get(id)));
    if (call === "events") return this.#stream(response);
    const RepoTags = this.imageTags.get(id);
    answerOrMissing(response, RepoTags && { Id: id, RepoTags });
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    this.#streams.add(response);
    response.on("close", () => this.#streams.delete(response));
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

function listed({ id, name, state, labels, networkMode }: FakeDockerContainer): object {
  const HostConfig = { NetworkMode: networkMode ?? "bridge" };
  return { Id: id, Names: [`/${name}`], State: state, Labels: labels ?? {}, HostConfig };
}

function tryInspected(container: FakeDockerContainer | undefined): object | undefined {
  if (container === undefined) return undefined;
  const { id, name, state, labels, networkMode, inspected } = container;
  return {
    Id: id,
    Name: `/${name}`,
    Created: "2023-11-14T22:13:20.123456789Z",
    State: { Status: state, Pid: state === "running" ? 7 : 0 },
    Image: "sha256:1",
    LogPath: `/var/lib/docker/containers/${id}/${id}-json.log`,
    HostsPath: "",
    Config: { Hostname: id, Image: "nginx@sha256:1", Env: ["A=b=c"], Labels: labels ?? {} },
    HostConfig: { NetworkMode: networkMode ?? "bridge", LogConfig: { Type: "json-file" } },
    NetworkSettings: { IPAddress: "172.17.0.2", Networks: {} },
    Mounts: [{ Type: "bind", Source: "/host/data", Destination: "/data" }],
    GraphDriver: { Name: "overlay2", Data: { UpperDir: `/upper/${id}`, MergedDir: `/nowhere/${id}` } },
    ...inspected,
  };
}

function answerOrMissing(response: ServerResponse, value: object | undefined): void {
  answer(response, value === undefined ? 404 : 200, value ?? { message: "No such thing" });
}

function answer(response: ServerResponse, status: number, value: object): void {
  send(response, status, JSON.stringify(value));
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}

function cut(response: ServerResponse): void {
  response.writeHead(200, { "content-length": "1000" });
  response.write('[{"Id":', () => response.destroy());
}
