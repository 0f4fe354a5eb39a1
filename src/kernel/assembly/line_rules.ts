/**
 * What a line is to the record before it: patterns decide, in the modes of the original
 * (https://github.com/alibaba/loongcollector/blob/main/core/plugin/processor/inner/ProcessorSplitMultilineLogStringNative.cpp).
 */
import { matchPattern } from "./pattern";
import { State } from "./state";

/** Values of `State.multiline`; 0: every line is a record. */
const BEGIN: i32 = 1;
const START: i32 = 2;
const START_CONTINUE: i32 = 3;
const START_END: i32 = 4;
const CONTINUE_END: i32 = 5;
/** What to do with a line and the record before it. */
export const EMIT_BEFORE: i32 = 1;
export const FAIL_BEFORE: i32 = 2;
export const APPEND: i32 = 4;
export const EMIT_AFTER: i32 = 8;
export const UNMATCHED: i32 = 16;

/** Asks the host about a pattern that has no table. */
@external("env", "matchHost")
declare function matchHost(pattern: i32, start: i32, end: i32): i32;

function matches(state: State, pattern: i32, start: usize, end: usize): bool {
  const limit = start + <usize>state.checkBytesMax;
  const stop = limit < end ? limit : end;
  if (pattern > 0) return matchPattern(<usize>pattern, start, stop);
  return matchHost(-pattern, <i32>start, <i32>stop) != 0;
}

/** What to do with the line [start, end), when there is a record before it or not. */
export function decide(state: State, hasRecord: bool, start: usize, end: usize): i32 {
  const mode = state.multiline;
  if (mode == BEGIN || mode == START) {
    if (matches(state, state.startPattern, start, end)) return EMIT_BEFORE | APPEND;
    return mode == BEGIN || hasRecord ? APPEND : UNMATCHED;
  }
  if (mode == START_CONTINUE) {
    if (hasRecord && matches(state, state.continuePattern, start, end)) return APPEND;
    return EMIT_BEFORE | (matches(state, state.startPattern, start, end) ? APPEND : UNMATCHED);
  }
  if (mode == CONTINUE_END) {
    if (matches(state, state.continuePattern, start, end)) return APPEND;
    return matches(state, state.endPattern, start, end) ? APPEND | EMIT_AFTER : FAIL_BEFORE | UNMATCHED;
  }
  if (mode == START_END && !hasRecord && !matches(state, state.startPattern, start, end)) return UNMATCHED;
  return matches(state, state.endPattern, start, end) ? APPEND | EMIT_AFTER : APPEND;
}
