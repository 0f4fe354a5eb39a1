/**
 * The code of a matcher (`row_matcher.ts`) below its operations: its variables, how a row fails, and how bytes are looked at. Bytes behind
 * a text's end are looked at, too: whoever goes beyond it fails at last, because no operation goes back.
 *
 * @module
 */
import { addOutsiders, type AsciiTable } from "./ascii_sets.ts";
import { type Local, WasmFunction } from "./wasm_function.ts";

/** As a count: without limit. */
export const NO_LIMIT = 0xffffffff;
/** Bytes that are looked at in one step. */
export const LANES = 16;
/** How much more often the end of a run may be unusual, counted double, than usual. */
const TRUST_MAX = 64;
/** No text is so long. */
const COUNT_MAX = 2 ** 30;
/** Characters that are compared as a number; more are compared as a vector. */
const NUMBER_BYTES_MAX = 8;

/** The function that matches rows, while it is written; a row that fails goes on at the end of the block `failed`. */
export abstract class MatcherCode {
  protected readonly code = new WasmFunction(5);
  protected readonly startWord: Local = 0;
  protected readonly endWord: Local = 1;
  protected readonly out: Local = 2;
  protected readonly status: Local = 3;
  protected readonly rows: Local = 4;
  protected readonly start = this.code.local("i32");
  protected readonly end = this.code.local("i32");
  protected readonly at = this.code.local("i32");
  protected readonly run = this.code.local("i32");
  protected readonly mask = this.code.local("i32");
  /** What is returned. */
  protected readonly said = this.code.local("i32");
  protected readonly vector = this.code.local("v128");

  /** Adds a number to a variable. */
  protected add(local: Local, value: number): void {
    if (value !== 0) this.code.get(local).constant(value).do("i32.add").set(local);
  }

  /** Leaves the lesser of two variables. */
  protected lesser(first: Local, second: Local): void {
    this.code.get(first, second, first, second).do("i32.lt_u", "select");
  }

  /** Branches to `label` unless the byte at a variable is a character or behind the text's end. */
  protected branchIfBeyondAscii(local: Local, label: string): void {
    this.code.get(local).access("i32.load8_s").constant(0).do("i32.lt_s");
    this.code.get(local, this.end).do("i32.lt_u", "i32.and").branchIf(label);
  }

  /** Sets `run` to where the run of members from `at` on ends, or somewhere behind the text's end. */
  protected runFrom(table: AsciiTable): void {
    const code = this.code;
    code.get(this.at).set(this.run);
    code.block("ended", () => {
      code.block("stopped", () => {
        code.loop("members", () => {
          code.get(this.run).access("v128.load").set(this.vector);
          addOutsiders(code, table, this.vector);
          code.tee(this.mask).branchIf("stopped");
          this.add(this.run, LANES);
          code.get(this.run, this.end).do("i32.lt_u").branchIf("members");
        });
        code.branch("ended");
      });
      this.#addFirst("ended");
    });
  }

  /**
   * Adds the place of the first bit of `mask` to `run`. In many runs it is what it was in the row before: to say so is to let the processor
   * go on, by its prediction of branches, without waiting for what it has looked at. Where it is something else too often, that costs more
   * than it saves, and is left.
   */
  #addFirst(done: string): void {
    const code = this.code;
    const [usual, trust] = [code.local("i32"), code.local("i32")];
    code.get(this.mask).do("i32.ctz").set(this.mask);
    code.block("any", () => {
      code.get(trust).constant(-TRUST_MAX).do("i32.lt_s").branchIf("any");
      code.block("unusual", () => {
        code.get(this.mask, usual).do("i32.ne").branchIf("unusual");
        this.add(trust, 1);
        code.get(this.run, usual).do("i32.add").set(this.run).branch(done);
      });
      code.get(this.mask).set(usual);
      this.add(trust, -2);
    });
    code.get(this.run, this.mask).do("i32.add").set(this.run);
  }

  /** Lets `run` end where `most` characters do, and at the text's end; fails where it has begun behind that. */
  protected limitRun(most: number): void {
    const code = this.code;
    code.get(this.at, this.end).do("i32.gt_u").branchIf("failed");
    this.lesser(this.run, this.end);
    code.set(this.run);
    if (most >= COUNT_MAX) return;
    code.get(this.at).constant(most).do("i32.add").set(this.mask);
    this.lesser(this.run, this.mask);
    code.set(this.run);
  }

  /** Branches to `label` unless each of the next bytes lies between its bounds. */
  protected branchUnlessSame(lanes: number, least: Uint8Array, greatest: Uint8Array, label: string): void {
    const isExact = least.subarray(0, lanes).every((byte, lane) => byte === greatest[lane]);
    if (isExact && lanes <= NUMBER_BYTES_MAX) return this.#branchUnlessNumber(lanes, least, label);
    const range = greatest.map((byte, lane) => byte - least[lane]);
    this.code.get(this.at).access("v128.load").bytes(least).do("i8x16.sub").bytes(range).do("i8x16.le_u");
    this.code.do("i8x16.all_true", "i32.eqz").branchIf(label);
  }

  #branchUnlessNumber(lanes: number, bytes: Uint8Array, label: string): void {
    const code = this.code.get(this.at);
    const value = bytes.subarray(0, lanes).reduceRight((sum, byte) => sum << 8n | BigInt(byte), 0n);
    if (lanes > 4) {
      code.access("i64.load");
      if (lanes < 8) code.long((1n << BigInt(8 * lanes)) - 1n).do("i64.and");
      code.long(value).do("i64.ne");
    } else {
      code.access(lanes === 1 ? "i32.load8_u" : lanes === 2 ? "i32.load16_u" : "i32.load");
      if (lanes === 3) code.constant(0xffffff).do("i32.and");
      code.constant(Number(BigInt.asIntN(32, value))).do("i32.ne");
    }
    code.branchIf(label);
  }
}
