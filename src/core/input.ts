/**
 * Where batches come from: which containers an input takes, what it reads of them and how it decodes that. An input owns no
 * loop: the pipeline reads.
 *
 * @module
 */
import type { DecodeCounts, Decoder } from "./batch.ts";
import type { Container } from "./container.ts";
import type { Source } from "./source.ts";

/** Whether a container is taken, and if not, why, in words for people. */
export type Decision = { readonly matches: true } | { readonly matches: false; readonly reason: string };

/** One input of one pipeline. `Kernel` is what its decoders work in. */
export interface Input<Kernel> {
  /** Longest record in bytes. */
  readonly lineBytesMax: number;
  /** Where a source begins that was never read: at its first byte, or this many bytes before its end. */
  readonly start: number | "first";
  decide(container: Container): Decision;
  /** What is read of a container that was taken. */
  source(container: Container): Source;
  decoder(kernel: Kernel, source: Source, counts: DecodeCounts): Decoder;
}
