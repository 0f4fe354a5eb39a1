/**
 * Whether sixteen bytes are UTF-8, whatever they are: three look-ups tell of each byte and the one before it what they cannot be together
 * (Keiser and Lemire, https://arxiv.org/abs/2010.03090).
 */
/** What two bytes, one behind the other, cannot be. */
const TOO_SHORT: i8 = 1;
const TOO_LONG: i8 = 2;
const OVERLONG_3: i8 = 4;
const TOO_LARGE: i8 = 8;
const SURROGATE: i8 = 16;
const OVERLONG_2: i8 = 32;
/** Both are told apart by the first byte. */
const TOO_LARGE_1000: i8 = 64;
const OVERLONG_4: i8 = 64;
const TWO_CONTINUATIONS: i8 = -128;
/** What does not depend on the lower half of the first byte. */
const ANY: i8 = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS;
const LARGE: i8 = ANY | TOO_LARGE | TOO_LARGE_1000;
const LEAST_SECOND: i8 = TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS;

/** By the halves of the first byte, and by the upper one of the second. */
export const FIRST_HIGH = memory.data<i8>([
  TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
  TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS,
  TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
  TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4,
], 16);
export const FIRST_LOW = memory.data<i8>([
  ANY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, ANY | OVERLONG_2, ANY, ANY, ANY | TOO_LARGE,
  LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE | SURROGATE, LARGE, LARGE,
], 16);
export const SECOND_HIGH = memory.data<i8>([
  TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
  LEAST_SECOND | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4, LEAST_SECOND | OVERLONG_3 | TOO_LARGE,
  LEAST_SECOND | SURROGATE | TOO_LARGE, LEAST_SECOND | SURROGATE | TOO_LARGE,
  TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
], 16);
/** The numbers of the lanes. */
const LANES = memory.data<i8>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], 16);

/** Only the first `size` of sixteen bytes; the others are zero. */
// @ts-ignore: decorator
@inline
export function firstBytes(v: v128, size: usize): v128 {
  return v128.and(v, i8x16.lt_s(v128.load(LANES), i8x16.splat(<i8>size)));
}

/**
 * Tells what is wrong with the bytes `v`, which are those at `at` or begin as they do: zero for what may stand where it does behind the bytes before
 * `at`. A character that lacks bytes is wrong where these are missing. The tables are those of the same names.
 */
// @ts-ignore: decorator
@inline
export function wrongBytes(at: usize, v: v128, firstHigh: v128, firstLow: v128, secondHigh: v128): v128 {
  const first = v128.load(at - 1);
  const half = i8x16.splat(0x0f);
  const byHigh = i8x16.relaxed_swizzle(firstHigh, v128.and(i16x8.shr_u(first, 4), half));
  const byLow = i8x16.relaxed_swizzle(firstLow, v128.and(first, half));
  const bySecond = i8x16.relaxed_swizzle(secondHigh, v128.and(i16x8.shr_u(v, 4), half));
  // Two bytes behind E0 and above, and three behind F0, a continuation follows another; it may nowhere else.
  const third = i8x16.sub_sat_u(v128.load(at - 2), i8x16.splat(0x60));
  const fourth = i8x16.sub_sat_u(v128.load(at - 3), i8x16.splat(0x70));
  const expected = v128.and(v128.or(third, fourth), i8x16.splat(-0x80));
  return v128.xor(expected, v128.and(v128.and(byHigh, byLow), bySecond));
}

/** How many of the bytes before `at` are a character that goes on there. What is before is UTF-8. */
export function unfinishedBefore(at: usize): usize {
  if (load<u8>(at - 1) >= 0xc0) return 1;
  if (load<u8>(at - 2) >= 0xe0) return 2;
  return load<u8>(at - 3) >= 0xf0 ? 3 : 0;
}

/** Whether a character may begin at `at`: then those of a text that begins there are looked at without what is before it. */
// @ts-ignore: decorator
@inline
export function mayBegin(at: usize): bool {
  return (load<u8>(at) & 0xc0) != 0x80;
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
