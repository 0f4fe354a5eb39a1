/**
 * Where batches come from: which containers an input takes, what it reads of them and how it decodes that. An input owns no
 * loop: the agent asks it what there is, the pipeline reads.
 *
 * @module
 */
import type { DecodeCounts, Decoder } from "./batch.ts";
import type { Container } from "./container.ts";
import type { Source } from "./source.ts";

/** Whether a container is taken, and if not, why, in words for people. */
export type Decision = { readonly matches: true } | { readonly matches: false; readonly reason: string };

/** What becomes of a record whose rest does not come. */
export interface IdleFlush {
  /** A source that gave nothing for so long hands out what it holds back. */
  readonly afterMs: number;
  /** Whether a last line without a newline is handed out, too. */
  readonly incompleteLines: boolean;
}

/** How far reading may be behind the end of a file, in bytes. */
export interface LagLimits {
  /** Further behind, everything but the file's tail is skipped; 0: never. */
  readonly skipAboveBytes: number;
  /** Further behind, a warning says so. */
  readonly warnAboveBytes: number;
}

/** One input of one pipeline. `Kernel` is what its decoders work in. */
export interface Input<Kernel> {
  /** Longest record in bytes. */
  readonly lineBytesMax: number;
  /** Undefined: what is held back waits for its rest, or for the source's end. */
  readonly idleFlush: IdleFlush | undefined;
  /** Whether its sources come and go: `sources` is asked again and again, and only while a container runs. */
  readonly isDynamic: boolean;
  /** Whether it reads the agent's own file system and no containers: then it is asked for `sources(undefined)`. */
  readonly readsNode: boolean;
  /** Set: what it reads, only one pipeline may read; where several want it, the greatest depth of a base directory wins. */
  readonly exclusive: { readonly baseDepth: number } | undefined;
  /** Undefined: however far reading is behind, nothing is skipped. */
  readonly lag: LagLimits | undefined;
  decide(container: Container): Decision;
  /** What is in the way of reading a container that was taken, in words for people; undefined where nothing is known to be. */
  tryProblem?(container: Container): string | undefined;
  /** What there is to read now of a container that was taken. @throws when the disk fails: it is to be asked again. */
  sources(container: Container | undefined): readonly Source[];
  /** @param takesJsonText whether contents may be JSON text (`ColumnField.isJsonText`), if they are as they are read; by default they may not. */
  decoder(kernel: Kernel, source: Source, counts: DecodeCounts, takesJsonText?: boolean): Decoder;
  /** The container is gone for good: what was remembered of it is dropped. */
  forget(containerId: string): void;
}
