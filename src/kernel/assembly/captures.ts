/**
 * Where the groups of a regular expression are in a text: runs the program that `../captures/program_writer.ts` writes and describes.
 * A backtracking matcher, so that its answers are those of the JavaScript engine by construction; but most operations decide by the
 * next character alone and leave nothing to come back to. What is left is bounded by fuel. When it is used up, matching begins again
 * with a note of what has been tried in vain, so that nothing is tried twice; and when that does not help, the engine is asked.
 */
import { prepareNote } from "./capture_choices";
import {
  ASK_ENGINE,
  FIRST_SKIP,
  FLAGS,
  FUEL,
  FUEL_BASE,
  LEADING_RUN,
  MATCH_END,
  MATCH_START,
  MATCHES,
  NO_MATCH,
  NO_TEXT,
  SCAN_FUEL,
  SCRATCH,
  STACK_BYTES,
} from "./capture_head";
import { attempt } from "./capture_run";
import { characterBytes, runEnd } from "./capture_sets";
import { columnEnd, columnStart, State } from "./state";
import { ASTRAL, INVALID, kindOfText } from "./utf8";

// The flags of a program.
const ANCHORED: u32 = 1;
const REFUSES_ASTRAL: u32 = 2;
const WHOLE: u32 = 4;
const STARTS_AT_END: u32 = 8;

const FUEL_PER_BYTE: i32 = 4;
const FUEL_PER_BYTE_WITH_NOTE: i32 = 32;
const FUEL_BASE_WITH_NOTE: i32 = 4096;

/**
 * Matches the text [start, end). Writes the start and end of each group to `out`, two words each, -1 for a group that took no part,
 * and those of the whole match to the program's head.
 *
 * @returns 0: no match, 1: a match, 2: the engine has to be asked. Only after 1 the words count.
 */
export function matchCaptures(program: usize, start: usize, end: usize, out: usize): i32 {
  return matchInto(program, start, end, out, 4);
}

/**
 * Matches the texts of column `source` of the rows [rowFrom, rowTo). The groups become the columns from `firstColumn` on; in rows that do not
 * match they are -1 throughout. Writes one byte a row to `statuses`: what `matchCaptures` returns, or 3 where the start of the source is -1.
 *
 * @returns how many rows do not match.
 */
export function captureRows(
  state: State,
  program: usize,
  groups: i32,
  source: i32,
  rowFrom: i32,
  rowTo: i32,
  firstColumn: i32,
  statuses: usize,
): i32 {
  const stride = <usize>state.rowsRoom << 2;
  let others = 0;
  for (let row = rowFrom; row < rowTo; row++) {
    const start = load<i32>(columnStart(state, source, row));
    const end = load<i32>(columnEnd(state, source, row));
    const out = columnStart(state, firstColumn, row);
    const status = start == -1 ? NO_TEXT : matchInto(program, <usize>start, <usize>end, out, stride);
    store<u8>(statuses + <usize>row, <u8>status);
    if (status == MATCHES) continue;
    others++;
    for (let word = 0; word < 2 * groups; word++) store<i32>(out + <usize>word * stride, -1);
  }
  return others;
}

/** The words of the groups lie `stride` bytes apart. */
function matchInto(program: usize, start: usize, end: usize, out: usize, stride: usize): i32 {
  const flags = load<u32>(program, FLAGS);
  const kind = kindOfText(start, end);
  if (kind == INVALID || (kind == ASTRAL && (flags & REFUSES_ASTRAL) != 0)) return ASK_ENGINE;
  const little = load<i32>(program, FUEL_BASE) + fuelFor(end - start, FUEL_PER_BYTE);
  let status = search(program, start, end, out, stride, 0, little);
  if (status == ASK_ENGINE && prepareNote(program, end - start)) {
    const note = <usize>load<u32>(program, SCRATCH) + STACK_BYTES;
    const more = FUEL_BASE_WITH_NOTE + fuelFor(end - start, FUEL_PER_BYTE_WITH_NOTE);
    status = search(program, start, end, out, stride, note, more);
  }
  if (status != MATCHES || !(flags & WHOLE)) return status;
  const isWhole = load<u32>(program, MATCH_START) == <u32>start && load<u32>(program, MATCH_END) == <u32>end;
  return isWhole ? MATCHES : NO_MATCH;
}

function fuelFor(bytes: usize, fuelPerByte: i32): i32 {
  return <i32>min<usize>(bytes, 0x0200_0000) * fuelPerByte;
}

/** Tries every place at which a match may begin; only the first for a pattern that is anchored. */
function search(
  program: usize,
  start: usize,
  end: usize,
  out: usize,
  stride: usize,
  note: usize,
  fuel: i32,
): i32 {
  store<i32>(program, fuel, FUEL);
  store<i32>(program, fuel, SCAN_FUEL);
  const flags = load<u32>(program, FLAGS);
  if (flags & ANCHORED) return attempt(program, start, start, end, out, stride, note);
  const skipped = program + <usize>load<u32>(program, FIRST_SKIP);
  const leading = <usize>load<u32>(program, LEADING_RUN);
  let at = start;
  while (true) {
    at = runEnd(skipped, at, end);
    if (at == end && !(flags & STARTS_AT_END)) return NO_MATCH;
    const status = attempt(program, start, at, end, out, stride, note);
    if (status != NO_MATCH || at == end) return status;
    const next = at + characterBytes(at);
    // From a later place in the run that the pattern begins with, what comes after it would be tried at fewer places.
    at = leading == 0 ? next : max(next, runEnd(program + leading, at, end));
  }
}

