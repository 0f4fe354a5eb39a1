/**
 * Where runs may end of which more than one end has to be tried, and the note of what has been tried in vain: once a text costs too much,
 * every choice is made at most once at every place. The note holds for each choice the run that a greedy one was last made in, and then
 * for each choice and place a bit. Its address is 0 while there is none.
 */
import { CHOICES, NOTE_BYTES, SCAN_FUEL, SCRATCH, setOf, STACK_BYTES } from "./capture_head";
import { has, lastOf, limitedRunEnd, NO_LIMIT, runEnd } from "./capture_sets";

/** What the note has of a greedy choice: where a run ends, from where on all up to there has been tried, and where it begins. */
const NOTED_RUN_BYTES: usize = 12;

/** Clears the note. @returns whether there is room for so long a text. */
export function prepareNote(program: usize, bytes: usize): bool {
  const choices = <u64>load<u32>(program, CHOICES);
  const size = choices * <u64>NOTED_RUN_BYTES + ((choices * (bytes + 1) + 7) >> 3);
  if (size == 0 || size > <u64>NOTE_BYTES) return false;
  memory.fill(<usize>load<u32>(program, SCRATCH) + STACK_BYTES, 0, <usize>size);
  return true;
}

/** Notes that choice number `choice` is made at `at`. @returns whether it has been before: then it was in vain. */
export function isKnown(program: usize, note: usize, choice: u32, start: usize, at: usize, end: usize): bool {
  const bit = <usize>choice * (end - start + 1) + (at - start);
  const address = note + <usize>load<u32>(program, CHOICES) * NOTED_RUN_BYTES + (bit >> 3);
  const byte: u32 = load<u8>(address);
  store<u8>(address, <u8>(byte | 1 << (<u32>bit & 7)));
  return (byte >> (<u32>bit & 7) & 1) != 0;
}

/** Whether what begins with the characters of `set` may begin at `at`. */
// @ts-ignore: decorator
@inline
export function mayFollow(set: usize, mayEnd: bool, at: usize, end: usize): bool {
  return at < end ? has(set, at) : mayEnd;
}

/** Returns the first place from `at` on where a lazy run may end or cannot go on. */
// @ts-ignore: decorator
@inline
export function lazyStop(program: usize, op: usize, at: usize, end: usize): usize {
  return runEnd(setOf(program, op, 2), at, end);
}

/** Whether a lazy run may end at `stop`. Where that has been tried before, those behind it have been, too. */
export function isLazyEnd(program: usize, op: usize, start: usize, stop: usize, end: usize, note: usize): bool {
  if (!mayFollow(setOf(program, op, 3), load<u32>(op, 16) != 0, stop, end)) return false;
  return note == 0 || !isKnown(program, note, load<u32>(op, 20), start, stop, end);
}

/** Returns the last place in [low, from) where a greedy run may end and has not been tried to; 0 when there is none. */
// @ts-ignore: decorator
@inline
export function greedyEnd(program: usize, op: usize, start: usize, low: usize, from: usize, end: usize, note: usize): usize {
  return note == 0 ? lastOf(setOf(program, op, 3), low, from) : untriedEnd(program, op, start, low, from, end, note);
}

/** The same where the run may also end at `stop`, which may be the text's end. */
// @ts-ignore: decorator
@inline
export function firstGreedyEnd(program: usize, op: usize, start: usize, low: usize, stop: usize, end: usize, note: usize): usize {
  const isPossible = mayFollow(setOf(program, op, 3), load<u32>(op, 16) != 0, stop, end);
  if (note == 0) return isPossible ? stop : lastOf(setOf(program, op, 3), low, stop);
  if (isPossible && !isKnown(program, note, load<u32>(op, 20), start, stop, end)) return stop;
  return untriedEnd(program, op, start, low, stop, end, note);
}

// @ts-ignore: decorator
@inline
function notedRun(op: usize, note: usize): usize {
  return note + <usize>load<u32>(op, 20) * NOTED_RUN_BYTES;
}

// @ts-ignore: decorator
@inline
function spendScan(program: usize, bytes: usize): void {
  store<i32>(program, load<i32>(program, SCAN_FUEL) - <i32>(bytes >> 4), SCAN_FUEL);
}

/** Returns where a greedy run that begins at `at` stops, without looking again at what is known of it. */
export function greedyStop(program: usize, op: usize, at: usize, end: usize, note: usize): usize {
  const set = setOf(program, op, 1);
  const most = load<u32>(op, 8);
  if (note == 0 || most != NO_LIMIT) return limitedRunEnd(set, at, most, end);
  const run = notedRun(op, note);
  const begin = <usize>load<u32>(run, 8);
  const known = <usize>load<u32>(run);
  if (at <= known && (at >= begin || runEnd(set, at, begin) == begin)) {
    if (at < begin) store<u32>(run, <u32>at, 8);
    return known;
  }
  const stop = runEnd(set, at, end);
  spendScan(program, stop - at);
  store<u32>(run, <u32>stop);
  store<u32>(run, <u32>stop, 4);
  store<u32>(run, <u32>at, 8);
  return stop;
}

/** For the last place that has not been tried, goes on before those that are noted. */
function untriedEnd(program: usize, op: usize, start: usize, low: usize, from: usize, end: usize, note: usize): usize {
  const follow = setOf(program, op, 3);
  const run = notedRun(op, note);
  const isNoted = <usize>load<u32>(run, 4) <= from && from <= <usize>load<u32>(run);
  if (isNoted) from = <usize>load<u32>(run, 4);
  if (from <= low) return 0;
  let place = lastOf(follow, low, from);
  while (place != 0 && isKnown(program, note, load<u32>(op, 20), start, place, end)) {
    // Looks at one place after the other: not only the bytes between them are a cost.
    spendScan(program, 16);
    place = lastOf(follow, low, place);
  }
  spendScan(program, from - (place == 0 ? low : place));
  if (isNoted) store<u32>(run, <u32>(place == 0 ? low : place), 4);
  return place;
}

