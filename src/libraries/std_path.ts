/**
 * The standard library's paths, for tests and tools.
 *
 * @module
 */
// @ts-types="./std_path.d.ts"
export * from "npm:deno-std@1.4.0/path/mod.js";
