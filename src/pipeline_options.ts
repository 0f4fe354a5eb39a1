/**
 * What a pipeline is made of, and what it is told of each source. Only shapes; `pipeline.ts` works with them.
 *
 * @module
 */
import type { Batch, DecodeCounts, Decoder } from "./core/batch.ts";
import type { Env, FileStat } from "./core/env.ts";
import type { Flusher } from "./core/flusher.ts";
import type { IdleFlush, LagLimits } from "./core/input.ts";
import type { Log } from "./core/log.ts";
import type { FileIdentity, Position } from "./core/position.ts";
import type { Processor } from "./core/processor.ts";
import type { LogRecord } from "./core/record.ts";
import type { Source } from "./core/source.ts";
import type { Kernel } from "./kernel/kernel.ts";
import type { Pace } from "./limits/resource_limits.ts";

/** Makes a source's decoder in a pipeline's kernel. */
export type MakeDecoder = (kernel: Kernel, counts: DecodeCounts) => Decoder;

/** How a pipeline reads one source. */
export interface SourcePlan {
  readonly source: Source;
  /** Where reading stopped before; undefined: it begins where the source says. */
  readonly position: Position | undefined;
  readonly makeDecoder: MakeDecoder;
  /** Undefined: what is held back waits for its rest, or for the source's end. */
  readonly idleFlush: IdleFlush | undefined;
  /** Undefined: however far reading is behind, nothing is said and nothing skipped. */
  readonly lag?: LagLimits;
  /** Whether files get each other's names, so that one that comes next may be known by another; false by default. */
  readonly namesMove?: boolean;
}

/** A file that a source has read to its end and let go of; all of it is delivered. */
export interface LeftFile {
  /** The source's key. */
  readonly key: string;
  /** Whose file it is; empty for one of the node. */
  readonly containerId: string;
  readonly identity: FileIdentity;
  /** Where its end was. */
  readonly offset: number;
}

/** What a pipeline is made of. */
export interface PipelineOptions {
  readonly name: string;
  readonly kernel: Kernel;
  readonly flushers: readonly Flusher[];
  readonly processors: readonly Processor[];
  /** Makes text of a batch that was just decoded, for the processors; not called where there are none. */
  readonly textOf: (batch: Batch) => LogRecord[];
  /**
   * Called when a source whose names move has gone on to another file, or has ended, once everything of the file it left is settled: under another name
   * the file is no new one. Called from within `run` or from a ticket's release.
   */
  readonly onLeft?: (file: LeftFile) => void;
  /** Where reading of a file with this number ended that was left, as `onLeft` has told. */
  readonly tryLeft?: (stat: FileStat) => Position | undefined;
  /** Is asked between turns; undefined: reading never pauses. */
  readonly pace?: Pace;
  readonly env: Env;
  readonly log: Log;
}
