/**
 * Discovers containers through the Container Runtime Interface of containerd, k3s or CRI-O. Which facts are asked for and what
 * changed is `cri_inventory.ts`'s; news comes early where the runtime streams events (`cri_events.ts`); missing, restarting, slow
 * and failing runtimes are lived through by `runtime_watch.ts`.
 *
 * Invariant: never throws and never ends before `signal` aborts; an outage is said once, and its end once.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { ContainerEvent, Discoverer } from "../core/container.ts";
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import { CriClient, isUnimplemented } from "./cri_client.ts";
import { criEvents } from "./cri_events.ts";
import { CriInventory } from "./cri_inventory.ts";
import { EventBell } from "./event_bell.ts";
import { NoRuntimeError, type RuntimeConnection, RuntimeWatch } from "./runtime_watch.ts";

/** What the discoverer needs, and how often it does what. */
export interface CriOptions {
  /** Candidates, best first; see `socket_paths.ts`. */
  readonly socketPaths: readonly string[];
  readonly env: Env;
  readonly log: Log;
  /** Where the node's file system is mounted; empty or `/` outside a container. */
  readonly hostRoot: string;
  /** Where the runtime keeps its state on the node, if that is not where its socket is. */
  readonly stateDirectory?: string;
  /** Time between two lists; 3,000 by default. */
  readonly listIntervalMs?: number;
  /** The same while the runtime tells of changes by itself; 30,000 by default. */
  readonly resyncIntervalMs?: number;
  /** A call that takes longer has failed; 30,000 by default. */
  readonly callTimeoutMs?: number;
  /** How long one look waits for the statuses of new containers; what is slower is reported when it comes. 3,000 by default. */
  readonly statusPatienceMs?: number;
  /** When a stream of events that ended is opened again; 3,000 by default. */
  readonly streamRetryMs?: number;
}

const DEFAULTS = {
  stateDirectory: "",
  listIntervalMs: 3000,
  resyncIntervalMs: 30_000,
  callTimeoutMs: 30_000,
  statusPatienceMs: 3000,
  streamRetryMs: 3000,
};

/** Containers of the first CRI runtime that answers; one that has containers is preferred to one that has none. */
export class CriDiscoverer implements Discoverer {
  readonly name = "containerd";
  readonly #options: Required<CriOptions>;
  readonly #watch: RuntimeWatch;

  constructor(options: CriOptions) {
    this.#options = { ...DEFAULTS, ...options, hostRoot: options.hostRoot.replace(/\/+$/, "") };
    this.#watch = new RuntimeWatch({
      ...this.#options,
      runtime: "container runtime",
      remedy: "If it does run, mount its socket or set CONTAINERD_SOCK_PATH.",
      begin: (emit) => this.#begin(emit),
    });
  }

  /** True while a runtime answers. */
  get isAnswering(): boolean {
    return this.#watch.isAnswering;
  }

  watch(signal: AbortSignal): AsyncGenerator<ContainerEvent> {
    return this.#watch.watch(signal);
  }

  #begin(emit: (event: ContainerEvent) => void) {
    const inventory = new CriInventory({ ...this.#options, emit });
    return {
      inventory,
      open: (socketPath: string, signal: AbortSignal) => this.#open(socketPath, inventory, signal),
    };
  }

  async #open(socketPath: string, inventory: CriInventory, signal: AbortSignal): Promise<RuntimeConnection> {
    const { callTimeoutMs, env, streamRetryMs } = this.#options;
    const abort = new AbortController();
    const client = new CriClient(socketPath, callTimeoutMs, AbortSignal.any([signal, abort.signal]));
    try {
      const { runtimeName, runtimeVersion } = await client.version();
      const bell = new EventBell(criEvents(client), env, streamRetryMs);
      const hasContainers = (await client.listContainers()).length > 0;
      return {
        bell,
        hasContainers,
        listen: () => sharesEvents(runtimeName, runtimeVersion) ? bell.run(abort.signal) : Promise.resolve(),
        refresh: () => inventory.refresh(client, this.#stateDirectories(socketPath)),
        close() {
          abort.abort();
          client.close();
        },
      };
    } catch (error) {
      client.close();
      // Docker's own packages bring a containerd whose CRI is switched off.
      throw isUnimplemented(error) ? new NoRuntimeError(`${socketPath} does not speak the CRI`) : error;
    }
  }

  /** containerd's socket is in its state directory; the paths are the node's. */
  #stateDirectories(socketPath: string): readonly string[] {
    const { hostRoot, stateDirectory } = this.#options;
    const below = hostRoot !== "" && socketPath.startsWith(`${hostRoot}/`);
    const beside = dirname(below ? socketPath.slice(hostRoot.length) : socketPath);
    return stateDirectory ? [stateDirectory, beside] : [beside];
  }
}

/**
 * Before version 2, containerd hands each event to only one listener, so that listening would take it from the kubelet
 * (https://github.com/containerd/containerd/issues/7318).
 */
function sharesEvents(runtimeName: string, runtimeVersion: string): boolean {
  return runtimeName !== "containerd" || Number.parseInt(runtimeVersion.replace(/^v/, "")) >= 2;
}
