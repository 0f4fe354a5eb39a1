/**
 * One LZ4 block that grows while records are rendered, in a frame of its own: whoever writes knows what repeats and says so, nothing is
 * searched for. What was written so far is a whole block at any time, once `finishLz4` has closed it, and may go on afterwards.
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md and lz4_Frame_format.md
 */
import { copyShort } from "./bytes";

const MAGIC: u32 = 0x184d2204;
/** Version 1, independent blocks. */
const FLAGS: u32 = 0x60;
/** The frame's head, and the size of its one block. */
const FRAME_HEAD_BYTES: usize = 7;
const BLOCK_HEAD_BYTES: usize = FRAME_HEAD_BYTES + 4;
/** The shortest match. */
const MATCH_BYTES_MIN: u32 = 4;
/** How far back a match may lie. */
export const DISTANCE_MAX: u32 = 65535;
/** What the first literals of a block will be like: a whole record. */
const FIRST_LITERALS: usize = 600;

/** Where a block is in its making. It ends with literals, or with a match that may grow. */
@unmanaged
export class Lz4Block {
  // The token of the current sequence, its first literal, and the address after the last one.
  token: usize;
  literals: usize;
  out: usize;
  // Bytes so far, uncompressed.
  raw: u32;
  // The match after the literals: 0 bytes: there is none yet.
  matchBytes: u32;
  distance: u32;
  // An address among the literals that moves with them: that of a record's head, which is written when the record is.
  head: usize;
}

/** Room for a block's state; what a writer keeps beside it follows. */
export const BLOCK_STATE_BYTES: usize = 32;

/** Bytes of a length that do not fit its token. */
// @ts-ignore: decorator
@inline
function lengthBytes(size: usize): usize {
  return size < 15 ? 0 : (size - 15) / 255 + 1;
}

// @ts-ignore: decorator
@inline
function lengthTo(out: usize, rest: usize): usize {
  for (; rest >= 255; rest -= 255) store<u8>(out++, 255);
  store<u8>(out, <u8>rest);
  return out + 1;
}

/** Begins a frame at `frame`. */
export function beginLz4(block: Lz4Block, frame: usize): void {
  block.out = frame + BLOCK_HEAD_BYTES;
  block.raw = 0;
  block.matchBytes = 0;
  block.head = 0;
  beginLiterals(block, FIRST_LITERALS);
}

/** Begins a sequence with room for the length of so many literals: they move where it turns out to be another. */
// @ts-ignore: decorator
@inline
function beginLiterals(block: Lz4Block, expected: usize): void {
  block.token = block.out;
  block.literals = block.out + 1 + lengthBytes(expected);
  block.out = block.literals;
}

/** Writes the length of the literals; more may follow all the same. */
function endLiterals(block: Lz4Block): void {
  const size = block.out - block.literals;
  const first = block.token + 1 + lengthBytes(size);
  if (first != block.literals) {
    memory.copy(first, block.literals, size);
    if (block.head >= block.literals) block.head += first - block.literals;
    block.literals = first;
    block.out = first + size;
  }
  store<u8>(block.token, <u8>(min<usize>(size, 15) << 4));
  if (size >= 15) lengthTo(block.token + 1, size - 15);
}

/** The next `size` bytes repeat those that lie `distance` back; four at least, unless this goes on with such a match. */
// @ts-ignore: decorator
@inline
export function matchTo(block: Lz4Block, distance: u32, size: u32): void {
  block.raw += size;
  if (block.matchBytes != 0) {
    if (block.distance == distance) {
      block.matchBytes += size;
      return;
    }
    endMatch(block, 0);
  }
  endLiterals(block);
  block.distance = distance;
  block.matchBytes = size;
}

/** Ends a match: literals follow, probably `expected`. */
export function endMatch(block: Lz4Block, expected: usize): void {
  const rest = block.matchBytes - MATCH_BYTES_MIN;
  store<u8>(block.token, (load<u8>(block.token) & 0xf0) | <u8>min<u32>(rest, 15));
  store<u16>(block.out, <u16>block.distance);
  block.out += 2;
  if (rest >= 15) block.out = lengthTo(block.out, rest - 15);
  block.matchBytes = 0;
  beginLiterals(block, expected);
}

/** The head of a frame whose block has so many bytes uncompressed: the size code, and the second byte of the head's xxHash32. */
function frameCode(raw: u32): u32 {
  if (raw <= 64 * 1024) return 0x8240;
  if (raw <= 256 * 1024) return 0xfb50;
  return raw <= 1024 * 1024 ? 0x5160 : 0x7370;
}

/** Closes the frame at `frame`; rendering may go on, and it be closed again. Returns the address after it. */
export function finishLz4(block: Lz4Block, frame: usize): usize {
  endLiterals(block);
  store<u32>(frame, MAGIC);
  store<u32>(frame, FLAGS | (frameCode(block.raw) << 8), 4);
  store<u32>(frame, <u32>(block.out - frame - BLOCK_HEAD_BYTES), FRAME_HEAD_BYTES);
  store<u32>(block.out, 0);
  return block.out + 4;
}

/** Where `lengthFrom` stopped reading. */
const lengthEnd = memory.data(8);

/** The length that stands in a token as `low`, and goes on at `at`. */
// @ts-ignore: decorator
@inline
function lengthFrom(at: usize, low: usize): usize {
  let size = low;
  if (low == 15) {
    let more: usize = 255;
    while (more == 255) {
      more = <usize>load<u8>(at++);
      size += more;
    }
  }
  store<usize>(lengthEnd, at);
  return size;
}

/** Copies what may lie so near that it repeats itself. */
// @ts-ignore: decorator
@inline
function repeat(target: usize, source: usize, size: usize): void {
  if (target - source >= 16) return copyShort(target, source, size);
  for (let i: usize = 0; i < size; i++) store<u8>(target + i, load<u8>(source + i));
}

/** Uncompresses a closed frame to `target`; may write up to 15 bytes beyond. Returns the address after what it held. */
export function unpackLz4(frame: usize, target: usize): usize {
  let at = frame + BLOCK_HEAD_BYTES;
  const end = at + <usize>load<u32>(frame, FRAME_HEAD_BYTES);
  let out = target;
  while (at < end) {
    const token = <usize>load<u8>(at);
    const literals = lengthFrom(at + 1, token >>> 4);
    at = load<usize>(lengthEnd);
    memory.copy(out, at, literals);
    at += literals;
    out += literals;
    if (at >= end) break;
    const source = out - <usize>load<u16>(at);
    const size = lengthFrom(at + 2, token & 15) + <usize>MATCH_BYTES_MIN;
    at = load<usize>(lengthEnd);
    repeat(out, source, size);
    out += size;
  }
  return out;
}
