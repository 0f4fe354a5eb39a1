/**
 * Compiles a regular expression to a table that the kernel walks byte by byte (`../assembly/pattern.ts`): whether a text matches, in
 * time proportional to its length, whatever the pattern. The steps: `parse_syntax.ts`, `character_automaton.ts`,
 * `letter_automaton.ts`, `byte_automaton.ts`, `minimise.ts`, `pattern_table.ts`. What matched where is not asked here but in
 * `../captures/compile_captures.ts`, which begins at the same syntax.
 *
 * @module
 */
import { invariant } from "../../core/assert.ts";
import { buildByteAutomaton } from "./byte_automaton.ts";
import { buildCharacterAutomaton } from "./character_automaton.ts";
import { buildLetterAutomaton } from "./letter_automaton.ts";
import { minimise } from "./minimise.ts";
import { parseSyntax } from "./parse_syntax.ts";
import { writePatternTable } from "./pattern_table.ts";
import { UnsupportedPattern } from "./unsupported_pattern.ts";
import { buildUtf8Tree } from "./utf8_tree.ts";

/** A pattern that is ready for a kernel. Immutable; may be placed in any number of memories. */
export class CompiledPattern {
  readonly #table: Uint8Array;

  constructor(table: Uint8Array) {
    this.#table = table;
  }

  /** The size of the table: at most 160 KiB, usually below 2 KiB. */
  get bytes(): number {
    return this.#table.length;
  }

  /** Writes the table to `address`, a multiple of 4, where there are `bytes` bytes of room. */
  place(memory: Uint8Array, address: number): void {
    invariant(address % 4 === 0, "a pattern's table is not aligned");
    memory.set(this.#table, address);
  }
}

/**
 * Compiles `regex`, which must have the flag `u`; `i`, `m` and `s` mean what they mean in JavaScript, the others are ignored. The
 * answers are those of `regex.test` on the decoded text, where bytes that are not UTF-8 are U+FFFD (`TextDecoder` with `ignoreBOM`);
 * but `\B` is not found inside of a character, where V8 sees two surrogates. Takes a millisecond for a usual pattern, 50 ms for each
 * set that depends on Unicode's tables, and some 100 ms at most for the rest.
 *
 * @param options.anchored whether a match must begin at the text's first byte, as with the flag `y`.
 * @returns undefined for back references, look-around, and patterns whose table would be too large: the caller asks the engine.
 */
export function tryCompilePattern(regex: RegExp, options: { readonly anchored: boolean }): CompiledPattern | undefined {
  try {
    const letters = buildLetterAutomaton(buildCharacterAutomaton(parseSyntax(regex)), options.anchored);
    const bytes = buildByteAutomaton(letters, buildUtf8Tree(letters.alphabet));
    return new CompiledPattern(writePatternTable(minimise(bytes)));
  } catch (error) {
    if (error instanceof UnsupportedPattern) return undefined;
    throw error;
  }
}
