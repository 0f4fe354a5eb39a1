/**
 * The standard library's assertions, for tests.
 *
 * @module
 */
// @ts-types="./std_assert.d.ts"
export * from "npm:deno-std@1.4.0/assert/mod.js";
