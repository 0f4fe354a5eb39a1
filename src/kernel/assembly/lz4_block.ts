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

/** Where a block is in its making: 16 bytes. It ends with literals. */
@unmanaged
export class Lz4Block {
  // The token of the current sequence, its first literal, and the address after the last one.
  token: usize;
  literals: usize;
  out: usize;
  // Bytes so far, uncompressed.
  raw: u32;
}

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
  beginLiterals(block, FIRST_LITERALS);
}

/** Begins a sequence with room for the length of so many literals: they move where it turns out to be another. */
// @ts-ignore: decorator
@inline
function beginLiterals(block: Lz4Block, expected: usize): void {
  block.token = block.out;
  block.literals = firstLiteral(block.out, expected);
  block.out = block.literals;
}

/** Where the first literal of a sequence at `token` stands when there are `size`. */
// @ts-ignore: decorator
@inline
export function firstLiteral(token: usize, size: usize): usize {
  return token + 1 + lengthBytes(size);
}

/**
 * Writes the length of the literals [literals, out) behind `token`; more may follow all the same.
 *
 * @returns where the first of them stands now.
 */
// @ts-ignore: decorator
@inline
export function closeLiterals(token: usize, literals: usize, out: usize): usize {
  const size = out - literals;
  const first = firstLiteral(token, size);
  if (first != literals) memory.copy(first, literals, size);
  store<u8>(token, <u8>(min<usize>(size, 15) << 4));
  if (size >= 15) lengthTo(token + 1, size - 15);
  return first;
}

/** Writes a match of `size` bytes that lie `distance` back, behind the literals that end at `out`. Returns the address after it. */
// @ts-ignore: decorator
@inline
export function matchTo(token: usize, out: usize, distance: u32, size: u32): usize {
  const rest = size - MATCH_BYTES_MIN;
  store<u8>(token, (load<u8>(token) & 0xf0) | <u8>min<u32>(rest, 15));
  store<u16>(out, <u16>distance);
  return rest >= 15 ? lengthTo(out + 2, rest - 15) : out + 2;
}

/** The head of a frame whose block has so many bytes uncompressed: the size code, and the second byte of the head's xxHash32. */
function frameCode(raw: u32): u32 {
  if (raw <= 64 * 1024) return 0x8240;
  if (raw <= 256 * 1024) return 0xfb50;
  return raw <= 1024 * 1024 ? 0x5160 : 0x7370;
}

/** Closes the frame at `frame`; rendering may go on, and it be closed again. Returns the address after it. */
export function finishLz4(block: Lz4Block, frame: usize): usize {
  const first = closeLiterals(block.token, block.literals, block.out);
  block.out += first - block.literals;
  block.literals = first;
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
