/** Writing decoded records into the columns. Contents that would not fit a message once escaped become several records. */
import { escapedPrefix } from "./escape";
import { CONTENT, setSlice, State, STREAM, TIME } from "./state";

/** What every record of one line shares. */
@unmanaged
export class LineFacts {
  timeStart: usize;
  timeEnd: usize;
  streamStart: usize;
  streamEnd: usize;
  seconds: i32;
}

function appendRow(state: State, start: usize, end: usize, facts: LineFacts): void {
  const row = state.rows;
  setSlice(state, CONTENT, row, start, end);
  setSlice(state, TIME, row, facts.timeStart, facts.timeEnd);
  setSlice(state, STREAM, row, facts.streamStart, facts.streamEnd);
  store<i32>(<usize>state.times + (<usize>row << 2), facts.seconds);
  state.rows = row + 1;
}

/** Appends the content [start, end) as one record, or as several where it escapes to more than `contentBytesMax`. */
export function emit(state: State, start: usize, end: usize, facts: LineFacts): void {
  if (<i32>(end - start) > state.contentBytesMax / 6) {
    for (;;) {
      const cut = escapedPrefix(start, end, <usize>state.contentBytesMax);
      if (cut == end) break;
      appendRow(state, start, cut, facts);
      state.linesSplit++;
      start = cut;
    }
  }
  appendRow(state, start, end, facts);
}
