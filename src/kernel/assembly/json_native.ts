/**
 * Numbers as the original's native parser writes them: integers as they are, others with six decimals. Numbers for which that would not
 * be exact are the host's.
 */
const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;
/** Integers of so many digits fit 64 bits. */
const INTEGER_DIGITS_MAX: usize = 18;
/** So many digits are what they were once they have been a floating-point number. */
const DECIMAL_DIGITS_MAX: usize = 15;
const DECIMALS: usize = 6;

/** The most that a number takes which is written anew. */
export const NUMBER_BYTES_MAX: usize = 32;

/** The number is as it should be; it was written to `out`, up to `writtenEnd`; it is the host's. */
export const AS_IT_IS: i32 = 0;
export const WRITTEN: i32 = 1;
export const NOT_EXACT: i32 = 2;

export let writtenEnd: usize = 0;

/** Looks at the good number [start, end). */
export function writeNumber(out: usize, start: usize, end: usize): i32 {
  const isNegative = load<u8>(start) == MINUS;
  const first = isNegative ? start + 1 : start;
  let point: usize = 0;
  let isZero = true;
  for (let at = first; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == POINT) point = at;
    else if (byte < ZERO || byte > 0x39) return NOT_EXACT;
    else if (byte != ZERO) isZero = false;
  }
  if (isNegative && isZero) return NOT_EXACT;
  if (point == 0) return end - first <= INTEGER_DIGITS_MAX ? AS_IT_IS : NOT_EXACT;
  const decimals = end - point - 1;
  if (decimals > DECIMALS || point - first + DECIMALS > DECIMAL_DIGITS_MAX) return NOT_EXACT;
  memory.copy(out, start, end - start);
  out += end - start;
  for (let missing = DECIMALS - decimals; missing > 0; missing--) store<u8>(out++, ZERO);
  writtenEnd = out;
  return WRITTEN;
}

/** Whether there is a blank in [start, end), be it in a string. */
export function hasBlank(start: usize, end: usize): bool {
  for (let at = start; at < end; at += 16) {
    const found = i8x16.bitmask(i8x16.le_u(v128.load(at), i8x16.splat(0x20)));
    if (found != 0) return at + <usize>ctz(found) < end;
  }
  return false;
}
