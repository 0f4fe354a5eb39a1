/**
 * Records of several lines. Patterns decide, per line, whether it begins, continues or ends a record; a record under construction is
 * either a slice of this call's memory, as long as nothing but newlines lies between its lines, or lies in its stream's join buffer, each
 * line with its newline. Modes as in the original
 * (https://github.com/alibaba/loongcollector/blob/main/core/plugin/processor/inner/ProcessorSplitMultilineLogStringNative.cpp).
 */
import { copyBytes, findByte } from "./bytes";
import {
  dropJoined,
  emitJoined,
  joinAt,
  keepPiece,
  keepTime,
  pendingBytes,
  setPending,
  setPendingSafe,
  splitPending,
  usePendingFacts,
} from "./join";
import { APPEND, decide, EMIT_AFTER, EMIT_BEFORE, FAIL_BEFORE, UNMATCHED } from "./line_rules";
import { emit, facts, LineFacts, setStream, toArena } from "./rows";
import { ofStream, State, STDERR, STDOUT } from "./state";

/** Values of `State.unmatched`. */
const DISCARD: i32 = 2;

const NEWLINE: u8 = 0x0a;

/** Per stream, a record that is a slice of this call's memory: its start (0: there is none), its end, its facts. */
const OPEN_BYTES: usize = 48;
const openRecords = memory.data(96);

// @ts-ignore: decorator
@inline
function openOf(stream: i32): usize {
  return openRecords + <usize>stream * OPEN_BYTES;
}

// @ts-ignore: decorator
@inline
function openStart(stream: i32): usize {
  return load<usize>(openOf(stream));
}

// @ts-ignore: decorator
@inline
function openEnd(stream: i32): usize {
  return load<usize>(openOf(stream) + 4);
}

// @ts-ignore: decorator
@inline
function openFacts(stream: i32): LineFacts {
  return changetype<LineFacts>(openOf(stream) + 8);
}

// @ts-ignore: decorator
@inline
function copyFacts(target: LineFacts, source: LineFacts): void {
  // Its 24 bytes: field by field takes longer, and the run time longest.
  v128.store(changetype<usize>(target), v128.load(changetype<usize>(source)));
  store<u64>(changetype<usize>(target), load<u64>(changetype<usize>(source), 16), 16);
}

// @ts-ignore: decorator
@inline
function pendingLine(state: State, stream: i32): i32 {
  return load<i32>(ofStream(state, offsetof<State>("pendingLineStdout"), stream));
}

// @ts-ignore: decorator
@inline
function setPendingLine(state: State, stream: i32, at: i32): void {
  store<i32>(ofStream(state, offsetof<State>("pendingLineStdout"), stream), at);
}

/** Treats the lines in [start, end), the last one without its newline, as belonging to no record. Facts are set. */
function failLines(state: State, start: usize, end: usize): void {
  const offset = facts.offset;
  for (let at = start; at <= end;) {
    // Whatever number of lines there is, there is room for one record more.
    const newline = state.rows < state.rowsMax ? findByte(at, end, NEWLINE) : end;
    facts.offset = offset + <i32>(at - start);
    if (state.unmatched == DISCARD) state.linesDiscarded++;
    else emit(state, at, newline);
    at = newline + 1;
  }
}

/** Emits the record under construction, or gives its lines up. */
function closeRecord(state: State, stream: i32, fails: bool): void {
  if (openStart(stream) != 0) {
    const start = openStart(stream);
    const end = openEnd(stream);
    store<usize>(openOf(stream), 0);
    copyFacts(facts, openFacts(stream));
    if (fails) failLines(state, start, end);
    else emit(state, start, end);
    return;
  }
  const size = pendingBytes(state, stream);
  if (size > 0) closeJoined(state, stream, size, fails);
}

/** The same for the first `size` bytes of the join buffer, which are lines with their newlines. */
function closeJoined(state: State, stream: i32, size: i32, fails: bool): void {
  if (fails) {
    const lines = toArena(state, joinAt(state, stream), <usize>size);
    usePendingFacts(state, stream);
    failLines(state, lines, lines + <usize>(size - 1));
  } else emitJoined(state, stream, size - 1);
  dropJoined(state, stream, size);
}

/** Moves an open record to the join buffer. */
function spill(state: State, stream: i32): void {
  const start = openStart(stream);
  if (start == 0) return;
  store<usize>(openOf(stream), 0);
  keepPiece(state, stream, start, openEnd(stream), openFacts(stream));
  endLine(state, stream, openFacts(stream));
}

/** Ends a line in the join buffer. */
function endLine(state: State, stream: i32, line: LineFacts): void {
  const had = pendingBytes(state, stream);
  store<u8>(joinAt(state, stream) + <usize>had, NEWLINE);
  setPending(state, stream, had + 1);
  setPendingLine(state, stream, -1);
  if (had == 0) {
    setPendingSafe(state, stream, line.offset);
    keepTime(state, stream, line);
  }
}

/** Bytes of the record under construction. */
// @ts-ignore: decorator
@inline
function recordBytes(state: State, stream: i32): i32 {
  return openStart(stream) != 0 ? <i32>(openEnd(stream) - openStart(stream)) + 1 : pendingBytes(state, stream);
}

function appendLine(state: State, stream: i32, start: usize, end: usize, line: LineFacts): void {
  const size = recordBytes(state, stream);
  if (size > 0 && size + <i32>(end - start) > state.lineBytesMax) {
    closeRecord(state, stream, false);
    state.linesSplit++;
  }
  if (openStart(stream) != 0 && openEnd(stream) + 1 == start) {
    store<usize>(openOf(stream) + 4, end);
    if (state.timeOfFirst == 0) takeTime(openFacts(stream), line);
    return;
  }
  spill(state, stream);
  if (pendingBytes(state, stream) > 0) {
    keepPiece(state, stream, start, end, line);
    return endLine(state, stream, line);
  }
  store<usize>(openOf(stream), start);
  store<usize>(openOf(stream) + 4, end);
  copyFacts(openFacts(stream), line);
}

// @ts-ignore: decorator
@inline
function takeTime(target: LineFacts, source: LineFacts): void {
  target.timeStart = source.timeStart;
  target.timeEnd = source.timeEnd;
  target.seconds = source.seconds;
}

/** Takes a complete line that is a slice of this call's memory. */
function takeLine(state: State, stream: i32, start: usize, end: usize, line: LineFacts): void {
  const action = decide(state, recordBytes(state, stream) > 0, start, end);
  if ((action & (EMIT_BEFORE | FAIL_BEFORE)) != 0) closeRecord(state, stream, (action & FAIL_BEFORE) != 0);
  if ((action & APPEND) != 0) appendLine(state, stream, start, end, line);
  if ((action & EMIT_AFTER) != 0) closeRecord(state, stream, false);
  if ((action & UNMATCHED) == 0) return;
  if (state.unmatched == DISCARD) state.linesDiscarded++;
  else {
    copyFacts(facts, line);
    emit(state, start, end);
  }
}

/** Takes the line at the end of the join buffer, which came in pieces and is complete now. */
function takeJoinedLine(state: State, stream: i32, line: LineFacts): void {
  const before = pendingLine(state, stream);
  const join = joinAt(state, stream);
  const action = decide(state, before > 0, join + <usize>before, join + <usize>pendingBytes(state, stream));
  if (before > 0 && (action & (EMIT_BEFORE | FAIL_BEFORE)) != 0) {
    closeJoined(state, stream, before, (action & FAIL_BEFORE) != 0);
    setPendingSafe(state, stream, load<i32>(ofStream(state, offsetof<State>("pendingLineSafeStdout"), stream)));
    keepTime(state, stream, line);
  } else if (state.timeOfFirst == 0) keepTime(state, stream, line);
  endLine(state, stream, line);
  if ((action & UNMATCHED) != 0) closeJoined(state, stream, pendingBytes(state, stream), true);
  else if ((action & EMIT_AFTER) != 0) closeJoined(state, stream, pendingBytes(state, stream), false);
}

/** Makes room for `size` bytes of a line in pieces: what is complete before it goes out first, then what there is of it. */
function makeRoom(state: State, stream: i32, size: i32, line: LineFacts): void {
  if (pendingBytes(state, stream) + size <= state.lineBytesMax) return;
  const before = pendingLine(state, stream);
  if (before > 0 || (before < 0 && pendingBytes(state, stream) > 0)) {
    closeJoined(state, stream, before < 0 ? pendingBytes(state, stream) : before, false);
    if (before > 0) {
      setPendingLine(state, stream, 0);
      keepTime(state, stream, line);
    }
    setPendingSafe(state, stream, load<i32>(ofStream(state, offsetof<State>("pendingLineSafeStdout"), stream)));
    state.linesSplit++;
  }
  if (pendingBytes(state, stream) + size > state.lineBytesMax) splitPending(state, stream, line.offset);
}

const lineFacts = changetype<LineFacts>(memory.data(32));

/** Takes the content [start, end) of one line, or a piece of it; `facts` are the line's. */
export function takeMultiline(state: State, stream: i32, start: usize, end: usize, partial: bool): void {
  const line = lineFacts;
  copyFacts(line, facts);
  setLineStream(state, stream, line);
  const isPiece = partial && end > start;
  if (!isPiece && (pendingBytes(state, stream) == 0 || pendingLine(state, stream) < 0)) {
    return takeLine(state, stream, start, end, line);
  }
  spill(state, stream);
  makeRoom(state, stream, <i32>(end - start), line);
  if (pendingBytes(state, stream) == 0 || pendingLine(state, stream) < 0) {
    setPendingLine(state, stream, pendingBytes(state, stream));
    store<i32>(ofStream(state, offsetof<State>("pendingLineSafeStdout"), stream), line.offset);
  }
  keepLinePiece(state, stream, start, end, line);
  if (!isPiece) takeJoinedLine(state, stream, line);
}

/** Appends a piece of a line; the time of the lines before it stays theirs. */
function keepLinePiece(state: State, stream: i32, start: usize, end: usize, line: LineFacts): void {
  if (pendingLine(state, stream) == 0) return keepPiece(state, stream, start, end, line);
  const had = pendingBytes(state, stream);
  copyBytes(joinAt(state, stream) + <usize>had, start, end - start);
  setPending(state, stream, had + <i32>(end - start));
}

// @ts-ignore: decorator
@inline
function setLineStream(state: State, stream: i32, line: LineFacts): void {
  setStream(state, stream);
  line.streamStart = facts.streamStart;
  line.streamEnd = facts.streamEnd;
}

/** The call ends: what is under construction moves to where the host can keep it. */
export function spillAll(state: State): void {
  spill(state, STDOUT);
  spill(state, STDERR);
}

/** Hands out a stream's record without waiting for more lines; while `idle`, a line that came in pieces waits for its rest. */
export function flushMultiline(state: State, stream: i32, idle: bool): void {
  const line = pendingLine(state, stream);
  if (pendingBytes(state, stream) == 0) return;
  if (line >= 0) {
    if (idle) return;
    usePendingFacts(state, stream);
    copyFacts(lineFacts, facts);
    takeJoinedLine(state, stream, lineFacts);
  }
  closeRecord(state, stream, state.endPattern != 0);
}
