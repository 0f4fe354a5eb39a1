/** What escaping looks up: bytes that cannot stay as they are, and where others stand once those have a backslash. */
export const QUOTE: u8 = 0x22;
export const BACKSLASH: u8 = 0x5c;

/**
 * Where the tables lie, behind those of the checksums: for every set of bytes among eight, where each stands once those of the set have
 * a backslash before them; fixed, so that look-ups carry the address in the instruction.
 */
const SPREADS: usize = 28 * 1024;
/** A lane that holds a backslash where `spread` looks for its bytes. */
const BACKSLASH_LANE: u8 = 8;

/** Vectors of one byte, behind the tables: V8 makes a constant anew in each step of a loop, and what was loaded before it stays. */
export const QUOTES: usize = SPREADS + 256 * 16;
export const BACKSLASHES: usize = QUOTES + 16;
export const SPACES: usize = QUOTES + 32;
/** Behind all of them. */
export const TABLES_END: usize = QUOTES + 64;

/** Fills the tables. */
export function escapeInitialize(): void {
  v128.store(QUOTES, i8x16.splat(QUOTE));
  v128.store(BACKSLASHES, i8x16.splat(BACKSLASH));
  v128.store(SPACES, i8x16.splat(0x20));
  for (let set: usize = 0; set < 256; set++) {
    let at = SPREADS + (set << 4);
    for (let lane: usize = 0; lane < 8; lane++) {
      if ((set >>> lane & 1) != 0) store<u8>(at++, BACKSLASH_LANE);
      store<u8>(at++, <u8>lane);
    }
    for (; at < SPREADS + (set << 4) + 16; at++) store<u8>(at, BACKSLASH_LANE);
  }
}

/** The bytes of `v` that cannot be copied as they are: controls, quote, backslash and everything that is not ASCII. */
// @ts-ignore: decorator
@inline
export function specialMask(v: v128): i32 {
  const quoted = v128.or(i8x16.eq(v, i8x16.splat(QUOTE)), i8x16.eq(v, i8x16.splat(BACKSLASH)));
  // Signed: bytes from 0x80 up are negative and so below 0x20, too.
  return i8x16.bitmask(v128.or(quoted, i8x16.lt_s(v, i8x16.splat(0x20))));
}

/** Writes `size` bytes, sixteen at most, with a backslash before those of a set. Returns the address after them. */
// @ts-ignore: decorator
@inline
export function spread(out: usize, bytes: v128, backslashes: v128, set: i32, size: usize): usize {
  const near = v128.load((set & 0xff) << 4, SPREADS);
  const far = v128.load(set >>> 8 << 4, SPREADS);
  // All lanes that are looked up are there, so the instruction that need not say what happens otherwise is the same.
  v128.store(out, i8x16.relaxed_swizzle(i64x2.shuffle(bytes, backslashes, 0, 2), near));
  v128.store(out + <usize>popcnt(set & 0xff), i8x16.relaxed_swizzle(i64x2.shuffle(bytes, backslashes, 1, 2), far), 8);
  return out + size + <usize>popcnt(set);
}

// @ts-ignore: decorator
@inline
export function isSpecial(byte: u8): bool {
  return byte >= 0x80 || byte < 0x20 || byte == QUOTE || byte == BACKSLASH;
}

/** Returns the letter of a two-character escape, or 0. */
// @ts-ignore: decorator
@inline
export function shortEscape(byte: u8): u8 {
  if (byte == QUOTE || byte == BACKSLASH) return byte;
  if (byte == 0x0a) return 0x6e;
  if (byte == 0x09) return 0x74;
  if (byte == 0x0d) return 0x72;
  if (byte == 0x08) return 0x62;
  if (byte == 0x0c) return 0x66;
  return 0;
}

/** Of backslashes side by side, every second one is escaped: those that are not, if the first is not. */
export function unescaped(backslashes: i32): i32 {
  let begins: i32 = 0;
  for (let rest = backslashes; rest != 0;) {
    const next = rest & -rest;
    begins |= next;
    rest &= ~(next | next << 1);
  }
  return begins;
}
