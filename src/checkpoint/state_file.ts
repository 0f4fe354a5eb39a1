/**
 * One file of state: read as a whole, replaced as a whole and atomically; one that cannot be understood is set aside, never fatal.
 *
 * @module
 */
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";

/** What becomes of a file that cannot be used. */
export type StateRead<State> =
  | { readonly kind: "read"; readonly state: State; readonly modifiedMs: () => number }
  | { readonly kind: "missing" }
  /** It was there, and nobody knows what it said. */
  | { readonly kind: "lost" };

/** What a file is called in messages, and what it means that it cannot be written. */
interface StateFileWords {
  /** Such as "checkpoint". */
  readonly name: string;
  readonly consequence: string;
}

/** A file in a directory, which is made where it is not there. */
export class StateFile {
  readonly path: string;
  readonly #directory: string;
  readonly #words: StateFileWords;
  readonly #env: Env;
  readonly #log: Log;

  constructor(directory: string, fileName: string, words: StateFileWords, env: Env, log: Log) {
    this.path = `${directory}/${fileName}`;
    this.#directory = directory;
    this.#words = words;
    this.#env = env;
    this.#log = log;
  }

  /** @param parse makes the state of the file's JSON; throws where it is none. */
  read<State>(parse: (json: unknown) => State): StateRead<State> {
    const { name } = this.#words;
    let text: string | undefined;
    try {
      text = this.#env.files.tryReadText(this.path);
    } catch (error) {
      this.#log.warn(`Cannot read the ${name} ${this.path}: ${reasonOf(error)}; starting without it`);
      return { kind: "lost" };
    }
    if (text === undefined) return { kind: "missing" };
    try {
      return { kind: "read", state: parse(JSON.parse(text)), modifiedMs: () => this.#modifiedMs() };
    } catch (error) {
      this.#setAside(error instanceof SyntaxError ? error.message : "it is none of this version");
      return { kind: "lost" };
    }
  }

  /** Returns false when it could not be replaced; the old file is then still there. */
  async write(state: unknown): Promise<boolean> {
    try {
      this.#env.files.makeDirectory(this.#directory);
      await this.#env.files.writeAtomically(this.path, JSON.stringify(state) + "\n");
      return true;
    } catch (error) {
      const { name, consequence } = this.#words;
      this.#log.throttled(this.path, `Cannot write the ${name} ${this.path}: ${reasonOf(error)}; ${consequence}`);
      return false;
    }
  }

  #modifiedMs(): number {
    return this.#env.files.tryStat(this.path)?.modifiedMs ?? 0;
  }

  #setAside(reason: string): void {
    const aside = `${this.path}.corrupt-${this.#env.now()}`;
    const { name } = this.#words;
    this.#log.warn(`The ${name} ${this.path} cannot be used: ${reason}; kept as ${aside}, starting without it`);
    try {
      this.#env.files.rename(this.path, aside);
    } catch (error) {
      this.#log.warn(`Cannot rename ${this.path}: ${reasonOf(error)}`);
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
