/**
 * What is the same for all rows of a call to render into an LZ4 block, and how large its rows will be: rows are measured in groups,
 * before they are rendered.
 */
import { escapedBytes } from "./escaped_size";
import { CONSTANT, decimalDigits, endOf, ESCAPED, OPERATION_BYTES, SECONDS, startOf } from "./operations";
import { keyBytes, RECORD_HEAD_MAX, varintBytes } from "./record";
import { State } from "./state";

/** Where both lengths of a record's head take two bytes: values of so many bytes, in records that are shorter than that. */
const USUAL_VALUE_BYTES_MIN: i32 = 64;
const USUAL_RECORD_BYTES_MAX: i32 = 8000;

/** What a sequence takes at most beside its literals and the long part of its lengths. */
const SEQUENCE_BYTES_MAX: usize = 8;

/** Shorter constants are written again: a match takes four bytes itself. */
export const MATCH_BYTES_WORTH: u32 = 8;

/** A head without key and offset: two lengths of two bytes, attributes and timestamp. */
export const USUAL_HEAD_BYTES: u32 = 6;

/** What is the same for all rows of a call. */
@unmanaged
export class Call {
  template: usize;
  operations: i32;
  // The first of the rows that were measured last.
  measuredFrom: i32;
  // Where the places of the constants in the last record of this template are kept, and whether there is one.
  places: usize;
  isKnown: i32;
  // The bytes of constants, headers included, which no row is without.
  constantBytes: i32;
  headersBytes: u32;
  // What a row's operations take at most beside its bytes.
  sequencesBytes: usize;
  // Of the row that was measured last: its value at least and at most.
  valueBytesMin: u32;
  valueBytesMax: u32;
}

export const call = changetype<Call>(memory.data(44));

/** Begins a call: the headers become one constant more, behind the template's operations. */
export function prepare(state: State, template: usize, operations: i32, places: usize, isKnown: bool): void {
  call.template = template;
  call.operations = operations;
  call.measuredFrom = -GROUP_ROWS;
  call.places = places;
  call.isKnown = isKnown ? 1 : 0;
  call.headersBytes = <u32>(state.headersEnd - state.headersStart);
  // Behind the template, the headers are one constant more.
  const headers = template + <usize>operations * OPERATION_BYTES;
  store<i32>(headers, CONSTANT);
  store<i32>(headers, state.headersStart, 4);
  store<u32>(headers, call.headersBytes, 8);
  call.sequencesBytes = <usize>(operations + 2) * SEQUENCE_BYTES_MAX + RECORD_HEAD_MAX;
  let bytes = <i32>call.headersBytes;
  for (let i = 0; i < operations; i++) {
    const operation = template + <usize>i * OPERATION_BYTES;
    if (load<i32>(operation) == CONSTANT) bytes += load<i32>(operation, 8);
  }
  call.constantBytes = bytes;
}

/** Rows that are measured together; and what their values take at least, and at most: a word for each. */
export const GROUP_ROWS: i32 = 16;
const GROUP_BYTES: usize = <usize>GROUP_ROWS << 2;
const leastOfGroup = memory.data(64);
const mostOfGroup = memory.data(64);

/** Measures the rows from `row` on, four at a time, column by column. There may be fewer: what is said of others means nothing. */
function measureGroup(state: State, row: i32): void {
  call.measuredFrom = row;
  const constants = i32x4.splat(<i32>(<u32>call.constantBytes - call.headersBytes));
  for (let i: usize = 0; i < GROUP_BYTES; i += 16) {
    v128.store(leastOfGroup + i, constants);
    v128.store(mostOfGroup + i, constants);
  }
  const end = call.template + <usize>call.operations * OPERATION_BYTES;
  for (let operation = call.template; operation < end; operation += OPERATION_BYTES) {
    const kind = load<i32>(operation);
    if (kind == CONSTANT) continue;
    if (kind == SECONDS) {
      measureSeconds(<usize>state.times + (<usize>row << 2));
      continue;
    }
    const starts = <usize>load<i32>(operation, 4) + (<usize>row << 2);
    const ends = <usize>load<i32>(operation, 8) + (<usize>row << 2);
    for (let i: usize = 0; i < GROUP_BYTES; i += 16) {
      const sizes = i32x4.sub(v128.load(ends + i), v128.load(starts + i));
      const most = kind == ESCAPED ? i32x4.add(i32x4.shl(sizes, 2), i32x4.shl(sizes, 1)) : sizes;
      v128.store(leastOfGroup + i, i32x4.add(v128.load(leastOfGroup + i), sizes));
      v128.store(mostOfGroup + i, i32x4.add(v128.load(mostOfGroup + i), most));
    }
  }
}

function measureSeconds(times: usize): void {
  for (let i: usize = 0; i < GROUP_BYTES; i += 4) {
    const digits = <u32>decimalDigits(load<u32>(times + i));
    store<u32>(leastOfGroup + i, load<u32>(leastOfGroup + i) + digits);
    store<u32>(mostOfGroup + i, load<u32>(mostOfGroup + i) + digits);
  }
}

/**
 * Measures a row: between how many bytes its value will have, and how many its record takes at most, uncompressed. Rows are measured in
 * order, from the first of the call on.
 */
export function measure(state: State, row: i32): usize {
  if (row - call.measuredFrom >= GROUP_ROWS) measureGroup(state, row);
  const place = <usize>(row - call.measuredFrom) << 2;
  call.valueBytesMin = load<u32>(leastOfGroup + place);
  call.valueBytesMax = load<u32>(mostOfGroup + place);
  return <usize>(call.valueBytesMax + call.headersBytes + keyBytes(state, row)) + RECORD_HEAD_MAX;
}

/**
 * Measures as many rows as are measured together, from `row` on: how many bytes their records take at most, uncompressed; 0 where one
 * has a head that is not the usual one.
 */
export function measureUsual(state: State, row: i32, keySize: u32): usize {
  if (row != call.measuredFrom) measureGroup(state, row);
  let least = v128.load(leastOfGroup);
  let most = v128.load(mostOfGroup);
  let sums = most;
  for (let i: usize = 16; i < GROUP_BYTES; i += 16) {
    const mostOfFour = v128.load(mostOfGroup + i);
    least = i32x4.min_s(least, v128.load(leastOfGroup + i));
    most = i32x4.max_s(most, mostOfFour);
    sums = i32x4.add(sums, mostOfFour);
  }
  const others = <i32>(call.headersBytes + keySize);
  const isSmall = i32x4.lt_s(least, i32x4.splat(USUAL_VALUE_BYTES_MIN));
  const isLarge = i32x4.ge_s(most, i32x4.splat(USUAL_RECORD_BYTES_MAX - others));
  if (v128.any_true(v128.or(isSmall, isLarge))) return 0;
  const bytes = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  return <usize>bytes + <usize>GROUP_ROWS * (<usize>others + RECORD_HEAD_MAX);
}

/** The exact size of a row's value, where that decides about the size of its record's head. Cost: looks at every byte. */
function exactValueBytes(row: i32): u32 {
  let size = call.valueBytesMin;
  for (let i = 0; i < call.operations; i++) {
    const operation = call.template + <usize>i * OPERATION_BYTES;
    if (load<i32>(operation) != ESCAPED) continue;
    const start = startOf(operation, row);
    const end = endOf(operation, row);
    size += <u32>(escapedBytes(start, end) - (end - start));
  }
  return size;
}

/** The size of a record's head before its value. */
// @ts-ignore: decorator
@inline
function headBytes(valueBytes: u32, keySize: u32, delta: u32): u32 {
  const lengths = 2 + varintBytes(delta) + keySize + varintBytes(valueBytes);
  return varintBytes(lengths + valueBytes + call.headersBytes) + lengths;
}

/** Whether the row that was measured last has the usual head: both lengths take two bytes. */
// @ts-ignore: decorator
@inline
export function isUsual(keySize: u32): bool {
  if (call.valueBytesMin < <u32>USUAL_VALUE_BYTES_MIN) return false;
  return call.valueBytesMax + keySize + call.headersBytes < <u32>USUAL_RECORD_BYTES_MAX;
}

/** The same for a row that was measured, as far as need be exactly. */
// @ts-ignore: decorator
@inline
export function exactHeadBytes(row: i32, keySize: u32, delta: u32): u32 {
  const most = call.valueBytesMax;
  if (isUsual(keySize)) return USUAL_HEAD_BYTES + varintBytes(delta) + keySize;
  const size = headBytes(call.valueBytesMin, keySize, delta);
  return size == headBytes(most, keySize, delta) ? size : headBytes(exactValueBytes(row), keySize, delta);
}

/** What `raw` bytes more take at most, in one row or more. */
// @ts-ignore: decorator
@inline
export function packedMax(raw: usize, rows: usize): usize {
  return raw + raw / 255 + rows * call.sequencesBytes;
}
