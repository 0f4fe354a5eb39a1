/** What stands in the texts of Docker's lines: JSON strings, escaped by others than messages are (`docker.ts`). */
import { findByte } from "./bytes";
import { BACKSLASH, BACKSLASHES, QUOTE, QUOTES, TABLES_END, unescaped } from "./escape_tables";
import { State } from "./state";

const NEWLINE: u8 = 0x0a;
const TAB: u8 = 0x09;
const LETTER_N: u8 = 0x6e;
const LETTER_T: u8 = 0x74;
/** For every set of bytes among eight, the others, one behind the other; fixed, as the tables of escapes are, and behind them. */
const CLOSED: usize = TABLES_END;

/** Fills the table. */
export function unescapeInitialize(): void {
  for (let set: usize = 0; set < 256; set++) {
    let at = CLOSED + (set << 4);
    for (let lane: usize = 0; lane < 8; lane++) {
      if ((set >>> lane & 1) == 0) store<u8>(at++, <u8>lane);
    }
  }
}

// @ts-ignore: decorator
@inline
function hexDigit(at: usize): i32 {
  const byte = load<u8>(at);
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -0x10000;
}

/** The code unit of `\uXXXX` whose digits begin at `at`; negative where they are none. */
function codeUnit(at: usize, end: usize): i32 {
  if (at + 4 > end) return -1;
  return (hexDigit(at) << 12) | (hexDigit(at + 1) << 8) | (hexDigit(at + 2) << 4) | hexDigit(at + 3);
}

function writeCodePoint(out: usize, code: i32): usize {
  if (code < 0x80) {
    store<u8>(out, <u8>code);
    return out + 1;
  }
  if (code < 0x800) {
    store<u8>(out, <u8>(0xc0 | (code >> 6)));
    store<u8>(out + 1, <u8>(0x80 | (code & 63)));
    return out + 2;
  }
  if (code < 0x10000) {
    store<u8>(out, <u8>(0xe0 | (code >> 12)));
    store<u8>(out + 1, <u8>(0x80 | ((code >> 6) & 63)));
    store<u8>(out + 2, <u8>(0x80 | (code & 63)));
    return out + 3;
  }
  store<u8>(out, <u8>(0xf0 | (code >> 18)));
  store<u8>(out + 1, <u8>(0x80 | ((code >> 12) & 63)));
  store<u8>(out + 2, <u8>(0x80 | ((code >> 6) & 63)));
  store<u8>(out + 3, <u8>(0x80 | (code & 63)));
  return out + 4;
}

/** The character that a one-letter escape stands for, or 0. */
function unescapeLetter(letter: u8): u8 {
  if (letter == QUOTE || letter == BACKSLASH || letter == 0x2f) return letter;
  if (letter == 0x6e) return NEWLINE;
  if (letter == 0x74) return 0x09;
  if (letter == 0x72) return 0x0d;
  if (letter == 0x62) return 0x08;
  if (letter == 0x66) return 0x0c;
  return 0;
}

/** Where the last escape ended, for `unescape`. */
const escapeEnd = memory.data(8);

/** Writes what the escape at `at` stands for; what is none stays as it is. */
function writeEscape(out: usize, at: usize, end: usize): usize {
  const letter: u8 = at + 1 < end ? load<u8>(at + 1) : 0;
  const plain = unescapeLetter(letter);
  if (plain != 0) {
    store<usize>(escapeEnd, at + 2);
    store<u8>(out, plain);
    return out + 1;
  }
  const unit = letter == 0x75 ? codeUnit(at + 2, end) : -1;
  if (unit < 0) {
    store<usize>(escapeEnd, at + 1);
    store<u8>(out, BACKSLASH);
    return out + 1;
  }
  store<usize>(escapeEnd, at + 6);
  if ((unit & 0xf800) != 0xd800) return writeCodePoint(out, unit);
  const isPair = unit < 0xdc00 && at + 8 < end && load<u16>(at + 6) == 0x755c;
  const low = isPair ? codeUnit(at + 8, end) : -1;
  if (low < 0 || (low & 0xfc00) != 0xdc00) return writeCodePoint(out, 0xfffd);
  store<usize>(escapeEnd, at + 12);
  return writeCodePoint(out, 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff));
}

/**
 * Returns the address of the first backslash in [start, end), or `end`; the usual text has its only one before the `n` at its end.
 */
// @ts-ignore: decorator
@inline
export function firstEscape(start: usize, end: usize): usize {
  return findByte(start, end, BACKSLASH);
}

/** Writes `size` bytes, sixteen at most, without those of a set. Returns the address after them. */
// @ts-ignore: decorator
@inline
function closeUp(out: usize, bytes: v128, set: i32, size: i32): usize {
  const near = v128.load((set & 0xff) << 4, CLOSED);
  const far = v128.load(set >>> 8 << 4, CLOSED);
  v128.store(out, i8x16.relaxed_swizzle(bytes, near));
  v128.store(out + 8 - <usize>popcnt(set & 0xff), i8x16.relaxed_swizzle(i64x2.shuffle(bytes, bytes, 1, 1), far));
  return out + <usize>(size - popcnt(set));
}

/**
 * Appends the text [start, end) unescaped to the arena. Cost: the same for any sixteen bytes whose escapes are those of quotes,
 * backslashes, newlines and tabs; others go one by one.
 *
 * @returns its address there; the arena's new end is its end. Up to 31 bytes beyond it may be overwritten.
 */
export function unescape(state: State, start: usize, end: usize): usize {
  const quotes = v128.load(QUOTES);
  const backslashes = v128.load(BACKSLASHES);
  const target = <usize>(state.arena + state.arenaUsed);
  let out = target;
  for (let at = start; at < end;) {
    const v = v128.load(at);
    const left = <i32>(end - at);
    let size = min<i32>(left, 16);
    const among = (1 << size) - 1;
    const slashes = i8x16.bitmask(i8x16.eq(v, backslashes)) & among;
    if (slashes == 0) {
      v128.store(out, v);
      out += <usize>size;
      at += <usize>size;
      continue;
    }
    let begins = (slashes & (slashes << 1)) == 0 ? slashes : unescaped(slashes);
    let bytes = v;
    // The letters of escapes but those of quotes and backslashes, and of one that goes on behind these bytes.
    let others = (begins << 1) & ~((i8x16.bitmask(i8x16.eq(v, quotes)) | slashes) & among);
    if (others != 0) {
      const lines = i8x16.eq(v, i8x16.splat(LETTER_N));
      const tabs = i8x16.eq(v, i8x16.splat(LETTER_T));
      if (begins == slashes) {
        const letters = i8x16.shuffle(i8x16.splat(0), i8x16.eq(v, backslashes), 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
        const change = v128.or(v128.and(lines, i8x16.splat(LETTER_N ^ NEWLINE)), v128.and(tabs, i8x16.splat(LETTER_T ^ TAB)));
        bytes = v128.xor(v, v128.and(letters, change));
        others &= ~(i8x16.bitmask(v128.or(lines, tabs)) & among);
      }
      if (others != 0) {
        size = ctz(others) - 1;
        begins &= (1 << size) - 1;
      }
    }
    out = closeUp(out, bytes, begins, size);
    at += <usize>size;
    if (others == 0 || (size == 15 && left > 16)) continue;
    out = writeEscape(out, at, end);
    at = load<usize>(escapeEnd);
  }
  state.arenaUsed = <i32>(out - <usize>state.arena);
  return target;
}
