/**
 * Random numbers that can be repeated: the seed is printed, and taken from `SEED` when that is set.
 *
 * @module
 */

/** A stream of pseudo-random numbers (mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number in [min, max]. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** One of `choices`. */
  pick<Value>(choices: readonly Value[]): Value {
    return choices[this.integer(0, choices.length - 1)];
  }

  bytes(size: number): Uint8Array {
    return Uint8Array.from({ length: size }, () => this.integer(0, 255));
  }
}

/** A random stream for one test; prints its seed so that a failure can be repeated with `SEED=…`. */
export function seededRandom(testName: string): Random {
  const seed = Number(Deno.env.get("SEED") ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`${testName}: SEED=${seed}`);
  return new Random(seed);
}
