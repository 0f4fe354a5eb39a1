/**
 * Discovers containers through the Docker Engine's API on its unix socket, for nodes that have no CRI runtime. Which facts are asked
 * for is `docker_inventory.ts`'s; news comes early from the engine's events (`docker_events.ts`); missing, restarting, slow and
 * failing engines are lived through by `runtime_watch.ts`.
 *
 * Invariant: never throws and never ends before `signal` aborts; an outage is said once, and its end once.
 *
 * @module
 */
import type { ContainerEvent, Discoverer } from "../core/container.ts";
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import { DockerClient } from "./docker_client.ts";
import { dockerEvents } from "./docker_events.ts";
import { DockerInventory } from "./docker_inventory.ts";
import { EventBell } from "./event_bell.ts";
import { type RuntimeConnection, RuntimeWatch } from "./runtime_watch.ts";

/** What the discoverer needs, and how often it does what. */
export interface DockerOptions {
  /** Candidates, best first; see `socket_paths.ts`. */
  readonly socketPaths: readonly string[];
  readonly env: Env;
  readonly log: Log;
  /** Where the node's file system is mounted; empty or `/` outside a container. */
  readonly hostRoot: string;
  /** Time between two lists; 3,000 by default. */
  readonly listIntervalMs?: number;
  /** The same while events flow; 30,000 by default. */
  readonly resyncIntervalMs?: number;
  /** A call that takes longer has failed; 30,000 by default. */
  readonly callTimeoutMs?: number;
  /** How long one look waits for descriptions of new containers; what is slower is reported when it comes. 3,000 by default. */
  readonly inspectPatienceMs?: number;
  /** When a stream of events that ended is opened again; 3,000 by default. */
  readonly streamRetryMs?: number;
}

const DEFAULTS = {
  listIntervalMs: 3000,
  resyncIntervalMs: 30_000,
  callTimeoutMs: 30_000,
  inspectPatienceMs: 3000,
  streamRetryMs: 3000,
};

/** Containers of the first Docker Engine that answers; one that has containers is preferred to one that has none. */
export class DockerDiscoverer implements Discoverer {
  readonly name = "docker";
  readonly #options: Required<DockerOptions>;
  readonly #watch: RuntimeWatch;

  constructor(options: DockerOptions) {
    this.#options = { ...DEFAULTS, ...options, hostRoot: options.hostRoot.replace(/\/+$/, "") };
    this.#watch = new RuntimeWatch({
      ...this.#options,
      runtime: "Docker Engine",
      remedy: "If it does run, mount its socket or set DOCKER_HOST.",
      begin: (emit) => this.#begin(emit),
    });
  }

  /** True while an engine answers. */
  get isAnswering(): boolean {
    return this.#watch.isAnswering;
  }

  watch(signal: AbortSignal): AsyncGenerator<ContainerEvent> {
    return this.#watch.watch(signal);
  }

  #begin(emit: (event: ContainerEvent) => void) {
    const inventory = new DockerInventory({ ...this.#options, emit });
    return {
      inventory,
      open: (socketPath: string, signal: AbortSignal) => this.#open(socketPath, inventory, signal),
    };
  }

  async #open(socketPath: string, inventory: DockerInventory, signal: AbortSignal): Promise<RuntimeConnection> {
    const { callTimeoutMs, env, streamRetryMs } = this.#options;
    const abort = new AbortController();
    const whole = AbortSignal.any([signal, abort.signal]);
    const client = new DockerClient(socketPath, env, callTimeoutMs, whole);
    await client.connect();
    const bell = new EventBell(dockerEvents(client, inventory), env, streamRetryMs);
    return {
      bell,
      hasContainers: (await client.listContainers()).length > 0,
      listen: () => bell.run(whole),
      refresh: () => inventory.refresh(client),
      close: () => abort.abort(),
    };
  }
}
