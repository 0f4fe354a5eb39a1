/** Copying and searching bytes sixteen at a time. Every region is followed by at least 16 bytes that may be read and overwritten. */

/** Copies `size` bytes; may write up to 15 bytes beyond them. Faster than `memory.copy` for the short pieces of a record. */
// @ts-ignore: decorator
@inline
export function copyShort(target: usize, source: usize, size: usize): void {
  for (let i: usize = 0; i < size; i += 16) v128.store(target + i, v128.load(source + i));
}

/** The same for more than a few steps. */
// @ts-ignore: decorator
@inline
export function copyLong(target: usize, source: usize, size: usize): void {
  let i: usize = 0;
  for (; i + 64 <= size; i += 64) {
    const first = v128.load(source + i);
    const second = v128.load(source + i, 16);
    const third = v128.load(source + i, 32);
    const fourth = v128.load(source + i, 48);
    v128.store(target + i, first);
    v128.store(target + i, second, 16);
    v128.store(target + i, third, 32);
    v128.store(target + i, fourth, 48);
  }
  for (; i < size; i += 16) v128.store(target + i, v128.load(source + i));
}

/** Copies a template's constant: of those that are not long, many have nearly the same size. May write up to 63 bytes beyond it. */
// @ts-ignore: decorator
@inline
export function copyConstant(target: usize, source: usize, size: usize): void {
  v128.store(target, v128.load(source));
  v128.store(target, v128.load(source, 16), 16);
  if (size <= 32) return;
  v128.store(target, v128.load(source, 32), 32);
  v128.store(target, v128.load(source, 48), 48);
  if (size > 64) copyLong(target + 64, source + 64, size - 64);
}

/** More bytes are copied faster by the run time, which is called for that. */
const OWN_COPY_BYTES_MAX: usize = 512;

/** Copies `size` bytes, whether few or many, that do not overlap; may write up to 15 bytes beyond them. */
// @ts-ignore: decorator
@inline
export function copyBytes(target: usize, source: usize, size: usize): void {
  if (size <= OWN_COPY_BYTES_MAX) copyLong(target, source, size);
  else memory.copy(target, source, size);
}

/** Returns the address of the first `byte` in [start, end), or `end`. Reads up to 15 bytes beyond `end`. */
export function findByte(start: usize, end: usize, byte: u8): usize {
  const wanted = i8x16.splat(byte);
  for (let at = start; at < end; at += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
    if (mask != 0) {
      const found = at + <usize>ctz(mask);
      return found < end ? found : end;
    }
  }
  return end;
}

/** The same where it is likely to be far: two steps at a time. Reads up to 31 bytes beyond `end`. */
export function findByteFar(start: usize, end: usize, byte: u8): usize {
  const wanted = i8x16.splat(byte);
  for (let at = start; at < end; at += 32) {
    const near = i8x16.eq(v128.load(at), wanted);
    const far = i8x16.eq(v128.load(at, 16), wanted);
    if (i8x16.bitmask(v128.or(near, far)) == 0) continue;
    const found = at + <usize>ctz(i8x16.bitmask(near) | i8x16.bitmask(far) << 16);
    return found < end ? found : end;
  }
  return end;
}

/** Writes `value` in decimal to `out`. Returns the address after it. */
export function decimalTo(out: usize, value: u64): usize {
  let digits: usize = 1;
  for (let rest = value / 10; rest > 0; rest /= 10) digits++;
  let rest = value;
  for (let i = digits; i > 0; i--) {
    store<u8>(out + i - 1, <u8>(rest % 10) + 0x30);
    rest /= 10;
  }
  return out + digits;
}
