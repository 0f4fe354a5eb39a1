/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82f63b78), the checksum of Kafka's record batches. Eight tables take eight bytes a
 * step; three blocks go side by side, because a single chain of look-ups waits for itself, and are joined by a table that
 * shifts a checksum over one block of zeros.
 */
const POLYNOMIAL: u32 = 0x82f63b78;
const BLOCK: usize = 4096;
const TABLE_BYTES: usize = 1024;
const SHIFT: usize = 8 * TABLE_BYTES;
/** Bytes that the tables take: eight for the data, four for the shift. */
export const CRC_TABLES_BYTES: i32 = 12 * 1024;

function step(crc: u32): u32 {
  return (crc & 1) != 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
}

/** Fills the tables at `tables`. */
export function crcInitialize(tables: usize): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = step(crc);
    store<u32>(tables + (byte << 2), crc);
  }
  for (let table: usize = 1; table < 8; table++) {
    for (let byte: usize = 0; byte < 256; byte++) {
      const previous = load<u32>(tables + (table - 1) * TABLE_BYTES + (byte << 2));
      const next = load<u32>(tables + ((previous & 255) << 2)) ^ (previous >>> 8);
      store<u32>(tables + table * TABLE_BYTES + (byte << 2), next);
    }
  }
  fillShiftTables(tables);
}

/** A shift over zeros is linear: the images of the 32 single bits give every entry. */
function fillShiftTables(tables: usize): void {
  for (let part: usize = 0; part < 4; part++) {
    const table = tables + SHIFT + part * TABLE_BYTES;
    store<u32>(table, 0);
    for (let bit: usize = 0; bit < 8; bit++) {
      const image = overZeros(tables, <u32>1 << <u32>(part * 8 + bit));
      const width: usize = <usize>1 << bit;
      for (let low: usize = 0; low < width; low++) {
        store<u32>(table + ((width + low) << 2), load<u32>(table + (low << 2)) ^ image);
      }
    }
  }
}

function overZeros(tables: usize, value: u32): u32 {
  let crc = value;
  for (let i: usize = 0; i < BLOCK; i++) crc = load<u32>(tables + ((crc & 255) << 2)) ^ (crc >>> 8);
  return crc;
}

// @ts-ignore: decorator
@inline
function shiftBlock(tables: usize, crc: u32): u32 {
  const table = tables + SHIFT;
  return load<u32>(table + ((crc & 255) << 2)) ^
    load<u32>(table + TABLE_BYTES + (((crc >>> 8) & 255) << 2)) ^
    load<u32>(table + 2 * TABLE_BYTES + (((crc >>> 16) & 255) << 2)) ^
    load<u32>(table + 3 * TABLE_BYTES + ((crc >>> 24) << 2));
}

// @ts-ignore: decorator
@inline
function eight(tables: usize, crc: u32, at: usize): u32 {
  const word = load<u64>(at) ^ <u64>crc;
  const low = <u32>word;
  const high = <u32>(word >>> 32);
  return load<u32>(tables + 7 * TABLE_BYTES + ((low & 255) << 2)) ^
    load<u32>(tables + 6 * TABLE_BYTES + (((low >>> 8) & 255) << 2)) ^
    load<u32>(tables + 5 * TABLE_BYTES + (((low >>> 16) & 255) << 2)) ^
    load<u32>(tables + 4 * TABLE_BYTES + ((low >>> 24) << 2)) ^
    load<u32>(tables + 3 * TABLE_BYTES + ((high & 255) << 2)) ^
    load<u32>(tables + 2 * TABLE_BYTES + (((high >>> 8) & 255) << 2)) ^
    load<u32>(tables + TABLE_BYTES + (((high >>> 16) & 255) << 2)) ^
    load<u32>(tables + ((high >>> 24) << 2));
}

/** Returns the CRC-32C of [start, end) with the tables at `tables`. */
export function crc32c(tables: usize, start: usize, end: usize): u32 {
  let crc: u32 = 0xffffffff;
  let at = start;
  while (at + 3 * BLOCK <= end) {
    let second: u32 = 0;
    let third: u32 = 0;
    for (const stop = at + BLOCK; at < stop; at += 8) {
      crc = eight(tables, crc, at);
      second = eight(tables, second, at + BLOCK);
      third = eight(tables, third, at + 2 * BLOCK);
    }
    crc = shiftBlock(tables, crc) ^ second;
    crc = shiftBlock(tables, crc) ^ third;
    at += 2 * BLOCK;
  }
  for (; at + 8 <= end; at += 8) crc = eight(tables, crc, at);
  for (; at < end; at++) crc = load<u32>(tables + (((crc ^ load<u8>(at)) & 255) << 2)) ^ (crc >>> 8);
  return ~crc;
}
