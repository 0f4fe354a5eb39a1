/**
 * Many rows in a row as nearly all are, uncompressed: `render.ts` renders any row, and this is what it leaves out for those. The template's
 * constants and values alternate, and all records have the same key. So a constant is written with the value before it, and what a value
 * takes is asked when it is written: there is always room for all that are short, and only one that is not can be too large.
 */
import { copyConstant, copyShort } from "./bytes";
import { escapeTo } from "./escape";
import { specialMask } from "./escape_tables";
import { CONSTANT, ESCAPED, OPERATION_BYTES, SECONDS, writeSeconds } from "./operations";
import { keyBytes, varintBytes, writeHead } from "./record";
import { State } from "./state";

const PAIR_BYTES: usize = 2 * OPERATION_BYTES;
/** A value that is no longer is written at once. */
const SHORT_BYTES: usize = 16;
/** What a byte takes at most once it is escaped (\u00XX). */
const ESCAPE_BYTES_MAX: usize = 6;

/** Whether rows of a template may be usual: it begins and ends with constants, and there is a value between any two. */
export function mayBeUsual(template: usize, operations: i32): bool {
  if ((operations & 1) == 0) return false;
  for (let i = 0; i < operations; i++) {
    const kind = load<i32>(template + <usize>i * OPERATION_BYTES);
    if ((kind == CONSTANT) != ((i & 1) == 0)) return false;
  }
  return true;
}

/**
 * Renders rows from `row` on as records to `out`, as long as they surely end before `limit`. `fixed`: the bytes that a record takes at most
 * beside its columns; `delta`: the first one's offset. One long function, so that nothing is looked up that is the same for all rows.
 *
 * @returns the row after the last one rendered. `outEnd` tells where the records end.
 */
export function renderUsualRows(
  state: State, template: usize, operations: i32, row: i32, rowTo: i32, out: usize, limit: usize, fixed: usize, delta: u32,
): i32 {
  const first = template + OPERATION_BYTES;
  const end = template + <usize>operations * OPERATION_BYTES;
  const firstConstant = <usize>load<i32>(template, 4);
  const firstSize = <usize>load<i32>(template, 8);
  const stride = <usize>state.rowsRoom << 2;
  const room = fixed + <usize>operations * SHORT_BYTES;
  const keySize = keyBytes(state, row);
  const headersBytes = <usize>(state.headersEnd - state.headersStart);
  let headBytes = 6 + varintBytes(delta) + keySize;
  for (; row < rowTo && out + room <= limit; row++, delta++) {
    const place = <usize>row << 2;
    const value = out + <usize>headBytes;
    copyConstant(value, firstConstant, firstSize);
    let at = value + firstSize;
    for (let operation = first; operation < end; operation += PAIR_BYTES) {
      const kind = load<i32>(operation);
      if (kind != SECONDS) {
        const column = <usize>load<i32>(operation, 4) + place;
        const start = <usize>load<i32>(column);
        const size = <usize>load<i32>(column + stride) - start;
        const v = v128.load(start);
        if (size <= SHORT_BYTES && (kind != ESCAPED || (specialMask(v) & ((1 << <i32>size) - 1)) == 0)) {
          v128.store(at, v);
          at += size;
        } else {
          if (at + room + size * ESCAPE_BYTES_MAX > limit) {
            state.outEnd = <i32>out;
            return row;
          }
          if (kind == ESCAPED) at = escapeTo(at, start, start + size);
          else {
            copyShort(at, start, size);
            at += size;
          }
        }
      } else at = writeSeconds(at, load<u32>(<usize>state.times + place));
      const size = <usize>load<i32>(operation, OPERATION_BYTES + 8);
      copyConstant(at, <usize>load<i32>(operation, OPERATION_BYTES + 4), size);
      at += size;
    }
    const valueBytes = <u32>(at - value);
    const lengths = 2 + varintBytes(delta) + keySize + varintBytes(valueBytes);
    const body = lengths + valueBytes + <u32>headersBytes;
    const head = varintBytes(body) + lengths;
    if (head != headBytes) memory.copy(out + <usize>head, value, <usize>valueBytes);
    writeHead(state, row, out, body, delta, valueBytes);
    out += <usize>(head + valueBytes);
    if (headersBytes == 1) store<u8>(out, load<u8>(<usize>state.headersStart));
    else memory.copy(out, <usize>state.headersStart, headersBytes);
    out += headersBytes;
    headBytes = head;
  }
  state.outEnd = <i32>out;
  return row;
}
