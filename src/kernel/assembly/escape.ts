/**
 * JSON string escaping of bytes that should be UTF-8. What is not becomes U+FFFD, one for each maximal invalid part, as
 * browsers do (https://encoding.spec.whatwg.org/#utf-8-decoder), so that the output is always valid.
 */
export const QUOTE: u8 = 0x22;
export const BACKSLASH: u8 = 0x5c;
/** U+FFFD in UTF-8, little endian. */
const REPLACEMENT: u32 = 0x00bdbfef;

/**
 * Where the tables lie, behind those of the checksums: for every set of bytes among eight, where each stands once those of the set have
 * a backslash before them; fixed, so that look-ups carry the address in the instruction.
 */
const SPREADS: usize = 28 * 1024;
/** A lane that holds a backslash where `spread` looks for its bytes. */
const BACKSLASH_LANE: u8 = 8;
/** What stands behind the backslash in place of the controls that have a short escape, by their codes. */
const CONTROL_LETTERS = i8x16(0, 0, 0, 0, 0, 0, 0, 0, 0x62, 0x74, 0x6e, 0, 0x66, 0x72, 0, 0);

/** Vectors of one byte, behind the tables: V8 makes a constant anew in each step of a loop, and what was loaded before it stays. */
export const QUOTES: usize = SPREADS + 256 * 16;
export const BACKSLASHES: usize = QUOTES + 16;
export const SPACES: usize = QUOTES + 32;
/** Behind all of them. */
export const TABLES_END: usize = QUOTES + 64;

/** Fills the tables. */
export function escapeInitialize(): void {
  v128.store(QUOTES, i8x16.splat(QUOTE));
  v128.store(BACKSLASHES, i8x16.splat(BACKSLASH));
  v128.store(SPACES, i8x16.splat(0x20));
  for (let set: usize = 0; set < 256; set++) {
    let at = SPREADS + (set << 4);
    for (let lane: usize = 0; lane < 8; lane++) {
      if ((set >>> lane & 1) != 0) store<u8>(at++, BACKSLASH_LANE);
      store<u8>(at++, <u8>lane);
    }
    for (; at < SPREADS + (set << 4) + 16; at++) store<u8>(at, BACKSLASH_LANE);
  }
}

/** The bytes of `v` that cannot be copied as they are: controls, quote, backslash and everything that is not ASCII. */
// @ts-ignore: decorator
@inline
export function specialMask(v: v128): i32 {
  const quoted = v128.or(i8x16.eq(v, i8x16.splat(QUOTE)), i8x16.eq(v, i8x16.splat(BACKSLASH)));
  // Signed: bytes from 0x80 up are negative and so below 0x20, too.
  return i8x16.bitmask(v128.or(quoted, i8x16.lt_s(v, i8x16.splat(0x20))));
}

/** Writes `size` bytes, sixteen at most, with a backslash before those of a set. Returns the address after them. */
// @ts-ignore: decorator
@inline
function spread(out: usize, bytes: v128, backslashes: v128, set: i32, size: usize): usize {
  const near = v128.load((set & 0xff) << 4, SPREADS);
  const far = v128.load(set >>> 8 << 4, SPREADS);
  // All lanes that are looked up are there, so the instruction that need not say what happens otherwise is the same.
  v128.store(out, i8x16.relaxed_swizzle(i64x2.shuffle(bytes, backslashes, 0, 2), near));
  v128.store(out + <usize>popcnt(set & 0xff), i8x16.relaxed_swizzle(i64x2.shuffle(bytes, backslashes, 1, 2), far), 8);
  return out + size + <usize>popcnt(set);
}

/**
 * Writes [start, end) escaped to `out`. Cost: the same for any sixteen bytes that take a backslash at most, and twice that for those with
 * controls that have a letter; text in another script and other controls go byte by byte.
 *
 * @returns the address after the last byte written. Up to 31 bytes beyond it may be overwritten.
 */
export function escapeTo(out: usize, start: usize, end: usize): usize {
  const quotes = v128.load(QUOTES);
  const backslashes = v128.load(BACKSLASHES);
  const spaces = v128.load(SPACES);
  let at = start;
  for (; end - at >= 16; at += 16) {
    const v = v128.load(at);
    const controls = i8x16.lt_s(v, spaces);
    const mask = i8x16.bitmask(v128.or(v128.or(i8x16.eq(v, quotes), i8x16.eq(v, backslashes)), controls));
    if (mask == 0) {
      v128.store(out, v);
      out += 16;
      continue;
    }
    if (v128.any_true(controls)) {
      out = escapeBlock(out, at, end);
      at = blockEnd - 16;
      continue;
    }
    out = spread(out, v, backslashes, mask, 16);
  }
  while (at < end) {
    const v = v128.load(at);
    const among = (1 << <i32>(end - at)) - 1;
    if ((i8x16.bitmask(i8x16.lt_s(v, spaces)) & among) == 0) {
      const quoted = i8x16.bitmask(v128.or(i8x16.eq(v, quotes), i8x16.eq(v, backslashes))) & among;
      if (quoted != 0) return spread(out, v, backslashes, quoted, end - at);
      v128.store(out, v);
      return out + (end - at);
    }
    out = escapeBlock(out, at, end);
    at = blockEnd;
  }
  return out;
}

/** Where `escapeBlock` stopped reading. */
let blockEnd: usize = 0;

/**
 * Writes up to sixteen bytes from `at` on, and then as many as are special. Sets `blockEnd`.
 *
 * @returns the address after what was written.
 */
function escapeBlock(out: usize, at: usize, end: usize): usize {
  const v = v128.load(at);
  let size = min<usize>(end - at, 16);
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
    // A run of special bytes: text in another script never pays for the wide load again until it returns to ASCII.
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
    } while (at < end && isSpecial(load<u8>(at)));
  }
  blockEnd = at;
  return out;
}

/** The same, faster for texts of sixteen bytes at most that need no escape. */
// @ts-ignore: decorator
@inline
export function escapeShortTo(out: usize, start: usize, end: usize): usize {
  const size = end - start;
  if (size > 16) return escapeTo(out, start, end);
  const v = v128.load(start);
  if ((specialMask(v) & ((1 << <i32>size) - 1)) != 0) return escapeTo(out, start, end);
  v128.store(out, v);
  return out + size;
}

/** Of backslashes side by side, every second one is escaped: those that are not, if the first is not. */
export function unescaped(backslashes: i32): i32 {
  let begins: i32 = 0;
  for (let rest = backslashes; rest != 0;) {
    const next = rest & -rest;
    begins |= next;
    rest &= ~(next | next << 1);
  }
  return begins;
}

// @ts-ignore: decorator
@inline
export function isSpecial(byte: u8): bool {
  return byte >= 0x80 || byte < 0x20 || byte == QUOTE || byte == BACKSLASH;
}

// @ts-ignore: decorator
@inline
function hexDigit(value: u8): u8 {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

/** Returns the letter of a two-character escape, or 0. */
// @ts-ignore: decorator
@inline
export function shortEscape(byte: u8): u8 {
  if (byte == QUOTE || byte == BACKSLASH) return byte;
  if (byte == 0x0a) return 0x6e;
  if (byte == 0x09) return 0x74;
  if (byte == 0x0d) return 0x72;
  if (byte == 0x08) return 0x62;
  if (byte == 0x0c) return 0x66;
  return 0;
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

/**
 * Returns the size of the UTF-8 sequence at `at` (2 to 4), or minus the size of the invalid part (-1 to -3). The bounds of the
 * second byte exclude overlong forms, surrogates and what is beyond U+10FFFF (https://www.unicode.org/versions/Unicode16.0.0, table 3-7).
 */
export function sequenceSize(at: usize, end: usize): i32 {
  const lead = load<u8>(at);
  if (lead < 0xc2 || lead > 0xf4) return -1;
  const size: i32 = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  let low: u8 = 0x80;
  let high: u8 = 0xbf;
  if (lead == 0xe0) low = 0xa0;
  else if (lead == 0xed) high = 0x9f;
  else if (lead == 0xf0) low = 0x90;
  else if (lead == 0xf4) high = 0x8f;
  for (let i: i32 = 1; i < size; i++) {
    if (at + <usize>i >= end) return -i;
    const byte = load<u8>(at + <usize>i);
    if (byte < low || byte > high) return -i;
    low = 0x80;
    high = 0xbf;
  }
  return size;
}

/**
 * Returns how many of the first `limit` bytes at `at` are those at `earlier`, and, unless they `mayBeSpecial`, are themselves when
 * they are escaped. Reads up to 15 bytes beyond.
 */
// @ts-ignore: decorator
@inline
export function repeatedClean(at: usize, earlier: usize, limit: usize, mayBeSpecial: bool): usize {
  for (let size: usize = 0; size < limit; size += 16) {
    const v = v128.load(at + size);
    let mask = ~i8x16.bitmask(i8x16.eq(v, v128.load(earlier + size))) & 0xffff;
    if (!mayBeSpecial) mask |= specialMask(v);
    if (mask != 0) return min<usize>(size + <usize>ctz(mask), limit);
  }
  return limit;
}
