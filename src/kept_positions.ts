/**
 * Pipelines whose positions are kept where their records go read nothing before they know them.
 *
 * @module
 */
import type { Pipeline } from "./pipeline.ts";
import type { SavedPositions } from "./saved_positions.ts";

/** Which pipelines do not know yet where their reading goes on. */
export class KeptPositions {
  readonly #awaited = new Set<Pipeline>();

  /** @param onKnown called when one more pipeline can read. */
  constructor(pipelines: readonly Pipeline[], saved: SavedPositions, onKnown: () => void) {
    for (const pipeline of pipelines) void this.#take(pipeline, saved, onKnown);
  }

  /** Whether a pipeline must wait before it reads. */
  isAwaited(pipeline: Pipeline): boolean {
    return this.#awaited.has(pipeline);
  }

  async #take(pipeline: Pipeline, saved: SavedPositions, onKnown: () => void): Promise<void> {
    if (pipeline.positionKeeper === undefined) return;
    this.#awaited.add(pipeline);
    saved.adopt(pipeline, await pipeline.positionKeeper.kept);
    this.#awaited.delete(pipeline);
    onKnown();
  }
}
