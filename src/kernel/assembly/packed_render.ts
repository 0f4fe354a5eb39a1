/**
 * Templates × rows → Kafka records in an LZ4 block, while they are rendered: constants repeat those of the record before, and so does
 * what a value begins with when it is what that record's value began with. Nothing is searched for, and nothing is written
 * uncompressed.
 */
import { copyShort } from "./bytes";
import { escapedBytes, escapeTo, repeatedClean } from "./escape";
import { BLOCK_STATE_BYTES, DISTANCE_MAX, endMatch, Lz4Block, matchTo } from "./lz4_block";
import { CONSTANT, decimalDigits, ESCAPED, OPERATION_BYTES, SECONDS, VERBATIM, writeDecimal } from "./operations";
import { keyBytes, RECORD_HEAD_MAX, varintBytes, writeHead } from "./record";
import { columnEnd, columnStart, State } from "./state";

/** Shorter constants are written again: a match takes four bytes itself. */
const MATCH_BYTES_WORTH: u32 = 8;
/** A block may not end with a match, nor soon after one has begun: the last bytes of a call are literals. */
const LITERALS_AT_END: i32 = 12;
/** What a sequence takes at most beside its literals and the long part of its lengths. */
const SEQUENCE_BYTES_MAX: usize = 8;

/** What is the same for all rows of a call. */
@unmanaged
class Call {
  template: usize;
  operations: i32;
  // Where the places of the last record's constants are kept, and whether they are those of this template.
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

const call = changetype<Call>(memory.data(40));

function prepare(state: State, block: usize, template: usize, operations: i32, isKnown: bool): void {
  call.template = template;
  call.operations = operations;
  call.places = block + BLOCK_STATE_BYTES;
  call.isKnown = isKnown ? 1 : 0;
  call.headersBytes = <u32>(state.headersEnd - state.headersStart);
  call.sequencesBytes = <usize>(operations + 2) * SEQUENCE_BYTES_MAX + RECORD_HEAD_MAX;
  let bytes = <i32>call.headersBytes;
  for (let i = 0; i < operations; i++) {
    const operation = template + <usize>i * OPERATION_BYTES;
    if (load<i32>(operation) == CONSTANT) bytes += load<i32>(operation, 8);
  }
  call.constantBytes = bytes;
}

/** Measures a row: between how many bytes its value will have, and how many its record takes at most, uncompressed. */
function measure(state: State, row: i32): usize {
  let least: u32 = <u32>call.constantBytes - call.headersBytes;
  let escapes: u32 = 0;
  for (let i = 0; i < call.operations; i++) {
    const operation = call.template + <usize>i * OPERATION_BYTES;
    const kind = load<i32>(operation);
    if (kind == CONSTANT) continue;
    if (kind == SECONDS) {
      least += <u32>decimalDigits(load<u32>(<usize>state.times + (<usize>row << 2)));
      continue;
    }
    const column = load<i32>(operation, 4);
    const size = <u32>(load<i32>(columnEnd(state, column, row)) - load<i32>(columnStart(state, column, row)));
    least += size;
    if (kind == ESCAPED) escapes += size * 5;
  }
  call.valueBytesMin = least;
  call.valueBytesMax = least + escapes;
  return <usize>(least + escapes + call.headersBytes + keyBytes(state, row)) + RECORD_HEAD_MAX;
}

/** The exact size of a row's value, where that decides about the size of its record's head. Cost: looks at every byte. */
function exactValueBytes(state: State, row: i32): u32 {
  let size = call.valueBytesMin;
  for (let i = 0; i < call.operations; i++) {
    const operation = call.template + <usize>i * OPERATION_BYTES;
    if (load<i32>(operation) != ESCAPED) continue;
    const column = load<i32>(operation, 4);
    const start = <usize>load<i32>(columnStart(state, column, row));
    const end = <usize>load<i32>(columnEnd(state, column, row));
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

/** Writes bytes as they are. */
// @ts-ignore: decorator
@inline
function literalsTo(block: Lz4Block, source: usize, size: usize): void {
  if (block.matchBytes != 0) endMatch(block, size);
  copyShort(block.out, source, size);
  block.out += size;
  block.raw += <u32>size;
}

/**
 * Writes the constant number `index`, of which the first `repeatable` bytes may be a match; its place is that of the next record to
 * repeat.
 */
// @ts-ignore: decorator
@inline
function constantTo(block: Lz4Block, index: i32, source: usize, size: u32, repeatable: i32): void {
  const place = call.places + (<usize>index << 2);
  const distance = block.raw - load<u32>(place);
  store<u32>(place, block.raw);
  let repeated: u32 = repeatable > 0 ? min<u32>(repeatable, size) : 0;
  const goesOn = block.matchBytes != 0 && block.distance == distance;
  if (distance > DISTANCE_MAX || (repeated < MATCH_BYTES_WORTH && !goesOn)) repeated = 0;
  if (repeated > 0) matchTo(block, distance, repeated);
  if (repeated < size) literalsTo(block, source + <usize>repeated, <usize>(size - repeated));
}

/** Writes a column's value. `previous`: the row before, whose value is repeated as far as it is the same; negative: none. */
// @ts-ignore: decorator
@inline
function valueTo(state: State, block: Lz4Block, kind: i32, column: i32, row: i32, previous: i32): void {
  let start = <usize>load<i32>(columnStart(state, column, row));
  const end = <usize>load<i32>(columnEnd(state, column, row));
  if (block.matchBytes != 0) {
    if (previous >= 0) {
      const earlier = <usize>load<i32>(columnStart(state, column, previous));
      const earlierEnd = <usize>load<i32>(columnEnd(state, column, previous));
      const repeated = repeatedClean(start, earlier, min<usize>(end - start, earlierEnd - earlier), kind == VERBATIM);
      block.matchBytes += <u32>repeated;
      block.raw += <u32>repeated;
      start += repeated;
      // Where that record's value goes on, the match ends: the next bytes are not those behind its source.
      if (start == end && earlier + repeated == earlierEnd) return;
    } else if (start == end) return;
    endMatch(block, end - start);
  }
  const from = block.out;
  if (kind == ESCAPED) block.out = escapeTo(from, start, end);
  else {
    copyShort(from, start, end - start);
    block.out = from + (end - start);
  }
  block.raw += <u32>(block.out - from);
}

// @ts-ignore: decorator
@inline
function secondsTo(state: State, block: Lz4Block, row: i32, previous: i32): void {
  const seconds = load<u32>(<usize>state.times + (<usize>row << 2));
  if (block.matchBytes != 0) {
    if (previous >= 0 && seconds == load<u32>(<usize>state.times + (<usize>previous << 2))) {
      const digits = <u32>decimalDigits(seconds);
      block.matchBytes += digits;
      block.raw += digits;
      return;
    }
    endMatch(block, 10);
  }
  const from = block.out;
  block.out = writeDecimal(from, seconds);
  block.raw += <u32>(block.out - from);
}

/** Renders one row. When it `isLast`, its last bytes are literals. */
function renderRow(state: State, block: Lz4Block, row: i32, previous: i32, delta: u32, isLast: bool): void {
  const keySize = keyBytes(state, row);
  let head = headBytes(call.valueBytesMin, keySize, delta);
  if (head != headBytes(call.valueBytesMax, keySize, delta)) head = headBytes(exactValueBytes(state, row), keySize, delta);
  if (block.matchBytes != 0) endMatch(block, head);
  block.head = block.out;
  block.out += <usize>head;
  block.raw += head;
  const valueFrom = block.raw;
  const isKnown = call.isKnown != 0;
  let left = call.constantBytes;
  if (isLast) previous = -1;
  for (let i = 0; i < call.operations; i++) {
    const operation = call.template + <usize>i * OPERATION_BYTES;
    const kind = load<i32>(operation);
    const a = load<i32>(operation, 4);
    if (kind == CONSTANT) {
      const size = load<i32>(operation, 8);
      const repeatable = !isKnown ? 0 : isLast ? left - LITERALS_AT_END : size;
      constantTo(block, i, <usize>a, <u32>size, repeatable);
      left -= size;
    } else if (kind == SECONDS) secondsTo(state, block, row, previous);
    else valueTo(state, block, kind, a, row, previous);
  }
  const valueBytes = block.raw - valueFrom;
  const repeatable = !isKnown ? 0 : isLast ? left - LITERALS_AT_END : left;
  constantTo(block, call.operations, <usize>state.headersStart, call.headersBytes, repeatable);
  const body = 2 + varintBytes(delta) + keySize + varintBytes(valueBytes) + valueBytes + call.headersBytes;
  writeHead(state, row, block.head, body, delta, valueBytes);
  call.isKnown = 1;
}

/** What `raw` bytes more take at most. */
// @ts-ignore: decorator
@inline
function packedMax(raw: usize): usize {
  return raw + raw / 255 + call.sequencesBytes;
}

/**
 * Renders rows from `rowFrom` as records of a Kafka record batch into `block`, while it surely ends before `limit` and the records,
 * uncompressed, before `rawLimit`, where `records` is the place of the first. The first row of an empty batch is rendered in any case.
 *
 * @param isKnown the block's last record is of this template, in this envelope.
 * @returns the row after the last one rendered. `outEnd` tells where the records would end uncompressed.
 */
export function renderPacked(
  state: State, template: usize, operations: i32, rowFrom: i32, rowTo: i32, blockAt: usize, limit: usize, records: usize,
  rawLimit: usize, offsetDelta: i32, isKnown: bool,
): i32 {
  const block = changetype<Lz4Block>(blockAt);
  prepare(state, blockAt, template, operations, isKnown);
  let row = rowFrom;
  let size = rowFrom < rowTo ? measure(state, rowFrom) : 0;
  const fits = block.out + packedMax(size) <= limit && records + <usize>block.raw + size <= rawLimit;
  if (row < rowTo && (fits || offsetDelta == 0)) {
    for (let isLast = false; !isLast; row++) {
      const least = call.valueBytesMin;
      const most = call.valueBytesMax;
      let next: usize = 0;
      isLast = row + 1 == rowTo;
      if (!isLast) {
        next = measure(state, row + 1);
        isLast = block.out + packedMax(size) + packedMax(next) > limit || records + <usize>block.raw + size + next > rawLimit;
      }
      const nextLeast = call.valueBytesMin;
      const nextMost = call.valueBytesMax;
      call.valueBytesMin = least;
      call.valueBytesMax = most;
      renderRow(state, block, row, row > rowFrom ? row - 1 : -1, <u32>(offsetDelta + row - rowFrom), isLast);
      call.valueBytesMin = nextLeast;
      call.valueBytesMax = nextMost;
      size = next;
    }
  }
  state.outEnd = <i32>(records + <usize>block.raw);
  return row;
}
