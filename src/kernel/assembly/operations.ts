/** The operations of a template, three words each (kind, a, b); `../template.ts` writes them. */

/** Constant bytes: address, size. */
export const CONSTANT: i32 = 0;
/** A column as the inside of a JSON string: the addresses of its first row's start and end. */
export const ESCAPED: i32 = 1;
/** A column as it is: the same. */
export const VERBATIM: i32 = 2;
/** The time in seconds. */
export const SECONDS: i32 = 3;
export const OPERATION_BYTES: usize = 12;

/** What an operation says of a row: the address of its column's start, or end. */
// @ts-ignore: decorator
@inline
export function startOf(operation: usize, row: i32): usize {
  return <usize>load<i32>(<usize>load<i32>(operation, 4) + (<usize>row << 2));
}

// @ts-ignore: decorator
@inline
export function endOf(operation: usize, row: i32): usize {
  return <usize>load<i32>(<usize>load<i32>(operation, 8) + (<usize>row << 2));
}

/** The last time that was written, its length and its text: many records have the same. */
const lastSeconds = memory.data(32);

/** Writes a time in decimal; may write up to 15 bytes beyond. Returns the address after it. */
// @ts-ignore: decorator
@inline
export function writeSeconds(out: usize, value: u32): usize {
  if (load<u32>(lastSeconds) != value || load<u32>(lastSeconds, 4) == 0) rememberSeconds(value);
  v128.store(out, v128.load(lastSeconds, 16));
  return out + <usize>load<u32>(lastSeconds, 4);
}

function rememberSeconds(value: u32): void {
  const digits = decimalDigits(value);
  let rest = value;
  for (let i = digits; i > 0; i--) {
    store<u8>(lastSeconds + 15 + i, <u8>(rest % 10) + 0x30);
    rest /= 10;
  }
  store<u32>(lastSeconds, value);
  store<u32>(lastSeconds, <u32>digits, 4);
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
