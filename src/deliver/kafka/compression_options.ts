/**
 * The options `Compression` and `CompressionLevel`. The Kafka library of the original passes a level to gzip and Zstandard only
 * (https://github.com/IBM/sarama/blob/main/compress.go); LZ4 has levels here as an addition.
 *
 * @module
 */
import type * as z from "zod";
import { withNote } from "../../core/option_facts.ts";
import { choice, integer, type IntegerRange, type OptionType } from "../../core/options.ts";
import { type Compression, COMPRESSIONS } from "./compression.ts";

/**
 * The default for every codec but LZ4. The original's is 4: on an access log that takes twice the time of 1 with Zstandard, for as many
 * bytes, and half as much again with gzip, for three quarters.
 */
const LEVEL_DEFAULT = 1;

/** The levels of the codecs that have any. */
const LEVELS: Readonly<Partial<Record<Compression, Required<IntegerRange>>>> = {
  gzip: { min: 0, max: 9 },
  zstd: { min: 1, max: 22 },
};

/** The level of a codec where none is given: LZ4 is quickest. */
export function levelOf(compression: Compression, level: number | undefined): number {
  return level ?? (compression === "lz4" ? 0 : LEVEL_DEFAULT);
}

/** The option `Compression`: a codec's name in any case; `none` where it is left out. */
export function compression(): OptionType<Compression> {
  return choice(COMPRESSIONS).default("none");
}

/** The option `CompressionLevel`: a whole number; what it may be depends on the codec, see `checkCompressionLevel` and `levelOf`. */
export function compressionLevel(): OptionType<number | undefined> {
  const lz4 = "for lz4, 0 (its default) leaves out what records of one source have in common, more also searches";
  return withNote(
    integer().optional(),
    `0 to 9 for gzip, 1 to 22 for zstd, 1 by default; ${lz4}; no effect with snappy`,
  );
}

/** Reports a level that the codec does not have. To be used where both options are good: `whenGood("Compression", …)`. */
export function checkCompressionLevel(
  given: { readonly Compression: Compression; readonly CompressionLevel?: number | undefined },
  context: z.RefinementCtx,
): void {
  const range = LEVELS[given.Compression];
  const level = given.CompressionLevel;
  if (range === undefined || level === undefined || (level >= range.min && level <= range.max)) return;
  const message = `must be from ${range.min} to ${range.max} for ${given.Compression}, not ${level}`;
  context.addIssue({ code: "custom", path: ["CompressionLevel"], message });
}
