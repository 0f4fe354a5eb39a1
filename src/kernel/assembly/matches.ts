/**
 * The search for bytes that came before, shared by the compressors. A table of hashes remembers where seven bytes were seen last; where
 * nothing is found for long, the search takes longer steps. Blocks know nothing of each other: matches stay inside theirs.
 *
 * What costs is not the search but what the processor guesses wrong: so there is one branch a step, and hardly more a match. Looking at
 * every third place only takes a fifth less time than at every one, for a tenth more bytes.
 */

/** The shortest match. */
export const MATCH_BYTES_MIN: usize = 4;
/** How far back a match may lie: both formats say it in 16 bits. */
const DISTANCE_MAX: usize = 65535;
const TABLE_BITS: u64 = 13;
/** Size of the table; `../layout.ts` keeps room for it. */
export const TABLE_BYTES: usize = 4 << <usize>TABLE_BITS;
/** An odd number that spreads seven bytes over the table, and what leaves the eighth out. */
const HASH_FACTOR: u64 = 0xcf1bbcdcb7a56463;
const HASH_SHIFT: u64 = 8;
/** The first steps of a search, in bytes: what begins in between is found backwards from there. */
const STEP: usize = 3;
/** After so many steps in vain, as a power of two, steps grow by one byte. */
const PATIENCE: usize = 6;

/**
 * Takes note of the bytes at `at`. Reads eight. So many count that chance meetings are few, and matches long.
 *
 * @returns where those stood that came last and have, by chance or not, the same place in the table; 0: there were none.
 */
// @ts-ignore: decorator
@inline
export function recall(table: usize, at: usize): usize {
  const hash = ((load<u64>(at) << HASH_SHIFT) * HASH_FACTOR) >>> (64 - TABLE_BITS);
  const slot = table + (<usize>hash << 2);
  const earlier = <usize>load<u32>(slot);
  store<u32>(slot, <u32>at);
  return earlier;
}

/** Forgets everything. */
export function forget(table: usize): void {
  memory.fill(table, 0, TABLE_BYTES);
}

/**
 * Returns the first match that begins in [at, last], as its address in the upper half and that of the bytes it repeats, at `start` or
 * later, in the lower one; 0 when there is none.
 */
// @ts-ignore: decorator
@inline
export function findMatch(table: usize, start: usize, at: usize, last: usize): u64 {
  for (let tries: usize = STEP << PATIENCE; at <= last; at += tries++ >>> PATIENCE) {
    const earlier = recall(table, at);
    if (isMatch(at, earlier, start)) return (<u64>at << 32) | <u64>earlier;
  }
  return 0;
}

/** Whether what is at `at` repeats what is at `earlier`, if that is `start` or later. Asked at once, not one after the other. */
// @ts-ignore: decorator
@inline
function isMatch(at: usize, earlier: usize, start: usize): bool {
  const isNear = i32(earlier >= start) & i32(at - earlier - 1 < DISTANCE_MAX);
  return (i32(load<u32>(select<usize>(earlier, start, isNear)) == load<u32>(at)) & isNear) != 0;
}

/** Returns where the bytes from `at` on stop being those from `earlier` on, `limit` at the latest. Reads up to 31 bytes beyond it. */
// @ts-ignore: decorator
@inline
export function matchEnd(at: usize, earlier: usize, limit: usize): usize {
  // Most matches of values end in the first step.
  for (; at < limit; at += 32, earlier += 32) {
    const near = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(earlier)));
    const far = i8x16.bitmask(i8x16.eq(v128.load(at, 16), v128.load(earlier, 16)));
    const different = ~(near | (far << 16));
    if (different != 0) return min<usize>(at + <usize>ctz(different), limit);
  }
  return limit;
}

/**
 * Returns how many bytes directly before a match repeat, too: eight at most, at most down to `anchor`, and `start` for what is repeated.
 * Reads eight bytes before both.
 */
// @ts-ignore: decorator
@inline
export function bytesBefore(at: usize, earlier: usize, anchor: usize, start: usize): usize {
  const same = <usize>(clz(load<u64>(at - 8) ^ load<u64>(earlier - 8)) >>> 3);
  return min<usize>(same, min<usize>(at - anchor, earlier - start));
}
