/**
 * Container log lines of the CRI: `time stream tags content`, where a first tag P says that the line goes on in the next one of
 * the same stream and F that it is complete
 * (https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md).
 * Each stream has its own pending record: interleaved streams never mix.
 */
import { findByte } from "./bytes";
import { sequenceSize } from "./escape";
import { emit, LineFacts } from "./rows";
import { State, TIME_BYTES_MAX } from "./state";
import { parseTime } from "./time";

const STDOUT: i32 = 0;
const STDERR: i32 = 1;
/** "stdout " and "stderr " as little-endian words. */
const STDOUT_WORD: u64 = 0x2074756f647473;
const STDERR_WORD: u64 = 0x20727265647473;
const STREAM_WORD_MASK: u64 = 0x00ffffffffffffff;

const facts = changetype<LineFacts>(memory.data(20));

// @ts-ignore: decorator
@inline
function pendingBytes(state: State, stream: i32): i32 {
  return stream == STDOUT ? state.pendingStdout : state.pendingStderr;
}

// @ts-ignore: decorator
@inline
function join(state: State, stream: i32): usize {
  return <usize>(stream == STDOUT ? state.joinStdout : state.joinStderr);
}

function setPending(state: State, stream: i32, size: i32): void {
  if (stream == STDOUT) state.pendingStdout = size;
  else state.pendingStderr = size;
}

/** The earliest byte that must be read again if reading started anew after `position`. */
// @ts-ignore: decorator
@inline
function safeAt(state: State, position: i32): i32 {
  let safe = position;
  if (state.pendingStdout > 0 && state.pendingSafeStdout < safe) safe = state.pendingSafeStdout;
  if (state.pendingStderr > 0 && state.pendingSafeStderr < safe) safe = state.pendingSafeStderr;
  return safe;
}

// @ts-ignore: decorator
@inline
function setStream(state: State, stream: i32): void {
  const base = changetype<usize>(state);
  const text = stream == STDOUT ? base + offsetof<State>("stdoutText") : base + offsetof<State>("stderrText");
  facts.streamStart = text;
  facts.streamEnd = text + 6;
}

/** Keeps a piece of a record until the rest comes. `lineStart` and `seconds` are those of the piece's own line. */
function keepPiece(state: State, stream: i32, start: usize, end: usize, lineStart: i32, seconds: i32): void {
  const had = pendingBytes(state, stream);
  memory.copy(join(state, stream) + <usize>had, start, end - start);
  setPending(state, stream, had + <i32>(end - start));
  const time = join(state, stream) - TIME_BYTES_MAX;
  const timeBytes = facts.timeEnd - facts.timeStart;
  memory.copy(time, facts.timeStart, timeBytes);
  if (stream == STDOUT) {
    if (had == 0) state.pendingSafeStdout = lineStart;
    state.pendingTimeStdout = <i32>timeBytes;
    state.pendingSecondsStdout = seconds;
  } else {
    if (had == 0) state.pendingSafeStderr = lineStart;
    state.pendingTimeStderr = <i32>timeBytes;
    state.pendingSecondsStderr = seconds;
  }
}

/** Copies what must outlive the join buffer into the arena. */
function toArena(state: State, source: usize, size: usize): usize {
  const target = <usize>(state.arena + state.arenaUsed);
  memory.copy(target, source, size);
  state.arenaUsed += <i32>size;
  return target;
}

/** The bytes at the end of [start, end) that may be the beginning of a character: 0 to 3. Runtimes cut pieces after any byte. */
function unfinishedBytes(start: usize, end: usize): i32 {
  for (let back: i32 = 1; back <= 3 && end - <usize>back >= start; back++) {
    const byte = load<u8>(end - <usize>back);
    if ((byte & 0xc0) == 0x80) continue;
    return byte >= 0xc0 && sequenceSize(end - <usize>back, end) == -back ? back : 0;
  }
  return 0;
}

/** Emits a record that has grown too long, up to its last whole character; what is left goes on in the line at `lineStart`. */
function splitPending(state: State, stream: i32, lineStart: i32): void {
  const size = pendingBytes(state, stream);
  const start = join(state, stream);
  const rest = unfinishedBytes(start, start + <usize>size);
  if (rest == size) return;
  setPending(state, stream, size - rest);
  emitPending(state, stream);
  memory.copy(start, start + <usize>(size - rest), <usize>rest);
  setPending(state, stream, rest);
  if (stream == STDOUT) state.pendingSafeStdout = lineStart;
  else state.pendingSafeStderr = lineStart;
  state.linesSplit++;
}

/** Emits a stream's pending pieces as a record with the last piece's time. */
function emitPending(state: State, stream: i32): void {
  const size = pendingBytes(state, stream);
  const content = toArena(state, join(state, stream), <usize>size);
  const timeBytes = stream == STDOUT ? state.pendingTimeStdout : state.pendingTimeStderr;
  const time = toArena(state, join(state, stream) - TIME_BYTES_MAX, <usize>timeBytes);
  setPending(state, stream, 0);
  facts.timeStart = time;
  facts.timeEnd = time + <usize>timeBytes;
  facts.seconds = stream == STDOUT ? state.pendingSecondsStdout : state.pendingSecondsStderr;
  setStream(state, stream);
  emit(state, content, content + <usize>size, facts);
}

/** Emits a line that is not of the CRI's form: all of it as content, without time and stream, as the original does. */
function emitRaw(state: State, start: usize, end: usize): void {
  facts.timeStart = start;
  facts.timeEnd = start;
  facts.streamStart = start;
  facts.streamEnd = start;
  facts.seconds = state.nowSeconds;
  state.linesMalformed++;
  emit(state, start, end, facts);
}

/** One well-formed line of a wanted stream: a piece to keep or a record. */
function acceptLine(
  state: State, stream: i32, start: usize, end: usize, partial: bool, seconds: i32, lineStart: i32,
): void {
  const size = <i32>(end - start);
  if (pendingBytes(state, stream) > 0 && pendingBytes(state, stream) + size > state.lineBytesMax) {
    const timeStart = facts.timeStart;
    const timeEnd = facts.timeEnd;
    splitPending(state, stream, lineStart);
    facts.timeStart = timeStart;
    facts.timeEnd = timeEnd;
  }
  if (partial && size > 0) return keepPiece(state, stream, start, end, lineStart, seconds);
  const had = pendingBytes(state, stream);
  if (had > 0) {
    const content = toArena(state, join(state, stream), <usize>had);
    toArena(state, start, <usize>size);
    setPending(state, stream, 0);
    start = content;
    end = content + <usize>(had + size);
  }
  setStream(state, stream);
  facts.seconds = seconds;
  emit(state, start, end, facts);
}

/** Takes the line [start, end), newline excluded. `wanted` has bit 0 for stdout and bit 1 for stderr. */
// @ts-ignore: decorator
@inline
function takeLine(state: State, chunk: usize, start: usize, end: usize, wanted: i32): void {
  const time = parseTime(state, start, end);
  if (time < 0) return emitRaw(state, start, end);
  const timeEnd = start + <usize>(time >>> 32);
  const word = load<u64>(timeEnd + 1) & STREAM_WORD_MASK;
  if (timeEnd + 8 > end || (word != STDOUT_WORD && word != STDERR_WORD)) return emitRaw(state, start, end);
  const stream = word == STDOUT_WORD ? STDOUT : STDERR;
  if ((wanted & (1 << stream)) == 0) {
    state.linesFiltered++;
    return;
  }
  let content = timeEnd + 8;
  let partial = false;
  const tag = content < end ? load<u8>(content) : 0;
  if (tag == 0x46 || tag == 0x50) {
    const after = content + 1 < end ? load<u8>(content + 1) : 0x20;
    if (after == 0x20) {
      partial = tag == 0x50;
      content = content + 2 < end ? content + 2 : end;
    } else if (after == 0x3a) {
      partial = tag == 0x50;
      const space = findByte(content, end, 0x20);
      content = space < end ? space + 1 : end;
    }
  }
  facts.timeStart = start;
  facts.timeEnd = timeEnd;
  acceptLine(state, stream, content, end, partial, <i32>(time & 0xffffffff), <i32>(start - chunk));
}

/**
 * Decodes the complete lines of [chunk, end) into rows until there are `rowsMax`; the columns have room for one line more, whatever
 * number of records it makes. `full` says that the chunk holds all that it
 * can: a line without an end in it is then handed out as it is, in parts.
 *
 * @returns the number of rows. `consumed` tells how many bytes were used up.
 */
export function decodeCri(state: State, chunk: usize, end: usize, wanted: i32, full: bool): i32 {
  state.rows = 0;
  state.consumed = 0;
  state.arenaUsed = 0;
  let at = chunk;
  while (at < end && state.rows < state.rowsMax) {
    const newline = findByte(at, end, 0x0a);
    if (newline == end) {
      if (full && at == chunk) at = emitOverlong(state, chunk, end);
      break;
    }
    takeLine(state, chunk, at, newline, wanted);
    at = newline + 1;
  }
  state.consumed = <i32>(at - chunk);
  state.consumedSafe = safeAt(state, state.consumed);
  return state.rows;
}

/** Hands out the head of a line that is too long, cut between two characters. */
function emitOverlong(state: State, chunk: usize, end: usize): usize {
  let cut = chunk + <usize>state.lineBytesMax;
  if (cut > end) cut = end;
  for (let i = 0; i < 3 && (load<u8>(cut) & 0xc0) == 0x80; i++) cut--;
  state.linesSplit++;
  emitRaw(state, chunk, cut);
  return cut;
}

/**
 * Hands out what is pending without waiting for its rest: the source has ended.
 *
 * @returns the number of rows.
 */
export function flushCri(state: State): i32 {
  state.rows = 0;
  state.consumed = 0;
  state.arenaUsed = 0;
  state.consumedSafe = 0;
  if (state.pendingStdout > 0) emitPending(state, STDOUT);
  if (state.pendingStderr > 0) emitPending(state, STDERR);
  return state.rows;
}
