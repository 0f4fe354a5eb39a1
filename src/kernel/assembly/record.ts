/** What is around a message in its record: lengths, number, key (https://kafka.apache.org/documentation/#record). */
import { columnEnd, columnStart, State } from "./state";

/** Three 5-byte lengths, attributes, timestamp and a 5-byte offset. */
export const RECORD_HEAD_MAX: usize = 22;

// @ts-ignore: decorator
@inline
export function varintBytes(value: u32): u32 {
  const zigzag = value << 1;
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x200000 ? 3 : zigzag < 0x10000000 ? 4 : 5;
}

// @ts-ignore: decorator
@inline
export function writeVarint(out: usize, value: u32): usize {
  const zigzag = value << 1;
  if (zigzag < 0x80) {
    store<u8>(out, <u8>zigzag);
    return out + 1;
  }
  return zigzag < 0x4000 ? writeTwo(out, zigzag) : writeLong(out, zigzag);
}

// @ts-ignore: decorator
@inline
function writeTwo(out: usize, zigzag: u32): usize {
  store<u16>(out, <u16>((zigzag & 0x7f) | 0x80 | ((zigzag >>> 7) << 8)));
  return out + 2;
}

function writeLong(out: usize, zigzag: u32): usize {
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
export function keyBytes(state: State, row: i32): u32 {
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
export function writeHead(state: State, row: i32, out: usize, body: u32, offsetDelta: u32, valueBytes: u32): void {
  let at = writeVarint(out, body);
  store<u16>(at, 0);
  at = writeVarint(at + 2, offsetDelta);
  at = writeKey(state, row, at);
  writeVarint(at, valueBytes);
}
