/**
 * Lines of Docker's json-file log driver: `{"log":"text\n","stream":"stdout","time":"2026-…Z"}`
 * (https://github.com/moby/moby/blob/v27.0.0/daemon/logger/jsonfilelog/jsonlog/jsonlogbytes.go). A text without a newline at its end
 * goes on in the next line of its stream.
 */
import { BACKSLASH, BACKSLASHES, QUOTE, QUOTES } from "./escape_tables";

/** "stdout" and "stderr" as little-endian words. */
export const STDOUT_WORD: u64 = 0x74756f647473;
export const STDERR_WORD: u64 = 0x727265647473;
export const STREAM_MASK: u64 = 0x0000ffffffffffff;
/** `log"`, `stream"` and `time"` as little-endian words. */
const LOG_KEY: u32 = 0x22676f6c;
const STREAM_KEY: u64 = 0x226d6165727473;
const STREAM_KEY_MASK: u64 = 0x00ffffffffffffff;
const TIME_KEY: u64 = 0x22656d6974;
const TIME_KEY_MASK: u64 = 0x000000ffffffffff;
/** The first bytes of what Docker writes: `{"log":"`. */
export const USUAL_HEAD: u64 = 0x223a22676f6c227b;

/** What Docker writes behind the text: `","stream":"`, a name of six characters, `","time":"`, the time, and `"}`. */
export const BEFORE_STREAM = i8x16(0x22, 0x2c, 0x22, 0x73, 0x74, 0x72, 0x65, 0x61, 0x6d, 0x22, 0x3a, 0x22, 0, 0, 0, 0);
export const BEFORE_STREAM_BYTES: usize = 12;
export const STREAM_BYTES: usize = 6;
export const BEFORE_TIME = i8x16(0x22, 0x2c, 0x22, 0x74, 0x69, 0x6d, 0x65, 0x22, 0x3a, 0x22, 0, 0, 0, 0, 0, 0);
export const BEFORE_TIME_BYTES: usize = 10;
const LINE_END: u16 = 0x7d22;

/** The values of one line: addresses of texts without their quotes, still escaped; 0: not there. */
@unmanaged
export class DockerLine {
  logStart: usize;
  logEnd: usize;
  streamStart: usize;
  streamEnd: usize;
  timeStart: usize;
  timeEnd: usize;
}

/** The address of the quote that ends the text at `at`, or `end`. Cost: the same for any sixteen bytes, unless backslashes adjoin. */
function findTextEnd(at: usize, end: usize): usize {
  // 1: the byte at `at` has a backslash before it.
  let escaped: i32 = 0;
  for (; at < end; at += 16) {
    const v = v128.load(at);
    const backslashes = i8x16.bitmask(i8x16.eq(v, i8x16.splat(BACKSLASH))) & ~escaped;
    if ((backslashes & (backslashes << 1)) != 0) return findTextEndByOne(at + <usize>escaped, end);
    const ends = i8x16.bitmask(i8x16.eq(v, i8x16.splat(QUOTE))) & ~(backslashes << 1 | escaped);
    if (ends != 0) return min<usize>(at + <usize>ctz(ends), end);
    escaped = backslashes >>> 15;
  }
  return end;
}

/** The same, escape by escape. */
function findTextEndByOne(at: usize, end: usize): usize {
  const quotes = i8x16.splat(QUOTE);
  const backslashes = i8x16.splat(BACKSLASH);
  while (at < end) {
    const v = v128.load(at);
    const mask = i8x16.bitmask(v128.or(i8x16.eq(v, quotes), i8x16.eq(v, backslashes)));
    if (mask == 0) {
      at += 16;
      continue;
    }
    at += <usize>ctz(mask);
    if (at >= end) return end;
    if (load<u8>(at) == QUOTE) return at;
    at += 2;
  }
  return end;
}

// @ts-ignore: decorator
@inline
function skipSpaces(at: usize, end: usize): usize {
  while (at < end && (load<u8>(at) == 0x20 || load<u8>(at) == 0x09 || load<u8>(at) == 0x0d)) at++;
  return at;
}

/** Skips a value that is not a text: up to the comma or brace that ends it, at the same depth. */
function skipValue(at: usize, end: usize): usize {
  let depth = 0;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte == QUOTE) {
      at = findTextEnd(at + 1, end);
      if (at == end) return end;
    } else if (byte == 0x7b || byte == 0x5b) depth++;
    else if (depth > 0 && (byte == 0x7d || byte == 0x5d)) depth--;
    else if (depth == 0 && (byte == 0x2c || byte == 0x7d)) return at;
    at++;
  }
  return end;
}

function keepText(line: DockerLine, key: usize, start: usize, end: usize): void {
  const word = load<u64>(key);
  if (<u32>word == LOG_KEY) {
    line.logStart = start;
    line.logEnd = end;
  } else if ((word & STREAM_KEY_MASK) == STREAM_KEY) {
    line.streamStart = start;
    line.streamEnd = end;
  } else if ((word & TIME_KEY_MASK) == TIME_KEY) {
    line.timeStart = start;
    line.timeEnd = end;
  }
}

/** Whether [start, end) is as short as times are, and without quotes and backslashes. */
// @ts-ignore: decorator
@inline
function isPlainTime(start: usize, end: usize): bool {
  if (end - start > 32) return false;
  const first = v128.load(start);
  const second = v128.load(start, 16);
  const quotes = v128.load(QUOTES);
  const backslashes = v128.load(BACKSLASHES);
  const low = <u32>i8x16.bitmask(v128.or(i8x16.eq(first, quotes), i8x16.eq(first, backslashes)));
  const high = <u32>i8x16.bitmask(v128.or(i8x16.eq(second, quotes), i8x16.eq(second, backslashes)));
  return <usize>ctz(<u64>(low | high << 16) | <u64>1 << 32) >= end - start;
}

/**
 * Takes what is behind the text of `log`, from its closing quote at `at` on, if it is as Docker writes it: the stream, then the time.
 * Returns whether it is.
 */
// @ts-ignore: decorator
@inline
function takeUsualRest(line: DockerLine, at: usize, end: usize): bool {
  const time = at + BEFORE_STREAM_BYTES + STREAM_BYTES + BEFORE_TIME_BYTES;
  if (time + 2 > end) return false;
  const others = i8x16.bitmask(i8x16.ne(v128.load(at), BEFORE_STREAM)) & ((1 << <i32>BEFORE_STREAM_BYTES) - 1);
  const behind = i8x16.bitmask(i8x16.ne(v128.load(time - BEFORE_TIME_BYTES), BEFORE_TIME)) & ((1 << <i32>BEFORE_TIME_BYTES) - 1);
  if ((others | behind) != 0 || load<u16>(end - 2) != LINE_END) return false;
  // A stream's name is none but these two, and the time is the last text.
  const stream = load<u64>(at + BEFORE_STREAM_BYTES) & STREAM_MASK;
  if ((stream != STDOUT_WORD && stream != STDERR_WORD) || !isPlainTime(time, end - 2)) return false;
  line.streamStart = at + BEFORE_STREAM_BYTES;
  line.streamEnd = line.streamStart + STREAM_BYTES;
  line.timeStart = time;
  line.timeEnd = end - 2;
  return true;
}

/**
 * Takes the object in [start, end) apart.
 *
 * @param quote where the text ends that the object begins with, if it is known; 0: it is not.
 * @returns false where it is no object, or lacks one of the three texts.
 */
export function parseDocker(line: DockerLine, start: usize, end: usize, quote: usize): bool {
  line.logStart = 0;
  line.streamStart = 0;
  line.timeStart = 0;
  let at = start + 1;
  if (end - start > 8 && load<u64>(start) == USUAL_HEAD) {
    line.logStart = start + 8;
    line.logEnd = quote == 0 ? findTextEnd(start + 8, end) : min<usize>(quote, end);
    if (line.logEnd == end) return false;
    if (takeUsualRest(line, line.logEnd, end)) return true;
    at = line.logEnd + 1;
  }
  for (;;) {
    at = skipSpaces(at, end);
    if (at < end && load<u8>(at) == 0x2c) at = skipSpaces(at + 1, end);
    if (at >= end) return false;
    if (load<u8>(at) == 0x7d) break;
    if (load<u8>(at) != QUOTE) return false;
    const key = at + 1;
    at = skipSpaces(findTextEnd(key, end) + 1, end);
    if (at >= end || load<u8>(at) != 0x3a) return false;
    at = skipSpaces(at + 1, end);
    if (at >= end) return false;
    if (load<u8>(at) == QUOTE) {
      const text = at + 1;
      at = findTextEnd(text, end);
      if (at >= end) return false;
      keepText(line, key, text, at);
      at++;
    } else at = skipValue(at, end);
  }
  if (skipSpaces(at + 1, end) != end) return false;
  return line.logStart != 0 && line.streamStart != 0 && line.timeStart != 0;
}
