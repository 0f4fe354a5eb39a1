/**
 * LZ4 frames as every client of Kafka reads them: independent blocks, no checksum but the head's.
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md
 */
import { copyShort } from "./bytes";
import { bytesBefore, findMatch, forget, MATCH_BYTES_MIN, matchEnd, recall } from "./matches";

const MAGIC: u32 = 0x184d2204;
/** Version 1, independent blocks; blocks of at most 256 KB; the second byte of their xxHash32. */
const FLAGS: u8 = 0x60;
const BLOCK_SIZE_CODE: u8 = 0x50;
const HEAD_CHECKSUM: u8 = 0xfb;
const BLOCK_BYTES: usize = 256 * 1024;
/** Bit of a block's size: its bytes are stored as they are. */
const STORED: u32 = 0x80000000;
/** "The last match must start at least 12 bytes before the end of block", and "the last 5 bytes are always literals". */
const MATCH_START_TO_END: usize = 12;
const LITERALS_AT_END: usize = 5;

/** Writes the rest of a length of which 15 stand in the token. Returns the address after it. */
// @ts-ignore: decorator
@inline
function lengthTo(out: usize, rest: usize): usize {
  for (; rest >= 255; rest -= 255) store<u8>(out++, 255);
  store<u8>(out, <u8>rest);
  return out + 1;
}

/** Writes the token, with `matchCode` as its lower half, and the literals [from, to). Returns the address after them. */
// @ts-ignore: decorator
@inline
function literalsTo(out: usize, from: usize, to: usize, matchCode: usize): usize {
  const size = to - from;
  store<u8>(out, <u8>((min<usize>(size, 15) << 4) | matchCode));
  out++;
  if (size >= 15) out = lengthTo(out, size - 15);
  copyShort(out, from, size);
  return out + size;
}

/**
 * Writes the literals [from, at), fewer than fifteen, and a match of [at, end), of less than 274 bytes, that lies `distance` back: as
 * nearly all sequences are, so that there is no branch that could be guessed wrong. Returns the address after them.
 */
// @ts-ignore: decorator
@inline
function shortSequenceTo(out: usize, from: usize, at: usize, end: usize, distance: usize): usize {
  const size = at - from;
  const code = end - at - MATCH_BYTES_MIN;
  store<u8>(out, <u8>((size << 4) | min<usize>(code, 15)));
  v128.store(out + 1, v128.load(from));
  out += 1 + size;
  store<u16>(out, <u16>distance);
  store<u8>(out, <u8>(code - 15), 2);
  return out + 2 + <usize>(code >= 15);
}

/** The same for any sequence. */
function longSequenceTo(out: usize, from: usize, at: usize, end: usize, distance: usize): usize {
  const code = end - at - MATCH_BYTES_MIN;
  out = literalsTo(out, from, at, min<usize>(code, 15));
  store<u16>(out, <u16>distance);
  out += 2;
  return code >= 15 ? lengthTo(out, code - 15) : out;
}

// @ts-ignore: decorator
@inline
function sequenceTo(out: usize, from: usize, at: usize, end: usize, distance: usize): usize {
  return at - from < 15 && end - at < MATCH_BYTES_MIN + 15 + 255
    ? shortSequenceTo(out, from, at, end, distance)
    : longSequenceTo(out, from, at, end, distance);
}

/** Compresses the block [start, end) to `out`. Returns the address after it. */
function blockTo(table: usize, start: usize, end: usize, out: usize): usize {
  let anchor = start;
  if (end - start > MATCH_START_TO_END) {
    const last = end - MATCH_START_TO_END;
    for (let match = findMatch(table, start, start, last); match != 0; match = findMatch(table, start, anchor, last)) {
      const at = <usize>(match >>> 32);
      const earlier = <usize>(match & 0xffffffff);
      const stop = matchEnd(at + MATCH_BYTES_MIN, earlier + MATCH_BYTES_MIN, end - LITERALS_AT_END);
      const before = bytesBefore(at, earlier, anchor, start);
      out = sequenceTo(out, anchor, at - before, stop, at - earlier);
      recall(table, stop - 2);
      anchor = stop;
    }
  }
  return literalsTo(out, anchor, end, 0);
}

/** Compresses [start, end) to `out`, which must have room for a sixth more. Returns the address after it. */
export function compressLz4(table: usize, start: usize, end: usize, out: usize): usize {
  forget(table);
  store<u32>(out, MAGIC);
  store<u8>(out, FLAGS, 4);
  store<u8>(out, BLOCK_SIZE_CODE, 5);
  store<u8>(out, HEAD_CHECKSUM, 6);
  out += 7;
  for (let at = start; at < end; at += BLOCK_BYTES) {
    const size = min<usize>(BLOCK_BYTES, end - at);
    const body = out + 4;
    out = blockTo(table, at, at + size, body);
    const isSmaller = out - body < size;
    store<u32>(body - 4, isSmaller ? <u32>(out - body) : <u32>size | STORED);
    if (isSmaller) continue;
    memory.copy(body, at, size);
    out = body + size;
  }
  store<u32>(out, 0);
  return out + 4;
}
