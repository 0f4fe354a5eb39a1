/**
 * Whether a text matches a pattern: a walk through the table that `../pattern/pattern_table.ts` writes and describes. It ends where
 * the answer is certain. In a state that most bytes lead back to, sixteen bytes are looked at in one step.
 */
const CLASSES: usize = 16;
const ROWS: usize = CLASSES + 256;
const SKIP_SET_BYTES: usize = 32;

/** The word at a row's column. */
// @ts-ignore: decorator
@inline
function word(table: usize, state: u32, column: u32): u32 {
  return load<u16>(table + (<usize>(state + column) << 1), ROWS);
}

/**
 * Tells whether the text [start, end) matches the pattern whose table lies at `table`. Reads up to 15 bytes beyond `end`; they do
 * not count.
 */
export function matchPattern(table: usize, start: usize, end: usize): bool {
  const accepting = load<u32>(table, 4);
  const plain = load<u32>(table, 8);
  let state = load<u32>(table);
  let before = state;
  let at = start;
  while (true) {
    if (state < plain) {
      if (state <= accepting) return state == accepting;
      // A byte that led back is likely to be followed by more of them; where none did, looking would only cost.
      if (state == before) at = skip(table, state, at, end);
    }
    if (at >= end) break;
    before = state;
    state = word(table, state, load<u8>(table + <usize>load<u8>(at), CLASSES));
    at++;
  }
  return word(table, state, 0) == accepting;
}

/** Returns the address of the first byte in [at, end) that leads out of `state`, or `end` or beyond. */
function skip(table: usize, state: u32, at: usize, end: usize): usize {
  const set = table + <usize>load<u32>(table, 12) + <usize>word(table, state, 1) * SKIP_SET_BYTES;
  const lowHalf = v128.load(set);
  const highHalf = v128.load(set, 16);
  const bits = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  for (; at < end; at += 16) {
    const bytes = v128.load(at);
    // An index of 16 or more gives 0, so that each byte meets only the half it is in.
    const column = v128.and(bytes, i8x16.splat(<i8>0x8f));
    const columns = v128.or(
      i8x16.swizzle(lowHalf, column),
      i8x16.swizzle(highHalf, v128.xor(column, i8x16.splat(<i8>0x80))),
    );
    const bit = i8x16.swizzle(bits, v128.and(i16x8.shr_u(bytes, 4), i8x16.splat(0x0f)));
    const outside = i8x16.bitmask(i8x16.eq(v128.and(columns, bit), i8x16.splat(0)));
    if (outside != 0xffff) return at + <usize>ctz(~outside);
  }
  return end;
}
