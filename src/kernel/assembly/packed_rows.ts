/**
 * Many rows in a row as nearly all are, into an LZ4 block: `packed_render.ts` renders any row, and this is what it leaves out for those. The
 * template's constants and values alternate, the record before is of the same template, both have heads of a known size, and neither
 * ends the call. So every constant is a match, and as far away as the one before it, unless a value between them was another.
 */
import { copyShort } from "./bytes";
import { escapeShortTo, repeatedClean } from "./escape";
import { closeLiterals, firstLiteral, Lz4Block, matchTo } from "./lz4_block";
import { CONSTANT, decimalDigits, endOf, ESCAPED, OPERATION_BYTES, SECONDS, startOf, VERBATIM, writeSeconds } from "./operations";
import { call, GROUP_ROWS, MATCH_BYTES_WORTH, measureUsual, packedMax, USUAL_HEAD_BYTES } from "./packed_call";
import { keyBytes, varintBytes, writeHead } from "./record";
import { State } from "./state";

/** With keys of so many bytes, a head is short enough that nothing about its size stands behind the token. */
const KEY_BYTES_MAX: u32 = 4;
/** A record may be so large that the next one, which is not, can repeat all of it. */
const NEAR_BYTES: u32 = 32 * 1024;
const PAIR_BYTES: usize = 2 * OPERATION_BYTES;
const PLACE_BYTES: usize = 4;

/**
 * Whether `renderMany` may be asked in this call: all records have the same short key, and constants, none of them short, and values
 * alternate.
 */
export function mayRenderMany(state: State): bool {
  const operations = call.operations;
  if (state.keyColumn >= 0 || keyBytes(state, 0) > KEY_BYTES_MAX || (operations & 1) == 0 || operations < 3) return false;
  for (let i = 0; i < operations; i++) {
    const operation = call.template + <usize>i * OPERATION_BYTES;
    if ((load<i32>(operation) == CONSTANT) != ((i & 1) == 0)) return false;
    if ((i & 1) == 0 && load<u32>(operation, 8) < MATCH_BYTES_WORTH) return false;
  }
  return true;
}

/**
 * Renders rows from `row` on, behind another one of this call, as long as all that are measured together have usual heads and surely
 * end before `limit` and, uncompressed, `rawLimit` bytes. It leaves one that does, so that the call can end with it.
 *
 * @returns the row after the last one rendered.
 */
export function renderMany(state: State, block: Lz4Block, row: i32, rowTo: i32, limit: usize, rawLimit: usize, delta: u32): i32 {
  const keySize = keyBytes(state, row);
  // There must be room for nothing but a head where literals are, and the record before within reach.
  if (block.literals != block.token + 1 || block.out != block.literals) return row;
  if (block.raw - load<u32>(call.places) > NEAR_BYTES) return row;
  while (row + GROUP_ROWS <= rowTo) {
    const bytes = measureUsual(state, row, keySize);
    if (bytes == 0 || block.out + packedMax(bytes, GROUP_ROWS) > limit || <usize>block.raw + bytes > rawLimit) break;
    renderRows(state, block, row, row + GROUP_ROWS - 1, delta, keySize);
    row += GROUP_ROWS - 1;
    delta += GROUP_ROWS - 1;
  }
  return row;
}

/**
 * Renders the rows [row, rowEnd), of which `delta` is the first one's offset. One long function, so that where the block is stays in
 * registers.
 */
function renderRows(state: State, block: Lz4Block, row: i32, rowEnd: i32, delta: u32, keySize: u32): void {
  let token = block.token;
  let out = block.out;
  let raw = block.raw;
  const first = call.template;
  const end = first + <usize>call.operations * OPERATION_BYTES;
  const headersBytes = call.headersBytes;
  for (; row < rowEnd; row++, delta++) {
    const head = out;
    const headSize = USUAL_HEAD_BYTES + varintBytes(delta) + keySize;
    store<u8>(token, <u8>(headSize << 4));
    out += <usize>headSize;
    raw += headSize;
    const valueFrom = raw;
    let place = call.places;
    let matched = load<u32>(first, 8);
    let distance = raw - load<u32>(place);
    store<u32>(place, raw);
    raw += matched;
    for (let operation = first + OPERATION_BYTES; operation < end; operation += PAIR_BYTES) {
      place += 2 * PLACE_BYTES;
      const kind = load<i32>(operation);
      const next = load<u32>(operation, <usize>OPERATION_BYTES + 8);
      let literals: usize;
      if (kind == SECONDS) {
        const seconds = load<u32>(<usize>state.times + (<usize>row << 2));
        if (seconds == load<u32>(<usize>state.times + (<usize>row << 2) - 4)) {
          const digits = <u32>decimalDigits(seconds);
          matched += digits + next;
          raw += digits;
          store<u32>(place, raw);
          raw += next;
          continue;
        }
        token = matchTo(token, out, distance, matched);
        literals = token + 1;
        out = writeSeconds(literals, seconds);
      } else {
        const start = startOf(operation, row);
        const stop = endOf(operation, row);
        const earlier = startOf(operation, row - 1);
        const earlierEnd = endOf(operation, row - 1);
        const repeated = repeatedClean(start, earlier, min<usize>(stop - start, earlierEnd - earlier), kind == VERBATIM);
        raw += <u32>repeated;
        matched += <u32>repeated;
        if (start + repeated == stop && earlier + repeated == earlierEnd) {
          matched += next;
          store<u32>(place, raw);
          raw += next;
          continue;
        }
        token = matchTo(token, out, distance, matched);
        const rest = stop - start - repeated;
        literals = firstLiteral(token, rest);
        if (kind == ESCAPED) out = escapeShortTo(literals, start + repeated, stop);
        else {
          copyShort(literals, start + repeated, rest);
          out = literals + rest;
        }
      }
      raw += <u32>(out - literals);
      out += closeLiterals(token, literals, out) - literals;
      matched = next;
      distance = raw - load<u32>(place);
      store<u32>(place, raw);
      raw += next;
    }
    // The headers are behind the last constant.
    store<u32>(place + PLACE_BYTES, raw);
    const valueBytes = raw - valueFrom;
    raw += headersBytes;
    const body = 4 + varintBytes(delta) + keySize + valueBytes + headersBytes;
    writeHead(state, row, head, body, delta, valueBytes);
    token = matchTo(token, out, distance, matched + headersBytes);
    out = token + 1;
  }
  block.token = token;
  block.literals = out;
  block.out = out;
  block.raw = raw;
}
