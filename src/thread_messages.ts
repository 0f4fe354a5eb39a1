/**
 * What the threads of the agent say to each other. The main thread hears of containers, owns the checkpoint, the log and standard output;
 * the others each read a share of the sources with pipelines of their own. All of it can be copied from thread to thread.
 *
 * @module
 */
import type { Checkpoint } from "./checkpoint/store.ts";
import type { AgentOptions } from "./core/agent_options.ts";
import type { Container, RuntimeName } from "./core/container.ts";
import type { Log } from "./core/log.ts";
import type { FileAnswers } from "./recorded_files.ts";

/** What a thread begins with. */
export interface ThreadStart {
  readonly kind: "start";
  readonly options: AgentOptions;
  /** Which of the threads it is; 0 is the main one. */
  readonly thread: number;
  /** What the main thread read when it loaded the pipelines. */
  readonly configFiles: FileAnswers;
  /** What the checkpoint held when the agent was started. */
  readonly checkpoint: Checkpoint;
  readonly startedMs: number;
}

/** What the main thread says. */
export type MessageToThread =
  | ThreadStart
  | { readonly kind: "upsert"; readonly container: Container }
  | { readonly kind: "remove"; readonly id: string }
  /** The runtimes have told what there is. */
  | { readonly kind: "ready" }
  /** These runtimes have told of all of their containers, and are still there. */
  | { readonly kind: "told"; readonly runtimes: readonly RuntimeName[] }
  /** The answer to the oldest `save` that has none. */
  | { readonly kind: "saved"; readonly isSaved: boolean }
  /** The answer to the oldest `print` that has none. */
  | { readonly kind: "printed" }
  | { readonly kind: "stop" };

/** What another thread says. */
export type MessageFromThread =
  /** It listens: what was said before would not be heard. Comes once, first. */
  | { readonly kind: "listening" }
  | { readonly kind: "log"; readonly level: Exclude<keyof Log, "throttled">; readonly message: string }
  | { readonly kind: "log"; readonly level: "throttled"; readonly key: string; readonly message: string }
  /** All positions of this thread, to be saved. */
  | { readonly kind: "save"; readonly part: Checkpoint }
  | { readonly kind: "print"; readonly bytes: Uint8Array }
  /** Everything is delivered and saved, as far as it could be. */
  | { readonly kind: "ended"; readonly records: number };
