/**
 * The names of what can be measured. What a mode means is in `workload.ts` (throughput) and `idle_node.ts` (rest).
 *
 * @module
 */

/** The kinds of work: a log that is there when the agent starts. */
export const THROUGHPUT_MODES = ["plain", "regex", "json", "multiline", "docker"] as const;
/** One of {@link THROUGHPUT_MODES}. */
export type ThroughputMode = (typeof THROUGHPUT_MODES)[number];

/** The kinds of rest: many logs to which nobody writes, of containers (`idle`) or in their volumes (`idle-files`). */
export const IDLE_MODES = ["idle", "idle-files"] as const;
/** One of {@link IDLE_MODES}. */
export type IdleMode = (typeof IDLE_MODES)[number];

/** All of them, in the order of the report. */
export const MODES = [...THROUGHPUT_MODES, ...IDLE_MODES] as const;
/** One of {@link MODES}. */
export type Mode = (typeof MODES)[number];

/** The compressions of what is sent. */
export const CODECS = ["none", "lz4"] as const;
/** One of {@link CODECS}. */
export type Codec = (typeof CODECS)[number];

/** Whether a mode measures rest. */
export function isIdleMode(mode: Mode): mode is IdleMode {
  return IDLE_MODES.some((idle) => idle === mode);
}
