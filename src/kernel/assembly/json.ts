/**
 * JSON objects → columns, one for each value, as insides of JSON strings that a message takes as they are: strings as written where their
 * escapes are those of messages, numbers as written, objects and arrays below the last level escaped. Which members an object has, and
 * so which column is what, is its shape (`json_shapes.ts`). As strict as `JSON.parse`; whatever is not taken here is the host's to look at.
 */
import { escapeTo } from "./escape";
import {
  ARENA_END,
  CHILD,
  childOf,
  CLOSE,
  COLUMNS_MAX,
  DEPTH_MAX,
  HEAD_BYTES,
  isHeadAt,
  keepHead,
  KIND,
  LEAF,
  nameAt,
  NATIVE,
  numberOf,
  OPEN,
  rootOf,
  STACK,
} from "./json_shapes";
import {
  blockEnd,
  ESCAPED_AS_MESSAGES,
  ESCAPED_OTHERWISE,
  scalarEnd,
  shortScalarEnd,
  skipBlanks,
  stringEnd,
  stringKind,
  stringStops,
  usualStringEnd,
} from "./json_text";
import { hasBlank, NOT_EXACT, NUMBER_BYTES_MAX, writeNumber, WRITTEN, writtenEnd } from "./json_native";
import { isWellFormed, unescapeTo } from "./json_unescape";
import { columnEnd, columnStart, State } from "./state";
import { INVALID, kindOfText } from "./utf8";

const QUOTE: u8 = 0x22;
const BLANK: u8 = 0x20;
const COMMA: u8 = 0x2c;
const COLON: u8 = 0x3a;
const OPEN_BRACKET: u8 = 0x5b;
const OPEN_BRACE: u8 = 0x7b;
const CLOSE_BRACE: u8 = 0x7d;


// What is said of a row in place of a shape.
/** Its text does not begin like an object. */
const NO_OBJECT: i32 = -1;
/** Its text is broken, or one of those that the host takes. */
const ASK_HOST: i32 = -2;
/** There is no room for another shape. */
const NO_ROOM: i32 = -3;

/** Wide stores may go so far beyond what they write. */
const WIDE_BYTES: usize = 32;

/** The value of the member that is looked at. */
let valueStart: usize = 0;
let valueEnd: usize = 0;

/**
 * Scans the texts of column `source` of rows [rowFrom, rowTo): values become the columns from `firstColumn` on, in the order of the text.
 * Writes to `shapes` for each row, from row 0 on, the number of its shape, or what is said instead.
 *
 * @returns 0: not all rows had room; 1: they had; 2: and all, one at least, have the same shape.
 */
export function scanJsonRows(
  state: State, scanner: usize, source: i32, rowFrom: i32, rowTo: i32, firstColumn: i32, shapes: usize,
): i32 {
  let hadRoom = true;
  let isSame = rowFrom < rowTo;
  let last: i32 = NO_OBJECT;
  for (let row = rowFrom; row < rowTo; row++) {
    const start = <usize>load<i32>(columnStart(state, source, row));
    const end = <usize>load<i32>(columnEnd(state, source, row));
    const shape = scanObject(state, scanner, start, end, columnStart(state, firstColumn, row));
    store<i32>(shapes + (<usize>row << 2), shape);
    if (shape < 0 || (shape != last && row != rowFrom)) {
      isSame = false;
      if (shape == NO_ROOM) hadRoom = false;
    }
    last = shape;
  }
  return !hadRoom ? 0 : isSame ? 2 : 1;
}

/**
 * Scans one object. Most members are as they were in the last one: what stands between two values is compared with what stood there then,
 * and strings of ASCII and short numbers are looked at in one step. What is not so is looked at as a member of any kind; only then the
 * text has to be UTF-8 throughout. Members may be found behind `end`; that is seen at the object's end.
 *
 * @param column where the first value's slice goes in the first column.
 */
function scanObject(state: State, scanner: usize, start: usize, end: usize, column: usize): i32 {
  let at = skipBlanks(start, end);
  if (at >= end || load<u8>(at) != OPEN_BRACE) return NO_OBJECT;
  at++;
  const stride = <usize>state.rowsRoom << 2;
  const depthMax = load<u32>(scanner, DEPTH_MAX);
  const isNative = load<u32>(scanner, NATIVE) != 0;
  let columnsLeft = load<u32>(scanner, COLUMNS_MAX);
  let depth: u32 = 1;
  let node = rootOf(scanner);
  let isChecked = false;
  while (true) {
    // Behind an opening brace, a value or the end of an object.
    const next = <usize>load<u32>(node, CHILD);
    if (next != 0 && isHeadAt(next, at)) {
      const value = at + <usize>load<u32>(next, HEAD_BYTES);
      const kind = load<u32>(next, KIND);
      if (kind != LEAF) {
        node = next;
        at = value;
        if (kind == OPEN) {
          depth++;
          continue;
        }
        if (--depth != 0) continue;
        return at == end || (at < end && skipBlanks(at, end) == end) ? numberOf(scanner, node) : ASK_HOST;
      }
      if (columnsLeft != 0) {
        let stop: usize = 0;
        const byte = load<u8>(value);
        if (byte == QUOTE) {
          let from = value + 1;
          let stops = stringStops(v128.load(from));
          while (stops == 0 && from < end) {
            from += 16;
            stops = stringStops(v128.load(from));
          }
          stop = from + <usize>ctz(stops);
          if (load<u8>(stop) != QUOTE) stop = usualStringEnd(stop, end);
          if (stop != 0) {
            store<u32>(column, <u32>(value + 1));
            store<u32>(column + stride, <u32>stop);
            stop++;
          }
        } else if (!isNative) {
          stop = shortScalarEnd(value, end);
          store<u32>(column, <u32>value);
          store<u32>(column + stride, <u32>stop);
        }
        if (stop == 0 && byte > BLANK && (byte != OPEN_BRACE || depth == depthMax)) {
          // Another kind of value, and no blanks before it that were not there before.
          if (value >= end || (!isChecked && kindOfText(start, end) == INVALID)) return ASK_HOST;
          isChecked = true;
          stop = takeValue(state, scanner, value, end);
          if (stop == 0) return ASK_HOST;
          store<u32>(column, <u32>valueStart);
          store<u32>(column + stride, <u32>valueEnd);
        }
        if (stop != 0) {
          columnsLeft--;
          column += stride << 1;
          node = next;
          at = stop;
          continue;
        }
      }
    }
    // Anything else.
    if (!isChecked && kindOfText(start, end) == INVALID) return ASK_HOST;
    isChecked = true;
    const head = at;
    const isFirst = node == rootOf(scanner) || load<u32>(node, KIND) == OPEN;
    at = skipBlanks(at, end);
    if (at >= end) return ASK_HOST;
    if (load<u8>(at) == CLOSE_BRACE) {
      node = next != 0 && load<u32>(next, KIND) == CLOSE ? next : childOf(scanner, node, CLOSE, at, 0);
      if (node == 0) return NO_ROOM;
      at++;
      keepHead(node, head, at);
      if (--depth == 0) return skipBlanks(at, end) >= end ? numberOf(scanner, node) : ASK_HOST;
      continue;
    }
    if (!isFirst) {
      if (load<u8>(at) != COMMA) return ASK_HOST;
      at = skipBlanks(at + 1, end);
    }
    if (at >= end || load<u8>(at) != QUOTE) return ASK_HOST;
    at++;
    const name = at;
    // A name is most likely the one that came last time.
    let size: usize = next == 0 || load<u32>(next, KIND) == CLOSE ? 0 : nameAt(next, at, end);
    const isLikely = size != 0;
    if (!isLikely) {
      const close = stringEnd(at, end);
      if (close == 0 || (stringKind >= ESCAPED_OTHERWISE && !isWellFormed(at, close))) return ASK_HOST;
      size = close + 1 - name;
    }
    at = skipBlanks(at + size, end);
    if (at >= end || load<u8>(at) != COLON) return ASK_HOST;
    at = skipBlanks(at + 1, end);
    if (at >= end) return ASK_HOST;
    const opens = load<u8>(at) == OPEN_BRACE && depth != depthMax;
    const kind = opens ? OPEN : LEAF;
    node = isLikely && load<u32>(next, KIND) == kind ? next : childOf(scanner, node, kind, name, size);
    if (node == 0) return NO_ROOM;
    if (opens) {
      depth++;
      at++;
      keepHead(node, head, at);
      continue;
    }
    keepHead(node, head, at);
    if (columnsLeft == 0) return ASK_HOST;
    columnsLeft--;
    at = takeValue(state, scanner, at, end);
    if (at == 0) return ASK_HOST;
    store<u32>(column, <u32>valueStart);
    store<u32>(column + stride, <u32>valueEnd);
    column += stride << 1;
  }
}

/** Takes the value that begins at `at`. @returns where it ends; 0: it is broken, or the host's. */
function takeValue(state: State, scanner: usize, at: usize, end: usize): usize {
  const byte = load<u8>(at);
  if (byte == QUOTE) {
    const close = stringEnd(at + 1, end);
    valueStart = at + 1;
    valueEnd = close;
    if (close == 0) return 0;
    if (stringKind > ESCAPED_AS_MESSAGES && !rewrite(state, scanner, false)) return 0;
    return close + 1;
  }
  const isBlock = byte == OPEN_BRACE || byte == OPEN_BRACKET;
  const stop = isBlock ? blockEnd(at, end, <usize>load<u32>(scanner, STACK)) : scalarEnd(at, end);
  valueStart = at;
  valueEnd = stop;
  if (stop == 0) return 0;
  if (load<u32>(scanner, NATIVE) != 0) return takeNative(state, scanner, isBlock) ? stop : 0;
  return isBlock && !rewrite(state, scanner, true) ? 0 : stop;
}

/** Writes a value that is no string as the native parser does: nothing for `null`, blocks without blanks. */
function takeNative(state: State, scanner: usize, isBlock: bool): bool {
  if (isBlock) return !hasBlank(valueStart, valueEnd) && rewrite(state, scanner, true);
  const byte = load<u8>(valueStart);
  if (byte == 0x6e) valueEnd = valueStart;
  if (byte > 0x39) return true;
  const out = <usize>(state.arena + state.arenaUsed);
  if (out + NUMBER_BYTES_MAX + WIDE_BYTES > <usize>load<u32>(scanner, ARENA_END)) return false;
  const outcome = writeNumber(out, valueStart, valueEnd);
  if (outcome == WRITTEN) {
    state.arenaUsed += <i32>(writtenEnd - out);
    valueStart = out;
    valueEnd = writtenEnd;
  }
  return outcome != NOT_EXACT;
}

/** Writes the value to the arena as messages have it. @returns whether that could be done. */
function rewrite(state: State, scanner: usize, isBlock: bool): bool {
  const out = <usize>(state.arena + state.arenaUsed);
  const bytesMax = (valueEnd - valueStart) << <usize>isBlock;
  if (out + bytesMax + WIDE_BYTES > <usize>load<u32>(scanner, ARENA_END)) return false;
  const written = isBlock ? escapeTo(out, valueStart, valueEnd) : unescapeTo(out, valueStart, valueEnd, true);
  if (written == 0) return false;
  state.arenaUsed += <i32>(written - out);
  valueStart = out;
  valueEnd = written;
  return true;
}
