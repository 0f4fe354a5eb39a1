/**
 * The few read-only calls of discovery to a Docker Engine, each with a time limit. Says nothing, retries nothing and keeps
 * nothing but the version of the API that was agreed on; `docker.ts` decides what a failure means.
 *
 * @module
 */
import type { Env } from "../core/env.ts";
import { tryAskUpperDirectoryAt } from "./containerd_layers.ts";
import {
  type EngineInfo,
  type EngineVersion,
  type InspectedContainer,
  type ListedDockerContainer,
  parseContainer,
  parseContainerList,
  parseEngineInfo,
  parseImageTags,
  parseVersion,
  tryReadEventContainerId,
} from "./docker_messages.ts";
import { getLines, getText, HttpStatusError } from "./unix_http.ts";

/** The version that the answers are read as. Older engines speak theirs, newer ones this while they still do. */
const API_VERSION = "1.44";

/** What changes a container. Health checks and `docker exec` are events too, several a second on some nodes. */
const EVENTS = ["create", "start", "restart", "rename", "update", "die", "destroy", "pause", "unpause"];
const EVENT_FILTERS = encodeURIComponent(JSON.stringify({ type: ["container"], event: EVENTS }));

/** True for the answer of an engine that does not know the container or image (any more). */
export function isMissing(error: unknown): boolean {
  return error instanceof HttpStatusError && error.status === 404;
}

/** What is told of a stream of events. */
export interface DockerEventReader {
  /** The stream is open: nothing is missed from now on. */
  onOpen(): void;
  /** @param id of the container, or undefined when the event does not tell. */
  onEvent(id: string | undefined): void;
}

/** One engine. Every call rejects, at the latest when `signal` aborts. */
export class DockerClient {
  readonly #socketPath: string;
  readonly #env: Env;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal;
  #prefix = "";
  #info: Promise<EngineInfo> | undefined;

  constructor(socketPath: string, env: Env, timeoutMs: number, signal: AbortSignal) {
    this.#socketPath = socketPath;
    this.#env = env;
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
  }

  /** Agrees on a version; called first. @throws {Error} when the other side is no Docker Engine. */
  async connect(): Promise<void> {
    this.#prefix = `/v${chooseApiVersion(parseVersion(await this.#get("/version")))}`;
  }

  /** All containers, also those that do not run. */
  async listContainers(): Promise<readonly ListedDockerContainer[]> {
    return parseContainerList(await this.#get(`${this.#prefix}/containers/json?all=1`));
  }

  /** @throws {Error} also for a container that is gone; see {@link isMissing}. */
  async inspectContainer(id: string): Promise<InspectedContainer> {
    return parseContainer(await this.#get(`${this.#prefix}/containers/${encodeURIComponent(id)}/json`));
  }

  /** @returns an image's names. @throws {Error} also for an image that is gone; see {@link isMissing}. */
  async imageTags(id: string): Promise<readonly string[]> {
    return parseImageTags(await this.#get(`${this.#prefix}/images/${encodeURIComponent(id)}/json`));
  }

  /** Where the engine keeps what; asked for once. In the engine's newest version: older ones do not tell where containerd is. */
  async info(): Promise<EngineInfo> {
    this.#info ??= this.#get("/info").then(parseEngineInfo);
    try {
      return await this.#info;
    } catch (error) {
      this.#info = undefined;
      throw error;
    }
  }

  /**
   * The writable layer of a container that does not run, from the containerd of the engine.
   *
   * @param hostRoot where the node's file system is mounted, without a slash at its end
   * @returns a directory of the node; undefined when it is not known there. @throws {Error} when containerd does not answer.
   */
  async upperDirectory(id: string, snapshotter: string, hostRoot: string): Promise<string | undefined> {
    const { Address, Namespaces } = (await this.info()).Containerd;
    if (Address === "") return undefined;
    const name = { namespace: Namespaces.Containers, snapshotter, key: id };
    return await tryAskUpperDirectoryAt(hostRoot + Address, name, { timeoutMs: this.#timeoutMs, signal: this.#signal });
  }

  /** Reads events until the engine ends the stream or `signal` aborts. */
  containerEvents(reader: DockerEventReader, signal: AbortSignal): Promise<void> {
    return getLines(this.#socketPath, `${this.#prefix}/events?filters=${EVENT_FILTERS}`, signal, {
      onOpen: () => reader.onOpen(),
      onLine: (line) => line.trim() !== "" && reader.onEvent(tryReadEventContainerId(line)),
    });
  }

  async #get(path: string): Promise<string> {
    const answered = new AbortController();
    const late = new AbortController();
    const reason = new Error(`${path.replace(/\?.*/, "")} was not answered within ${this.#timeoutMs} ms`);
    void this.#env.sleep(this.#timeoutMs, answered.signal).then(() => answered.signal.aborted || late.abort(reason));
    try {
      return await getText(this.#socketPath, path, AbortSignal.any([this.#signal, late.signal]));
    } catch (error) {
      throw late.signal.aborted ? reason : error;
    } finally {
      answered.abort();
    }
  }
}

/** @returns ours if the engine speaks it, else the one of the engine's that is nearest to it. */
export function chooseApiVersion({ ApiVersion, MinAPIVersion }: EngineVersion): string {
  if (compareVersions(ApiVersion, API_VERSION) < 0) return ApiVersion;
  return compareVersions(MinAPIVersion, API_VERSION) > 0 ? MinAPIVersion : API_VERSION;
}

function compareVersions(a: string, b: string): number {
  const [majorA, minorA] = a.split(".").map(Number);
  const [majorB, minorB] = b.split(".").map(Number);
  return majorA - majorB || minorA - minorB || 0;
}
