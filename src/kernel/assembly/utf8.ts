/** Whether a text is UTF-8 (https://encoding.spec.whatwg.org/#utf-8-decoder), sixteen bytes a step. */
import {
  FIRST_HIGH, FIRST_LOW, firstBytes, mayBegin, SECOND_HIGH, sequenceSize, wrongBytes,
} from "./utf8_blocks";

/** The text is not UTF-8. */
export const INVALID: i32 = -1;
/** The text is ASCII; it has characters beyond; it has some beyond U+FFFF. */
export const ASCII: i32 = 0;
export const BASIC: i32 = 1;
export const ASTRAL: i32 = 2;

/** Tells what [start, end) is. Reads up to 15 bytes beyond `end`; they do not count. */
export function kindOfText(start: usize, end: usize): i32 {
  let at = start;
  while (at < end && i8x16.bitmask(v128.load(at)) == 0) at += 16;
  if (at >= end) return ASCII;
  const kind = mayBegin(at) ? kindOfBlocks(at, end) : INVALID;
  return kind != INVALID ? kind : kindOneByOne(at, end);
}

/** The same, sixteen bytes at a time; `INVALID` also where what stands before `start` looks like the beginning of a character. */
function kindOfBlocks(start: usize, end: usize): i32 {
  const firstHigh = v128.load(FIRST_HIGH);
  const firstLow = v128.load(FIRST_LOW);
  const secondHigh = v128.load(SECOND_HIGH);
  let wrong = i8x16.splat(0);
  let most = wrong;
  let at = start;
  for (; end - at >= 16; at += 16) {
    const v = v128.load(at);
    wrong = v128.or(wrong, wrongBytes(at, v, firstHigh, firstLow, secondHigh));
    most = i8x16.max_u(most, v);
  }
  const left = end - at;
  const v = firstBytes(v128.load(at), left);
  // A last character that lacks bytes is wrong behind the end.
  wrong = v128.or(wrong, firstBytes(wrongBytes(at, v, firstHigh, firstLow, secondHigh), left + 1));
  if (v128.any_true(wrong)) return INVALID;
  most = i8x16.max_u(most, v);
  return i8x16.bitmask(i8x16.ge_u(most, i8x16.splat(-16))) != 0 ? ASTRAL : i8x16.bitmask(most) != 0 ? BASIC : ASCII;
}

/** The same as `kindOfText`, character by character. */
function kindOneByOne(start: usize, end: usize): i32 {
  let kind = ASCII;
  for (let at = start; at < end;) {
    const others = i8x16.bitmask(v128.load(at));
    if (others == 0) {
      at += 16;
      continue;
    }
    at += <usize>ctz(others);
    while (at < end && load<u8>(at) >= 0x80) {
      const bytes = sequenceSize(at, end);
      if (bytes < 0) return INVALID;
      kind = max(kind, bytes == 4 ? ASTRAL : BASIC);
      at += <usize>bytes;
    }
  }
  return kind;
}
