/**
 * Templates × rows → messages. A template is a list of operations, three words each (kind, a, b): constant bytes, a column
 * escaped, a column as it is, the time in seconds.
 */
import { copyShort } from "./bytes";
import { escapeTo } from "./escape";
import { columnEnd, columnStart, State } from "./state";

const CONSTANT: i32 = 0;
const ESCAPED: i32 = 1;
const VERBATIM: i32 = 2;
const SECONDS: i32 = 3;
const OPERATION_BYTES: usize = 12;
/** Three 5-byte lengths, attributes, timestamp and a 5-byte offset (https://kafka.apache.org/documentation/#record). */
const RECORD_HEAD_MAX: usize = 22;

// @ts-ignore: decorator
@inline
function writeDecimal(out: usize, value: u32): usize {
  let divisor: u32 = 1;
  let digits: usize = 1;
  for (let rest = value / 10; rest > 0; rest /= 10) {
    divisor *= 10;
    digits++;
  }
  let rest = value;
  for (let i = digits; i > 0; i--) {
    store<u8>(out + i - 1, <u8>(rest % 10) + 0x30);
    rest /= 10;
  }
  return out + digits;
}

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
function columnBytesMax(state: State, template: usize, operations: i32, row: i32): usize {
  let size: usize = 0;
  for (let i = 0; i < operations; i++) {
    const operation = template + <usize>i * OPERATION_BYTES;
    const kind = load<i32>(operation);
    if (kind != ESCAPED && kind != VERBATIM) continue;
    const a = load<i32>(operation + 4);
    const slice = load<i32>(columnEnd(state, a, row)) - load<i32>(columnStart(state, a, row));
    size += <usize>slice * (kind == ESCAPED ? 6 : 1);
  }
  return size;
}

/** Writes a row's message without any head. Returns the address after it. */
function renderValue(state: State, template: usize, operations: i32, row: i32, target: usize): usize {
  let out = target;
  for (let i = 0; i < operations; i++) {
    const operation = template + <usize>i * OPERATION_BYTES;
    const kind = load<i32>(operation);
    const a = load<i32>(operation + 4);
    if (kind == CONSTANT) {
      const size = <usize>load<i32>(operation + 8);
      copyShort(out, <usize>a, size);
      out += size;
    } else if (kind == SECONDS) {
      out = writeDecimal(out, load<u32>(<usize>state.times + (<usize>row << 2)));
    } else {
      const start = <usize>load<i32>(columnStart(state, a, row));
      const end = <usize>load<i32>(columnEnd(state, a, row));
      if (kind == ESCAPED) out = escapeTo(out, start, end);
      else {
        copyShort(out, start, end - start);
        out += end - start;
      }
    }
  }
  return out;
}

// @ts-ignore: decorator
@inline
function varintBytes(value: u32): u32 {
  const zigzag = value << 1;
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x200000 ? 3 : zigzag < 0x10000000 ? 4 : 5;
}

// @ts-ignore: decorator
@inline
function writeVarint(out: usize, value: u32): usize {
  let zigzag = value << 1;
  while (zigzag >= 0x80) {
    store<u8>(out++, <u8>(zigzag | 0x80));
    zigzag >>>= 7;
  }
  store<u8>(out, <u8>zigzag);
  return out + 1;
}

/** The bytes that a row's key takes, its length included. */
// @ts-ignore: decorator
@inline
function keyBytes(state: State, row: i32): u32 {
  if (state.keyColumn < 0) return <u32>(state.keyEnd - state.keyStart);
  const size = <u32>(load<i32>(columnEnd(state, state.keyColumn, row)) - load<i32>(columnStart(state, state.keyColumn, row)));
  return varintBytes(size) + size;
}

// @ts-ignore: decorator
@inline
function writeKey(state: State, row: i32, out: usize): usize {
  if (state.keyColumn < 0) {
    const size = <usize>(state.keyEnd - state.keyStart);
    if (size == 1) store<u8>(out, load<u8>(<usize>state.keyStart));
    else memory.copy(out, <usize>state.keyStart, size);
    return out + size;
  }
  const start = <usize>load<i32>(columnStart(state, state.keyColumn, row));
  const size = <usize>load<i32>(columnEnd(state, state.keyColumn, row)) - start;
  const at = writeVarint(out, <u32>size);
  memory.copy(at, start, size);
  return at + size;
}

/** Writes a record's head: length, attributes, timestamp delta 0, offset delta, key, value length. */
// @ts-ignore: decorator
@inline
function writeHead(state: State, row: i32, out: usize, body: u32, offsetDelta: u32, valueBytes: u32): void {
  let at = writeVarint(out, body);
  store<u16>(at, 0);
  at = writeVarint(at + 2, offsetDelta);
  at = writeKey(state, row, at);
  writeVarint(at, valueBytes);
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
  let headBytes: usize = 9;
  let row = rowFrom;
  let at = out;
  for (; row < rowTo; row++) {
    const keySize = keyBytes(state, row);
    const bound = at + fixed + <usize>keySize + columnBytesMax(state, template, operations, row);
    if (bound > limit && !(empty && row == rowFrom)) break;
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
    const bound = at + fixed + columnBytesMax(state, template, operations, row);
    if (bound > limit && !(empty && row == rowFrom)) break;
    at = renderValue(state, template, operations, row, at);
    store<u8>(at++, 0x0a);
  }
  state.outEnd = <i32>at;
  return row;
}
