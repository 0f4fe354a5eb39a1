/**
 * Sets of characters as `../captures/set_records.ts` writes them, and walks over text that is UTF-8: how far a run of members goes, and
 * where the last one is. Sixteen bytes are looked at in one step; a character beyond ASCII only costs more where the set has some of
 * them and not others. Up to 15 bytes beyond an end are read; they do not count.
 */
/** 0x80 where every character beyond ASCII is a member, else 0. */
const ALL_OTHERS: usize = 16;
/** The number of ranges beyond ASCII where some are members, else 0. */
const RANGE_COUNT: usize = 20;
/** Where the ranges lie, from the set's own address: the first and last code point of each. */
const RANGES: usize = 24;

/** As a count: without limit. */
export const NO_LIMIT: u32 = 0xffffffff;

// @ts-ignore: decorator
@inline
function isContinuation(byte: u32): bool {
  return (byte & 0xc0) == 0x80;
}

/** The size of the character at `at`. */
// @ts-ignore: decorator
@inline
export function characterBytes(at: usize): usize {
  const byte: u32 = load<u8>(at);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/** The character before `at`. */
// @ts-ignore: decorator
@inline
export function previous(at: usize): usize {
  at--;
  while (isContinuation(load<u8>(at))) at--;
  return at;
}

function decode(at: usize): u32 {
  const lead: u32 = load<u8>(at);
  const second: u32 = load<u8>(at, 1) & 0x3f;
  if (lead < 0xe0) return (lead & 0x1f) << 6 | second;
  const third: u32 = load<u8>(at, 2) & 0x3f;
  if (lead < 0xf0) return (lead & 0x0f) << 12 | second << 6 | third;
  return (lead & 7) << 18 | second << 12 | third << 6 | (load<u8>(at, 3) & 0x3f);
}

/** Returns the range of a set that a character is in; 0 when there is none. */
function rangeOf(set: usize, codePoint: u32): usize {
  const ranges = set + <usize>load<u32>(set, RANGES);
  let low: u32 = 0;
  let high = load<u32>(set, RANGE_COUNT);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(ranges + (<usize>middle << 3), 4) < codePoint) low = middle + 1;
    else high = middle;
  }
  const range = ranges + (<usize>low << 3);
  return low < load<u32>(set, RANGE_COUNT) && load<u32>(range) <= codePoint ? range : 0;
}

/** Whether the character at `at` is a member. */
// @ts-ignore: decorator
@inline
export function has(set: usize, at: usize): bool {
  const byte: u32 = load<u8>(at);
  if (byte < 0x80) return (<u32>load<u8>(set + (byte & 15)) >> (byte >> 4) & 1) != 0;
  return hasOther(set, at);
}

function hasOther(set: usize, at: usize): bool {
  if (load<u32>(set, RANGE_COUNT) == 0) return load<u8>(set, ALL_OTHERS) != 0;
  return rangeOf(set, decode(at)) != 0;
}

/** A bit for each of the sixteen bytes that is a member by itself. */
// @ts-ignore: decorator
@inline
function members(table: v128, allOthers: v128, bytes: v128): u32 {
  const bits = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
  // An index of 16 or more gives 0: so for every byte beyond ASCII.
  const columns = i8x16.swizzle(table, v128.and(bytes, i8x16.splat(<i8>0x8f)));
  const bit = i8x16.swizzle(bits, v128.and(i16x8.shr_u(bytes, 4), i8x16.splat(0x0f)));
  const inside = v128.or(v128.and(columns, bit), v128.and(bytes, allOthers));
  return <u32>~i8x16.bitmask(i8x16.eq(inside, i8x16.splat(0))) & 0xffff;
}

/** Returns where the run of members that begins at `at` ends: at `end` at the latest. */
export function runEnd(set: usize, at: usize, end: usize): usize {
  const table = v128.load(set);
  const allOthers = v128.load8_splat(set, ALL_OTHERS);
  while (at < end) {
    const inside = members(table, allOthers, v128.load(at));
    if (inside == 0xffff) {
      at += 16;
      continue;
    }
    at += <usize>ctz(~inside);
    if (at >= end) return end;
    if (load<u8>(at) < 0x80 || load<u32>(set, RANGE_COUNT) == 0) return at;
    const stop = othersEnd(set, at, end);
    if (stop == at) return at;
    at = stop;
  }
  return end;
}

/** Returns where the run of members beyond ASCII that begins at `at` ends. Mostly they are all of one range. */
function othersEnd(set: usize, at: usize, end: usize): usize {
  let first: u32 = 1;
  let last: u32 = 0;
  for (; at < end && load<u8>(at) >= 0x80; at += characterBytes(at)) {
    const codePoint = decode(at);
    if (codePoint >= first && codePoint <= last) continue;
    const range = rangeOf(set, codePoint);
    if (range == 0) return at;
    first = load<u32>(range);
    last = load<u32>(range, 4);
  }
  return at;
}

/** Returns the last member that begins in [low, from); 0 when there is none. Both are between characters. */
export function lastOf(set: usize, low: usize, from: usize): usize {
  if (load<u32>(set, RANGE_COUNT) == 0) {
    const table = v128.load(set);
    const allOthers = v128.load8_splat(set, ALL_OTHERS);
    for (; from - low >= 16; from -= 16) {
      const inside = members(table, allOthers, v128.load(from - 16));
      if (inside != 0) return previous(from - 16 + <usize>(32 - clz(inside)));
    }
    // What is left may begin inside of a character, of which all bytes are members or none.
    while (from > low) {
      from--;
      const byte: u32 = load<u8>(from);
      if (byte < 0x80 ? has(set, from) : load<u8>(set, ALL_OTHERS) != 0) return previous(from + 1);
    }
    return 0;
  }
  while (from > low) {
    from = previous(from);
    if (has(set, from)) return from;
  }
  return 0;
}

/** Returns where `count` members that begin at `at` end; 0 when there are fewer. */
export function skipMembers(set: usize, at: usize, count: u32, end: usize): usize {
  for (; count > 0; count--) {
    if (at >= end || !has(set, at)) return 0;
    at += characterBytes(at);
  }
  return at;
}

/** Returns where the run of at most `most` members that begins at `at` ends. */
// @ts-ignore: decorator
@inline
export function limitedRunEnd(set: usize, at: usize, most: u32, end: usize): usize {
  return most == NO_LIMIT ? runEnd(set, at, end) : countedRunEnd(set, at, most, end);
}

function countedRunEnd(set: usize, at: usize, most: u32, end: usize): usize {
  // Where there are no members beyond ASCII, each is one byte.
  if (load<u8>(set, ALL_OTHERS) == 0 && load<u32>(set, RANGE_COUNT) == 0) {
    return runEnd(set, at, <usize>most < end - at ? at + <usize>most : end);
  }
  for (; most > 0 && at < end && has(set, at); most--) at += characterBytes(at);
  return at;
}
