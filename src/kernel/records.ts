/**
 * Records in a batch that is rendered already, looked at again: the rare case that a broker refuses it. Plain TypeScript, no
 * kernel: nothing here is on the usual way of a record.
 * Format: https://kafka.apache.org/documentation/#record (without timestamp delta, as the kernel renders them).
 *
 * @module
 */

/** Where one record is, in bytes of the memory; `value` is its message. */
export interface RecordPlace {
  readonly start: number;
  readonly end: number;
  /** Where what follows its number begins: key, message and headers. */
  readonly rest: number;
  /** Undefined for a record without a key. */
  readonly key: Uint8Array | undefined;
  readonly value: Uint8Array;
}

/** A zigzag varint, and where it ends. */
function readVarint(memory: Uint8Array, at: number): [value: number, end: number] {
  let zigzag = 0;
  for (let shift = 0;; shift += 7) {
    const byte = memory[at++];
    zigzag += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2, at];
  }
}

/** Writes a number that is not negative as a zigzag varint. @returns where it ends. */
export function writeVarint(memory: Uint8Array, at: number, value: number): number {
  let zigzag = value * 2;
  for (; zigzag >= 0x80; zigzag = Math.floor(zigzag / 128)) memory[at++] = (zigzag & 0x7f) | 0x80;
  memory[at++] = zigzag;
  return at;
}

/** The records of [start, end) in order. */
export function* recordsIn(memory: Uint8Array, start: number, end: number): Generator<RecordPlace> {
  for (let at = start; at < end;) {
    const [size, body] = readVarint(memory, at);
    // Attributes and timestamp delta take a byte each.
    const [, rest] = readVarint(memory, body + 2);
    const [keySize, key] = readVarint(memory, rest);
    const [valueSize, value] = readVarint(memory, key + Math.max(0, keySize));
    const keyBytes = keySize < 0 ? undefined : memory.subarray(key, key + keySize);
    yield { start: at, end: body + size, rest, key: keyBytes, value: memory.subarray(value, value + valueSize) };
    at = body + size;
  }
}

/**
 * Moves the records of [start, end) to `target`, which is not behind `start`, numbered anew from 0.
 *
 * @returns where they end now.
 */
export function moveRecords(memory: Uint8Array, start: number, end: number, target: number): number {
  let offsetDelta = 0;
  let out = target;
  for (const record of recordsIn(memory, start, end)) out = writeRecord(memory, out, record, offsetDelta++);
  return out;
}

function writeRecord(memory: Uint8Array, at: number, { rest, end }: RecordPlace, offsetDelta: number): number {
  const size = 2 + varintBytes(offsetDelta) + end - rest;
  const restAt = at + varintBytes(size) + size - (end - rest);
  // The head only shrinks, by what the offset's number does: the rest never moves backwards over itself.
  memory.copyWithin(restAt, rest, end);
  const out = writeVarint(memory, at, size);
  memory.fill(0, out, out + 2);
  writeVarint(memory, out + 2, offsetDelta);
  return at + varintBytes(size) + size;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let zigzag = value * 2; zigzag >= 0x80; zigzag = Math.floor(zigzag / 128)) bytes++;
  return bytes;
}
