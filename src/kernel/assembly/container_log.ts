/**
 * The log lines of container runtimes, of either form: the CRI's `time stream tags content`, where a first tag P says that the line goes
 * on in the next one of the same stream and F that it is complete
 * (https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md), or Docker's JSON (`docker.ts`). The
 * first byte tells which. Each stream has its own pending record: interleaved streams never mix.
 */
import { copyBytes, findByte, findByteFar } from "./bytes";
import { DockerLine, parseDocker } from "./docker";
import { endsInNewline, NEWLINE_ESCAPE_BYTES, textEnd, textStart, tryMessageText } from "./docker_json_text";
import { firstEscape, unescape } from "./docker_text";
import { emitJoined, joinAt, keepPiece, pendingBytes, safeAt, setPending, splitPending } from "./join";
import { flushMultiline, spillAll, takeMultiline } from "./multiline";
import { emit, emitJsonText, facts, setStream, toArena } from "./rows";
import { State, STDERR, STDOUT } from "./state";
import { parseTime } from "./time";
import { quoteFound, takeUsualDockerLines } from "./usual_docker_lines";
import { takeUsualLines } from "./usual_lines";

/** "stdout " and "stderr " as little-endian words. */
const STDOUT_WORD: u64 = 0x2074756f647473;
const STDERR_WORD: u64 = 0x20727265647473;
const STREAM_WORD_MASK: u64 = 0x00ffffffffffffff;
/** The same without what follows. */
const STREAM_MASK: u64 = 0x0000ffffffffffff;
const BRACE: u8 = 0x7b;
const NEWLINE: u8 = 0x0a;
/** A bit of `wanted`: lines of no known form are dropped. */
const DROP_MALFORMED: i32 = 4;
/** A bit of `wanted`: contents may be JSON text, which those of Docker's are in its files. */
const MAY_BE_JSON_TEXT: i32 = 8;

const docker = changetype<DockerLine>(memory.data(32));

/** Emits a line of no known form: all of it as content, without time and stream, as the original does. */
function emitRaw(state: State, start: usize, end: usize, offset: i32): void {
  facts.timeStart = start;
  facts.timeEnd = start;
  facts.streamStart = start;
  facts.streamEnd = start;
  facts.seconds = state.nowSeconds;
  facts.offset = offset;
  emit(state, start, end);
}

/** Counts a line of no known form, and hands it out unless it is to be dropped. */
function takeMalformed(state: State, start: usize, end: usize, offset: i32, wanted: i32): void {
  state.linesMalformed++;
  if ((wanted & DROP_MALFORMED) == 0) emitRaw(state, start, end, offset);
}

/** One well-formed line of a wanted stream: a piece to keep or a record. Facts but for the stream are set. */
// @ts-ignore: decorator
@inline
function acceptLine(state: State, stream: i32, start: usize, end: usize, partial: bool): void {
  if (state.multiline != 0) return takeMultiline(state, stream, start, end, partial);
  if (partial || pendingBytes(state, stream) > 0) return acceptPiece(state, stream, start, end, partial);
  setStream(state, stream);
  emit(state, start, end);
}

/** Puts `size` bytes at `start` behind what is pending, which lasts until it is emitted. @returns where all of it begins. */
function join(state: State, stream: i32, start: usize, size: usize): usize {
  const had = <usize>pendingBytes(state, stream);
  const pending = joinAt(state, stream);
  if (state.isJsonText != 0) {
    // It is written to the arena when it is escaped.
    copyBytes(pending + had, start, size);
    return pending;
  }
  const content = toArena(state, pending, had);
  toArena(state, start, size);
  return content;
}

function acceptPiece(state: State, stream: i32, start: usize, end: usize, partial: bool): void {
  const line = facts;
  const size = <i32>(end - start);
  if (pendingBytes(state, stream) > 0 && pendingBytes(state, stream) + size > state.lineBytesMax) {
    const timeStart = line.timeStart;
    const timeEnd = line.timeEnd;
    const seconds = line.seconds;
    const offset = line.offset;
    splitPending(state, stream, offset);
    line.timeStart = timeStart;
    line.timeEnd = timeEnd;
    line.seconds = seconds;
    line.offset = offset;
  }
  if (partial && size > 0) return keepPiece(state, stream, start, end, line);
  const had = pendingBytes(state, stream);
  if (had > 0 && state.timeOfFirst != 0) {
    keepPiece(state, stream, start, end, line);
    emitJoined(state, stream, had + size);
    return setPending(state, stream, 0);
  }
  if (had > 0) {
    start = join(state, stream, start, <usize>size);
    end = start + <usize>(had + size);
    setPending(state, stream, 0);
  }
  setStream(state, stream);
  emit(state, start, end);
}

/**
 * A line of Docker's: its text is unescaped into the arena unless its only escape is the newline at its end. Where contents are JSON text,
 * that is only done with what is to be joined, cut or mended.
 */
function takeDocker(state: State, start: usize, end: usize, wanted: i32, offset: i32): void {
  if (!parseDocker(docker, start, end, state.isJsonText == 0 ? 0 : quoteFound)) return takeMalformed(state, start, end, offset, wanted);
  const word = load<u64>(docker.streamStart) & STREAM_MASK;
  const isStdout = word == (STDOUT_WORD & STREAM_MASK);
  const isStream = isStdout || word == (STDERR_WORD & STREAM_MASK);
  if (!isStream || docker.streamEnd - docker.streamStart != 6) return takeMalformed(state, start, end, offset, wanted);
  const time = parseTime(state, docker.timeStart, docker.timeEnd);
  if (time < 0 || <usize>(time >>> 32) != docker.timeEnd - docker.timeStart) return takeMalformed(state, start, end, offset, wanted);
  const stream = isStdout ? STDOUT : STDERR;
  if ((wanted & (1 << stream)) == 0) {
    state.linesFiltered++;
    return;
  }
  facts.timeStart = docker.timeStart;
  facts.timeEnd = docker.timeEnd;
  facts.seconds = <i32>(time & 0xffffffff);
  facts.offset = offset;
  if (state.isJsonText != 0 && pendingBytes(state, stream) == 0 && endsInNewline(docker.logStart, docker.logEnd)) {
    if (tryMessageText(state, docker.logStart, docker.logEnd - NEWLINE_ESCAPE_BYTES)) {
      setStream(state, stream);
      return emitJsonText(state, textStart, textEnd);
    }
  }
  const escape = firstEscape(docker.logStart, docker.logEnd);
  if (escape + 2 == docker.logEnd && load<u8>(escape + 1) == 0x6e) {
    return acceptLine(state, stream, docker.logStart, escape, false);
  }
  if (escape == docker.logEnd) return acceptLine(state, stream, docker.logStart, escape, true);
  const content = unescape(state, docker.logStart, docker.logEnd);
  const contentEnd = <usize>(state.arena + state.arenaUsed);
  const isComplete = contentEnd > content && load<u8>(contentEnd - 1) == NEWLINE;
  acceptLine(state, stream, content, isComplete ? contentEnd - 1 : contentEnd, !isComplete);
}

/** Takes the line [start, end), newline excluded. `wanted` as in `decodeContainerLog`. */
// @ts-ignore: decorator
@inline
function takeLine(state: State, chunk: usize, start: usize, end: usize, wanted: i32): void {
  const offset = <i32>(start - chunk);
  if (start < end && load<u8>(start) == BRACE) return takeDocker(state, start, end, wanted, offset);
  const time = parseTime(state, start, end);
  if (time < 0) return takeMalformed(state, start, end, offset, wanted);
  const timeEnd = start + <usize>(time >>> 32);
  const word = load<u64>(timeEnd + 1) & STREAM_WORD_MASK;
  if (timeEnd + 8 > end || load<u8>(timeEnd) != 0x20 || (word != STDOUT_WORD && word != STDERR_WORD)) {
    return takeMalformed(state, start, end, offset, wanted);
  }
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
  facts.seconds = <i32>(time & 0xffffffff);
  facts.offset = offset;
  acceptLine(state, stream, content, end, partial);
}

/**
 * Decodes the complete lines of [chunk, end) into rows until there are `rowsMax`; the columns have room for one line more, whatever
 * number of records it makes. A line that has no end in `lineRoom` bytes is handed out as it is, in parts.
 *
 * @param wanted bit 0 for stdout, 1 for stderr, 2 to drop malformed lines, 3 for contents that are JSON text, if it costs nothing.
 * @returns the number of rows. `consumed` tells how many bytes were used up.
 */
export function decodeContainerLog(state: State, chunk: usize, end: usize, wanted: i32, lineRoom: usize): i32 {
  state.rows = 0;
  state.arenaUsed = 0;
  const isDocker = chunk < end && load<u8>(chunk) == BRACE;
  state.isJsonText = <i32>(isDocker && (wanted & MAY_BE_JSON_TEXT) != 0 && state.multiline == 0);
  let at = chunk;
  for (;;) {
    if (state.isJsonText != 0) at = takeUsualDockerLines(state, at, end, wanted, lineRoom);
    else if (at < end) at = takeUsualLines(state, at, end, wanted, lineRoom);
    if (at >= end || state.rows >= state.rowsMax) break;
    const stop = min<usize>(end, at + lineRoom);
    const newline = findByteFar(at, stop, NEWLINE);
    if (newline == stop) {
      if (stop - at < lineRoom) break;
      at = emitOverlong(state, chunk, at, end);
      continue;
    }
    takeLine(state, chunk, at, newline, wanted);
    at = newline + 1;
  }
  spillAll(state);
  state.consumed = <i32>(at - chunk);
  state.consumedSafe = safeAt(state, state.consumed);
  return state.rows;
}

/** Hands out the head of a line that is too long, which begins at `start`, cut between two characters. */
function emitOverlong(state: State, chunk: usize, start: usize, end: usize): usize {
  const cut = overlongCut(state, start, end);
  state.linesSplit++;
  state.linesMalformed++;
  emitRaw(state, start, cut, <i32>(start - chunk));
  return cut;
}

/** Where a line that is too long is cut: at the limit, between two characters. */
export function overlongCut(state: State, start: usize, end: usize): usize {
  let cut = start + <usize>state.lineBytesMax;
  if (cut > end) cut = end;
  for (let i = 0; i < 3 && (load<u8>(cut) & 0xc0) == 0x80; i++) cut--;
  return cut;
}

/**
 * Hands out what is pending without waiting for its rest: the source has ended, or is `idle`. Then only records of several lines are
 * complete, and what is in the middle of a line waits on.
 *
 * @returns the number of rows. `consumedSafe` is negative while something is pending.
 */
export function flushPending(state: State, idle: bool): i32 {
  state.rows = 0;
  state.consumed = 0;
  state.arenaUsed = 0;
  state.isJsonText = 0;
  for (let stream = STDOUT; stream <= STDERR; stream++) {
    if (state.multiline != 0) flushMultiline(state, stream, idle);
    else if (!idle && pendingBytes(state, stream) > 0) {
      emitJoined(state, stream, pendingBytes(state, stream));
      setPending(state, stream, 0);
    }
  }
  state.consumedSafe = safeAt(state, 0);
  return state.rows;
}
