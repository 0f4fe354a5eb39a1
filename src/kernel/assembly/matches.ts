/**
 * The search for bytes that came before, shared by the compressors. A table of hashes remembers where four bytes were seen last; where
 * nothing is found for long, the search takes longer steps. Blocks know nothing of each other: matches stay inside theirs.
 */

/** The shortest match. */
export const MATCH_BYTES_MIN: usize = 4;
/** How far back a match may lie: both formats say it in 16 bits. */
const DISTANCE_MAX: usize = 65535;
const TABLE_BITS: u64 = 13;
/** Size of the table; `../layout.ts` keeps room for it. */
export const TABLE_BYTES: usize = 4 << <usize>TABLE_BITS;
/** After so many steps in vain, as a power of two, steps grow by one byte. */
const PATIENCE: usize = 6;

/** Where in the table the bytes at `at` belong. Five of them count: fewer chance meetings than with four. */
// @ts-ignore: decorator
@inline
function slotOf(table: usize, at: usize): usize {
  const hash = ((load<u64>(at) << 24) * 889523592379) >>> (64 - TABLE_BITS);
  return table + (<usize>hash << 2);
}

/** Takes note of the bytes at `at`. */
// @ts-ignore: decorator
@inline
export function remember(table: usize, at: usize): void {
  store<u32>(slotOf(table, at), <u32>at);
}

/** Forgets everything. */
export function forget(table: usize): void {
  memory.fill(table, 0, TABLE_BYTES);
}

/**
 * Returns the first match that begins in [at, last], as its address in the upper half and that of the bytes it repeats, at `start` or
 * later, in the lower one; 0 when there is none.
 */
export function findMatch(table: usize, start: usize, at: usize, last: usize): u64 {
  for (let tries: usize = 1 << PATIENCE; at <= last; at += tries++ >>> PATIENCE) {
    const slot = slotOf(table, at);
    const earlier = <usize>load<u32>(slot);
    store<u32>(slot, <u32>at);
    const isNear = earlier >= start && at - earlier <= DISTANCE_MAX;
    if (isNear && load<u32>(earlier) == load<u32>(at)) return (<u64>at << 32) | <u64>earlier;
  }
  return 0;
}

/** Returns where the bytes from `at` on stop being those from `earlier` on, `limit` at the latest. Reads up to 7 bytes beyond it. */
export function matchEnd(at: usize, earlier: usize, limit: usize): usize {
  for (; at < limit; at += 8, earlier += 8) {
    const difference = load<u64>(at) ^ load<u64>(earlier);
    if (difference == 0) continue;
    const end = at + <usize>(ctz(difference) >>> 3);
    return end < limit ? end : limit;
  }
  return limit;
}

/** Returns how many bytes directly before a match repeat, too: at most down to `anchor`, and `start` for what is repeated. */
// @ts-ignore: decorator
@inline
export function bytesBefore(at: usize, earlier: usize, anchor: usize, start: usize): usize {
  let bytes: usize = 0;
  while (at - bytes > anchor && earlier - bytes > start && load<u8>(at - bytes - 1) == load<u8>(earlier - bytes - 1)) bytes++;
  return bytes;
}
