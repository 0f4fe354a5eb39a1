/**
 * Templates × rows → Kafka records in an LZ4 block, while they are rendered: constants repeat those of the record before, and so does
 * what a value begins with when it is what that record's value began with. Nothing is searched for, and nothing is written
 * uncompressed.
 */
import { copyShort } from "./bytes";
import { escapedBytes, escapeShortTo, repeatedClean } from "./escape";
import { closeLiterals, DISTANCE_MAX, firstLiteral, Lz4Block, matchTo } from "./lz4_block";
import { CONSTANT, decimalDigits, endOf, ESCAPED, OPERATION_BYTES, SECONDS, startOf, VERBATIM, writeSeconds } from "./operations";
import { keyBytes, RECORD_HEAD_MAX, varintBytes, writeHead } from "./record";
import { State } from "./state";

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
  rowFrom: i32;
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

const call = changetype<Call>(memory.data(44));

function prepare(state: State, template: usize, operations: i32, rowFrom: i32, places: usize, isKnown: bool): void {
  call.template = template;
  call.operations = operations;
  call.rowFrom = rowFrom;
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

/** Rows that are measured together, and what their values take at least, and at most: a word for each. */
const GROUP_ROWS: i32 = 16;
const GROUP_BYTES: usize = <usize>GROUP_ROWS << 2;
const leastOfGroup = memory.data(64);
const mostOfGroup = memory.data(64);

/** Measures the rows from `row` on, four at a time, column by column. There may be fewer: what is said of others means nothing. */
function measureGroup(state: State, row: i32): void {
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
function measure(state: State, row: i32): usize {
  const place = <usize>((row - call.rowFrom) & (GROUP_ROWS - 1)) << 2;
  if (place == 0) measureGroup(state, row);
  call.valueBytesMin = load<u32>(leastOfGroup + place);
  call.valueBytesMax = load<u32>(mostOfGroup + place);
  return <usize>(call.valueBytesMax + call.headersBytes + keyBytes(state, row)) + RECORD_HEAD_MAX;
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

/** The same for a row that was measured, as far as need be exactly. */
// @ts-ignore: decorator
@inline
function exactHeadBytes(row: i32, keySize: u32, delta: u32): u32 {
  const most = call.valueBytesMax;
  // Both lengths take two bytes: the usual record.
  if (call.valueBytesMin >= 64 && most + keySize + call.headersBytes < 8000) return 6 + varintBytes(delta) + keySize;
  const size = headBytes(call.valueBytesMin, keySize, delta);
  return size == headBytes(most, keySize, delta) ? size : headBytes(exactValueBytes(row), keySize, delta);
}

/** How much of a constant's beginning may be a match in a last row, where `left` bytes of constants are not written yet, it included. */
function endRepeatable(size: i32, left: i32): u32 {
  const bytes = left - LITERALS_AT_END;
  return bytes < 0 ? 0 : <u32>min<i32>(bytes, size);
}

/** Renders one row as nearly all are: neither the first of its template in the block, nor the first or the last of a call. */
function renderUsual(state: State, block: Lz4Block, row: i32, delta: u32): void {
  renderRow(state, block, row, row - 1, delta, false, true);
}

/** Renders any row. */
function renderAny(state: State, block: Lz4Block, row: i32, previous: i32, delta: u32, isLast: bool): void {
  renderRow(state, block, row, previous, delta, isLast, call.isKnown != 0);
}

/**
 * Renders one row; when it `isLast`, its last bytes are literals. `previous`: the row before, whose values are repeated as far as they are
 * the same; negative: none. `isKnown`: the block has a record of this template. One long function, so that where the block is stays in
 * registers, written twice, so that most rows are asked little.
 */
// @ts-ignore: decorator
@inline
function renderRow(state: State, block: Lz4Block, row: i32, previous: i32, delta: u32, isLast: bool, isKnown: bool): void {
  const keySize = keyBytes(state, row);
  const headSize = exactHeadBytes(row, keySize, delta);
  let token = block.token;
  let literals = block.literals;
  let out = block.out;
  let raw = block.raw;
  // The match behind the literals, which may grow; 0 bytes: there is none.
  let matched: u32 = 0;
  let distance: u32 = 0;
  // The head is written when the value is; it moves with the literals that it is among.
  let head = out;
  out += <usize>headSize;
  raw += headSize;
  const valueFrom = raw;
  let left = call.constantBytes;
  let place = call.places;
  const end = call.template + <usize>(call.operations + 1) * OPERATION_BYTES;
  for (let operation = call.template; operation < end; operation += OPERATION_BYTES, place += 4) {
    const kind = load<i32>(operation);
    if (kind == CONSTANT) {
      const size = load<u32>(operation, 8);
      const back = raw - load<u32>(place);
      store<u32>(place, raw);
      if (isKnown && !isLast && size >= MATCH_BYTES_WORTH && back <= DISTANCE_MAX) {
        // As nearly all are.
        raw += size;
        if (matched != 0) {
          if (distance == back) {
            matched += size;
            continue;
          }
          out = matchTo(token, out, distance, matched);
          token = out;
          literals = out + 1;
          out = literals;
        }
        const first = closeLiterals(token, literals, out);
        if (head >= literals) head += first - literals;
        out += first - literals;
        matched = size;
        distance = back;
        continue;
      }
      const source = <usize>load<i32>(operation, 4);
      let repeated: u32 = !isKnown ? 0 : isLast ? endRepeatable(<i32>size, left) : size;
      left -= <i32>size;
      const goesOn = matched != 0 && distance == back;
      if (back > DISTANCE_MAX || (repeated < MATCH_BYTES_WORTH && !goesOn)) repeated = 0;
      if (repeated > 0) {
        raw += repeated;
        if (goesOn) matched += repeated;
        else {
          if (matched != 0) {
            out = matchTo(token, out, distance, matched);
            token = out;
            literals = out + 1;
            out = literals;
          }
          const first = closeLiterals(token, literals, out);
          if (head >= literals) head += first - literals;
          out += first - literals;
          matched = repeated;
          distance = back;
        }
      }
      if (repeated == size) continue;
      const rest = <usize>(size - repeated);
      if (matched != 0) {
        out = matchTo(token, out, distance, matched);
        matched = 0;
        token = out;
        literals = firstLiteral(token, rest);
        out = literals;
      }
      copyShort(out, source + <usize>repeated, rest);
      out += rest;
      raw += <u32>rest;
      continue;
    }
    if (kind == SECONDS) {
      const seconds = load<u32>(<usize>state.times + (<usize>row << 2));
      if (matched != 0) {
        if (previous >= 0 && seconds == load<u32>(<usize>state.times + (<usize>previous << 2))) {
          const digits = <u32>decimalDigits(seconds);
          matched += digits;
          raw += digits;
          continue;
        }
        out = matchTo(token, out, distance, matched);
        matched = 0;
        token = out;
        literals = out + 1;
        out = literals;
      }
      const from = out;
      out = writeSeconds(from, seconds);
      raw += <u32>(out - from);
      continue;
    }
    let start = startOf(operation, row);
    const stop = endOf(operation, row);
    if (matched != 0) {
      if (previous >= 0) {
        const earlier = startOf(operation, previous);
        const earlierEnd = endOf(operation, previous);
        const repeated = repeatedClean(start, earlier, min<usize>(stop - start, earlierEnd - earlier), kind == VERBATIM);
        matched += <u32>repeated;
        raw += <u32>repeated;
        start += repeated;
        // Where that record's value goes on, the match ends: the next bytes are not those behind its source.
        if (start == stop && earlier + repeated == earlierEnd) continue;
      } else if (start == stop) continue;
      out = matchTo(token, out, distance, matched);
      matched = 0;
      token = out;
      literals = firstLiteral(token, stop - start);
      out = literals;
    }
    const from = out;
    if (kind == ESCAPED) out = escapeShortTo(from, start, stop);
    else {
      copyShort(from, start, stop - start);
      out = from + (stop - start);
    }
    raw += <u32>(out - from);
  }
  const valueBytes = raw - valueFrom - call.headersBytes;
  const body = 2 + varintBytes(delta) + keySize + varintBytes(valueBytes) + valueBytes + call.headersBytes;
  writeHead(state, row, head, body, delta, valueBytes);
  if (matched != 0) {
    out = matchTo(token, out, distance, matched);
    token = out;
    // The next record's head begins them.
    literals = firstLiteral(token, <usize>headSize);
    out = literals;
  } else {
    // The room for their length is part of what this row takes.
    const first = closeLiterals(token, literals, out);
    out += first - literals;
    literals = first;
  }
  block.token = token;
  block.literals = literals;
  block.out = out;
  block.raw = raw;
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
 * @param places where the places of the constants are kept; `isKnown`: the block has a record of this template in this envelope.
 * @returns the row after the last one rendered. `outEnd` tells where the records would end uncompressed.
 */
export function renderPacked(
  state: State, template: usize, operations: i32, rowFrom: i32, rowTo: i32, blockAt: usize, limit: usize, records: usize,
  rawLimit: usize, offsetDelta: i32, places: usize, isKnown: bool,
): i32 {
  const block = changetype<Lz4Block>(blockAt);
  prepare(state, template, operations, rowFrom, places, isKnown);
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
      const delta = <u32>(offsetDelta + row - rowFrom);
      if (isLast || row == rowFrom) renderAny(state, block, row, -1, delta, isLast);
      else renderUsual(state, block, row, delta);
      call.valueBytesMin = nextLeast;
      call.valueBytesMax = nextMost;
      size = next;
    }
  }
  state.outEnd = <i32>(records + <usize>block.raw);
  return row;
}
