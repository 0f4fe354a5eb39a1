/**
 * One checkpoint of several threads: each hands in its part as a whole, and what is written is all parts together. Parts that come while
 * the file is being written are written together next.
 *
 * Invariant: a source is in the part of one thread; only the first part may also hold positions of sources that another thread has
 * taken over, which are older.
 *
 * @module
 */
import type { Position } from "../core/position.ts";
import type { Checkpoint, CheckpointStore } from "./store.ts";

/** The parts of all threads. */
export class JoinedCheckpoint {
  readonly #store: Pick<CheckpointStore, "save">;
  readonly #parts: Checkpoint[] = [];
  #writing: Promise<boolean> = Promise.resolve(true);
  #next: Promise<boolean> | undefined;

  constructor(store: Pick<CheckpointStore, "save">) {
    this.#store = store;
  }

  /** Takes over the part of a thread. Returns false when it could not be written. */
  save(thread: number, part: Checkpoint): Promise<boolean> {
    this.#parts[thread] = part;
    return this.#next ??= this.#writeAfter(this.#writing);
  }

  async #writeAfter(before: Promise<boolean>): Promise<boolean> {
    await before;
    this.#next = undefined;
    this.#writing = this.#store.save({ positions: joined(this.#parts), firstRunsMs: this.#firstRunsMs() });
    return await this.#writing;
  }

  /** The first thread knows all pipelines, also those that do not run now. */
  #firstRunsMs(): ReadonlyMap<string, number> {
    return new Map(this.#parts.toReversed().flatMap((part) => [...part?.firstRunsMs ?? []]));
  }
}

/** Later parts win over earlier ones. */
function joined(parts: readonly Checkpoint[]): Checkpoint["positions"] {
  const whole = new Map<string, Map<string, Position>>();
  for (const part of parts) {
    for (const [pipeline, positions] of part?.positions ?? []) {
      const all = whole.get(pipeline);
      if (all === undefined) whole.set(pipeline, new Map(positions));
      else for (const [key, position] of positions) all.set(key, position);
    }
  }
  return whole;
}
