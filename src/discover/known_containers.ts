/**
 * What a runtime has told so far, and what changed since: asks for details only of what is new or changed, reports a snapshot
 * first and changes then, keeps what is known through every failure. Which list is asked, and what the details mean, is told by
 * `cri_inventory.ts` and `docker_inventory.ts`. Survives reconnections.
 *
 * @module
 */
import type { Container, ContainerEvent, StringMap } from "../core/container.ts";
import type { Env } from "../core/env.ts";
import { podLabels } from "./kubernetes_name.ts";
import { Limiter } from "./limiter.ts";

/** Questions under way at the same time: enough to be quick at the start, too few to burden the runtime. */
const QUESTIONS_MAX = 16;

/** One container of a runtime's list. */
export interface ListedEntry {
  readonly id: string;
  /** What the list says that makes details outdated when it changes, such as the state. */
  readonly stamp: string;
  /** The labels of the container's pod, the kubelet's among them; undefined when the list does not hold the pod. */
  readonly podLabels: StringMap | undefined;
}

/** How details are asked for. */
export interface Describer {
  /** @returns the container. Rejects when the runtime does not tell. */
  describe(id: string): Promise<Container>;
  /** Told of every question that failed; it is asked again with the next list. */
  onFailure(id: string, error: unknown): void;
}

/** What is needed of the outside. */
export interface KnownContainersOptions {
  readonly env: Env;
  /** How long one look waits for details; what is slower is reported when it comes. */
  readonly patienceMs: number;
  /** Takes the events: a snapshot first, then changes. */
  readonly emit: (event: ContainerEvent) => void;
}

/** A container whose details are known, and the stamp that they were asked for. */
interface Known {
  readonly stamp: string;
  readonly container: Container;
}

/** The containers of one runtime. */
export class KnownContainers {
  readonly #options: KnownContainersOptions;
  readonly #limiter = new Limiter(QUESTIONS_MAX);
  readonly #known = new Map<string, Known>();
  /** The last list; late answers about others are dropped. */
  #listed: ReadonlyMap<string, ListedEntry> = new Map();
  /** Containers that are being asked for. */
  readonly #asked = new Set<string>();
  /** Containers of which something happened since they were asked for. */
  readonly #stale = new Set<string>();
  #snapshotGiven = false;

  constructor(options: KnownContainersOptions) {
    this.#options = options;
  }

  /** True when the last list named no container. */
  get isEmpty(): boolean {
    return this.#listed.size === 0;
  }

  /** True when details of everything listed are known and up to date. */
  get isComplete(): boolean {
    return [...this.#listed.values()].every((entry) => this.#isUpToDate(entry));
  }

  /** Has a container asked for again with the next list; all of them without `id`. */
  markStale(id?: string): void {
    const ids = id === undefined ? [...this.#known.keys(), ...this.#asked] : [id];
    for (const stale of ids) this.#stale.add(stale);
  }

  /** Takes a list, asks what is new or changed, and reports. Never rejects. */
  async refresh(entries: readonly ListedEntry[], describer: Describer): Promise<void> {
    const before = this.#listed;
    this.#listed = new Map(entries.map((entry) => [entry.id, entry]));
    this.#forgetGone();
    for (const entry of entries) if (!isSame(entry.podLabels, before.get(entry.id)?.podLabels)) this.#relabel(entry);
    const changed = entries.filter((entry) => !this.#isUpToDate(entry) && !this.#asked.has(entry.id));
    await this.#settleWithPatience(changed.map((entry) => this.#ask(entry, describer)));
    this.giveSnapshotOnce();
  }

  /** Reports what is known as the first snapshot, which may be nothing. */
  giveSnapshotOnce(): void {
    if (this.#snapshotGiven) return;
    this.#snapshotGiven = true;
    const containers = [...this.#known.values()].map(({ container }) => container);
    this.#options.emit({ kind: "snapshot", containers });
  }

  #isUpToDate({ id, stamp }: ListedEntry): boolean {
    return this.#known.get(id)?.stamp === stamp && !this.#stale.has(id);
  }

  #forgetGone(): void {
    for (const id of this.#stale) if (!this.#listed.has(id)) this.#stale.delete(id);
    for (const id of [...this.#known.keys()].filter((id) => !this.#listed.has(id))) {
      this.#known.delete(id);
      this.#report({ kind: "remove", id });
    }
  }

  /** The pod's labels come with every list, and may come after the container or change. */
  #relabel({ id, podLabels: listedLabels }: ListedEntry): void {
    const known = this.#known.get(id);
    const pod = known?.container.pod;
    if (known === undefined || pod === undefined || listedLabels === undefined) return;
    const labels = podLabels(listedLabels);
    if (isSame(labels, pod.labels)) return;
    this.#know(id, { ...known, container: { ...known.container, pod: { ...pod, labels } } });
  }

  /** Never rejects. */
  async #ask({ id, stamp }: ListedEntry, describer: Describer): Promise<void> {
    this.#asked.add(id);
    try {
      await this.#limiter.run(async () => {
        this.#stale.delete(id);
        this.#learn(stamp, await describer.describe(id));
      });
    } catch (error) {
      if (this.#known.has(id)) this.#stale.add(id);
      describer.onFailure(id, error);
    } finally {
      this.#asked.delete(id);
    }
  }

  #learn(stamp: string, container: Container): void {
    const { id } = container;
    const entry = this.#listed.get(id);
    if (entry === undefined) return;
    this.#know(id, { stamp, container: withOldPlaces(container, this.#known.get(id)?.container) });
    this.#relabel(entry);
  }

  #know(id: string, known: Known): void {
    const before = this.#known.get(id);
    this.#known.set(id, known);
    // Containers are always built in the same way, so equal ones have equal JSON.
    if (before !== undefined && JSON.stringify(before.container) === JSON.stringify(known.container)) return;
    this.#report({ kind: "upsert", container: known.container });
  }

  async #settleWithPatience(work: readonly Promise<void>[]): Promise<void> {
    if (work.length === 0) return;
    const done = new AbortController();
    const all = Promise.all(work).then(() => done.abort());
    await Promise.race([all, this.#options.env.sleep(this.#options.patienceMs, done.signal)]);
  }

  /** Before the snapshot nobody wants to hear of single changes: they are in it. */
  #report(event: ContainerEvent): void {
    if (this.#snapshotGiven) this.#options.emit(event);
  }
}

/** A stopped container has lost its address and its mounts; what it wrote still came from there, and is still there. */
function withOldPlaces(container: Container, old: Container | undefined): Container {
  if (old === undefined) return container;
  const isStopped = container.state !== "running" && container.rootPaths.length === 0;
  return { ...container, ip: container.ip || old.ip, rootPaths: isStopped ? old.rootPaths : container.rootPaths };
}

/** Whether both say the same; order does not count. */
function isSame(one: StringMap | undefined, other: StringMap | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
