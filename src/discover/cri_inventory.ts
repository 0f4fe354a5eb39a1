/**
 * What a CRI runtime has told so far, and what changed since: asks for a container's status only when it is new or its state
 * changed, so that a steady node costs two list calls. Survives reconnections. Connecting and waiting are `cri.ts`'s.
 *
 * @module
 */
import type { Container, ContainerEvent } from "../core/container.ts";
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import { type CriClient, isCancelled, isNotFound } from "./cri_client.ts";
import { criContainer } from "./cri_container.ts";
import type { ListedContainer, PodSandbox, PodSandboxStatusResponse } from "./cri_messages.ts";
import { Limiter } from "./limiter.ts";

/** Status calls under way at the same time: enough to be quick at the start, too few to burden the runtime. */
const STATUS_CALLS_MAX = 16;

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

/** A container whose status is known, and the listed state that it was asked for. */
interface Known {
  readonly stateAsked: number;
  readonly container: Container;
}

/** The containers of one runtime. */
export class CriInventory {
  readonly #options: InventoryOptions;
  readonly #limiter = new Limiter(STATUS_CALLS_MAX);
  readonly #known = new Map<string, Known>();
  readonly #sandboxStatuses = new Map<string, PodSandboxStatusResponse>();
  /** Containers of the last list; late answers about others are dropped. */
  #listedIds: ReadonlySet<string> = new Set();
  /** Containers whose status is being asked for. */
  readonly #asked = new Set<string>();
  #snapshotGiven = false;

  constructor(options: InventoryOptions) {
    this.#options = options;
  }

  /** True when the last list named no container. */
  get isEmpty(): boolean {
    return this.#listedIds.size === 0;
  }

  /**
   * Lists once and reports what changed.
   *
   * @param stateDirectory where the runtime keeps its state on the node
   * @throws {Error} gRPC's error when a list call fails; a failing status is only logged, and asked for again next time.
   */
  async refresh(client: CriClient, stateDirectory: string): Promise<void> {
    // The pods after the containers, so that the pod of every listed container is there.
    const listed = await client.listContainers();
    const sandboxes = new Map((await client.listPodSandboxes()).map((sandbox) => [sandbox.id, sandbox]));
    this.#forgetGone(listed, sandboxes);
    const changed = listed.filter(({ id, state }) => this.#known.get(id)?.stateAsked !== state && !this.#asked.has(id));
    await this.#settleWithPatience(
      changed.map((container) =>
        this.#update(client, container, sandboxes.get(container.podSandboxId), stateDirectory)
      ),
    );
    this.#giveSnapshotOnce();
  }

  #forgetGone(listed: readonly ListedContainer[], sandboxes: ReadonlyMap<string, PodSandbox>): void {
    this.#listedIds = new Set(listed.map(({ id }) => id));
    for (const id of [...this.#known.keys()].filter((id) => !this.#listedIds.has(id))) {
      this.#known.delete(id);
      this.#report({ kind: "remove", id });
    }
    for (const id of this.#sandboxStatuses.keys()) if (!sandboxes.has(id)) this.#sandboxStatuses.delete(id);
  }

  /** Never rejects. */
  async #update(
    client: CriClient,
    listed: ListedContainer,
    sandbox: PodSandbox | undefined,
    stateDirectory: string,
  ): Promise<void> {
    this.#asked.add(listed.id);
    try {
      const response = await this.#limiter.run(() => client.containerStatus(listed.id));
      const sandboxStatus = await this.#sandboxStatus(client, listed.podSandboxId);
      const { env, hostRoot } = this.#options;
      const facts = { listed, response, sandbox, sandboxStatus };
      this.#learn(listed, criContainer(facts, { env, hostRoot, stateDirectory }));
    } catch (error) {
      if (!isNotFound(error) && !isCancelled(error)) this.#logFailure(listed, error);
    } finally {
      this.#asked.delete(listed.id);
    }
  }

  #learn(listed: ListedContainer, container: Container): void {
    if (!this.#listedIds.has(listed.id)) return;
    // A stopped pod has lost its address; what it wrote still came from there.
    const ip = container.ip || (this.#known.get(listed.id)?.container.ip ?? "");
    this.#known.set(listed.id, { stateAsked: listed.state, container: { ...container, ip } });
    this.#report({ kind: "upsert", container: { ...container, ip } });
  }

  /** Asked for once per pod; a pod that vanished is no reason not to report its container. */
  async #sandboxStatus(client: CriClient, id: string): Promise<PodSandboxStatusResponse | undefined> {
    const known = this.#sandboxStatuses.get(id);
    if (known !== undefined) return known;
    try {
      const status = await this.#limiter.run(() => client.podSandboxStatus(id));
      this.#sandboxStatuses.set(id, status);
      return status;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #settleWithPatience(work: readonly Promise<void>[]): Promise<void> {
    if (work.length === 0) return;
    const done = new AbortController();
    const all = Promise.all(work).then(() => done.abort());
    await Promise.race([all, this.#options.env.sleep(this.#options.statusPatienceMs, done.signal)]);
  }

  #giveSnapshotOnce(): void {
    if (this.#snapshotGiven) return;
    this.#snapshotGiven = true;
    const containers = [...this.#known.values()].map(({ container }) => container);
    this.#options.emit({ kind: "snapshot", containers });
  }

  /** Before the snapshot nobody wants to hear of single changes: they are in it. */
  #report(event: ContainerEvent): void {
    if (this.#snapshotGiven) this.#options.emit(event);
  }

  #logFailure(listed: ListedContainer, error: unknown): void {
    const name = listed.metadata?.name ?? listed.id.slice(0, 12);
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.log.throttled(
      "discover.cri.status",
      `The container runtime does not describe container ${name}: ${reason}. It is not collected yet; asked again soon.`,
    );
  }
}
