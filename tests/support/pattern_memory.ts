/**
 * A kernel's memory that holds nothing but one pattern and one text, for tests and benchmarks of patterns.
 *
 * @module
 */
import { compileKernel } from "../../src/kernel/kernel.ts";
import type { CompiledPattern } from "../../src/kernel/pattern/compile_pattern.ts";

const TABLE_ADDRESS = 32 * 1024;
const TEXT_ADDRESS = 512 * 1024;
const PAGES = 48;

const module = compileKernel();

/** What of the kernel's exports is used here. */
interface PatternExports {
  matchPattern(table: number, start: number, end: number): number;
}

/** One instance of the kernel with room for a text of 2 MB. */
export class PatternMemory {
  readonly #bytes: Uint8Array;
  readonly #exports: PatternExports;

  constructor() {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
    const refuse = () => {
      throw new Error("the kernel called the host");
    };
    const imports = { env: { memory, abort: refuse, matchHost: refuse } };
    // The interface above is what the kernel's own sources export; the instance's type cannot tell.
    const instance: { exports: unknown } = new WebAssembly.Instance(module, imports);
    this.#exports = instance.exports as PatternExports;
    this.#bytes = new Uint8Array(memory.buffer);
  }

  place(pattern: CompiledPattern): void {
    pattern.place(this.#bytes, TABLE_ADDRESS);
  }

  /** Puts `text` after `before` bytes that do not belong to it, and other bytes behind it. */
  setText(text: Uint8Array, before = 0, behind = 0x61): void {
    this.#bytes.fill(behind, TEXT_ADDRESS, TEXT_ADDRESS + before + text.length + 16);
    this.#bytes.set(text, TEXT_ADDRESS + before);
  }

  /** Whether the bytes [start, end) of the text match the pattern. */
  matches(start: number, end: number): boolean {
    return this.#exports.matchPattern(TABLE_ADDRESS, TEXT_ADDRESS + start, TEXT_ADDRESS + end) !== 0;
  }

  /** Whether a text matches the pattern, wherever it lies and whatever comes after it. */
  matchesText(text: Uint8Array, before = 0, behind = 0x61): boolean {
    this.setText(text, before, behind);
    return this.matches(before, before + text.length);
  }
}
