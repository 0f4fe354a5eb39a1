/**
 * Writes a WebAssembly module with one function that works on a memory of others (https://webassembly.github.io/spec/core/binary/).
 * Only what is needed here: integers, SIMD over bytes, blocks and loops by name.
 *
 * @module
 */
import { invariant } from "../../../core/assert.ts";

const I32 = 0x7f;
const V128 = 0x7b;
const HEAD = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SIMD = 0xfd;

/** Operations without immediates, by their codes. */
const PLAIN = {
  "i32.eqz": [0x45],
  "i32.eq": [0x46],
  "i32.ne": [0x47],
  "i32.lt_s": [0x48],
  "i32.lt_u": [0x49],
  "i32.gt_u": [0x4b],
  "i32.ge_u": [0x4f],
  "i64.ne": [0x52],
  "i32.ctz": [0x68],
  "i32.add": [0x6a],
  "i32.sub": [0x6b],
  "i32.and": [0x71],
  "i32.or": [0x72],
  "i32.xor": [0x73],
  "i64.and": [0x83],
  "select": [0x1b],
  /** Only for lanes below 16, and from 128 on: others are not the same on all processors. */
  "i8x16.relaxed_swizzle": [SIMD, 0x80, 0x02],
  "i8x16.eq": [SIMD, 35],
  "i8x16.lt_s": [SIMD, 37],
  "i8x16.gt_s": [SIMD, 39],
  "i8x16.le_u": [SIMD, 42],
  "i8x16.ge_u": [SIMD, 44],
  "v128.and": [SIMD, 78],
  "v128.or": [SIMD, 80],
  "i8x16.all_true": [SIMD, 99],
  "i8x16.bitmask": [SIMD, 0xe4, 0x00],
  "i8x16.sub": [SIMD, 0xf1, 0x00],
  "i16x8.shr_u": [SIMD, 0x8d, 0x01],
} as const;

/** Operations on an address and an offset from it. */
const ACCESS = {
  "i32.load": [0x28],
  "i64.load": [0x29],
  "i32.load8_s": [0x2c],
  "i32.load8_u": [0x2d],
  "i32.load16_u": [0x2f],
  "i32.store": [0x36],
  "i32.store8": [0x3a],
  "v128.load": [SIMD, 0],
} as const;

/** A local variable, by its number; parameters come first. */
export type Local = number;

/** A function of 32-bit integers with one result. */
export class WasmFunction {
  readonly #code: number[] = [];
  readonly #labels: string[] = [];
  readonly #parameters: number;
  readonly #locals: number[] = [];
  /** Vectors that are set before anything else, so that no loop does it again. */
  readonly #vectors = new Map<string, { readonly local: Local; readonly bytes: readonly number[] }>();

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  /** Makes a variable. */
  local(type: "i32" | "v128"): Local {
    return this.#parameters + this.#locals.push(type === "i32" ? I32 : V128) - 1;
  }

  /** Adds operations without immediates. */
  do(...operations: readonly (keyof typeof PLAIN)[]): this {
    for (const operation of operations) this.#code.push(...PLAIN[operation]);
    return this;
  }

  get(...locals: readonly Local[]): this {
    for (const local of locals) this.#code.push(0x20, ...unsigned(local));
    return this;
  }

  set(local: Local): this {
    this.#code.push(0x21, ...unsigned(local));
    return this;
  }

  tee(local: Local): this {
    this.#code.push(0x22, ...unsigned(local));
    return this;
  }

  constant(value: number): this {
    this.#code.push(0x41, ...signed(value));
    return this;
  }

  /** A constant of 64 bits. */
  long(value: bigint): this {
    this.#code.push(0x42, ...signedLong(value));
    return this;
  }

  /** A vector of sixteen bytes. */
  bytes(vector: ArrayLike<number>): this {
    const bytes = Array.from({ length: 16 }, (_, index) => vector[index]);
    const key = bytes.join();
    const known = this.#vectors.get(key) ?? { local: this.local("v128"), bytes };
    this.#vectors.set(key, known);
    return this.get(known.local);
  }

  access(operation: keyof typeof ACCESS, offset = 0): this {
    this.#code.push(...ACCESS[operation], 0, ...unsigned(offset));
    return this;
  }

  /** A branch to `label` leads to its end. */
  block(label: string, body: () => void): this {
    return this.#nest(0x02, label, body);
  }

  /** A branch to `label` leads to its beginning. */
  loop(label: string, body: () => void): this {
    return this.#nest(0x03, label, body);
  }

  branch(label: string): this {
    this.#code.push(0x0c, ...unsigned(this.#depthOf(label)));
    return this;
  }

  branchIf(label: string): this {
    this.#code.push(0x0d, ...unsigned(this.#depthOf(label)));
    return this;
  }

  /** The module: it imports `env.memory` and exports the function as `name`. */
  toModule(name: string): Uint8Array<ArrayBuffer> {
    const locals = [...unsigned(this.#locals.length), ...this.#locals.flatMap((type) => [1, type])];
    const vectors = [...this.#vectors.values()].flatMap((
      { local, bytes },
    ) => [SIMD, 12, ...bytes, 0x21, ...unsigned(local)]);
    const body = [...locals, ...vectors, ...this.#code, 0x0b];
    const type = [0x60, this.#parameters, ...Array.from({ length: this.#parameters }, () => I32), 1, I32];
    return Uint8Array.from([
      ...HEAD,
      ...section(1, [1, ...type]),
      ...section(2, [1, ...text("env"), ...text("memory"), 2, 0, 1]),
      ...section(3, [1, 0]),
      ...section(7, [1, ...text(name), 0, 0]),
      ...section(10, [1, ...unsigned(body.length), ...body]),
    ]);
  }

  #nest(code: number, label: string, body: () => void): this {
    this.#code.push(code, 0x40);
    this.#labels.push(label);
    body();
    this.#labels.pop();
    this.#code.push(0x0b);
    return this;
  }

  #depthOf(label: string): number {
    const index = this.#labels.lastIndexOf(label);
    invariant(index >= 0, `no block is called ${label}`);
    return this.#labels.length - 1 - index;
  }
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function text(value: string): number[] {
  return [value.length, ...new TextEncoder().encode(value)];
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return [...bytes, rest];
}

function signedLong(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asIntN(64, value);
  for (; rest < -64n || rest > 63n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest & 0x7fn)];
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest & 0x7f];
}
