/** How large texts become once they are escaped (`escape.ts`), where that must be known before. */
import { BACKSLASH, isSpecial, QUOTE, shortEscape, specialMask } from "./escape_tables";
import { sequenceSize } from "./utf8_blocks";

/** Returns the bytes read (high half) and written (low half) by `escapeTo` for what begins at `at`. */
// @ts-ignore: decorator
@inline
function escapedStep(at: usize, end: usize): i32 {
  const byte = load<u8>(at);
  if (byte >= 0x80) {
    const size = sequenceSize(at, end);
    return size > 0 ? (size << 16) | size : (-size << 16) | 3;
  }
  if (byte >= 0x20 && byte != QUOTE && byte != BACKSLASH) return (1 << 16) | 1;
  return (1 << 16) | (shortEscape(byte) != 0 ? 2 : 6);
}

/**
 * Returns the address up to which [start, end) escapes to at most `sizeMax` bytes, never inside a sequence: `end` when all fits.
 * Cost: byte by byte, so only for contents that might be too long.
 */
export function escapedPrefix(start: usize, end: usize, sizeMax: usize): usize {
  let at = start;
  let size: usize = 0;
  while (at < end) {
    const step = escapedStep(at, end);
    size += <usize>(step & 0xffff);
    if (size > sizeMax) return at;
    at += <usize>(step >>> 16);
  }
  return end;
}

/** The bytes that [start, end) takes once it is escaped. Cost: sixteen bytes a step where nothing needs escaping. */
export function escapedBytes(start: usize, end: usize): usize {
  let size: usize = 0;
  for (let at = start; at < end;) {
    let mask = specialMask(v128.load(at));
    const left = end - at;
    if (left < 16) mask &= (1 << <i32>left) - 1;
    const clean = mask == 0 ? min<usize>(left, 16) : <usize>ctz(mask);
    at += clean;
    size += clean;
    if (mask == 0) continue;
    do {
      const step = escapedStep(at, end);
      size += <usize>(step & 0xffff);
      at += <usize>(step >>> 16);
    } while (at < end && isSpecial(load<u8>(at)));
  }
  return size;
}
