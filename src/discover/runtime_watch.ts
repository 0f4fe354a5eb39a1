/**
 * Follows one kind of container runtime through everything that it does (missing, restarting, slow, failing): finds the socket,
 * keeps asking, says an outage once and its end once. What is asked, and what comes of it, is told by `cri.ts` and `docker.ts`.
 *
 * Invariant: never throws for the world's sake and never ends before `signal` aborts.
 *
 * @module
 */
import type { ContainerEvent } from "../core/container.ts";
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import type { EventBell } from "./event_bell.ts";
import { EventQueue } from "./event_queue.ts";

const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 3000;

/** A runtime that answers. */
export interface RuntimeConnection {
  readonly hasContainers: boolean;
  readonly bell: EventBell;
  /** Lets the bell hear until the connection is closed. Never rejects. */
  listen(): Promise<void>;
  /** Lists, asks what is new and reports. @throws {Error} when the list fails. */
  refresh(): Promise<void>;
  /** Ends all calls. */
  close(): void;
}

/** What is known of a runtime's containers; it outlives connections. */
export interface Inventory {
  /** True when the last list named no container. */
  readonly isEmpty: boolean;
  /** True when all that was listed is also known in detail. */
  readonly isComplete: boolean;
  /** Reports what is known as the first snapshot, unless that was done. */
  giveSnapshotOnce(): void;
}

/** One run of discovery. */
export interface RuntimeSession {
  readonly inventory: Inventory;
  /**
   * Asks who is there and whether it has containers.
   *
   * @throws {NoRuntimeError} when the socket is that of something else.
   * @throws {Error} when it does not answer.
   */
  open(socketPath: string, signal: AbortSignal): Promise<RuntimeConnection>;
}

/** What to follow. */
export interface RuntimeWatchOptions {
  /** How messages call it, such as `container runtime`. */
  readonly runtime: string;
  /** What to do when it does run and is not found; a sentence. */
  readonly remedy: string;
  /** Candidates, best first. */
  readonly socketPaths: readonly string[];
  readonly env: Env;
  readonly log: Log;
  /** Time between two lists. */
  readonly listIntervalMs: number;
  /** The same while the runtime tells of changes by itself. */
  readonly resyncIntervalMs: number;
  /** Called once for every `watch`. */
  readonly begin: (emit: (event: ContainerEvent) => void) => RuntimeSession;
}

/** Containers of the first runtime that answers; one that has containers is preferred to one that has none. */
export class RuntimeWatch {
  readonly #options: RuntimeWatchOptions;
  /** The socket that was last said to answer; empty while none does. */
  #announced = "";
  #isAnswering = false;
  #absenceSaid = false;
  #outageSaid = false;
  #retryMs = RETRY_MS_MIN;

  constructor(options: RuntimeWatchOptions) {
    this.#options = options;
  }

  /** True while a runtime answers: from before its first snapshot until a list fails. */
  get isAnswering(): boolean {
    return this.#isAnswering;
  }

  /** Reports until `signal` aborts or the reader leaves. */
  async *watch(signal: AbortSignal): AsyncGenerator<ContainerEvent> {
    const queue = new EventQueue<ContainerEvent>();
    const readerLeft = new AbortController();
    const whole = AbortSignal.any([signal, readerLeft.signal]);
    const session = this.#options.begin((event) => queue.push(event));
    const running = this.#run(session, whole).catch((bug) => queue.fail(bug));
    try {
      yield* queue.take(whole);
    } finally {
      readerLeft.abort();
      await running;
    }
  }

  async #run(session: RuntimeSession, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const { socketPath, connection } = await this.#connect(session, signal);
        await this.#follow(socketPath, connection, session, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#sayFailure(error, session);
        await this.#options.env.sleep(this.#retryMs, signal);
        this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
      }
    }
  }

  /** @throws {Error} when no socket answers, with the last reason; that something else is there only where that is all. */
  async #connect(
    session: RuntimeSession,
    signal: AbortSignal,
  ): Promise<{ socketPath: string; connection: RuntimeConnection }> {
    let reason: unknown = new NoRuntimeError(`none of ${this.#options.socketPaths.join(", ")} exists`);
    let spare: { socketPath: string; connection: RuntimeConnection } | undefined;
    for (const socketPath of this.#existingSockets()) {
      try {
        const connection = await session.open(socketPath, signal);
        if (spare !== undefined && !connection.hasContainers) connection.close();
        else {
          spare?.connection.close();
          spare = { socketPath, connection };
        }
      } catch (error) {
        if (reason instanceof NoRuntimeError) reason = error;
      }
      if (spare?.connection.hasContainers) return spare;
    }
    if (spare === undefined) throw reason;
    return spare;
  }

  /** Each socket once, whatever it is called. */
  #existingSockets(): readonly string[] {
    const seen = new Set<string>();
    return this.#options.socketPaths.filter((path) => {
      const identity = this.#tryIdentify(path);
      if (identity === undefined || seen.has(identity)) return false;
      return seen.add(identity);
    });
  }

  #tryIdentify(path: string): string | undefined {
    try {
      const stat = this.#options.env.files.tryStat(path);
      return stat && `${stat.device}:${stat.inode}`;
    } catch {
      return path; // It cannot be looked at: connecting tells why.
    }
  }

  /** Keeps the session up to date. Returns when another socket may be the better one. @throws {Error} when a list fails. */
  async #follow(
    socketPath: string,
    connection: RuntimeConnection,
    session: RuntimeSession,
    signal: AbortSignal,
  ): Promise<void> {
    const { listIntervalMs, resyncIntervalMs } = this.#options;
    const { bell } = connection;
    const listening = connection.listen();
    this.#isAnswering = true;
    try {
      while (!signal.aborted) {
        await connection.refresh();
        this.#sayAnswer(socketPath);
        await bell.wait(bell.isLive && session.inventory.isComplete ? resyncIntervalMs : listIntervalMs, signal);
        if (session.inventory.isEmpty && this.#existingSockets().length > 1) return;
      }
    } finally {
      connection.close();
      await listening;
    }
  }

  #sayAnswer(socketPath: string): void {
    this.#retryMs = RETRY_MS_MIN;
    if (this.#announced === socketPath) return;
    const { runtime, log } = this.#options;
    log.info(
      `The ${runtime} at ${socketPath} answers${this.#outageSaid ? " again" : ""}: its containers are discovered.`,
    );
    this.#announced = socketPath;
    this.#outageSaid = false;
  }

  /** A runtime that never was there is no trouble: another one may be. */
  #sayFailure(error: unknown, session: RuntimeSession): void {
    const wasThere = this.#isAnswering || this.#outageSaid;
    this.#announced = "";
    this.#isAnswering = false;
    if (error instanceof NoRuntimeError && !wasThere) {
      session.inventory.giveSnapshotOnce();
      this.#sayAbsence(error);
    } else this.#sayOutage(error);
  }

  #sayAbsence(error: Error): void {
    if (this.#absenceSaid) return;
    this.#absenceSaid = true;
    const { runtime, remedy, log } = this.#options;
    log.info(`There is no ${runtime} here: ${error.message}. It is looked for now and then. ${remedy}`);
  }

  #sayOutage(error: unknown): void {
    if (this.#outageSaid) return;
    this.#outageSaid = true;
    const reason = error instanceof Error ? error.message : String(error);
    const { runtime, remedy, log } = this.#options;
    log.warn(
      `No ${runtime} answers: ${reason}. Known containers are still collected, new ones are not seen; trying on. ${remedy}`,
    );
  }
}

/** There is no such runtime: no socket, or only that of something else. */
export class NoRuntimeError extends Error {
  override readonly name = "NoRuntimeError";
}
