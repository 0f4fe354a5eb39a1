/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82f63b78), the checksum of Kafka's record batches.
 *
 * Long data are folded first. A checksum does not change when a multiple of its polynomial is added to the message, and
 * x^209 + x^144 + x^54 + x^39 + x^14 + 1 is one; so is the same with every exponent times 128, because squaring keeps divisibility.
 * Adding it at each word of 16 bytes cancels that word and touches five later ones: five exclusive-ors a word in place of sixteen
 * look-ups, until only the last 209 words are left (the idea of https://arxiv.org/abs/2412.16398). Those, and short data, go
 * through eight tables, eight bytes a step.
 */
/** Where the tables lie: fixed, so that look-ups carry the address in the instruction. `../layout.ts` keeps the place free. */
const TABLES: usize = 4096;
const TABLE_BYTES: usize = 1024;
/** Where folding keeps the last 209 folded words, the block that it works on and what is left at the end. */
const HISTORY: usize = TABLES + 8 * TABLE_BYTES;
const HISTORY_BYTES: usize = 209 * 16;
const BLOCK: usize = HISTORY + HISTORY_BYTES;
const BLOCK_BYTES: usize = 512 * 16;
const REST: usize = BLOCK + BLOCK_BYTES;
/** Below this size folding does not pay. */
const FOLDED_BYTES_MIN: usize = 2 * HISTORY_BYTES;
const POLYNOMIAL: u32 = 0x82f63b78;

function step(crc: u32): u32 {
  return (crc & 1) != 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
}

/** Fills the tables. */
export function crcInitialize(): void {
  const tables = TABLES;
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
}

// @ts-ignore: decorator
@inline
function one(crc: u32): u32 {
  return load<u32>((crc & 255) << 2, TABLES) ^ (crc >>> 8);
}

// @ts-ignore: decorator
@inline
function eight(crc: u32, at: usize): u32 {
  const low = load<u32>(at) ^ crc;
  const high = load<u32>(at, 4);
  return load<u32>((low << 2) & 0x3fc, TABLES + 7 * TABLE_BYTES) ^
    load<u32>((low >>> 6) & 0x3fc, TABLES + 6 * TABLE_BYTES) ^
    load<u32>((low >>> 14) & 0x3fc, TABLES + 5 * TABLE_BYTES) ^
    load<u32>((low >>> 22) & 0x3fc, TABLES + 4 * TABLE_BYTES) ^
    load<u32>((high << 2) & 0x3fc, TABLES + 3 * TABLE_BYTES) ^
    load<u32>((high >>> 6) & 0x3fc, TABLES + 2 * TABLE_BYTES) ^
    load<u32>((high >>> 14) & 0x3fc, TABLES + TABLE_BYTES) ^
    load<u32>((high >>> 22) & 0x3fc, TABLES);
}

/** Continues a checksum over [start, end) with the tables. */
function throughTables(crc: u32, start: usize, end: usize): u32 {
  let at = start;
  for (; at + 8 <= end; at += 8) crc = eight(crc, at);
  for (; at < end; at++) crc = one(crc ^ load<u8>(at));
  return crc;
}

/**
 * What the words behind `base`, which are those before another one, add to that: the word is 209 words behind it. The least distance
 * is 65 words, so a loop over words may run ahead.
 */
// @ts-ignore: decorator
@inline
function folded(base: usize): v128 {
  const near = v128.xor(v128.load(base, 144 * 16), v128.load(base, 54 * 16));
  return v128.xor(v128.xor(near, v128.load(base, 39 * 16)), v128.xor(v128.load(base, 14 * 16), v128.load(base)));
}

/** Folds `bytes` from `at` on into the block. */
// @ts-ignore: decorator
@inline
function foldBlock(at: usize, bytes: usize): void {
  const shift = at - HISTORY;
  const end = HISTORY + bytes;
  for (let base = HISTORY; base < end; base += 16) {
    v128.store(base, v128.xor(v128.load(base + shift), folded(base)), HISTORY_BYTES);
  }
}

/** Folds the words of [start, end) but the last 209, which become the rest. A multiple of 16 bytes. */
function fold(start: usize, end: usize, crc: u32): void {
  memory.fill(HISTORY, 0, HISTORY_BYTES);
  // The checksum so far belongs to the first word, to which the first word of the history adds nothing else.
  store<u32>(HISTORY, crc);
  const stop = end - HISTORY_BYTES;
  for (let at = start; at < stop;) {
    const bytes = min<usize>(BLOCK_BYTES, stop - at);
    foldBlock(at, bytes);
    at += bytes;
    memory.copy(HISTORY, HISTORY + bytes, HISTORY_BYTES);
  }
  // From here on nothing is cancelled: the words add nothing to those after them.
  memory.fill(BLOCK, 0, HISTORY_BYTES);
  for (let i: usize = 0; i < HISTORY_BYTES; i += 16) {
    v128.store(REST + i, v128.xor(v128.load(stop + i), folded(HISTORY + i)));
  }
}

/** Returns the CRC-32C of [start, end). */
export function crc32c(start: usize, end: usize): u32 {
  let crc: u32 = 0xffffffff;
  let at = start;
  if (end - start >= FOLDED_BYTES_MIN) {
    at = end - ((end - start) & 15);
    fold(start, at, crc);
    crc = throughTables(0, REST, REST + HISTORY_BYTES);
  }
  return ~throughTables(crc, at, end);
}
