/**
 * `sluice version`: one line for bug reports.
 *
 * @module
 */

/** Sluice's version; see CHANGELOG.md. */
export const SLUICE_VERSION = "0.1.0";

/** @returns `sluice 0.1.0 (deno 2.7.14, v8 14.7.173, x86_64-unknown-linux-gnu, kernel wasm32-simd128)`. */
export function versionLine(): string {
  const { deno, v8 } = Deno.version;
  return `sluice ${SLUICE_VERSION} (deno ${deno}, v8 ${v8}, ${Deno.build.target}, kernel wasm32-simd128)`;
}
