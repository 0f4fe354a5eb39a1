/** Writing decoded records into the columns. Contents that would not fit a message once escaped become several records. */
import { copyBytes, decimalTo } from "./bytes";
import { escapeTo } from "./escape";
import { escapedPrefix } from "./escaped_size";
import { CONTENT, OFFSET, setSlice, State, STDOUT, STREAM, TIME } from "./state";

/** What every record of one line shares. */
@unmanaged
export class LineFacts {
  timeStart: usize;
  timeEnd: usize;
  streamStart: usize;
  streamEnd: usize;
  seconds: i32;
  // Where the record begins, relative to the chunk.
  offset: i32;
}

/** The facts of the record that is being written. */
export const facts = changetype<LineFacts>(memory.data(32));

export function setStream(state: State, stream: i32): void {
  const base = changetype<usize>(state);
  const text = stream == STDOUT ? base + offsetof<State>("stdoutText") : base + offsetof<State>("stderrText");
  facts.streamStart = text;
  facts.streamEnd = text + 6;
}

/** Copies what must outlive its place into the arena; may write up to 15 bytes beyond. */
export function toArena(state: State, source: usize, size: usize): usize {
  const target = <usize>(state.arena + state.arenaUsed);
  copyBytes(target, source, size);
  state.arenaUsed += <i32>size;
  return target;
}

function writeOffset(state: State, row: i32, skipped: i32): void {
  const chunkOffset = (<i64>state.chunkOffsetHigh << 32) | <i64><u32>state.chunkOffsetLow;
  const start = <usize>(state.arena + state.arenaUsed);
  // What began in the file before this one counts as beginning with this one.
  const end = decimalTo(start, <u64>max<i64>(0, chunkOffset + <i64>(facts.offset + skipped)));
  state.arenaUsed += <i32>(end - start);
  setSlice(state, OFFSET, row, start, end);
}

// @ts-ignore: decorator
@inline
function appendRow(state: State, start: usize, end: usize, skipped: i32): void {
  const row = state.rows;
  setSlice(state, CONTENT, row, start, end);
  setSlice(state, TIME, row, facts.timeStart, facts.timeEnd);
  setSlice(state, STREAM, row, facts.streamStart, facts.streamEnd);
  store<i32>(<usize>state.times + (<usize>row << 2), facts.seconds);
  if (state.chunkOffsetHigh >= 0) writeOffset(state, row, skipped);
  state.rows = row + 1;
}

/** Appends a content that is the inside of a JSON string, where all are, and fits a message. */
export function emitJsonText(state: State, start: usize, end: usize): void {
  appendRow(state, start, end, 0);
}

/** Appends a content, which is escaped first where all are JSON text. */
function appendText(state: State, start: usize, end: usize, skipped: i32): void {
  if (state.isJsonText != 0) {
    const out = <usize>(state.arena + state.arenaUsed);
    end = escapeTo(out, start, end);
    start = out;
    state.arenaUsed += <i32>(end - start);
  }
  appendRow(state, start, end, skipped);
}

/** Appends the content [start, end) as one record, or as several where it escapes to more than `contentBytesMax`. */
export function emit(state: State, start: usize, end: usize): void {
  let skipped: i32 = 0;
  if (<i32>(end - start) > state.contentBytesMax / 6) {
    for (;;) {
      const cut = escapedPrefix(start, end, <usize>state.contentBytesMax);
      if (cut == end) break;
      appendText(state, start, cut, skipped);
      state.linesSplit++;
      skipped += <i32>(cut - start);
      start = cut;
    }
  }
  appendText(state, start, end, skipped);
}
