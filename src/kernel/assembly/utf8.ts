/** Whether a text is UTF-8 (https://encoding.spec.whatwg.org/#utf-8-decoder), sixteen bytes a step where it is ASCII. */

/** The text is not UTF-8. */
export const INVALID: i32 = -1;
/** The text is ASCII; it has characters beyond; it has some beyond U+FFFF. */
export const ASCII: i32 = 0;
export const BASIC: i32 = 1;
export const ASTRAL: i32 = 2;

/** Tells what [start, end) is. Reads up to 15 bytes beyond `end`; they do not count. */
export function kindOfText(start: usize, end: usize): i32 {
  let kind = ASCII;
  for (let at = start; at < end;) {
    const others = i8x16.bitmask(v128.load(at));
    if (others == 0) {
      at += 16;
      continue;
    }
    at += <usize>ctz(others);
    while (at < end && load<u8>(at) >= 0x80) {
      if (at + 4 <= end && isUsual(load<u32>(at))) {
        kind = max(kind, BASIC);
        at += 3;
        continue;
      }
      const bytes = bytesOfValid(at, end);
      if (bytes == 0) return INVALID;
      kind = max(kind, bytes == 4 ? ASTRAL : BASIC);
      at += <usize>bytes;
    }
  }
  return kind;
}

// @ts-ignore: decorator
@inline
function isContinuation(at: usize): bool {
  return (load<u8>(at) & 0xc0) == 0x80;
}

/** Whether the first three of four bytes are a character with a first byte that any second may follow: most of those from U+1000 on. */
// @ts-ignore: decorator
@inline
function isUsual(bytes: u32): bool {
  const lead = bytes & 0xff;
  return (bytes & 0xc0c0f0) == 0x8080e0 && lead != 0xe0 && lead != 0xed;
}

/** Returns the size of the character beyond ASCII at `at`; 0 when it is none. */
function bytesOfValid(at: usize, end: usize): i32 {
  const lead: u32 = load<u8>(at);
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const bytes: i32 = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (end - at < <usize>bytes || !isSecond(lead, load<u8>(at, 1))) return 0;
  if (bytes > 2 && !isContinuation(at + 2)) return 0;
  return bytes > 3 && !isContinuation(at + 3) ? 0 : bytes;
}

/** Not every second byte may follow E0, ED, F0 and F4 (https://www.unicode.org/versions/Unicode16.0.0, table 3-7). */
function isSecond(lead: u32, second: u32): bool {
  const least: u32 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const most: u32 = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  return second >= least && second <= most;
}
