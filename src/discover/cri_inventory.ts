/**
 * The containers of a CRI runtime: asks for a container's status only when it is new or its state changed, so that a steady node
 * costs two list calls. What changed since is kept by `known_containers.ts`; connecting and waiting are `cri.ts`'s.
 *
 * @module
 */
import type { Container, ContainerEvent } from "../core/container.ts";
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import { type CriClient, isCancelled, isNotFound } from "./cri_client.ts";
import { criContainer, tryLayerOf } from "./cri_container.ts";
import type { ListedContainer, PodSandbox, PodSandboxStatusResponse } from "./cri_messages.ts";
import { KnownContainers } from "./known_containers.ts";

/** What an inventory needs of the outside. `emit` takes the events: a snapshot first, then changes. */
export interface InventoryOptions {
  readonly env: Env;
  readonly log: Log;
  /** Without a slash at its end. */
  readonly hostRoot: string;
  /** How long one look waits for statuses; what is slower is reported when it comes. */
  readonly statusPatienceMs: number;
  readonly emit: (event: ContainerEvent) => void;
}

/** One look at the runtime: who is asked, and the lists that were taken. */
interface Look {
  readonly client: CriClient;
  readonly listed: ReadonlyMap<string, ListedContainer>;
  readonly sandboxes: ReadonlyMap<string, PodSandbox>;
  readonly stateDirectories: readonly string[];
}

/** The containers of one runtime. */
export class CriInventory {
  readonly #options: InventoryOptions;
  readonly #known: KnownContainers;
  readonly #sandboxStatuses = new Map<string, PodSandboxStatusResponse>();

  constructor(options: InventoryOptions) {
    this.#options = options;
    this.#known = new KnownContainers({ ...options, patienceMs: options.statusPatienceMs });
  }

  /** True when the last list named no container. */
  get isEmpty(): boolean {
    return this.#known.isEmpty;
  }

  /** True when the status of everything listed is known. */
  get isComplete(): boolean {
    return this.#known.isComplete;
  }

  /** Reports what is known as the first snapshot, unless that was done. */
  giveSnapshotOnce(): void {
    this.#known.giveSnapshotOnce();
  }

  /**
   * Lists once and reports what changed.
   *
   * @param stateDirectories where the runtime may keep its state on the node, best first
   * @throws {Error} gRPC's error when a list call fails; a failing status is only logged, and asked for again next time.
   */
  async refresh(client: CriClient, stateDirectories: readonly string[]): Promise<void> {
    // The pods after the containers, so that the pod of every listed container is there.
    const containers = await client.listContainers();
    const sandboxes = new Map((await client.listPodSandboxes()).map((sandbox) => [sandbox.id, sandbox]));
    for (const id of this.#sandboxStatuses.keys()) if (!sandboxes.has(id)) this.#sandboxStatuses.delete(id);
    const listed = new Map(containers.map((container) => [container.id, container]));
    const look: Look = { client, listed, sandboxes, stateDirectories };
    const entries = containers.map(({ id, state, podSandboxId }) => {
      return { id, stamp: String(state), podLabels: sandboxes.get(podSandboxId)?.labels };
    });
    await this.#known.refresh(entries, {
      describe: (id) => this.#describe(id, look),
      onFailure: (id, error) => this.#sayFailure(look.listed.get(id)?.metadata?.name ?? id.slice(0, 12), error),
    });
  }

  async #describe(id: string, { client, listed, sandboxes, stateDirectories }: Look): Promise<Container> {
    const container = listed.get(id)!;
    const response = await client.containerStatus(id);
    const sandboxStatus = await this.#sandboxStatus(client, container.podSandboxId);
    const { env, hostRoot } = this.#options;
    const node = { env, hostRoot, stateDirectories };
    const layer = tryLayerOf(response, node);
    const upperDirectory = layer && await client.upperDirectory(layer);
    const sandbox = sandboxes.get(container.podSandboxId);
    return criContainer({ listed: container, response, sandbox, sandboxStatus, upperDirectory }, node);
  }

  /** Asked for once per pod; a pod that vanished is no reason not to report its container. */
  async #sandboxStatus(client: CriClient, id: string): Promise<PodSandboxStatusResponse | undefined> {
    const known = this.#sandboxStatuses.get(id);
    if (known !== undefined) return known;
    try {
      const status = await client.podSandboxStatus(id);
      this.#sandboxStatuses.set(id, status);
      return status;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  #sayFailure(name: string, error: unknown): void {
    if (isNotFound(error) || isCancelled(error)) return;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.log.throttled(
      "discover.cri.status",
      `The container runtime does not describe container ${name}: ${reason}. It is not collected yet; asked again soon.`,
    );
  }
}
