/**
 * The code of a matcher (`row_matcher.ts`) below its operations: its variables, how a row fails, and how bytes are looked at.
 *
 * @module
 */
import { addOutsiders, type AsciiTable } from "./ascii_sets.ts";
import { type Local, WasmFunction } from "./wasm_function.ts";

/** As a count: without limit. */
export const NO_LIMIT = 0xffffffff;
/** Bytes that are looked at in one step. */
export const LANES = 16;
/** Characters that are compared one after the other; more are compared as a vector. */
const SCALARS_MAX = 8;

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
  protected readonly left = this.code.local("i32");
  protected readonly vector = this.code.local("v128");

  /** Adds a number to a variable. */
  protected add(local: Local, value: number): void {
    this.code.get(local).constant(value).do("i32.add").set(local);
  }

  /** Fails if what was left is not 0. */
  protected failIf(): void {
    this.code.branchIf("failed");
  }

  /** Fails where there is a byte beyond ASCII; `at` is moved. */
  protected failUnlessAscii(): void {
    const code = this.code;
    code.loop("ascii", () => {
      code.block("clean", () => {
        code.get(this.at).access("v128.load").do("i8x16.bitmask").tee(this.mask).do("i32.eqz").branchIf("clean");
        // Bytes behind the end do not count.
        code.get(this.mask).constant(1);
        this.lesser(() => code.get(this.end, this.at).do("i32.sub"), () => code.constant(LANES));
        code.do("i32.shl").constant(1).do("i32.sub", "i32.and");
        this.failIf();
      });
      this.add(this.at, LANES);
      code.get(this.at, this.end).do("i32.lt_u").branchIf("ascii");
    });
  }

  /** Leaves the lesser of two values. */
  protected lesser(first: () => void, second: () => void): void {
    first();
    second();
    first();
    second();
    this.code.do("i32.lt_u", "select");
  }

  /** Sets `run` to where the run of members from `at` on ends. */
  protected runFrom(table: AsciiTable, most: number): void {
    const code = this.code;
    code.get(this.at).set(this.run);
    code.block("ended", () => {
      code.loop("members", () => {
        code.get(this.run).access("v128.load").set(this.vector);
        addOutsiders(code, table, this.vector);
        code.set(this.mask);
        code.block("all", () => {
          code.get(this.mask).do("i32.eqz").branchIf("all");
          code.get(this.run, this.mask).do("i32.ctz", "i32.add").set(this.run).branch("ended");
        });
        this.add(this.run, LANES);
        code.get(this.run, this.end).do("i32.lt_u").branchIf("members");
      });
    });
    this.lesser(() => code.get(this.run), () => code.get(this.end));
    code.set(this.run);
    if (most === NO_LIMIT) return;
    this.lesser(() => code.get(this.run), () => code.get(this.at).constant(most).do("i32.add"));
    code.set(this.run);
  }

  /** Fails where fewer than `count` bytes are left. */
  protected failUnlessLeft(count: number): void {
    this.code.get(this.end, this.at).do("i32.sub").constant(count).do("i32.lt_u");
    this.failIf();
  }

  /** Fails unless each of the next bytes lies between its bounds. */
  protected compare(lanes: number, least: Uint8Array, greatest: Uint8Array): void {
    const isExact = lanes <= SCALARS_MAX && least.subarray(0, lanes).every((byte, lane) => byte === greatest[lane]);
    if (!isExact) {
      this.code.get(this.at).access("v128.load").tee(this.vector).bytes(least).do("i8x16.lt_u");
      this.code.get(this.vector).bytes(greatest).do("i8x16.gt_u", "v128.or", "v128.any_true");
      return this.failIf();
    }
    const bytes = new DataView(least.buffer, least.byteOffset, LANES);
    for (let lane = 0; lane < lanes;) {
      const size = lanes - lane >= 4 ? 4 : lanes - lane >= 2 ? 2 : 1;
      const value = size === 4 ? bytes.getInt32(lane, true) : size === 2 ? bytes.getUint16(lane, true) : least[lane];
      const load = size === 4 ? "i32.load" : size === 2 ? "i32.load16_u" : "i32.load8_u";
      this.code.get(this.at).access(load, lane).constant(value).do("i32.ne");
      this.failIf();
      lane += size;
    }
  }
}
