/**
 * One checkpoint of several threads: each hands in its part as a whole, and what is written is all parts together. Parts that come while
 * the file is being written are written together next.
 *
 * Invariant: a source is in the part of one thread; only the first part may also hold positions of sources that another thread has
 * taken over, which are older.
 *
 * @module
 */
import type { KnownSourcesByPipeline } from "../core/known_source.ts";
import type { Checkpoint, CheckpointStore } from "./store.ts";

/** The parts of all threads. */
export class JoinedCheckpoint {
  readonly #store: Pick<CheckpointStore, "save">;
  readonly #parts: Checkpoint[] = [];
  #writing: Promise<boolean> = Promise.resolve(true);
  #next: Promise<boolean> | undefined;
  /** What each thread has told last. */
  readonly #sources: KnownSourcesByPipeline[] = [];
  #hasSourceNews = false;

  constructor(store: Pick<CheckpointStore, "save">) {
    this.#store = store;
  }

  /** Takes over the part of a thread. Returns false when it could not be written. */
  save(thread: number, part: Checkpoint): Promise<boolean> {
    this.#parts[thread] = part;
    if (part.sources !== undefined) {
      this.#sources[thread] = part.sources;
      this.#hasSourceNews = true;
    }
    return this.#next ??= this.#writeAfter(this.#writing);
  }

  async #writeAfter(before: Promise<boolean>): Promise<boolean> {
    await before;
    this.#next = undefined;
    const hadNews = this.#hasSourceNews;
    this.#hasSourceNews = false;
    this.#writing = this.#store.save({
      positions: joined(this.#parts.map((part) => part?.positions)),
      firstRunsMs: this.#firstRunsMs(),
      ...hadNews && { sources: joined(this.#sources) },
    });
    const isSaved = await this.#writing;
    if (!isSaved) this.#hasSourceNews ||= hadNews;
    return isSaved;
  }

  /** The first thread knows all pipelines, also those that do not run now. */
  #firstRunsMs(): ReadonlyMap<string, number> {
    return new Map(this.#parts.toReversed().flatMap((part) => [...part?.firstRunsMs ?? []]));
  }
}

/** Later parts win over earlier ones. */
function joined<Value>(
  parts: readonly (ReadonlyMap<string, ReadonlyMap<string, Value>> | undefined)[],
): ReadonlyMap<string, ReadonlyMap<string, Value>> {
  const whole = new Map<string, Map<string, Value>>();
  for (const part of parts) {
    for (const [pipeline, values] of part ?? []) {
      const all = whole.get(pipeline);
      if (all === undefined) whole.set(pipeline, new Map(values));
      else for (const [key, value] of values) all.set(key, value);
    }
  }
  return whole;
}
