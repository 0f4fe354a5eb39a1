/**
 * JSON string escaping of bytes that should be UTF-8. What is not becomes U+FFFD, one for each maximal invalid part, as
 * browsers do (https://encoding.spec.whatwg.org/#utf-8-decoder), so that the output is always valid.
 */
import { blockEnd, escapeOther } from "./escape_other";
import { BACKSLASHES, QUOTES, SPACES, specialMask, spread } from "./escape_tables";

/**
 * Writes [start, end) escaped to `out`. Cost: the same for any sixteen bytes that take a backslash at most, and twice that for those with
 * controls that have a letter or beyond ASCII; other controls, and what is not UTF-8, go byte by byte.
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
      out = escapeOther(out, at, end);
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
    out = escapeOther(out, at, end);
    at = blockEnd;
  }
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
