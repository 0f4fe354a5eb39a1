/** The operations of a template, three words each (kind, a, b); `../template.ts` writes them. */

/** Constant bytes: address, size. */
export const CONSTANT: i32 = 0;
/** A column as the inside of a JSON string: its number. */
export const ESCAPED: i32 = 1;
/** A column as it is: its number. */
export const VERBATIM: i32 = 2;
/** The time in seconds. */
export const SECONDS: i32 = 3;
export const OPERATION_BYTES: usize = 12;

/** Writes `value` in decimal. Returns the address after it. */
// @ts-ignore: decorator
@inline
export function writeDecimal(out: usize, value: u32): usize {
  const digits = decimalDigits(value);
  let rest = value;
  for (let i = digits; i > 0; i--) {
    store<u8>(out + i - 1, <u8>(rest % 10) + 0x30);
    rest /= 10;
  }
  return out + digits;
}

/** The length of `value` in decimal. */
// @ts-ignore: decorator
@inline
export function decimalDigits(value: u32): usize {
  if (value >= 1000000000) return 10;
  let digits: usize = 1;
  for (let rest = value / 10; rest > 0; rest /= 10) digits++;
  return digits;
}
