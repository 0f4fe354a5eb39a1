/**
 * Where messages go that can never be delivered, so that they do not stop the rest and are not lost without a trace: a file of JSON
 * lines, each with time, topic, reason and message. It grows to a limit; what comes after that is only counted.
 *
 * @module
 */
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";

const FILE_BYTES_MAX = 64 * 1024 * 1024;

/** The dead letters of the agent. */
export class DeadLetters {
  readonly path: string;
  readonly #env: Env;
  readonly #log: Log;

  /** @param directory is made when the first letter comes. */
  constructor(directory: string, env: Env, log: Log) {
    this.path = `${directory}/sluice.dead-letters.jsonl`;
    this.#env = env;
    this.#log = log;
  }

  /** Keeps messages that `topic` will never take, for `reason`. Never throws. */
  add(topic: string, reason: string, messages: Iterable<Uint8Array>): void {
    const time = new Date(this.#env.now()).toISOString();
    const lines = Array.from(messages, (message) => JSON.stringify({ time, topic, reason, ...shown(message) }));
    const what = `${lines.length} records for topic ${topic} can never be delivered: ${reason}`;
    this.#log.throttled(`undeliverable ${topic}`, `${what}. ${this.#tryKeep(lines)}`);
  }

  /** @returns what has become of them, for people. */
  #tryKeep(lines: readonly string[]): string {
    try {
      if ((this.#env.files.tryStat(this.path)?.size ?? 0) > FILE_BYTES_MAX) {
        return `${this.path} is full: they are dropped`;
      }
      this.#env.files.append(this.path, lines.join("\n") + "\n");
      return `They are kept in ${this.path}`;
    } catch (error) {
      return `They are dropped, because ${this.path} cannot be written: ${
        error instanceof Error ? error.message : error
      }`;
    }
  }
}

/** A message that is no text, as `otlp_v1` makes them, is kept in Base64. */
function shown(message: Uint8Array): { readonly message: string } | { readonly messageBase64: string } {
  try {
    return { message: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(message) };
  } catch {
    return { messageBase64: message.toBase64() };
  }
}
