/**
 * The containers of a Docker Engine: describes only what is new, what changed in the list, and what events were about, so that
 * a steady node costs one list call. Joins pods together: their labels are on a container of their own, the sandbox, which is not
 * reported. Connecting and waiting are `docker.ts`'s.
 *
 * @module
 */
import type { Container, ContainerEvent, StringMap } from "../core/container.ts";
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import { type DockerClient, isMissing } from "./docker_client.ts";
import { dockerContainer, isSandbox, tryReadPodName } from "./docker_container.ts";
import { type InspectedContainer, type ListedDockerContainer, trySnapshotterOf } from "./docker_messages.ts";
import { KnownContainers } from "./known_containers.ts";

/** Names of this many images are remembered; the one asked for first is forgotten first. */
const IMAGES_MAX = 1000;

/** What an inventory needs of the outside. `emit` takes the events: a snapshot first, then changes. */
export interface DockerInventoryOptions {
  readonly env: Env;
  readonly log: Log;
  /** Without a slash at its end. */
  readonly hostRoot: string;
  /** How long one look waits for descriptions; what is slower is reported when it comes. */
  readonly inspectPatienceMs: number;
  readonly emit: (event: ContainerEvent) => void;
}

/** The containers of one engine. */
export class DockerInventory {
  readonly #options: DockerInventoryOptions;
  readonly #known: KnownContainers;
  /** The first name of an image, by its id; empty where it has none. */
  readonly #imageTags = new Map<string, string>();
  /** The last list, sandboxes and all, by id. */
  #listed: ReadonlyMap<string, ListedDockerContainer> = new Map();
  /** Labels of the sandboxes; see {@link podKeysOf}. */
  #sandboxLabels: ReadonlyMap<string, StringMap> = new Map();

  constructor(options: DockerInventoryOptions) {
    this.#options = options;
    this.#known = new KnownContainers({ ...options, patienceMs: options.inspectPatienceMs });
  }

  /** True when the last list named no container that is reported. */
  get isEmpty(): boolean {
    return this.#known.isEmpty;
  }

  /** True when everything listed is described. */
  get isComplete(): boolean {
    return this.#known.isComplete;
  }

  /** Reports what is known as the first snapshot, unless that was done. */
  giveSnapshotOnce(): void {
    this.#known.giveSnapshotOnce();
  }

  /** Has a container described again with the next list; all of them without `id`. */
  markStale(id?: string): void {
    this.#known.markStale(id);
  }

  /**
   * Lists once and reports what changed.
   *
   * @throws {Error} when the list fails; a description that fails is only logged, and asked for again next time.
   */
  async refresh(client: DockerClient): Promise<void> {
    const listed = await client.listContainers();
    this.#listed = new Map(listed.map((container) => [container.Id, container]));
    this.#sandboxLabels = sandboxLabelsOf(listed.filter(isSandbox));
    const entries = listed.filter((container) => !isSandbox(container)).map((container) => ({
      id: container.Id,
      stamp: [container.State, ...container.Names].join(" "),
      podLabels: this.#tryPodLabels(container),
    }));
    await this.#known.refresh(entries, {
      describe: (id) => this.#describe(id, client),
      onFailure: (id, error) => this.#sayFailure(id, error),
    });
  }

  async #describe(id: string, client: DockerClient): Promise<Container> {
    const inspected = await client.inspectContainer(id);
    const imageTag = await this.#imageTag(inspected.Image, client);
    const listed = this.#listed.get(id);
    const sandboxLabels = listed && this.#tryPodLabels(listed);
    const hostNetwork = this.#usesHostNetwork(inspected.HostConfig.NetworkMode);
    const snapshotPath = await this.#trySnapshotPath(inspected, client);
    return dockerContainer(inspected, { imageTag, sandboxLabels, hostNetwork, snapshotPath }, this.#options);
  }

  /** An engine that does not tell is no reason not to collect what the container prints. */
  async #trySnapshotPath({ Id, Name, State, GraphDriver }: InspectedContainer, client: DockerClient) {
    if (GraphDriver.Data.UpperDir !== "") return undefined;
    try {
      const info = await client.info();
      const snapshotter = trySnapshotterOf(info);
      if (snapshotter === undefined) return undefined;
      // https://github.com/moby/moby/blob/v28.5.2/daemon/snapshotter/mount.go
      if (State.Pid !== 0) return `${info.DockerRootDir}/rootfs/${snapshotter}/${Id}`;
      return await client.upperDirectory(Id, snapshotter, this.#options.hostRoot);
    } catch (error) {
      if (isAborted(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.throttled(
        "discover.docker.snapshot",
        `Where the Docker Engine keeps the files of container ${Name.slice(1)} is not known: ${reason}. ` +
          `Files below its root are only collected if it was seen running.`,
      );
    }
  }

  #tryPodLabels(container: ListedDockerContainer): StringMap | undefined {
    const key = podKeysOf(container).find((key) => this.#sandboxLabels.has(key));
    return key === undefined ? undefined : this.#sandboxLabels.get(key);
  }

  /** The containers of a pod have the network of its sandbox: `container:ID`. */
  #usesHostNetwork(mode: string): boolean {
    const other = this.#listed.get(mode.replace(/^container:/, ""));
    return mode === "host" || other?.HostConfig.NetworkMode === "host";
  }

  /** An image that was removed while its containers stay has no names. What else fails is no reason not to collect. */
  async #imageTag(id: string, client: DockerClient): Promise<string> {
    const known = this.#imageTags.get(id);
    if (known !== undefined || id === "") return known ?? "";
    const tags = await client.imageTags(id).catch((error) => isMissing(error) ? [] : undefined);
    if (tags === undefined) return "";
    this.#imageTags.set(id, tags[0] ?? "");
    const [oldest] = this.#imageTags.keys();
    if (this.#imageTags.size > IMAGES_MAX) this.#imageTags.delete(oldest);
    return tags[0] ?? "";
  }

  #sayFailure(id: string, error: unknown): void {
    // A container that is gone, or a connection that is: the next list tells.
    if (isMissing(error) || isAborted(error)) return;
    const name = this.#listed.get(id)?.Names[0]?.replace(/^\//, "") ?? id.slice(0, 12);
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.log.throttled(
      "discover.docker.inspect",
      `The Docker Engine does not describe container ${name}: ${reason}. What was known of it stays, ` +
        `a new one is not collected yet; asked again soon.`,
    );
  }
}

/** Of pods that follow each other under one name, the one that runs counts for whoever does not tell its UID. */
function sandboxLabelsOf(sandboxes: readonly ListedDockerContainer[]): ReadonlyMap<string, StringMap> {
  const ended = sandboxes.filter(({ State }) => State !== "running");
  const running = sandboxes.filter(({ State }) => State === "running");
  return new Map([...ended, ...running].flatMap((sandbox) => podKeysOf(sandbox).map((key) => [key, sandbox.Labels])));
}

/** What a pod is known by, the most exact first; nothing outside Kubernetes. */
function podKeysOf({ Names, Labels }: ListedDockerContainer): readonly string[] {
  const name = tryReadPodName(Names, Labels);
  if (name === undefined) return [];
  const place = `${name.namespace}/${name.pod}`;
  return [`${place}/${name.uid}`, place];
}

function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
