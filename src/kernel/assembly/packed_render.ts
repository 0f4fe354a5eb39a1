/**
 * Templates × rows → Kafka records in an LZ4 block, while they are rendered: constants repeat those of the record before, and so does
 * what a value begins with when it is what that record's value began with. Nothing is searched for, and nothing is written
 * uncompressed.
 */
import { copyShort } from "./bytes";
import { escapeShortTo, repeatedClean } from "./escape";
import { closeLiterals, DISTANCE_MAX, firstLiteral, Lz4Block, matchTo } from "./lz4_block";
import { CONSTANT, decimalDigits, endOf, ESCAPED, OPERATION_BYTES, SECONDS, startOf, VERBATIM, writeSeconds } from "./operations";
import { call, exactHeadBytes, GROUP_ROWS, MATCH_BYTES_WORTH, measure, packedMax, prepare } from "./packed_call";
import { mayRenderMany, renderMany } from "./packed_rows";
import { keyBytes, varintBytes, writeHead } from "./record";
import { State } from "./state";

/** A block may not end with a match, nor soon after one has begun: the last bytes of a call are literals. */
const LITERALS_AT_END: i32 = 12;

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
  prepare(state, template, operations, places, isKnown);
  let row = rowFrom;
  let size = rowFrom < rowTo ? measure(state, rowFrom) : 0;
  const fits = block.out + packedMax(size, 1) <= limit && records + <usize>block.raw + size <= rawLimit;
  if (row < rowTo && (fits || offsetDelta == 0)) {
    // From this row on it is worth a look whether many can be rendered together.
    let manyFrom = mayRenderMany(state) ? rowFrom + 1 : rowTo;
    for (let isLast = false; !isLast; row++) {
      if (row >= manyFrom) {
        const from = row;
        row = renderMany(state, block, row, rowTo, limit, rawLimit - records, <u32>(offsetDelta + row - rowFrom));
        if (row > from) size = measure(state, row);
        manyFrom = row + GROUP_ROWS;
      }
      const least = call.valueBytesMin;
      const most = call.valueBytesMax;
      let next: usize = 0;
      isLast = row + 1 == rowTo;
      if (!isLast) {
        next = measure(state, row + 1);
        isLast = block.out + packedMax(size + next, 2) > limit || records + <usize>block.raw + size + next > rawLimit;
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
