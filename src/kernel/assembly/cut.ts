/** Texts cut at a separator of one to four ASCII characters: each piece becomes a column. */
import { columnEnd, columnStart, State } from "./state";

/** Said in place of a number of pieces: the text is the host's to look at. */
const ASK_HOST: i32 = -2;

/** Blanks at both ends do not count. */
const TRIMS: i32 = 1;
/** A piece without any character at the end is none. */
const DROPS_EMPTY_LAST: i32 = 2;
/** The last piece that there is a column for takes the rest; otherwise a text with more pieces is the host's. */
const TAKES_REST: i32 = 4;

/** That rest begins with the separator before it. */
const REST_WITH_SEPARATOR: i32 = 8;

/** No characters. */
const NONE: u32 = 0xffff;

/**
 * Cuts the texts of column `source` of rows [rowFrom, rowTo). Pieces become the columns from `firstColumn` on, at most `columns`. Writes
 * their number to `counts` for each row, from row 0 on, or -2: also where the text has one of the two characters of `asking`, unless that
 * is 0xffff, or where nothing but blanks is in a text that is trimmed.
 *
 * @param separator its `size` bytes, the first one lowest.
 */
export function cutRows(
  state: State, source: i32, rowFrom: i32, rowTo: i32, firstColumn: i32, columns: i32,
  separator: u32, size: i32, asking: u32, flags: i32, counts: usize,
): void {
  const stride = <usize>state.rowsRoom << 2;
  for (let row = rowFrom; row < rowTo; row++) {
    let start = <usize>load<i32>(columnStart(state, source, row));
    let end = <usize>load<i32>(columnEnd(state, source, row));
    let count = ASK_HOST;
    if (flags & TRIMS) {
      while (start < end && load<u8>(start) == 0x20) start++;
      while (start < end && (load<u8>(end - 1) == 0x20 || load<u8>(end - 1) == 0x0d)) end--;
    }
    if (!(flags & TRIMS) || start < end) {
      const out = columnStart(state, firstColumn, row);
      count = cut(start, end, out, stride, columns, separator, <usize>size, asking, flags);
    }
    store<i32>(counts + (<usize>row << 2), count);
  }
}

function cut(
  start: usize, end: usize, out: usize, stride: usize, columns: i32, separator: u32, size: usize, asking: u32, flags: i32,
): i32 {
  const first = i8x16.splat(<u8>separator);
  const asks = i8x16.splat(<u8>asking);
  const asksToo = i8x16.splat(<u8>(asking >> 8));
  const wanted: u32 = size == 4 ? 0xffffffff : (1 << <u32>(size << 3)) - 1;
  let piece = start;
  let count = 0;
  for (let at = start; at < end; at += 16) {
    const bytes = v128.load(at);
    let found = i8x16.bitmask(i8x16.eq(bytes, first));
    if (asking != NONE) {
      const asked = i8x16.bitmask(v128.or(i8x16.eq(bytes, asks), i8x16.eq(bytes, asksToo)));
      if (asked != 0 && at + <usize>ctz(asked) < end) return ASK_HOST;
    }
    for (; found != 0; found &= found - 1) {
      const place = at + <usize>ctz(found);
      if (place + size > end) break;
      // Separators do not overlap: one that begins inside of the last is none.
      if (place < piece || (size > 1 && (load<u32>(place) & wanted) != separator)) continue;
      if (count == columns - 1) {
        if (!(flags & TAKES_REST)) return ASK_HOST;
        if (asking == NONE) {
          at = end;
          break;
        }
        continue;
      }
      store<u32>(out, <u32>piece);
      store<u32>(out + stride, <u32>place);
      out += stride << 1;
      count++;
      piece = place + size;
    }
  }
  if ((flags & DROPS_EMPTY_LAST) && piece >= end) return count;
  if ((flags & REST_WITH_SEPARATOR) && count == columns - 1 && count > 0) piece -= size;
  store<u32>(out, <u32>piece);
  store<u32>(out + stride, <u32>end);
  return count + 1;
}
