/**
 * The positions of all pipelines, from the checkpoint and back to it. Keeps those of sources that are not read now (a pipeline whose
 * file is broken, a runtime that does not answer yet) until their files are gone.
 *
 * @module
 */
import type { Env } from "./core/env.ts";
import type { Position } from "./core/position.ts";
import type { CheckpointStore } from "./checkpoint/store.ts";
import type { Pipeline } from "./pipeline.ts";

/** What was saved before and nobody reads yet, beside what the running pipelines have settled. */
export class SavedPositions {
  readonly #store: CheckpointStore | undefined;
  readonly #env: Env;
  readonly #pipelines: readonly Pipeline[];
  readonly #unclaimed: Map<string, Map<string, Position>>;
  #changesSaved = 0;

  /** @param store undefined: nothing was saved and nothing will be. */
  constructor(store: CheckpointStore | undefined, pipelines: readonly Pipeline[], env: Env) {
    this.#store = store;
    this.#env = env;
    this.#pipelines = pipelines;
    this.#unclaimed = new Map([...store?.load() ?? []].map(([name, sources]) => [name, new Map(sources)]));
  }

  /** Number of sources that had a position and are not read. */
  get unclaimedCount(): number {
    return [...this.#unclaimed.values()].reduce((sum, sources) => sum + sources.size, 0);
  }

  /** Hands out where reading of a source stopped before. */
  claim(pipeline: Pipeline, sourceKey: string): Position | undefined {
    const settled = pipeline.ledger.position(sourceKey);
    if (settled !== undefined) return settled;
    const position = this.#unclaimed.get(pipeline.name)?.get(sourceKey);
    this.#unclaimed.get(pipeline.name)?.delete(sourceKey);
    return position;
  }

  /** Forgets sources that nobody reads and whose files are gone. */
  prune(isThere: (sourceKey: string) => boolean): void {
    for (const sources of this.#unclaimed.values()) {
      for (const key of sources.keys()) if (!isThere(key)) sources.delete(key);
    }
  }

  /**
   * Saves if something was settled since the last time. Calls must not overlap.
   *
   * @returns the milliseconds for which the thread was busy with it.
   */
  async saveChanges(): Promise<number> {
    for (const pipeline of this.#pipelines) pipeline.forgetEnded();
    if (this.#store === undefined) return 0;
    const changes = this.#pipelines.reduce((sum, { ledger }) => sum + ledger.changes, 0);
    if (changes === this.#changesSaved) return 0;
    const startedMs = this.#env.now();
    const saved = this.#store.save(this.#collect());
    const busyMs = this.#env.now() - startedMs;
    if (await saved) this.#changesSaved = changes;
    return busyMs;
  }

  #collect(): Map<string, ReadonlyMap<string, Position>> {
    const checkpoint = new Map<string, ReadonlyMap<string, Position>>(this.#unclaimed);
    for (const { name, ledger } of this.#pipelines) {
      checkpoint.set(name, new Map([...this.#unclaimed.get(name) ?? [], ...ledger.positions()]));
    }
    return checkpoint;
  }
}
