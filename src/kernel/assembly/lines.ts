/** Lines of plain text files. They are records as they are, or parts of records of several lines; they have no time of their own. */
import { findByteFar } from "./bytes";
import { overlongCut } from "./container_log";
import { safeAt } from "./join";
import { spillAll, takeMultiline } from "./multiline";
import { emit, facts } from "./rows";
import { State, STDOUT } from "./state";

const NEWLINE: u8 = 0x0a;

// @ts-ignore: decorator
@inline
function takeLine(state: State, chunk: usize, start: usize, end: usize): void {
  facts.offset = <i32>(start - chunk);
  if (state.multiline != 0) takeMultiline(state, STDOUT, start, end, false);
  else emit(state, start, end);
}

/**
 * Decodes the complete lines of [chunk, end) into rows until there are `rowsMax`. A line that has no end in
 * `lineRoom` bytes is handed out in parts.
 *
 * @returns the number of rows. `consumed` tells how many bytes were used up.
 */
export function decodeLines(state: State, chunk: usize, end: usize, lineRoom: usize): i32 {
  state.rows = 0;
  state.arenaUsed = 0;
  state.isJsonText = 0;
  let at = chunk;
  while (at < end && state.rows < state.rowsMax) {
    const stop = min<usize>(end, at + lineRoom);
    const newline = findByteFar(at, stop, NEWLINE);
    useFacts(state, chunk);
    if (newline == stop) {
      if (stop - at < lineRoom) break;
      const cut = overlongCut(state, at, end);
      state.linesSplit++;
      takeLine(state, chunk, at, cut);
      at = cut;
      continue;
    }
    takeLine(state, chunk, at, newline);
    at = newline + 1;
  }
  spillAll(state);
  state.consumed = <i32>(at - chunk);
  state.consumedSafe = safeAt(state, state.consumed);
  return state.rows;
}

// @ts-ignore: decorator
@inline
function useFacts(state: State, chunk: usize): void {
  facts.timeStart = chunk;
  facts.timeEnd = chunk;
  facts.streamStart = chunk;
  facts.streamEnd = chunk;
  facts.seconds = state.nowSeconds;
}
