/**
 * What V8 must be started with: `.ci/compile.ts` puts it into the binary, `.ci/test.ts` and the tasks pass it on. A test compares them.
 *
 * @module
 */

/** Flags as `deno run --v8-flags=…` takes them, with commas between. */
export const V8_FLAGS: readonly string[] = [
  // The linear engine takes over where a search goes back and forth too often (`guarded_regex.ts`).
  "--enable-experimental-regexp-engine",
  "--enable-experimental-regexp-engine-on-excessive-backtracks",
  "--regexp-backtracks-before-fallback=2000",
  // V8 14.7 keeps numbers that closures change in cells of their own, and now and then loses a change when it optimises a loop.
  "--no-function-context-cells",
];
