/**
 * What waits for its rest, per stream: the pieces of a record whose end has not come. It lies in the stream's join buffer, with the time
 * before it, and the host keeps it between two chunks.
 */
import { copyBytes, copyShort } from "./bytes";
import { emit, facts, LineFacts, setStream, toArena } from "./rows";
import { ofStream, State, STDERR, STDOUT, TIME_BYTES_MAX } from "./state";
import { sequenceSize } from "./utf8_blocks";

// @ts-ignore: decorator
@inline
export function pendingBytes(state: State, stream: i32): i32 {
  return load<i32>(ofStream(state, offsetof<State>("pendingStdout"), stream));
}

// @ts-ignore: decorator
@inline
export function setPending(state: State, stream: i32, size: i32): void {
  store<i32>(ofStream(state, offsetof<State>("pendingStdout"), stream), size);
}

// @ts-ignore: decorator
@inline
export function joinAt(state: State, stream: i32): usize {
  return <usize>load<i32>(ofStream(state, offsetof<State>("joinStdout"), stream));
}

// @ts-ignore: decorator
@inline
export function pendingSafe(state: State, stream: i32): i32 {
  return load<i32>(ofStream(state, offsetof<State>("pendingSafeStdout"), stream));
}

// @ts-ignore: decorator
@inline
export function setPendingSafe(state: State, stream: i32, offset: i32): void {
  store<i32>(ofStream(state, offsetof<State>("pendingSafeStdout"), stream), offset);
}

/** The earliest byte that must be read again if reading started anew after `position`. */
export function safeAt(state: State, position: i32): i32 {
  let safe = position;
  if (pendingBytes(state, STDOUT) > 0) safe = min(safe, pendingSafe(state, STDOUT));
  if (pendingBytes(state, STDERR) > 0) safe = min(safe, pendingSafe(state, STDERR));
  return safe;
}

/** Notes the time and the seconds of `line` as those of what is pending. */
export function keepTime(state: State, stream: i32, line: LineFacts): void {
  const size = line.timeEnd - line.timeStart;
  const kept = joinAt(state, stream) - TIME_BYTES_MAX;
  // Wide stores must not go beyond the room of a time.
  if (size <= <usize>TIME_BYTES_MAX - 16) copyShort(kept, line.timeStart, size);
  else memory.copy(kept, line.timeStart, size);
  store<i32>(ofStream(state, offsetof<State>("pendingTimeStdout"), stream), <i32>size);
  store<i32>(ofStream(state, offsetof<State>("pendingSecondsStdout"), stream), line.seconds);
}

/** Appends a piece [start, end) that belongs to `line`. What begins with it begins at the line's offset. */
export function keepPiece(state: State, stream: i32, start: usize, end: usize, line: LineFacts): void {
  const had = pendingBytes(state, stream);
  copyBytes(joinAt(state, stream) + <usize>had, start, end - start);
  setPending(state, stream, had + <i32>(end - start));
  if (had == 0) setPendingSafe(state, stream, line.offset);
  if (had == 0 || state.timeOfFirst == 0) keepTime(state, stream, line);
}

/** Sets the facts of a record that is made from what is pending; its time is copied, because the join buffer is used again. */
export function usePendingFacts(state: State, stream: i32): void {
  const timeBytes = <usize>load<i32>(ofStream(state, offsetof<State>("pendingTimeStdout"), stream));
  const time = toArena(state, joinAt(state, stream) - TIME_BYTES_MAX, timeBytes);
  facts.timeStart = time;
  facts.timeEnd = time + timeBytes;
  facts.seconds = load<i32>(ofStream(state, offsetof<State>("pendingSecondsStdout"), stream));
  facts.offset = pendingSafe(state, stream);
  setStream(state, stream);
}

/** Emits the first `size` pending bytes as a record. They stay where they are. */
export function emitJoined(state: State, stream: i32, size: i32): void {
  // What is JSON text is written to the arena when it is escaped.
  const content = state.isJsonText != 0 ? joinAt(state, stream) : toArena(state, joinAt(state, stream), <usize>size);
  usePendingFacts(state, stream);
  emit(state, content, content + <usize>size);
}

/** Takes the first `size` pending bytes away. */
export function dropJoined(state: State, stream: i32, size: i32): void {
  const start = joinAt(state, stream);
  const rest = pendingBytes(state, stream) - size;
  if (rest > 0) memory.copy(start, start + <usize>size, <usize>rest);
  setPending(state, stream, rest);
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

/** Emits what has grown too long, up to its last whole character; what is left goes on in the line at `offset`. */
export function splitPending(state: State, stream: i32, offset: i32): void {
  const size = pendingBytes(state, stream);
  const start = joinAt(state, stream);
  const whole = size - unfinishedBytes(start, start + <usize>size);
  if (whole == 0) return;
  emitJoined(state, stream, whole);
  dropJoined(state, stream, whole);
  setPendingSafe(state, stream, offset);
  state.linesSplit++;
}
