/**
 * Docker's texts as contents that stay JSON text. Docker escapes more than messages do: such texts are written anew, as messages have them.
 * Those that are no JSON strings, or no UTF-8, are for `docker_text.ts`.
 */
import { BACKSLASH, QUOTE, shortEscape, unescaped } from "./escape_tables";
import { codeUnit } from "./json_text";
import { codePoint, writeCodePoint } from "./json_unescape";
import { State } from "./state";
import { INVALID, kindOfText } from "./utf8";

const SPACE: u8 = 0x20;
const SLASH: u8 = 0x2f;
const LETTER_B: u8 = 0x62;
const LETTER_R: u8 = 0x72;
const LETTER_U: u8 = 0x75;
/** Bytes of `\uXXXX`. */
const UNIT_BYTES: usize = 6;
/** Digits at the end of `\uXXXX` from here on are letters, capital ones below `SMALL_LETTER`. */
const LETTER: u8 = 0x41;
const SMALL_LETTER: u8 = 0x61;
/** The escape of the newline at a line's end, as a little-endian word. */
const NEWLINE_ESCAPE: u16 = 0x6e5c;
export const NEWLINE_ESCAPE_BYTES: usize = 2;
/** The letters of escapes that messages have, by their low digit; `r` and `b` have that of the quote. */
const LETTERS = i8x16(1, 0, 0x22, 0, 0x74, 0, 0x66, 0, 0, 0, 0, 0, 0x5c, 0, 0x6e, 0);

/** Which bytes are letters of escapes that messages have, too: all but `b`, which is rare. */
// @ts-ignore: decorator
@inline
export function areLetters(bytes: v128): v128 {
  const letters = i8x16.relaxed_swizzle(LETTERS, v128.and(bytes, i8x16.splat(0x0f)));
  return v128.or(i8x16.eq(bytes, letters), i8x16.eq(bytes, i8x16.splat(LETTER_R)));
}

/** Whether the last character of the text [start, end) is a newline that is written as `\n`. */
// @ts-ignore: decorator
@inline
export function endsInNewline(start: usize, end: usize): bool {
  let before = end - NEWLINE_ESCAPE_BYTES;
  if (end - start < NEWLINE_ESCAPE_BYTES || load<u16>(before) != NEWLINE_ESCAPE) return false;
  // Of backslashes side by side, the last one is escaped if they are of an even number.
  while (before > start && load<u8>(before - 1) == BACKSLASH) before--;
  return (<u32>(end - before) & 1) == 0;
}

/** The text that `tryMessageText` has taken. */
export let textStart: usize = 0;
export let textEnd: usize = 0;

/**
 * Takes the text [start, end), what is between two quotes, as messages have it: as it stands there, or written anew to the arena.
 *
 * @returns whether that could be done: it is the inside of a JSON string, without half a surrogate pair, and fits a message.
 */
export function tryMessageText(state: State, start: usize, end: usize): bool {
  const out = <usize>(state.arena + state.arenaUsed);
  const written = rewriteTo(out, start, end);
  if (written == 0 || (!isAscii && kindOfText(start, end) == INVALID)) return false;
  textStart = isChanged ? out : start;
  textEnd = isChanged ? written : end;
  if (<i32>(textEnd - textStart) > state.contentBytesMax) return false;
  if (isChanged) state.arenaUsed += <i32>(written - out);
  return true;
}

/** Whether `rewriteTo` has written another text than the one that it was given, and whether that was ASCII. */
let isChanged = false;
let isAscii = true;

/**
 * Writes the text [start, end) to `out` as messages have it. It takes no more room, and 31 bytes that may be overwritten. Sets `isChanged`
 * and `isAscii`. Cost: the same for any sixteen bytes with the escapes of messages.
 *
 * @returns the address after it; 0: it is no JSON string.
 */
function rewriteTo(out: usize, start: usize, end: usize): usize {
  isChanged = false;
  let seen = i64x2.splat(0);
  for (let at = start; at < end;) {
    const v = v128.load(at);
    const size = min<usize>(end - at, 16);
    const among = (1 << <i32>size) - 1;
    v128.store(out, v);
    if ((i8x16.bitmask(i8x16.lt_u(v, i8x16.splat(SPACE))) & among) != 0) return 0;
    if (size == 16) seen = v128.or(seen, v);
    else if ((i8x16.bitmask(v) & among) != 0) seen = i8x16.splat(-1);
    const slashes = i8x16.bitmask(i8x16.eq(v, i8x16.splat(BACKSLASH))) & among;
    const begins = (slashes & (slashes << 1)) == 0 ? slashes : unescaped(slashes);
    const others = begins & ~i8x16.bitmask(areLetters(v128.load(at, 1)));
    if (others == 0) {
      // An escape that goes on behind these bytes is looked at with its letter.
      const taken = size - <usize>(begins >>> 15);
      at += taken;
      out += taken;
      continue;
    }
    at += <usize>ctz(others);
    out = rewriteEscape(out + <usize>ctz(others), at, end);
    if (out == 0) return 0;
    at = escapeEnd;
  }
  isAscii = !v128.any_true(v128.and(seen, i8x16.splat(-128)));
  return out;
}

/** Where the escape ended that was rewritten last. */
let escapeEnd: usize = 0;

/** Writes the escape at `at` as messages have it. @returns the address after it; 0: it is none, or half a surrogate pair. */
function rewriteEscape(out: usize, at: usize, end: usize): usize {
  const letter = load<u8>(at, 1);
  if (letter == LETTER_U) return rewriteUnit(out, at, end);
  escapeEnd = at + 2;
  if (letter == LETTER_B) {
    store<u16>(out, load<u16>(at));
    return out + 2;
  }
  isChanged = true;
  store<u8>(out, SLASH);
  return letter == SLASH ? out + 1 : 0;
}

/** The same for `\uXXXX`. */
function rewriteUnit(out: usize, at: usize, end: usize): usize {
  const unit = at + UNIT_BYTES > end ? -1 : codeUnit(at + 2);
  if (unit < 0) return 0;
  escapeEnd = at + UNIT_BYTES;
  const isControl = unit < <i32>SPACE;
  if (isControl || unit == <i32>QUOTE || unit == <i32>BACKSLASH) {
    const short = shortEscape(<u8>unit);
    if (short != 0) {
      isChanged = true;
      store<u16>(out, <u16>BACKSLASH | <u16>short << 8);
      return out + 2;
    }
    store<u64>(out, load<u64>(at));
    const last = load<u8>(at, 5);
    if (last >= LETTER && last < SMALL_LETTER) {
      isChanged = true;
      store<u8>(out, last + (SMALL_LETTER - LETTER), 5);
    }
    return out + UNIT_BYTES;
  }
  isChanged = true;
  if (unit < 0x80) {
    store<u8>(out, <u8>unit);
    return out + 1;
  }
  const code = codePoint(at, end);
  if (code < 0) return 0;
  if (code >= 0x10000) escapeEnd = at + 2 * UNIT_BYTES;
  return writeCodePoint(out, <u32>code);
}
