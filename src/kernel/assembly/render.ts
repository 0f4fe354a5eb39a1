/**
 * Templates × rows → messages, as they are. `packed_render.ts` does the same into an LZ4 block.
 */
import { copyConstant, copyShort } from "./bytes";
import { escapeShortTo } from "./escape";
import { CONSTANT, endOf, ESCAPED, OPERATION_BYTES, SECONDS, startOf, VERBATIM, writeSeconds } from "./operations";
import { keyBytes, RECORD_HEAD_MAX, varintBytes, writeHead } from "./record";
import { State } from "./state";
import { mayBeUsual, renderUsualRows } from "./usual_rows";

/** The bytes of a template's constants and numbers: what every row takes, whatever its columns hold. */
function fixedBytes(template: usize, operations: i32): usize {
  let size: usize = RECORD_HEAD_MAX + 1;
  for (let i = 0; i < operations; i++) {
    const operation = template + <usize>i * OPERATION_BYTES;
    const kind = load<i32>(operation);
    if (kind == CONSTANT) size += <usize>load<i32>(operation + 8);
    else if (kind == SECONDS) size += 10;
  }
  return size;
}

/** The bytes that a row's columns take at most: six for one that is escaped (\u00XX). */
function columnBytesMax(template: usize, operations: i32, row: i32): usize {
  let size: usize = 0;
  for (let i = 0; i < operations; i++) {
    const operation = template + <usize>i * OPERATION_BYTES;
    const kind = load<i32>(operation);
    if (kind != ESCAPED && kind != VERBATIM) continue;
    const slice = endOf(operation, row) - startOf(operation, row);
    size += slice * (kind == ESCAPED ? 6 : 1);
  }
  return size;
}

/** Rows that are measured together. */
const GROUP_ROWS: i32 = 16;
const GROUP_BYTES: usize = <usize>GROUP_ROWS << 2;

/** The bytes that the columns of `GROUP_ROWS` rows take at most, together. */
function groupBytesMax(template: usize, operations: i32, row: i32): u64 {
  let escaped = i64x2.splat(0);
  let verbatim = i64x2.splat(0);
  const end = template + <usize>operations * OPERATION_BYTES;
  for (let operation = template; operation < end; operation += OPERATION_BYTES) {
    const kind = load<i32>(operation);
    if (kind != ESCAPED && kind != VERBATIM) continue;
    const starts = <usize>load<i32>(operation, 4) + (<usize>row << 2);
    const ends = <usize>load<i32>(operation, 8) + (<usize>row << 2);
    let sizes = i32x4.splat(0);
    for (let i: usize = 0; i < GROUP_BYTES; i += 16) {
      sizes = i32x4.add(sizes, i32x4.sub(v128.load(ends + i), v128.load(starts + i)));
    }
    const wide = i64x2.add(i64x2.extend_low_i32x4_u(sizes), i64x2.extend_high_i32x4_u(sizes));
    if (kind == ESCAPED) escaped = i64x2.add(escaped, wide);
    else verbatim = i64x2.add(verbatim, wide);
  }
  const bytes = i64x2.extract_lane(verbatim, 0) + i64x2.extract_lane(verbatim, 1);
  return bytes + (i64x2.extract_lane(escaped, 0) + i64x2.extract_lane(escaped, 1)) * 6;
}

/** Writes a row's message without any head. Returns the address after it. */
function renderValue(state: State, template: usize, operations: i32, row: i32, target: usize): usize {
  let out = target;
  const last = template + <usize>operations * OPERATION_BYTES;
  for (let operation = template; operation < last; operation += OPERATION_BYTES) {
    const kind = load<i32>(operation);
    if (kind == CONSTANT) {
      const size = <usize>load<i32>(operation, 8);
      copyConstant(out, <usize>load<i32>(operation, 4), size);
      out += size;
    } else if (kind == SECONDS) {
      out = writeSeconds(out, load<u32>(<usize>state.times + (<usize>row << 2)));
    } else {
      const start = startOf(operation, row);
      const end = endOf(operation, row);
      if (kind == ESCAPED) out = escapeShortTo(out, start, end);
      else {
        copyShort(out, start, end - start);
        out += end - start;
      }
    }
  }
  return out;
}

/**
 * Renders rows from `rowFrom` as records of a Kafka record batch (https://kafka.apache.org/documentation/#record) to `out`, while
 * they surely end before `limit`. With `empty`, nothing else is there yet and the first row is rendered in any case: the decoder
 * makes no record that is larger than an empty batch takes. The value is written first, where the head will most likely end, and
 * moved when it ends elsewhere.
 *
 * @returns the row after the last one rendered. `outEnd` tells where the records end.
 */
export function renderRecords(
  state: State, template: usize, operations: i32, rowFrom: i32, rowTo: i32, out: usize, limit: usize, offsetDelta: i32, empty: bool,
): i32 {
  const headersBytes = <u32>(state.headersEnd - state.headersStart);
  const fixed = fixedBytes(template, operations) + <usize>headersBytes;
  const hasCommonKey = state.keyColumn < 0;
  const areUsual = hasCommonKey && mayBeUsual(template, operations);
  let headBytes: usize = 9;
  let row = rowFrom;
  // Rows before this one surely fit.
  let fitting = rowFrom;
  let at = out;
  for (; row < rowTo; row++) {
    const keySize = keyBytes(state, row);
    if (areUsual) {
      const delta = <u32>(offsetDelta + row - rowFrom);
      row = renderUsualRows(state, template, operations, row, rowTo, at, limit, fixed + <usize>keySize, delta);
      at = <usize>state.outEnd;
      if (row == rowTo) break;
    } else if (row == fitting && hasCommonKey && row + GROUP_ROWS <= rowTo) {
      const group = <u64>(fixed + <usize>keySize) * GROUP_ROWS + groupBytesMax(template, operations, row);
      if (<u64>at + group <= <u64>limit) fitting = row + GROUP_ROWS;
    }
    if (row >= fitting) {
      const bound = at + fixed + <usize>keySize + columnBytesMax(template, operations, row);
      if (bound > limit && !(empty && row == rowFrom)) break;
      fitting = row + 1;
    }
    const delta = <u32>(offsetDelta + row - rowFrom);
    const value = at + headBytes;
    const valueBytes = <u32>(renderValue(state, template, operations, row, value) - value);
    const lengths = 2 + varintBytes(delta) + keySize + varintBytes(valueBytes);
    const body = lengths + valueBytes + headersBytes;
    const head = <usize>(varintBytes(body) + lengths);
    if (head != headBytes) memory.copy(at + head, value, <usize>valueBytes);
    writeHead(state, row, at, body, delta, valueBytes);
    at += head + <usize>valueBytes;
    if (headersBytes == 1) store<u8>(at, load<u8>(<usize>state.headersStart));
    else memory.copy(at, <usize>state.headersStart, <usize>headersBytes);
    at += <usize>headersBytes;
    headBytes = head;
  }
  state.outEnd = <i32>at;
  return row;
}

/**
 * Renders rows as lines, each ended by a newline, while they surely end before `limit`; `empty` as above.
 *
 * @returns the row after the last one rendered. `outEnd` tells where the lines end.
 */
export function renderLines(
  state: State, template: usize, operations: i32, rowFrom: i32, rowTo: i32, out: usize, limit: usize, empty: bool,
): i32 {
  const fixed = fixedBytes(template, operations);
  let row = rowFrom;
  let at = out;
  for (; row < rowTo; row++) {
    const bound = at + fixed + columnBytesMax(template, operations, row);
    if (bound > limit && !(empty && row == rowFrom)) break;
    at = renderValue(state, template, operations, row, at);
    store<u8>(at++, 0x0a);
  }
  state.outEnd = <i32>at;
  return row;
}
