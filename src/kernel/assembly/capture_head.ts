/** The words of a program's head (`../captures/program_writer.ts`), and what running it answers. */

// What the text of a row is found to be.
export const NO_MATCH: i32 = 0;
export const MATCHES: i32 = 1;
export const ASK_ENGINE: i32 = 2;
export const NO_TEXT: i32 = 3;

// The program's head.
export const FLAGS: usize = 0;
export const MATCH_START: usize = 4;
export const MATCH_END: usize = 8;
export const FUEL: usize = 12;
export const SCRATCH: usize = 16;
export const CHOICES: usize = 20;
export const FIRST_SKIP: usize = 24;
export const LEADING_RUN: usize = 28;
export const ENTRY: usize = 32;
export const FUEL_BASE: usize = 36;
export const SCAN_FUEL: usize = 40;

// The scratch room: a stack, and behind it the note of what has been tried.
export const STACK_BYTES: usize = 128 * 1024;
export const NOTE_BYTES: usize = 128 * 1024;

/** The set that word `index` of an operation names. */
// @ts-ignore: decorator
@inline
export function setOf(program: usize, op: usize, index: usize): usize {
  return program + <usize>load<u32>(op + (index << 2));
}
