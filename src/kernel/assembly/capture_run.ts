/**
 * Runs the operations of a program (`../captures/operations.ts`) from one place in a text: a backtracking matcher. What can be tried
 * when an operation fails lies on a stack, as do the words that have to be put back before.
 */
import {
  ASK_ENGINE,
  ENTRY,
  FUEL,
  MATCH_END,
  MATCH_START,
  MATCHES,
  NO_MATCH,
  SCAN_FUEL,
  SCRATCH,
  setOf,
  STACK_BYTES,
} from "./capture_head";
import { firstGreedyEnd, greedyEnd, greedyStop, isKnown, isLazyEnd, lazyStop, mayFollow } from "./capture_choices";
import { characterBytes, has, limitedRunEnd, previous, runEnd, skipMembers } from "./capture_sets";

// Operations, and their sizes in bytes.
const OP_MATCH: u32 = 0;
const OP_FIXED: u32 = 1;
const OP_LONGEST: u32 = 2;
const OP_GREEDY: u32 = 3;
const OP_LAZY: u32 = 4;
const OP_SPLIT: u32 = 5;
const OP_JUMP: u32 = 6;
const OP_CLEAR: u32 = 7;
const OP_ASSERT: u32 = 8;
const OP_MARK: u32 = 9;
const OP_PROGRESS: u32 = 10;
const OP_EXACTLY: u32 = 11;
const FIXED_BYTES: usize = 44;
const LONGEST_BYTES: usize = 16;
const GREEDY_BYTES: usize = 24;
const LAZY_BYTES: usize = 24;
const ASSERT_BYTES: usize = 12;
const REGISTER_BYTES: usize = 8;
const EXACTLY_BYTES: usize = 12;

// Entries of the stack: an address or an operation to go on with, beside a kind.
const UNDO: u32 = 0;
const RESUME: u32 = 1;
const RETRY_GREEDY: u32 = 2;
const RETRY_LAZY: u32 = 3;
const STACK_ENTRY_BYTES: usize = 16;

// @ts-ignore: decorator
@inline
function push(top: usize, kind: u32, first: usize, second: usize, third: usize): usize {
  store<u32>(top, kind);
  store<u32>(top, <u32>first, 4);
  store<u32>(top, <u32>second, 8);
  store<u32>(top, <u32>third, 12);
  return top + STACK_ENTRY_BYTES;
}

/** Writes a word, and keeps what it was if there is something to come back to. */
// @ts-ignore: decorator
@inline
function write(stack: usize, top: usize, address: usize, value: u32): usize {
  const kept = top == stack ? top : push(top, UNDO, address, <usize>load<u32>(address), 0);
  store<u32>(address, value);
  return kept;
}

// @ts-ignore: decorator
@inline
function isFixed(op: usize, at: usize): bool {
  const bytes = v128.load(at);
  const outside = v128.or(
    i8x16.lt_u(bytes, v128.load(op, 12)),
    i8x16.gt_u(bytes, v128.load(op, 28)),
  );
  return !v128.any_true(outside);
}

/** Whether a condition holds at `at`: text start, text end, line start, line end, boundary, none. */
function holds(kind: u32, set: usize, start: usize, at: usize, end: usize): bool {
  if (kind == 0) return at == start;
  if (kind == 1) return at == end;
  const before = at > start && has(set, previous(at));
  const after = at < end && has(set, at);
  if (kind == 2) return at == start || before;
  if (kind == 3) return at == end || after;
  return (kind == 4) == (before != after);
}

/** Looks for a match that begins at `begin`. @param note the note of what has been tried, or 0. */
export function attempt(
  program: usize,
  start: usize,
  begin: usize,
  end: usize,
  out: usize,
  stride: usize,
  note: usize,
): i32 {
  const stack = <usize>load<u32>(program, SCRATCH);
  const stackEnd = stack + STACK_BYTES;
  let fuel = load<i32>(program, FUEL);
  let op = program + <usize>load<u32>(program, ENTRY);
  let at = begin;
  let top = stack;
  while (true) {
    switch (load<u32>(op)) {
      case OP_MATCH: {
        store<u32>(program, <u32>begin, MATCH_START);
        store<u32>(program, <u32>at, MATCH_END);
        return MATCHES;
      }
      case OP_LONGEST: {
        const stop = limitedRunEnd(setOf(program, op, 1), at, load<u32>(op, 12), end);
        fuel -= <i32>((stop - at) >> 5);
        if (stop - at < <usize>load<u32>(op, 8)) break;
        at = stop - <usize>load<u32>(op, 16);
        op += LONGEST_BYTES;
        // What comes next stands behind it, without a number of its own: on to it.
      }
      case OP_FIXED: {
        const next = at + <usize>load<u32>(op, 4);
        if (next > end || !isFixed(op, at)) break;
        at = next;
        const saved = op + FIXED_BYTES + (<usize>load<u32>(op, 8) << 3);
        for (op += FIXED_BYTES; op < saved; op += 8) {
          if (top >= stackEnd) return ASK_ENGINE;
          top = write(stack, top, out + <usize>load<u32>(op) * stride, <u32>(at - <usize>load<u32>(op, 4)));
        }
        continue;
      }
      case OP_GREEDY: {
        const stop = greedyStop(program, op, at, end, note);
        if (note != 0 && load<i32>(program, SCAN_FUEL) < 0) return ASK_ENGINE;
        const place = firstGreedyEnd(program, op, start, at, stop, end, note);
        if (note == 0) fuel -= <i32>((stop - at + (stop - (place == 0 ? at : place))) >> 5);
        if (place == 0) break;
        if (place > at) {
          if (top >= stackEnd) return ASK_ENGINE;
          top = push(top, RETRY_GREEDY, op, place, at);
        }
        at = place;
        op += GREEDY_BYTES;
        continue;
      }
      case OP_LAZY: {
        const place = lazyStop(program, op, at, end);
        fuel -= <i32>((place - at) >> 5);
        if (!isLazyEnd(program, op, start, place, end, note)) break;
        if (place < end && has(setOf(program, op, 1), place)) {
          if (top >= stackEnd) return ASK_ENGINE;
          top = push(top, RETRY_LAZY, op, place, 0);
        }
        at = place;
        op += LAZY_BYTES;
        continue;
      }
      case OP_SPLIT: {
        const ends = load<u32>(op, 20);
        const first = mayFollow(setOf(program, op, 3), (ends & 1) != 0, at, end);
        const second = mayFollow(setOf(program, op, 4), (ends & 2) != 0, at, end);
        if (!first && !second) break;
        if (--fuel < 0) return ASK_ENGINE;
        if (first && second) {
          if (note != 0 && isKnown(program, note, load<u32>(op, 24), start, at, end)) break;
          if (top >= stackEnd) return ASK_ENGINE;
          top = push(top, RESUME, setOf(program, op, 2), at, 0);
        }
        op = setOf(program, op, first ? 1 : 2);
        continue;
      }
      case OP_JUMP: {
        op = setOf(program, op, 1);
        continue;
      }
      case OP_CLEAR: {
        const cleared = op + 8 + (<usize>load<u32>(op, 4) << 2);
        for (op += 8; op < cleared; op += 4) {
          if (top >= stackEnd) return ASK_ENGINE;
          top = write(stack, top, out + <usize>load<u32>(op) * stride, 0xffffffff);
        }
        continue;
      }
      case OP_ASSERT: {
        if (!holds(load<u32>(op, 4), setOf(program, op, 2), start, at, end)) break;
        op += ASSERT_BYTES;
        continue;
      }
      case OP_MARK: {
        if (top >= stackEnd) return ASK_ENGINE;
        top = write(stack, top, setOf(program, op, 1), <u32>at);
        op += REGISTER_BYTES;
        continue;
      }
      case OP_PROGRESS: {
        if (load<u32>(setOf(program, op, 1)) == <u32>at) break;
        op += REGISTER_BYTES;
        continue;
      }
      case OP_EXACTLY: {
        const stop = skipMembers(setOf(program, op, 1), at, load<u32>(op, 8), end);
        if (stop == 0) break;
        fuel -= <i32>((stop - at) >> 3);
        at = stop;
        op += EXACTLY_BYTES;
        continue;
      }
      default:
        unreachable();
    }
    // The operation failed: back to what can be tried next.
    while (true) {
      if (top == stack) {
        fuel--;
        store<i32>(program, fuel, FUEL);
        return fuel < 0 ? ASK_ENGINE : NO_MATCH;
      }
      top -= STACK_ENTRY_BYTES;
      const kind = load<u32>(top);
      if (kind == UNDO) {
        store<u32>(<usize>load<u32>(top, 4), load<u32>(top, 8));
        continue;
      }
      if (--fuel < 0) return ASK_ENGINE;
      op = <usize>load<u32>(top, 4);
      at = <usize>load<u32>(top, 8);
      if (kind == RESUME) break;
      if (kind == RETRY_GREEDY) {
        const low = <usize>load<u32>(top, 12);
        const place = greedyEnd(program, op, start, low, at, end, note);
        if (note == 0) fuel -= <i32>((at - (place == 0 ? low : place)) >> 5);
        if (place == 0) continue;
        if (place > low) top = push(top, RETRY_GREEDY, op, place, low);
        at = place;
        op += GREEDY_BYTES;
        break;
      }
      const from = at + characterBytes(at);
      const place = lazyStop(program, op, from, end);
      fuel -= <i32>((place - at) >> 5);
      if (!isLazyEnd(program, op, start, place, end, note)) continue;
      if (place < end && has(setOf(program, op, 1), place)) top = push(top, RETRY_LAZY, op, place, 0);
      at = place;
      op += LAZY_BYTES;
      break;
    }
  }
}
