/**
 * Compiles a regular expression with groups to a program for the kernel (`../assembly/captures.ts`): not only whether a text matches, but
 * where. The steps: `../pattern/parse_syntax.ts`, `simplify_syntax.ts`, `capture_graph.ts`, `program_writer.ts`, which asks
 * `plan_run.ts` where each run of characters ends. The program goes through a pattern's ways in the order of the JavaScript engine, so
 * that both find the same; what the next characters decide is not tried, which for usual patterns is everything.
 *
 * @module
 */
import { invariant } from "../../core/assert.ts";
import { parseSyntax } from "../pattern/parse_syntax.ts";
import { UnsupportedPattern } from "../pattern/unsupported_pattern.ts";
import { buildCaptureGraph } from "./capture_graph.ts";
import { writeProgram } from "./program_writer.ts";
import { tryGenerateMatcher } from "./straight_line/row_matcher.ts";
import { certainGroupsIn, simplifySyntax } from "./simplify_syntax.ts";

/** How `../../core/regex.ts` writes `\Z`. */
const TEXT_END_OR_NEWLINE_LAST = "(?=\\n?(?![\\s\\S]))";
/** Where a program keeps the whole match: two words, from here on. */
const MATCH_OFFSET = 4;
/** Where it knows its scratch room from. */
const SCRATCH_OFFSET = 16;
/** The room that programs need while they run, and only then. Pages of it that no pattern needs are never touched. */
export const CAPTURE_SCRATCH_BYTES = 256 * 1024;

/** A pattern with groups that is ready for a kernel. Immutable; may be placed in any number of memories. */
export class CompiledCaptures {
  readonly #program: Uint8Array;
  /** How many groups the kernel writes: two words each. */
  readonly groups: number;
  /** Whether every group takes part in every match. */
  readonly areCertain: boolean;

  constructor(program: Uint8Array, groups: number, areCertain: boolean) {
    this.#program = program;
    this.groups = groups;
    this.areCertain = areCertain;
  }

  /** The room it needs: 1 or 2 KiB for a usual pattern. */
  get bytes(): number {
    return this.#program.length;
  }

  /**
   * Writes the program to `address`, a multiple of 4, where there are `bytes` bytes of room.
   *
   * @param scratch where there are `CAPTURE_SCRATCH_BYTES`, also from a multiple of 4 on. All programs of a memory may share them.
   */
  place(memory: Uint8Array, address: number, scratch: number): void {
    invariant(address % 4 === 0 && scratch % 4 === 0, "a program is not aligned");
    memory.set(this.#program, address);
    new DataView(memory.buffer, memory.byteOffset + address).setUint32(SCRATCH_OFFSET, scratch, true);
  }

  /**
   * Generates code for the usual texts of the program's, for the rows of columns whose starts and ends lie `stride` bytes apart.
   *
   * @returns undefined where the program has loops, or too many ways.
   */
  tryGenerateMatcher(stride: number): Uint8Array<ArrayBuffer> | undefined {
    return tryGenerateMatcher(this.#program, stride);
  }

  /** Returns the addresses of the start and end of the whole match that the program at `address` has just found. */
  wholeMatch(memory: Uint8Array, address: number): readonly [start: number, end: number] {
    const words = new DataView(memory.buffer, memory.byteOffset + address + MATCH_OFFSET);
    return [words.getUint32(0, true), words.getUint32(4, true)];
  }
}

/** What is wanted of a match. */
export interface CaptureOptions {
  /** How many groups are wanted, from the first: at least 0. Those that the pattern does not have never take part. */
  readonly groups: number;
  /** Whether a match counts only if it is the whole text. It is still the leftmost match: no other is looked for. */
  readonly whole?: boolean;
}

/**
 * Compiles `regex`, which must have the flag `u`; `i`, `m`, `s` and `y` mean what they mean in JavaScript, the others are ignored. The
 * kernel's answers are those of `regex.exec` with `lastIndex` 0 on the decoded text (`TextDecoder` with `ignoreBOM`), or that the
 * engine has to be asked: always for bytes that are not UTF-8, and for a text on which the program has to try too much, which bounds its
 * time to some 0.5 µs a byte. Takes a millisecond for a usual pattern, 50 ms for each set that depends on Unicode's tables, and some
 * 100 ms at most for the rest.
 *
 * @returns why not, for users, where the pattern is left to the engine: `it has look-around`.
 */
export function tryCompileCaptures(
  regex: RegExp,
  { groups, whole = false }: CaptureOptions,
): CompiledCaptures | string {
  if (!regex.unicode) return "it is without the flag u";
  if (regex.source.includes(TEXT_END_OR_NEWLINE_LAST)) return "it has \\Z";
  try {
    const syntax = simplifySyntax(parseSyntax(regex), groups);
    const certain = new Set(certainGroupsIn(syntax));
    const uncertain = Array.from({ length: groups }, (_, index) => index + 1).filter((group) => !certain.has(group));
    const hasLookAround = /\(\?<?!/.test(regex.source);
    const graph = buildCaptureGraph(syntax, uncertain);
    return new CompiledCaptures(
      writeProgram(graph, { anchored: regex.sticky, whole, hasLookAround }),
      groups,
      uncertain.length === 0,
    );
  } catch (error) {
    if (error instanceof UnsupportedPattern) return `it has ${error.message}`;
    throw error;
  }
}
