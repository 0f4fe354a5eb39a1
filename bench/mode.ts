/**
 * The names of what can be measured. What a kind of work means is in `workload.ts`; what is measured of it, in the suites.
 *
 * @module
 */

/** The kinds of work of which a log is read to its end; each is a mode of its own, in the order of the report. */
export const LOG_KINDS = [
  "plain",
  "regex",
  "json",
  "multiline",
  "docker",
  "lines-512",
  "chinese",
  "lines-16k",
] as const;
/** One of {@link LOG_KINDS}. */
export type LogKind = (typeof LOG_KINDS)[number];

/** What an agent has to do with what it reads: a log of containers, or files inside them (`files`). */
export type WorkKind = LogKind | "files";

/** The compressions of what is sent. `lz4-1` is the level of this project's lz4 that searches, as that of the peers always does. */
export const CODECS = ["none", "lz4", "lz4-1", "zstd"] as const;
/** One of {@link CODECS}. */
export type Codec = (typeof CODECS)[number];

/** A codec as peers know it. */
export function peerCodec(codec: Codec): Exclude<Codec, "lz4-1"> {
  return codec === "lz4-1" ? "lz4" : codec;
}
