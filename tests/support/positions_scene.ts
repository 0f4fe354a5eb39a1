/**
 * A checkpoint directory and the agents that use it one after the other, as far as their positions are concerned.
 *
 * @module
 */
import { CheckpointStore } from "../../src/checkpoint/store.ts";
import type { Position } from "../../src/core/position.ts";
import { Pipeline } from "../../src/pipeline.ts";
import { SavedPositions } from "../../src/saved_positions.ts";
import { ClockEnv } from "./clock_env.ts";
import { testKernel } from "./kernel.ts";
import { RecordingLog } from "./recording_log.ts";

/** A position in the same file. */
export const at = (offset: number): Position => ({
  identity: { device: 1, inode: 2, headBytes: 0, headHash: 0 },
  offset,
});

/** A checkpoint directory that outlives the agents that use it. */
export class PositionsScene implements Disposable {
  readonly directory = Deno.makeTempDirSync({ prefix: "sluice-positions-" });
  readonly env = new ClockEnv();
  readonly log = new RecordingLog();
  /** Keys of sources whose files are gone. */
  readonly gone = new Set<string>();
  readonly store = new CheckpointStore(this.directory, this.env, this.log);

  /** A new life of the agent. */
  start(...names: string[]): { saved: SavedPositions; pipelines: Pipeline[] } {
    const pipelines = names.map((name) => new Pipeline({ name, ...this.#parts() }));
    const isThere = (key: string) => !this.gone.has(key);
    return { saved: new SavedPositions(this.store, pipelines, this.env, isThere, this.env.now()), pipelines };
  }

  #parts() {
    const { env, log } = this;
    return { kernel: testKernel(), flushers: [], processors: [], textOf: () => [], env, log };
  }

  /** Offsets by pipeline and source, as they are on disk. */
  onDisk(): Record<string, Record<string, number>> {
    const sources = (positions: ReadonlyMap<string, { offset: number }>) =>
      Object.fromEntries([...positions].map(([key, { offset }]) => [key, offset]));
    return Object.fromEntries([...this.store.load().positions].map(([name, positions]) => [name, sources(positions)]));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }
}
