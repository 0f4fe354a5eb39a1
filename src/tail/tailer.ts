/**
 * Which source next, fairly: each source with news gives one chunk in turn. A source that had nothing is looked at again after a
 * pause that doubles up to a second, so that busy files are read at once and a thousand quiet ones cost little.
 *
 * @module
 */
import type { Env } from "../core/env.ts";
import type { ReadResult, TailedSource } from "./tailed_source.ts";

const PAUSE_MIN_MS = 10;
const PAUSE_MAX_MS = 1000;

/** A read that gave bytes, or news that need an act of the pipeline. */
export interface Reading {
  readonly tailed: TailedSource;
  readonly result: Exclude<ReadResult, "quiet">;
}

interface Turn {
  readonly tailed: TailedSource;
  dueMs: number;
  pauseMs: number;
}

/** The sources of one pipeline. */
export class Tailer {
  readonly #env: Env;
  readonly #turns = new Map<string, Turn>();
  #order: Turn[] = [];
  #wake = new AbortController();

  constructor(env: Env) {
    this.#env = env;
  }

  /** Number of sources. */
  get size(): number {
    return this.#turns.size;
  }

  /** Adds a source; it is looked at next. */
  add(tailed: TailedSource): void {
    const turn = { tailed, dueMs: 0, pauseMs: PAUSE_MIN_MS };
    this.#turns.set(tailed.source.key, turn);
    this.#order.unshift(turn);
    this.#wake.abort();
  }

  tryGet(key: string): TailedSource | undefined {
    return this.#turns.get(key)?.tailed;
  }

  /** The sources that belong to a container. */
  keysOfContainer(containerId: string): string[] {
    const turns = this.#order.filter(({ tailed }) => tailed.source.container?.id === containerId);
    return turns.map(({ tailed }) => tailed.source.key);
  }

  /** The source has no future: it ends when it has been read; it is looked at now rather than later. */
  finish(key: string): void {
    const turn = this.#turns.get(key);
    if (turn === undefined) return;
    turn.tailed.finish();
    turn.dueMs = 0;
    this.#wake.abort();
  }

  /** Forgets a source and closes its file. */
  remove(key: string): void {
    const turn = this.#turns.get(key);
    turn?.tailed.close();
    this.#turns.delete(key);
    this.#order = this.#order.filter((other) => other !== turn);
  }

  /** Reads from the next source that is due into `into`. Returns undefined when none has news. */
  tryNext(into: Uint8Array): Reading | undefined {
    const now = this.#env.now();
    for (let looked = 0; looked < this.#order.length; looked++) {
      const turn = this.#order.shift()!;
      this.#order.push(turn);
      if (turn.dueMs > now) continue;
      const result = turn.tailed.read(into);
      if (result === "quiet") this.#postpone(turn, now);
      else {
        turn.pauseMs = PAUSE_MIN_MS;
        return { tailed: turn.tailed, result };
      }
    }
    return undefined;
  }

  /** Nothing complete was in the `size` bytes that a source gave: it is looked at again later. */
  postpone(tailed: TailedSource, size: number): void {
    tailed.wait(size);
    const turn = this.#turns.get(tailed.source.key);
    if (turn !== undefined) this.#postpone(turn, this.#env.now());
  }

  /** Resolves when a source is due again, one was added, or `signal` aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    const due = Math.min(PAUSE_MAX_MS + this.#env.now(), ...this.#order.map((turn) => turn.dueMs));
    const pauseMs = Math.max(PAUSE_MIN_MS, due - this.#env.now());
    await this.#env.sleep(pauseMs, AbortSignal.any([signal, this.#wake.signal]));
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
  }

  close(): void {
    for (const { tailed } of this.#order) tailed.close();
  }

  #postpone(turn: Turn, now: number): void {
    turn.dueMs = now + turn.pauseMs;
    turn.pauseMs = Math.min(PAUSE_MAX_MS, turn.pauseMs * 2);
  }
}
