/**
 * The words that host and kernel share, in the order of `assembly/state.ts`. The host reads and writes them by index into an
 * `Int32Array`.
 *
 * @module
 */

/** Names of the state's 32-bit words; the index is the position. */
const WORDS = [
  "columns",
  "rowsRoom",
  "rowsMax",
  "times",
  "arena",
  "joinStdout",
  "joinStderr",
  "lineBytesMax",
  "contentBytesMax",
  "pendingStdout",
  "pendingStderr",
  "pendingSafeStdout",
  "pendingSafeStderr",
  "pendingTimeStdout",
  "pendingTimeStderr",
  "pendingSecondsStdout",
  "pendingSecondsStderr",
  "pendingLineStdout",
  "pendingLineStderr",
  "pendingLineSafeStdout",
  "pendingLineSafeStderr",
  "rows",
  "consumed",
  "arenaUsed",
  "linesMalformed",
  "linesSplit",
  "linesFiltered",
  "linesDiscarded",
  "outEnd",
  "nowSeconds",
  "consumedSafe",
  "multiline",
  "unmatched",
  "checkBytesMax",
  "timeOfFirst",
  "startPattern",
  "continuePattern",
  "endPattern",
  "isJsonText",
  "chunkOffsetLow",
  "chunkOffsetHigh",
  "keyStart",
  "keyEnd",
  "keyColumn",
  "headersStart",
  "headersEnd",
] as const;

/** A word of the shared state. */
export type StateWord = typeof WORDS[number];

/** Where each word is, counted in words. */
export const STATE = Object.fromEntries(WORDS.map((word, index) => [word, index])) as Record<StateWord, number>;

/** Bytes of the whole state, the kernel's own words included. */
export const STATE_BYTES = 256;
