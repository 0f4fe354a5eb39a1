/**
 * Discovers containers through the Container Runtime Interface of containerd, k3s or CRI-O: finds the socket, keeps asking, and
 * lives through everything that a runtime does (missing, restarting, slow, failing). Which facts are asked for and what
 * changed is `cri_inventory.ts`'s; news comes early where the runtime streams events (`cri_events.ts`).
 *
 * Invariant: never throws and never ends before `signal` aborts; an outage is said once, and its end once.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { ContainerEvent, Discoverer } from "../core/container.ts";
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import { CriClient } from "./cri_client.ts";
import { EventWatch } from "./cri_events.ts";
import { CriInventory } from "./cri_inventory.ts";
import { EventQueue } from "./event_queue.ts";

/** What the discoverer needs, and how often it does what. */
export interface CriOptions {
  /** Candidates, best first; see `socket_paths.ts`. */
  readonly socketPaths: readonly string[];
  readonly env: Env;
  readonly log: Log;
  /** Where the node's file system is mounted; empty or `/` outside a container. */
  readonly hostRoot: string;
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
  listIntervalMs: 3000,
  resyncIntervalMs: 30_000,
  callTimeoutMs: 30_000,
  statusPatienceMs: 3000,
  streamRetryMs: 3000,
};

const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 3000;

/** A runtime that answers. */
interface Connection {
  readonly socketPath: string;
  readonly client: CriClient;
  readonly hasContainers: boolean;
  /** Whether its event stream may be listened to. */
  readonly mayStream: boolean;
  /** Ends all calls. */
  readonly abort: AbortController;
}

/** Containers of the first runtime that answers; one that has containers is preferred to one that has none. */
export class CriDiscoverer implements Discoverer {
  readonly name = "containerd";
  readonly #options: Required<CriOptions>;
  readonly #hostRoot: string;
  /** The socket that was last said to answer; empty while none does. */
  #announced = "";
  #outageSaid = false;
  #retryMs = RETRY_MS_MIN;

  constructor(options: CriOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#hostRoot = options.hostRoot.replace(/\/+$/, "");
  }

  async *watch(signal: AbortSignal): AsyncGenerator<ContainerEvent> {
    const queue = new EventQueue<ContainerEvent>();
    const readerLeft = new AbortController();
    const whole = AbortSignal.any([signal, readerLeft.signal]);
    const running = this.#run(queue, whole).catch((bug) => queue.fail(bug));
    try {
      yield* queue.take(whole);
    } finally {
      readerLeft.abort();
      await running;
    }
  }

  async #run(queue: EventQueue<ContainerEvent>, signal: AbortSignal): Promise<void> {
    const { env } = this.#options;
    const emit = (event: ContainerEvent) => queue.push(event);
    const inventory = new CriInventory({ ...this.#options, hostRoot: this.#hostRoot, emit });
    while (!signal.aborted) {
      try {
        const connection = await this.#connect(signal);
        await this.#follow(connection, inventory, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#sayOutage(error);
        await env.sleep(this.#retryMs, signal);
        this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
      }
    }
  }

  /** @throws {Error} when no socket answers, with the last reason. */
  async #connect(signal: AbortSignal): Promise<Connection> {
    let reason: unknown = new Error(`none of ${this.#options.socketPaths.join(", ")} exists`);
    let spare: Connection | undefined;
    for (const socketPath of this.#existingSockets()) {
      try {
        const connection = await this.#open(socketPath, signal);
        if (connection.hasContainers || spare === undefined) {
          close(spare);
          spare = connection;
        } else close(connection);
      } catch (error) {
        reason = error;
      }
      if (spare?.hasContainers) return spare;
    }
    if (spare === undefined) throw reason;
    return spare;
  }

  /** Asks who is there and whether it has containers. @throws {Error} when it does not answer as a CRI runtime. */
  async #open(socketPath: string, signal: AbortSignal): Promise<Connection> {
    const abort = new AbortController();
    const client = new CriClient(socketPath, this.#options.callTimeoutMs, AbortSignal.any([signal, abort.signal]));
    try {
      const { runtimeName, runtimeVersion } = await client.version();
      const hasContainers = (await client.listContainers()).length > 0;
      return { socketPath, client, abort, hasContainers, mayStream: sharesEvents(runtimeName, runtimeVersion) };
    } catch (error) {
      client.close();
      throw error;
    }
  }

  #existingSockets(): readonly string[] {
    return this.#options.socketPaths.filter((path) => {
      try {
        return this.#options.env.files.tryStat(path) !== undefined;
      } catch {
        return true; // It cannot be looked at: connecting tells why.
      }
    });
  }

  /** Keeps the inventory up to date. Returns when another socket may be the better one. @throws {Error} when a list fails. */
  async #follow(connection: Connection, inventory: CriInventory, signal: AbortSignal): Promise<void> {
    const { client, abort, socketPath } = connection;
    const { env, listIntervalMs, resyncIntervalMs, streamRetryMs } = this.#options;
    const events = new EventWatch(client, env, streamRetryMs);
    const listening = connection.mayStream ? events.run(abort.signal) : Promise.resolve();
    try {
      while (!signal.aborted) {
        await inventory.refresh(client, this.#stateDirectory(socketPath));
        this.#sayAnswer(socketPath);
        await events.wait(events.isLive ? resyncIntervalMs : listIntervalMs, signal);
        if (inventory.isEmpty && this.#existingSockets().length > 1) return;
      }
    } finally {
      close(connection);
      await listening;
    }
  }

  /** containerd's socket is in its state directory; the path is the node's. */
  #stateDirectory(socketPath: string): string {
    const below = this.#hostRoot !== "" && socketPath.startsWith(`${this.#hostRoot}/`);
    return dirname(below ? socketPath.slice(this.#hostRoot.length) : socketPath);
  }

  #sayAnswer(socketPath: string): void {
    this.#retryMs = RETRY_MS_MIN;
    if (this.#announced === socketPath) return;
    const back = this.#outageSaid ? " again" : "";
    this.#options.log.info(`The container runtime at ${socketPath} answers${back}: its containers are discovered.`);
    this.#announced = socketPath;
    this.#outageSaid = false;
  }

  #sayOutage(error: unknown): void {
    this.#announced = "";
    if (this.#outageSaid) return;
    this.#outageSaid = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.log.warn(
      `No container runtime answers: ${reason}. Known containers are still collected, new ones are not seen; trying on. ` +
        `If it does run, mount its socket or set CONTAINERD_SOCK_PATH.`,
    );
  }
}

function close(connection: Connection | undefined): void {
  connection?.abort.abort();
  connection?.client.close();
}

/**
 * Before version 2, containerd hands each event to only one listener, so that listening would take it from the kubelet
 * (https://github.com/containerd/containerd/issues/7318).
 */
function sharesEvents(runtimeName: string, runtimeVersion: string): boolean {
  return runtimeName !== "containerd" || Number.parseInt(runtimeVersion.replace(/^v/, "")) >= 2;
}
