/**
 * A kernel's memory that holds nothing but one program with groups and one text, for tests and benchmarks.
 *
 * @module
 */
import { CAPTURE_SCRATCH_BYTES, type CompiledCaptures } from "../../src/kernel/captures/compile_captures.ts";
import { invariant } from "../../src/core/assert.ts";
import { linkMatcher, type MatchRows, ROWS_LEFT } from "../../src/kernel/captures/straight_line/row_matcher.ts";
import { compileKernel } from "../../src/kernel/kernel.ts";

const PROGRAM_ADDRESS = 32 * 1024;
const SCRATCH_ADDRESS = 128 * 1024;
const GROUPS_ADDRESS = SCRATCH_ADDRESS + CAPTURE_SCRATCH_BYTES;
/** Where the generated code has its source, its groups, and what it says. */
const SOURCE_ADDRESS = GROUPS_ADDRESS + 4096;
const MATCHED_ADDRESS = GROUPS_ADDRESS + 8192;
const STATUS_ADDRESS = GROUPS_ADDRESS + 4104;
const TEXT_ADDRESS = 512 * 1024;
const PAGES = 48;
/** Where a program's head says how much may be tried (`src/kernel/captures/program_writer.ts`). */
const FUEL_BASE_OFFSET = 36;
/** What a program says where the engine has to be asked. */
const ASK_ENGINE = 2;

const module = compileKernel();

/** What of the kernel's exports is used here. */
interface CaptureExports {
  matchCaptures(program: number, start: number, end: number, out: number): number;
}

/** What the kernel says of a text: `ask` where the engine has to be asked, else the places of the whole match and of its groups. */
export type Captured = "ask" | "no match" | readonly (readonly [start: number, end: number] | undefined)[];

/** One instance of the kernel with room for a text of 2 MB. */
export class CaptureMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #bytes: Uint8Array;
  readonly #exports: CaptureExports;
  #captures: CompiledCaptures | undefined;
  #matchRows: MatchRows | undefined;
  #unclean = 0;

  constructor() {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
    const refuse = () => {
      throw new Error("the kernel called the host");
    };
    const imports = { env: { memory, abort: refuse, matchHost: refuse } };
    // The interface above is what the kernel's own sources export; the instance's type cannot tell.
    const instance: { exports: unknown } = new WebAssembly.Instance(module, imports);
    this.#exports = instance.exports as CaptureExports;
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
  }

  /** @param isImpatient whether the program is to take a note of what it has tried from the first time that something was in vain. */
  place(captures: CompiledCaptures, isImpatient = false): void {
    captures.place(this.#bytes, PROGRAM_ADDRESS, SCRATCH_ADDRESS);
    if (isImpatient) new DataView(this.#bytes.buffer).setInt32(PROGRAM_ADDRESS + FUEL_BASE_OFFSET, -(2 ** 30), true);
    this.#captures = captures;
    const code = captures.tryGenerateMatcher(4);
    this.#matchRows = code && linkMatcher(code, this.#memory);
  }

  /** Whether there is code for the program's usual texts. */
  get hasMatcher(): boolean {
    return this.#matchRows !== undefined;
  }

  /** Has the generated code match the bytes [start, end) of the text. @returns whether it takes them; see `uncleanGroups`. */
  matchStraight(start: number, end: number): boolean {
    invariant(this.#matchRows !== undefined, "there is no code for the program");
    new Int32Array(this.#bytes.buffer, SOURCE_ADDRESS, 2).set([TEXT_ADDRESS + start, TEXT_ADDRESS + end]);
    const said = this.#matchRows(SOURCE_ADDRESS, SOURCE_ADDRESS + 4, MATCHED_ADDRESS, STATUS_ADDRESS, 1);
    this.#unclean = said & ~ROWS_LEFT;
    return (said & ROWS_LEFT) === 0;
  }

  /** What the generated code has said of groups when it took a text. */
  get uncleanGroups(): number {
    return this.#unclean;
  }

  /** Puts `text` after `before` bytes that do not belong to it, and other bytes around it. */
  setText(text: Uint8Array, before = 0, around = 0x61): void {
    this.#bytes.fill(around, TEXT_ADDRESS - 16, TEXT_ADDRESS + before + text.length + 32);
    this.#bytes.set(text, TEXT_ADDRESS + before);
  }

  /** Matches the bytes [start, end) of the text: 0 no match, 1 a match, 2 the engine has to be asked. */
  match(start: number, end: number): number {
    return this.#exports.matchCaptures(PROGRAM_ADDRESS, TEXT_ADDRESS + start, TEXT_ADDRESS + end, GROUPS_ADDRESS);
  }

  /**
   * What the kernel says of a text, wherever it lies and whatever is around it; places in bytes of the text.
   *
   * @throws {Error} where the generated code takes the text and says something else, unless the engine has to be asked: the code does not
   * look at what is behind a match.
   */
  capture(text: Uint8Array, before = 0, around = 0x61): Captured {
    this.setText(text, before, around);
    const isTaken = this.hasMatcher && this.matchStraight(before, before + text.length);
    const status = this.match(before, before + text.length);
    const isSame = status === 1 && `${this.#words(MATCHED_ADDRESS)}` === `${this.#words(GROUPS_ADDRESS)}`;
    invariant(!isTaken || isSame || status === ASK_ENGINE, "the generated code says something else than the program");
    if (status !== 1) return status === 0 ? "no match" : "ask";
    const whole = this.#captures?.wholeMatch(this.#bytes, PROGRAM_ADDRESS) ?? [0, 0];
    return placesOf([...whole, ...this.#words(GROUPS_ADDRESS)], TEXT_ADDRESS + before);
  }

  /** The places of the groups that the generated code has found, in bytes of the whole text. */
  get straightGroups(): Captured {
    return placesOf([...this.#words(MATCHED_ADDRESS)], TEXT_ADDRESS);
  }

  /** The words of the groups. */
  #words(address: number): Int32Array {
    return new Int32Array(this.#bytes.buffer, address, 2 * (this.#captures?.groups ?? 0));
  }
}

function placesOf(words: readonly number[], textAt: number): Captured {
  const places = words.map((address) => address === -1 ? -1 : address - textAt);
  return Array.from({ length: places.length / 2 }, (_, index) => {
    const [start, end] = [places[2 * index], places[2 * index + 1]];
    return start === -1 && end === -1 ? undefined : [start, end] as const;
  });
}
