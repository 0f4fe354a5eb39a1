/** Escaping what has controls or characters beyond ASCII: text of any script as it is, what is not UTF-8 as U+FFFD. */
import {
  BACKSLASH, BACKSLASHES, isSpecial, QUOTE, QUOTES, shortEscape, SPACES, specialMask, spread,
} from "./escape_tables";
import {
  FIRST_HIGH, FIRST_LOW, firstBytes, mayBegin, SECOND_HIGH, sequenceSize, unfinishedBefore, wrongBytes,
} from "./utf8_blocks";

/** U+FFFD in UTF-8, little endian. */
const REPLACEMENT: u32 = 0x00bdbfef;
/** What stands behind the backslash in place of the controls that have a short escape, by their codes. */
const CONTROL_LETTERS = i8x16(0, 0, 0, 0, 0, 0, 0, 0, 0x62, 0x74, 0x6e, 0, 0x66, 0x72, 0, 0);

/** Where `escapeOther` and those that it calls stopped reading. */
export let blockEnd: usize = 0;

/** Writes some bytes from `at` on, among which are controls or others beyond ASCII. Sets `blockEnd`. Returns the address after them. */
// @ts-ignore: decorator
@inline
export function escapeOther(out: usize, at: usize, end: usize): usize {
  if (i8x16.bitmask(v128.load(at)) != 0 && mayBegin(at)) {
    const next = escapeText(out, at, end);
    if (blockEnd > at) return next;
  }
  return escapeBlock(out, at, end);
}

/**
 * Writes text of any script from `at` on, where a character begins, as long as sixteen bytes have some beyond ASCII, are UTF-8 and hold no
 * control. Sets `blockEnd`, to where a character ends. Returns the address after what was written.
 */
function escapeText(out: usize, at: usize, end: usize): usize {
  const quotes = v128.load(QUOTES);
  const backslashes = v128.load(BACKSLASHES);
  const spaces = v128.load(SPACES);
  const firstHigh = v128.load(FIRST_HIGH);
  const firstLow = v128.load(FIRST_LOW);
  const secondHigh = v128.load(SECOND_HIGH);
  const start = at;
  for (; end - at >= 16; at += 16) {
    const v = v128.load(at);
    if (i8x16.bitmask(v) == 0) break;
    const wrong = v128.or(wrongBytes(at, v, firstHigh, firstLow, secondHigh), i8x16.lt_u(v, spaces));
    if (v128.any_true(wrong)) break;
    const quoted = v128.or(i8x16.eq(v, quotes), i8x16.eq(v, backslashes));
    if (v128.any_true(quoted)) out = spread(out, v, backslashes, i8x16.bitmask(quoted), 16);
    else {
      v128.store(out, v);
      out += 16;
    }
  }
  const left = end - at;
  if (left - 1 < 15) {
    const v = firstBytes(v128.load(at), left);
    const wrong = i8x16.ne(wrongBytes(at, v, firstHigh, firstLow, secondHigh), i8x16.splat(0));
    const among = (1 << <i32>left) - 1;
    // A last character that lacks bytes is wrong behind the end.
    if ((i8x16.bitmask(wrong) & (among << 1 | 1) | i8x16.bitmask(i8x16.lt_u(v, spaces)) & among) == 0) {
      const quoted = i8x16.bitmask(v128.or(i8x16.eq(v, quotes), i8x16.eq(v, backslashes)));
      blockEnd = end;
      return spread(out, v, backslashes, quoted, left);
    }
  }
  const unfinished = at > start ? unfinishedBefore(at) : 0;
  blockEnd = at - unfinished;
  return out - unfinished;
}

/**
 * Writes up to sixteen bytes from `at` on, those that are special one by one. Sets `blockEnd`.
 *
 * @returns the address after what was written.
 */
function escapeBlock(out: usize, at: usize, end: usize): usize {
  const v = v128.load(at);
  let size = min<usize>(end - at, 16);
  const stop = at + size;
  let mask = specialMask(v) & ((1 << <i32>size) - 1);
  const controls = i8x16.lt_s(v, i8x16.splat(0x20));
  const letters = i8x16.swizzle(CONTROL_LETTERS, v);
  const isShort = i8x16.ne(letters, i8x16.splat(0));
  const long = mask & i8x16.bitmask(v128.andnot(controls, isShort));
  if (long != 0) {
    size = <usize>ctz(long);
    mask &= (1 << <i32>size) - 1;
  }
  if (size > 0) out = spread(out, v128.bitselect(letters, v, isShort), i8x16.splat(BACKSLASH), mask, size);
  at += size;
  if (long != 0) {
    // A run of special bytes.
    do {
      const byte = load<u8>(at);
      if (byte < 0x80) {
        out = escapeAscii(out, byte);
        at++;
      } else {
        const bytes = sequenceSize(at, end);
        if (bytes > 0) {
          store<u32>(out, load<u32>(at));
          out += <usize>bytes;
          at += <usize>bytes;
        } else {
          store<u32>(out, REPLACEMENT);
          out += 3;
          at += <usize>-bytes;
        }
      }
    } while (at < stop && isSpecial(load<u8>(at)));
  }
  blockEnd = at;
  return out;
}

// @ts-ignore: decorator
@inline
function hexDigit(value: u8): u8 {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

// @ts-ignore: decorator
@inline
function escapeAscii(out: usize, byte: u8): usize {
  if (byte == QUOTE || byte == BACKSLASH) {
    store<u16>(out, <u16>BACKSLASH | (<u16>byte << 8));
    return out + 2;
  }
  return escapeControl(out, byte);
}

function escapeControl(out: usize, byte: u8): usize {
  const letter = shortEscape(byte);
  if (letter != 0) {
    store<u16>(out, <u16>BACKSLASH | (<u16>letter << 8));
    return out + 2;
  }
  store<u32>(out, 0x3030755c); // \u00
  store<u8>(out + 4, hexDigit(byte >> 4));
  store<u8>(out + 5, hexDigit(byte & 15));
  return out + 6;
}
