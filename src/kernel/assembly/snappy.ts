/**
 * Snappy as the clients of Kafka write and read it: raw blocks (https://github.com/google/snappy/blob/main/format_description.txt) in
 * the framing of snappy-java, whose numbers are big endian
 * (https://github.com/xerial/snappy-java/blob/main/src/main/java/org/xerial/snappy/SnappyCodec.java).
 */
import { copyShort } from "./bytes";
import { bytesBefore, findMatch, forget, MATCH_BYTES_MIN, matchEnd, recall } from "./matches";

/** The bytes 0x82 "SNAPPY" 0, and the version 1 that is compatible with readers of version 1. */
const MAGIC: u64 = 0x00595050414e5382;
const VERSIONS: u64 = 0x0100000001000000;
/** Distances within a block fit 16 bits. */
const BLOCK_BYTES: usize = 64 * 1024;
/** The search stops so far before a block's end: it reads eight bytes at a time. */
const SEARCH_TO_END: usize = 15;
const COPY_BYTES_MAX: usize = 64;
/** What the short form of a copy can say. */
const SHORT_COPY_BYTES_MAX: usize = 11;
const SHORT_COPY_DISTANCE_MAX: usize = 2047;

/** Writes the literals [from, to), if any. Returns the address after them. */
// @ts-ignore: decorator
@inline
function literalsTo(out: usize, from: usize, to: usize): usize {
  if (from == to) return out;
  const size = to - from;
  const code = size - 1;
  if (code < 60) {
    store<u8>(out++, <u8>(code << 2));
  } else if (code < 256) {
    store<u16>(out, <u16>((60 << 2) | (code << 8)));
    out += 2;
  } else {
    store<u8>(out, 61 << 2);
    store<u16>(out, <u16>code, 1);
    out += 3;
  }
  copyShort(out, from, size);
  return out + size;
}

/** Writes a copy of up to 64 bytes. Returns the address after it. */
// @ts-ignore: decorator
@inline
function copyTo(out: usize, size: usize, distance: usize): usize {
  if (size <= SHORT_COPY_BYTES_MAX && distance <= SHORT_COPY_DISTANCE_MAX) {
    store<u8>(out, <u8>(1 | ((size - MATCH_BYTES_MIN) << 2) | ((distance >>> 8) << 5)));
    store<u8>(out, <u8>distance, 1);
    return out + 2;
  }
  store<u8>(out, <u8>(2 | ((size - 1) << 2)));
  store<u16>(out, <u16>distance, 1);
  return out + 3;
}

/** Writes a match of any length as copies, none of them too short for the short form. Returns the address after them. */
// @ts-ignore: decorator
@inline
function matchTo(out: usize, size: usize, distance: usize): usize {
  for (; size >= COPY_BYTES_MAX + MATCH_BYTES_MIN; size -= COPY_BYTES_MAX) out = copyTo(out, COPY_BYTES_MAX, distance);
  if (size > COPY_BYTES_MAX) {
    out = copyTo(out, COPY_BYTES_MAX - MATCH_BYTES_MIN, distance);
    size -= COPY_BYTES_MAX - MATCH_BYTES_MIN;
  }
  return copyTo(out, size, distance);
}

/** Writes a block's size, seven bits a byte. Returns the address after it. */
function sizeTo(out: usize, size: usize): usize {
  for (; size >= 0x80; size >>>= 7) store<u8>(out++, <u8>(size | 0x80));
  store<u8>(out, <u8>size);
  return out + 1;
}

/** Compresses the block [start, end) to `out`. Returns the address after it. */
function blockTo(table: usize, start: usize, end: usize, out: usize): usize {
  let anchor = start;
  out = sizeTo(out, end - start);
  if (end - start > SEARCH_TO_END) {
    const last = end - SEARCH_TO_END;
    for (let match = findMatch(table, start, start, last); match != 0; match = findMatch(table, start, anchor, last)) {
      const at = <usize>(match >>> 32);
      const earlier = <usize>(match & 0xffffffff);
      const stop = matchEnd(at + MATCH_BYTES_MIN, earlier + MATCH_BYTES_MIN, end);
      const before = bytesBefore(at, earlier, anchor, start);
      out = literalsTo(out, anchor, at - before);
      out = matchTo(out, stop - at + before, at - earlier);
      recall(table, stop - 2);
      anchor = stop;
    }
  }
  return literalsTo(out, anchor, end);
}

/** Compresses [start, end) to `out`, which must have room for a sixth more. Returns the address after it. */
export function compressSnappy(table: usize, start: usize, end: usize, out: usize): usize {
  forget(table);
  store<u64>(out, MAGIC);
  store<u64>(out, VERSIONS, 8);
  out += 16;
  for (let at = start; at < end; at += BLOCK_BYTES) {
    const body = out + 4;
    out = blockTo(table, at, min<usize>(at + BLOCK_BYTES, end), body);
    store<u32>(body - 4, bswap<u32>(<u32>(out - body)));
  }
  return out;
}
