/**
 * Texts that are pairs of names and values, as `a=1 b=2` → columns, one for each value. The names in their order are the shape
 * (`json_shapes.ts`); there, a name ends with the separator.
 */
import { findByte } from "./bytes";
import { CHILD, childOf, CLOSE, COLUMNS_MAX, KIND, LEAF, nameAt, numberOf, rootOf } from "./json_shapes";
import { columnEnd, columnStart, State } from "./state";
import { INVALID, kindOfText } from "./utf8";

/** Said in place of a shape: the text is the host's to look at; there is no room for another shape. */
const ASK_HOST: i32 = -2;
const NO_ROOM: i32 = -3;
/** No character. */
const NONE: u32 = 0xff;
const BACKSLASH: u8 = 0x5c;

/**
 * Scans the texts of column `source` of rows [rowFrom, rowTo); values become the columns from `firstColumn` on. Writes to `shapes` for
 * each row, from row 0 on, the number of its shape, or what is said instead: so of a text with a pair that has no name or no separator,
 * begins with a quote or goes on behind a quoted value.
 *
 * @param delimiter an ASCII character that ends pairs; @param separator another one, between name and value.
 * @param quote a third one, around values; a delimiter between two of them ends no pair. 0xff: there is none.
 * @returns whether all rows had room.
 */
export function scanPairRows(
  state: State, scanner: usize, source: i32, rowFrom: i32, rowTo: i32, firstColumn: i32, delimiter: u32, separator: u32, quote: u32,
  shapes: usize,
): bool {
  let hadRoom = true;
  for (let row = rowFrom; row < rowTo; row++) {
    const start = <usize>load<i32>(columnStart(state, source, row));
    const end = <usize>load<i32>(columnEnd(state, source, row));
    const column = columnStart(state, firstColumn, row);
    const shape = scanPairs(state, scanner, start, end, column, <u8>delimiter, <u8>separator, quote);
    store<i32>(shapes + (<usize>row << 2), shape);
    if (shape == NO_ROOM) hadRoom = false;
  }
  return hadRoom;
}

/** Where the quote is that closes a value which begins at `at`: none behind a backslash. Returns `end` where there is none. */
function closingQuote(at: usize, end: usize, quote: u8): usize {
  let close = findByte(at, end, quote);
  while (close < end && load<u8>(close - 1) == BACKSLASH) close = findByte(close + 1, end, quote);
  return close;
}

function scanPairs(
  state: State, scanner: usize, start: usize, end: usize, column: usize, delimiter: u8, separator: u8, quote: u32,
): i32 {
  if (kindOfText(start, end) == INVALID) return ASK_HOST;
  const stride = <usize>state.rowsRoom << 2;
  let columnsLeft = load<u32>(scanner, COLUMNS_MAX);
  let node = rootOf(scanner);
  let at = start;
  while (true) {
    const likely = <usize>load<u32>(node, CHILD);
    let size: usize = likely == 0 || load<u32>(likely, KIND) != LEAF ? 0 : nameAt(likely, at, end);
    if (size != 0) node = likely;
    else {
      const nameEnd = findByte(at, end, separator);
      if (quote != NONE && load<u8>(at) == <u8>quote) return ASK_HOST;
      if (nameEnd == at || nameEnd == end || findByte(at, nameEnd, delimiter) < nameEnd) return ASK_HOST;
      size = nameEnd + 1 - at;
      node = childOf(scanner, node, LEAF, at, size);
      if (node == 0) return NO_ROOM;
    }
    if (columnsLeft == 0) return ASK_HOST;
    columnsLeft--;
    at += size;
    const isQuoted = quote != NONE && at < end && load<u8>(at) == <u8>quote;
    if (isQuoted) at++;
    const valueEnd = isQuoted ? closingQuote(at, end, <u8>quote) : findByte(at, end, delimiter);
    if (isQuoted && valueEnd == end) return ASK_HOST;
    store<u32>(column, <u32>at);
    store<u32>(column + stride, <u32>valueEnd);
    column += stride << 1;
    at = isQuoted ? valueEnd + 1 : valueEnd;
    if (at == end) break;
    if (load<u8>(at) != delimiter) return ASK_HOST;
    at++;
  }
  node = childOf(scanner, node, CLOSE, at, 0);
  return node == 0 ? NO_ROOM : numberOf(scanner, node);
}
