/**
 * Lines of Docker's as nearly all are, one after the other, where contents stay JSON text: of the minute of the line before, in UTC, as
 * Docker orders and spaces them, each a record of its own whose escapes are those of messages. The text is looked at once, 32 bytes a
 * step; where the line ends follows from it. Any other line is for `container_log.ts`.
 */
import {
  BEFORE_STREAM,
  BEFORE_STREAM_BYTES,
  BEFORE_TIME,
  BEFORE_TIME_BYTES,
  STDERR_WORD,
  STDOUT_WORD,
  STREAM_BYTES,
  STREAM_MASK,
  USUAL_HEAD,
} from "./docker";
import { areLetters, endsInNewline, NEWLINE_ESCAPE_BYTES, textEnd, textStart, tryMessageText } from "./docker_json_text";
import { BACKSLASHES, QUOTES, SPACES } from "./escape_tables";
import { columnStart, CONTENT, State, STDERR, STDOUT } from "./state";
import { CLOCK, CLOCK_AT, CLOCK_PUNCTUATION, DIGIT_ZERO, mayTake, SECOND_AT } from "./usual_lines";

const BLOCK_BYTES: usize = 32;
const ODD_BITS: u32 = 0xaaaaaaaa;
const TEXT_AT: usize = 8;

/** Of ":SS." behind the minute. */
const CLOCK_MASK: i32 = 0b1111;
const DECIMALS_AT: i32 = 4;
const DECIMALS_MAX: i32 = 9;
/** `Z"}` and a newline. */
const LINE_END: u32 = 0x0a7d225a;

/** The masks of two vectors as one. */
// @ts-ignore: decorator
@inline
function maskOf(first: v128, second: v128): u32 {
  return <u32>(i8x16.bitmask(first) | i8x16.bitmask(second) << 16);
}

/** Which bytes of `v`, each before that of `next`, are to be looked at: controls, what is not ASCII, backslashes before no letter. */
// @ts-ignore: decorator
@inline
function unusualOf(v: v128, slashes: v128, next: v128, spaces: v128): v128 {
  // Signed: bytes from 0x80 up are negative and so below 0x20, too.
  return v128.or(v128.andnot(slashes, areLetters(next)), i8x16.lt_s(v, spaces));
}

/** Where the text ends of the line that was not taken, if it was looked for; 0: it was not. */
export let quoteFound: usize = 0;

/** Whether the text before the quote that was found last is to be looked at again. */
let isUnusual = false;

/** Where the quote is that ends the text at `at`, or somewhere from `end` on. Reads up to 32 bytes beyond `end`. Sets `isUnusual`. */
// @ts-ignore: decorator
@inline
function findQuote(at: usize, end: usize): usize {
  const quotes = v128.load(QUOTES);
  const backslashes = v128.load(BACKSLASHES);
  const spaces = v128.load(SPACES);
  let unusual = i64x2.splat(0);
  let escaped: u32 = 0;
  do {
    const first = v128.load(at);
    const second = v128.load(at, 16);
    const quoted = maskOf(i8x16.eq(first, quotes), i8x16.eq(second, quotes));
    const inFirst = i8x16.eq(first, backslashes);
    const inSecond = i8x16.eq(second, backslashes);
    const ofFirst = unusualOf(first, inFirst, v128.load(at, 1), spaces);
    const ofSecond = unusualOf(second, inSecond, v128.load(at, 17), spaces);
    // A carry runs through backslashes side by side, of which every second one is escaped (https://arxiv.org/abs/1902.08318, 3.1.1).
    const slashes = maskOf(inFirst, inSecond);
    const begins = slashes & ~escaped;
    const codes = ((begins << 1 | ODD_BITS) - begins) ^ ODD_BITS;
    const ends = quoted & ~(codes ^ (slashes | escaped));
    if (ends != 0) {
      const others = maskOf(ofFirst, ofSecond);
      isUnusual = v128.any_true(unusual) || (others & ((ends & -ends) - 1)) != 0;
      return at + <usize>ctz(ends);
    }
    unusual = v128.or(unusual, v128.or(ofFirst, ofSecond));
    escaped = (codes & slashes) >>> 31;
    at += BLOCK_BYTES;
  } while (at < end);
  return end;
}

/**
 * Decodes lines of [start, end) into rows as long as they are usual and there is room for them; `wanted` and `lineRoom` as in
 * `decodeContainerLog`. Reads up to 95 bytes beyond `end`. One long function, so that nothing is looked up that is the same for all lines.
 *
 * @returns where the first line begins that was not taken.
 */
export function takeUsualDockerLines(state: State, start: usize, end: usize, wanted: i32, lineRoom: usize): usize {
  const minute = state.minuteSeconds;
  quoteFound = 0;
  if (!mayTake(state) || minute < 0 || minute > <i64>u32.MAX_VALUE - 60) return start;
  const minuteLow = state.minuteTextLow;
  const minuteHigh = state.minuteTextHigh;
  const contentBytesMax = <usize>state.contentBytesMax;
  const stdoutText = changetype<usize>(state) + offsetof<State>("stdoutText");
  const stderrText = changetype<usize>(state) + offsetof<State>("stderrText");
  const stride = <usize>state.rowsRoom << 2;
  const rowsMax = state.rowsMax;
  let row = state.rows;
  let column = columnStart(state, CONTENT, row);
  let seconds = <usize>state.times + (<usize>row << 2);
  let at = start;
  while (row < rowsMax && at < end && load<u64>(at) == USUAL_HEAD) {
    const content = at + TEXT_AT;
    const quote = findQuote(content, end);
    quoteFound = quote;
    if (quote >= end) break;
    const time = quote + BEFORE_STREAM_BYTES + STREAM_BYTES + BEFORE_TIME_BYTES;
    const beforeStream = i8x16.bitmask(i8x16.ne(v128.load(quote), BEFORE_STREAM)) & ((1 << <i32>BEFORE_STREAM_BYTES) - 1);
    const beforeTime = i8x16.bitmask(i8x16.ne(v128.load(time - BEFORE_TIME_BYTES), BEFORE_TIME)) & ((1 << <i32>BEFORE_TIME_BYTES) - 1);
    if ((beforeStream | beforeTime) != 0 || load<u64>(time) != minuteLow || load<u64>(time, 8) != minuteHigh) break;
    const clock = v128.load(time, CLOCK_AT);
    const others = i8x16.bitmask(i8x16.gt_u(i8x16.sub(clock, i8x16.splat(DIGIT_ZERO)), i8x16.splat(9)));
    const punctuation = i8x16.bitmask(i8x16.eq(clock, CLOCK));
    if (((others ^ CLOCK_PUNCTUATION) & CLOCK_MASK | ~punctuation & CLOCK_PUNCTUATION) != 0) break;
    const decimals = ctz(others >>> DECIMALS_AT);
    if (<u32>(decimals - 1) >= <u32>DECIMALS_MAX) break;
    const zone = time + CLOCK_AT + <usize>(DECIMALS_AT + decimals);
    const second = <i32>load<u8>(time, SECOND_AT) * 10 + <i32>load<u8>(time, SECOND_AT + 1) - 11 * <i32>DIGIT_ZERO;
    const next = zone + 4;
    if (second > 60 || load<u32>(zone) != LINE_END || next > end || next - at > lineRoom) break;
    const word = load<u64>(quote + BEFORE_STREAM_BYTES) & STREAM_MASK;
    if (word != STDOUT_WORD) {
      if (word != STDERR_WORD) break;
    }
    const stream = word == STDOUT_WORD ? STDOUT : STDERR;
    if ((wanted & (1 << stream)) == 0) state.linesFiltered++;
    else {
      if (!endsInNewline(content, quote)) break;
      let contentStart = content;
      let contentEnd = quote - NEWLINE_ESCAPE_BYTES;
      if (isUnusual) {
        if (!tryMessageText(state, contentStart, contentEnd)) break;
        contentStart = textStart;
        contentEnd = textEnd;
      } else if (contentEnd - contentStart > contentBytesMax) break;
      const text = stream == STDOUT ? stdoutText : stderrText;
      store<usize>(column, contentStart);
      store<usize>(column + stride, contentEnd);
      store<usize>(column + 2 * stride, time);
      store<usize>(column + 3 * stride, zone + 1);
      store<usize>(column + 4 * stride, text);
      store<usize>(column + 5 * stride, text + STREAM_BYTES);
      store<u32>(seconds, <u32>(minute + <i64>second));
      column += 4;
      seconds += 4;
      row++;
    }
    at = next;
    quoteFound = 0;
  }
  state.rows = row;
  return at;
}
