/** What the escapes of JSON strings stand for: as UTF-8, or escaped again as messages have it. */
import { copyShort, findByte } from "./bytes";
import { escapeTo } from "./escape";
import { codeUnit } from "./json_text";
import { columnEnd, columnStart, setSlice, State } from "./state";

const BACKSLASH: u8 = 0x5c;
const LETTER_U: u8 = 0x75;
/** Wide stores may go so far beyond what they write. */
const WIDE_BYTES: usize = 32;

/** The byte that a letter behind a backslash stands for. */
function singleEscape(letter: u8): u8 {
  if (letter == 0x62) return 0x08;
  if (letter == 0x66) return 0x0c;
  if (letter == 0x6e) return 0x0a;
  if (letter == 0x72) return 0x0d;
  return letter == 0x74 ? 0x09 : letter;
}

export function writeCodePoint(out: usize, code: u32): usize {
  if (code < 0x80) {
    store<u8>(out, <u8>code);
    return out + 1;
  }
  if (code < 0x800) {
    store<u16>(out, <u16>(0x80c0 | code >> 6 | (code & 0x3f) << 8));
    return out + 2;
  }
  if (code < 0x10000) {
    store<u32>(out, 0x8080e0 | code >> 12 | (code >> 6 & 0x3f) << 8 | (code & 0x3f) << 16);
    return out + 3;
  }
  store<u32>(out, 0x808080f0 | code >> 18 | (code >> 12 & 0x3f) << 8 | (code >> 6 & 0x3f) << 16 | (code & 0x3f) << 24);
  return out + 4;
}

/** @returns the code point of `\u` at `at`, which may take two escapes; -1: half a surrogate pair. */
export function codePoint(at: usize, end: usize): i32 {
  const unit = codeUnit(at + 2);
  if ((unit & 0xf800) != 0xd800) return unit;
  if (unit >= 0xdc00 || at + 12 > end || load<u16>(at, 6) != 0x755c) return -1;
  const low = codeUnit(at + 8);
  return (low & 0xfc00) == 0xdc00 ? 0x10000 + ((unit & 0x3ff) << 10 | (low & 0x3ff)) : -1;
}

/**
 * Writes what stands between the quotes of a good string to `out`, with what its escapes stand for; with `escapes` these characters are
 * escaped as in messages. It takes no more room than [start, end), and 31 bytes that may be overwritten.
 *
 * @returns the address after it; 0 where an escape is half a surrogate pair.
 */
export function unescapeTo(out: usize, start: usize, end: usize, escapes: bool): usize {
  let at = start;
  while (at < end) {
    const stop = findByte(at, end, BACKSLASH);
    copyShort(out, at, stop - at);
    out += stop - at;
    if (stop == end) break;
    const letter = load<u8>(stop, 1);
    let next: usize;
    if (letter == LETTER_U) {
      const code = codePoint(stop, end);
      if (code < 0) return 0;
      next = writeCodePoint(out, <u32>code);
      at = stop + (code >= 0x10000 ? 12 : 6);
    } else {
      store<u8>(out, singleEscape(letter));
      next = out + 1;
      at = stop + 2;
    }
    // One character; only those below 0x80 are escaped, and they are read before they are written over.
    out = escapes && next == out + 1 ? escapeTo(out, out, next) : next;
  }
  return out;
}

/** Whether no escape of a good string is half a surrogate pair. */
export function isWellFormed(start: usize, end: usize): bool {
  let at = findByte(start, end, BACKSLASH);
  while (at < end) {
    if (load<u8>(at, 1) != LETTER_U) at += 2;
    else {
      const code = codePoint(at, end);
      if (code < 0) return false;
      at += code >= 0x10000 ? 12 : 6;
    }
    at = findByte(at, end, BACKSLASH);
  }
  return true;
}

/**
 * Makes texts of a column whose slices are the insides of JSON strings, escaped as in messages: column `target` of rows [rowFrom,
 * rowTo). Those without escapes stay where they are, the others go to the arena.
 *
 * @returns whether there was room for all.
 */
export function unescapeRows(state: State, source: i32, target: i32, rowFrom: i32, rowTo: i32, arenaEnd: usize): bool {
  for (let row = rowFrom; row < rowTo; row++) {
    const start = <usize>load<i32>(columnStart(state, source, row));
    const end = <usize>load<i32>(columnEnd(state, source, row));
    if (findByte(start, end, BACKSLASH) == end) {
      setSlice(state, target, row, start, end);
      continue;
    }
    const out = <usize>(state.arena + state.arenaUsed);
    if (out + (end - start) + WIDE_BYTES > arenaEnd) return false;
    const written = unescapeTo(out, start, end, false);
    state.arenaUsed += <i32>(written - out);
    setSlice(state, target, row, out, written);
  }
  return true;
}
