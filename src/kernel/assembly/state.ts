/**
 * The words that host and kernel share: where the regions of the memory are, what the decoder carries from chunk to chunk and
 * what a call produced. `../kernel_state.ts` names the same words in the same order; a test holds one against the other.
 */

/** All words are 32-bit. Offsets called relative count from the chunk's first byte and are negative for earlier bytes. */
@unmanaged
export class State {
  // Regions, set once by the host.
  columns: i32;
  rowsRoom: i32;
  rowsMax: i32;
  times: i32;
  arena: i32;
  joinStdout: i32;
  joinStderr: i32;
  // Limits, set once by the host.
  lineBytesMax: i32;
  contentBytesMax: i32;
  // The decoder's carry: the partial record of each stream, loaded and stored by the host around a call.
  pendingStdout: i32;
  pendingStderr: i32;
  pendingSafeStdout: i32;
  pendingSafeStderr: i32;
  pendingTimeStdout: i32;
  pendingTimeStderr: i32;
  pendingSecondsStdout: i32;
  pendingSecondsStderr: i32;
  // Where in the join buffer the line begins that is not complete yet; -1: the last one is.
  pendingLineStdout: i32;
  pendingLineStderr: i32;
  // Where that line begins, relative to the chunk.
  pendingLineSafeStdout: i32;
  pendingLineSafeStderr: i32;
  // What the last decoding call produced.
  rows: i32;
  consumed: i32;
  arenaUsed: i32;
  linesMalformed: i32;
  linesSplit: i32;
  linesFiltered: i32;
  linesDiscarded: i32;
  // What the last rendering call produced.
  outEnd: i32;
  // The seconds of a record that has no time of its own.
  nowSeconds: i32;
  // Where reading may start again after `consumed`: earlier than it while a partial record is pending.
  consumedSafe: i32;
  // How records of several lines are put together (`multiline.ts`); set by the host before a call.
  multiline: i32;
  unmatched: i32;
  checkBytesMax: i32;
  // 1: a joined record has the time of its first line, 0: that of its last.
  timeOfFirst: i32;
  // The address of a pattern's table, or minus the number by which the host knows it; 0: none.
  startPattern: i32;
  continuePattern: i32;
  endPattern: i32;
  // 1: contents are the insides of JSON strings, escaped as in messages; 0: they are texts.
  isJsonText: i32;
  // Where the chunk begins in its file, for the offset column; negative: there is none.
  chunkOffsetLow: i32;
  chunkOffsetHigh: i32;
  // What is around a message in its record, set by the host before rendering: the key as it stands there, its length included, or the
  // column that it is in (-1: none), and the headers, their number included.
  keyStart: i32;
  keyEnd: i32;
  keyColumn: i32;
  headersStart: i32;
  headersEnd: i32;
  // The time parser's own: the text and the seconds of the minute that the last line was in.
  minuteValid: i32;
  minuteTextLow: u64;
  minuteTextHigh: u64;
  minuteSeconds: i64;
  // "stdout" and "stderr", eight bytes each, for the stream column.
  stdoutText: u64;
  stderrText: u64;
}

/** Longest time text that is kept with a partial record, in bytes. */
export const TIME_BYTES_MAX: i32 = 64;

/** Columns of a decoded line. */
export const CONTENT: i32 = 0;
export const TIME: i32 = 1;
export const STREAM: i32 = 2;
/** Where the record begins in its file, in decimal. */
export const OFFSET: i32 = 3;

export const STDOUT: i32 = 0;
export const STDERR: i32 = 1;

/** The address of a stream's word, of which there are two, side by side. */
// @ts-ignore: decorator
@inline
export function ofStream(state: State, offset: usize, stream: i32): usize {
  return changetype<usize>(state) + offset + (<usize>stream << 2);
}

// @ts-ignore: decorator
@inline
export function columnStart(state: State, column: i32, row: i32): usize {
  return <usize>(state.columns + ((column * 2 * state.rowsRoom + row) << 2));
}

// @ts-ignore: decorator
@inline
export function columnEnd(state: State, column: i32, row: i32): usize {
  return <usize>(state.columns + (((column * 2 + 1) * state.rowsRoom + row) << 2));
}

// @ts-ignore: decorator
@inline
export function setSlice(state: State, column: i32, row: i32, start: usize, end: usize): void {
  store<i32>(columnStart(state, column, row), <i32>start);
  store<i32>(columnEnd(state, column, row), <i32>end);
}
