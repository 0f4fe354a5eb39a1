/**
 * Complete lines of the CRI's form as nearly all are, one after the other: of the minute and the zone of the line before, with nine decimals
 * and a tag F, each a record of its own. Any other line is for `container_log.ts`.
 */
import { columnStart, CONTENT, State, STDERR, STDOUT } from "./state";
import { lastZone } from "./time";

const NEWLINE: u8 = 0x0a;
export const DIGIT_ZERO: u8 = 0x30;
const LETTER_Z: u8 = 0x5a;
/** Newlines are searched for in so many bytes at a time. */
const BLOCK_BYTES: usize = 64;

export const SECOND_AT: usize = 17;
/** ":SS.ddddddddd" behind the minute: its bytes, those that are punctuation, and what they are. */
export const CLOCK_AT: usize = 16;
const CLOCK_MASK: i32 = 0x1fff;
export const CLOCK_PUNCTUATION: i32 = 0b1001;
export const CLOCK = i8x16(0x3a, 0, 0, 0x2e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
/** Where the zone is, and what is behind it: " stdout F " or " stderr F ". */
const ZONE_AT: usize = 29;
const ENDING_BYTES: usize = 10;
const STREAM_BYTES: usize = 6;
const STDOUT_ENDING = i8x16(0x20, 0x73, 0x74, 0x64, 0x6f, 0x75, 0x74, 0x20, 0x46, 0x20, 0, 0, 0, 0, 0, 0);
const STDERR_ENDING = i8x16(0x20, 0x73, 0x74, 0x64, 0x65, 0x72, 0x72, 0x20, 0x46, 0x20, 0, 0, 0, 0, 0, 0);
/** Where zone and ending are put together. */
const ENDING = memory.data(48);

/** The newlines among the 64 bytes at `at`. */
// @ts-ignore: decorator
@inline
function newlinesAt(at: usize, newlines: v128): u64 {
  const first = i8x16.eq(v128.load(at), newlines);
  const second = i8x16.eq(v128.load(at, 16), newlines);
  const third = i8x16.eq(v128.load(at, 32), newlines);
  const fourth = i8x16.eq(v128.load(at, 48), newlines);
  if (i8x16.bitmask(v128.or(v128.or(first, second), v128.or(third, fourth))) == 0) return 0;
  const low = <u32>(i8x16.bitmask(first) | i8x16.bitmask(second) << 16);
  return <u64>low | <u64><u32>(i8x16.bitmask(third) | i8x16.bitmask(fourth) << 16) << 32;
}

/** Whether lines may be usual at all now: nothing of those before waits for them, and nothing more is wanted of them. */
// @ts-ignore: decorator
@inline
export function mayTake(state: State): bool {
  if ((state.multiline | state.pendingStdout | state.pendingStderr) != 0) return false;
  return state.chunkOffsetHigh < 0 && state.minuteValid != 0;
}

/** Writes what is behind the time of lines of one stream. */
// @ts-ignore: decorator
@inline
function endingOf(zone: u64, zoneBytes: usize, stream: v128): v128 {
  store<u64>(ENDING, zone);
  v128.store(ENDING + zoneBytes, stream);
  return v128.load(ENDING);
}

/**
 * Decodes lines of [start, end) into rows as long as they are usual and there is room for them; `wanted` and `lineRoom` as in `decodeContainerLog`. Reads
 * up to 63 bytes beyond `end`. One long function, so that nothing is looked up that is the same for all lines.
 *
 * @returns where the first line begins that was not taken.
 */
export function takeUsualLines(state: State, start: usize, end: usize, wanted: i32, lineRoom: usize): usize {
  const minuteLow = state.minuteTextLow;
  const minuteHigh = state.minuteTextHigh;
  if (load<u64>(start) != minuteLow || load<u64>(start, 8) != minuteHigh || !mayTake(state)) return start;
  const isUtc = load<u8>(start, ZONE_AT) == LETTER_Z;
  const zoneBytes: usize = isUtc ? 1 : 6;
  const zone = isUtc ? <u64>LETTER_Z : lastZone.text;
  const minute = state.minuteSeconds - (isUtc ? 0 : lastZone.seconds);
  if (minute < 0 || minute > <i64>u32.MAX_VALUE - 60) return start;
  const ofStdout = endingOf(zone, zoneBytes, STDOUT_ENDING);
  const ofStderr = endingOf(zone, zoneBytes, STDERR_ENDING);
  const endingMask = (1 << <i32>(zoneBytes + ENDING_BYTES)) - 1;
  const contentAt = ZONE_AT + zoneBytes + ENDING_BYTES;
  const contentBytesMax = min<usize>(<usize>state.contentBytesMax / 6, lineRoom - contentAt - 1);
  const stdoutText = changetype<usize>(state) + offsetof<State>("stdoutText");
  const stderrText = changetype<usize>(state) + offsetof<State>("stderrText");
  const newlines = i8x16.splat(NEWLINE);
  const stride = <usize>state.rowsRoom << 2;
  let row = state.rows;
  let column = columnStart(state, CONTENT, row);
  let time = <usize>state.times + (<usize>row << 2);
  let at = start;
  let block = start;
  let found = newlinesAt(block, newlines);
  for (; row < state.rowsMax; ) {
    while (found == 0) {
      block += BLOCK_BYTES;
      if (block >= end) break;
      found = newlinesAt(block, newlines);
    }
    const newline = block + <usize>ctz(found);
    if (newline >= end || load<u64>(at) != minuteLow || load<u64>(at, 8) != minuteHigh) break;
    const clock = v128.load(at, CLOCK_AT);
    const others = i8x16.bitmask(i8x16.gt_u(i8x16.sub(clock, i8x16.splat(DIGIT_ZERO)), i8x16.splat(9)));
    const punctuation = i8x16.bitmask(i8x16.eq(clock, CLOCK));
    if (((others ^ CLOCK_PUNCTUATION) & CLOCK_MASK | ~punctuation & CLOCK_PUNCTUATION) != 0) break;
    const second = <i32>load<u8>(at, SECOND_AT) * 10 + <i32>load<u8>(at, SECOND_AT + 1) - 11 * <i32>DIGIT_ZERO;
    const content = at + contentAt;
    if (second > 60 || newline - content > contentBytesMax) break;
    const ending = v128.load(at, ZONE_AT);
    let stream = STDOUT;
    let text = stdoutText;
    if ((i8x16.bitmask(i8x16.ne(ending, ofStdout)) & endingMask) != 0) {
      if ((i8x16.bitmask(i8x16.ne(ending, ofStderr)) & endingMask) != 0) break;
      stream = STDERR;
      text = stderrText;
    }
    if ((wanted & (1 << stream)) == 0) state.linesFiltered++;
    else {
      store<usize>(column, content);
      store<usize>(column + stride, newline);
      store<usize>(column + 2 * stride, at);
      store<usize>(column + 3 * stride, at + ZONE_AT + zoneBytes);
      store<usize>(column + 4 * stride, text);
      store<usize>(column + 5 * stride, text + STREAM_BYTES);
      store<u32>(time, <u32>(minute + <i64>second));
      column += 4;
      time += 4;
      row++;
    }
    found &= found - 1;
    at = newline + 1;
  }
  state.rows = row;
  return at;
}
