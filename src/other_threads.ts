/**
 * The main thread's side of the others: starts them, passes on what it hears of containers, and does for them what only one may do:
 * the checkpoint, the agent's log and standard output. A thread that fails ends the process: the run time sees to that.
 *
 * @module
 */
import { STOP_MS_MAX } from "./agent_thread.ts";
import type { JoinedCheckpoint } from "./checkpoint/joined_checkpoint.ts";
import type { Env } from "./core/env.ts";
import type { Log } from "./core/log.ts";
import type { MessageFromThread, MessageToThread, ThreadStart } from "./thread_messages.ts";

/** How much longer than this one another thread may take to stop. */
const LATE_MS_MAX = 2000;

/** The way to a thread and back. */
export interface ThreadPort {
  postMessage(message: MessageToThread): void;
  onMessage: (message: MessageFromThread) => void;
}

/** What the threads begin with. */
export interface ThreadsStart extends Omit<ThreadStart, "kind" | "thread"> {
  /** The address of the module that they run. */
  readonly program: string;
}

/** All threads but this one. */
export class OtherThreads {
  readonly #start: ThreadsStart;
  readonly #checkpoint: JoinedCheckpoint | undefined;
  readonly #env: Env;
  readonly #log: Log;
  readonly #open: (program: string, name: string) => ThreadPort;
  readonly #threads: { readonly port: ThreadPort; unheard: MessageToThread[] | undefined }[] = [];
  readonly #ended: Promise<number>[] = [];

  /**
   * @param checkpoint undefined: positions are not kept.
   * @param open makes a thread; by default a worker, which has the permissions that this one has now.
   */
  constructor(
    start: ThreadsStart,
    checkpoint: JoinedCheckpoint | undefined,
    env: Env,
    log: Log,
    open: (program: string, name: string) => ThreadPort = openWorker,
  ) {
    this.#start = start;
    this.#checkpoint = checkpoint;
    this.#env = env;
    this.#log = log;
    this.#open = open;
  }

  /** For each thread the number of records that it has delivered, once it has ended. */
  get ended(): readonly Promise<number>[] {
    return this.#ended;
  }

  /** Starts as many as are wanted beside this one. They stop when `signal` aborts. */
  start(signal: AbortSignal): void {
    const { program, ...start } = this.#start;
    for (let thread = 1; thread < start.options.threads; thread++) {
      const port = this.#open(program, `thread ${thread}`);
      this.#threads.push({ port, unheard: [{ kind: "start", thread, ...start }] });
      this.#ended.push(this.#serve(port, thread, signal));
    }
    signal.addEventListener("abort", () => this.tell({ kind: "stop" }), { once: true });
  }

  tell(message: MessageToThread): void {
    for (const { port, unheard } of this.#threads) {
      if (unheard === undefined) port.postMessage(message);
      else unheard.push(message);
    }
  }

  async #serve(port: ThreadPort, thread: number, signal: AbortSignal): Promise<number> {
    const over = new AbortController();
    const ended = new Promise<number>((resolve) => {
      port.onMessage = (message) => {
        if (message.kind !== "ended") return void this.#answer(port, thread, message);
        resolve(message.records);
        over.abort();
      };
    });
    return await Promise.race([ended, this.#tooLate(thread, signal, over.signal)]);
  }

  async #answer(port: ThreadPort, thread: number, message: Exclude<MessageFromThread, { kind: "ended" }>) {
    switch (message.kind) {
      case "listening":
        return this.#tellUnheard(thread);
      case "log":
        if (message.level === "throttled") return this.#log.throttled(message.key, message.message);
        return this.#log[message.level](message.message);
      case "save":
        return port.postMessage({
          kind: "saved",
          isSaved: await this.#checkpoint?.save(thread, message.part) ?? false,
        });
      case "print":
        await this.#env.writeStdout(message.bytes);
        return port.postMessage({ kind: "printed" });
    }
  }

  #tellUnheard(thread: number): void {
    const one = this.#threads[thread - 1];
    for (const message of one.unheard ?? []) one.port.postMessage(message);
    one.unheard = undefined;
  }

  /** A thread that does not stop is left: the checkpoint makes that safe. */
  async #tooLate(thread: number, signal: AbortSignal, over: AbortSignal): Promise<number> {
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    await this.#env.sleep(STOP_MS_MAX + LATE_MS_MAX, over);
    if (over.aborted) return 0;
    this.#log.warn(`Thread ${thread} does not stop: what it has not saved is repeated after the next start`);
    return 0;
  }
}

function openWorker(program: string, name: string): ThreadPort {
  const worker = new Worker(program, { type: "module", name });
  const port: ThreadPort = { postMessage: (message) => worker.postMessage(message), onMessage: () => {} };
  worker.onmessage = ({ data }: MessageEvent<MessageFromThread>) => port.onMessage(data);
  return port;
}
