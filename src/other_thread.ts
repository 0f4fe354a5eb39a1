/**
 * A thread beside the main one: loads the same pipelines, reads its share of the sources, and asks the main thread for what only one may
 * do.
 *
 * @module
 */
import { AgentThread } from "./agent_thread.ts";
import type { Checkpoint } from "./checkpoint/store.ts";
import { loadPipelines } from "./config/validate.ts";
import { invariant } from "./core/assert.ts";
import { makeDenoEnv } from "./core/deno_env.ts";
import type { Env } from "./core/env.ts";
import type { Log } from "./core/log.ts";
import { plugins } from "./plugins.ts";
import { replayFiles } from "./recorded_files.ts";
import type { PositionStore } from "./saved_positions.ts";
import type { MessageFromThread, MessageToThread, ThreadStart } from "./thread_messages.ts";

/** The way to the main thread. */
export interface MainPort {
  postMessage(message: MessageFromThread): void;
}

/** One thread; it runs from the first message on. */
export class OtherThread {
  readonly #port: MainPort;
  readonly #stop = new AbortController();
  /** Who waits for an answer; answers come in the order of the questions. */
  readonly #saving: ((isSaved: boolean) => void)[] = [];
  readonly #printing: (() => void)[] = [];
  #thread: AgentThread | undefined;

  constructor(port: MainPort) {
    this.#port = port;
  }

  hear(message: MessageToThread): void {
    switch (message.kind) {
      case "start":
        return this.#start(message);
      case "upsert":
        return this.#running.upsert(message.container);
      case "remove":
        return this.#running.remove(message.id, this.#stop.signal);
      case "ready":
        return this.#running.ready();
      case "told":
        return this.#running.told(message.runtimes);
      case "saved":
        return this.#saving.shift()?.(message.isSaved);
      case "printed":
        return this.#printing.shift()?.();
      case "stop":
        return this.#stop.abort();
    }
  }

  get #running(): AgentThread {
    invariant(this.#thread !== undefined, "the thread was started");
    return this.#thread;
  }

  #start({ options, thread, configFiles, checkpoint, startedMs }: ThreadStart): void {
    const env = this.#makeEnv(options.hostIp);
    const { pipelines } = loadPipelines(
      options.configPath,
      plugins,
      replayFiles(env.files, configFiles),
      env.tryVariable,
    );
    const store = options.printToStdout ? undefined : this.#makeStore(checkpoint);
    this.#thread = new AgentThread({
      options,
      thread,
      configs: pipelines,
      store,
      startedMs,
      env,
      log: this.#makeLog(),
    });
    // A failure is nobody's to handle: it ends the process.
    void this.#thread.run(this.#stop.signal).then((records) => this.#port.postMessage({ kind: "ended", records }));
  }

  #makeEnv(hostIp: string): Env {
    return { ...makeDenoEnv(hostIp, true), writeStdout: (bytes) => this.#print(bytes) };
  }

  #print(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#printing.push(resolve);
      this.#port.postMessage({ kind: "print", bytes: bytes.slice() });
    });
  }

  #makeStore(checkpoint: Checkpoint): PositionStore {
    const save = (part: Checkpoint) =>
      new Promise<boolean>((resolve) => {
        this.#saving.push(resolve);
        this.#port.postMessage({ kind: "save", part });
      });
    return { isShared: true, load: () => checkpoint, save };
  }

  #makeLog(): Log {
    const say = (level: "info" | "warn" | "error") => (message: string) =>
      this.#port.postMessage({ kind: "log", level, message });
    return {
      info: say("info"),
      warn: say("warn"),
      error: say("error"),
      throttled: (key, message) => this.#port.postMessage({ kind: "log", level: "throttled", key, message }),
    };
  }
}

/** What a worker sees as its global object, as far as it is needed. */
interface WorkerScope extends MainPort {
  onmessage: ((event: { readonly data: MessageToThread }) => void) | null;
}

/** Runs this worker as a thread of the agent. */
export function runOtherThread(): void {
  // The types are those of the main thread's global object.
  const scope = globalThis as unknown as WorkerScope;
  const thread = new OtherThread(scope);
  scope.onmessage = ({ data }) => thread.hear(data);
  scope.postMessage({ kind: "listening" });
}
