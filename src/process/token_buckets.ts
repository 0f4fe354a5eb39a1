/**
 * Token buckets by key: each holds some tokens, and is filled evenly within a period. Bounded: where there are too many keys, the
 * oldest is forgotten, which gives it a full bucket when it comes again.
 *
 * @module
 */

const KEYS_MAX = 100_000;
/** How often full buckets, which need not be remembered, are looked for. */
const TAKES_BETWEEN_SWEEPS = 10_000;

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Buckets that all have the same size. */
export class TokenBuckets {
  readonly #size: number;
  readonly #periodMs: number;
  readonly #buckets = new Map<string, Bucket>();
  #takes = 0;

  /** @param size tokens of a full bucket; an empty one is full again after `periodMs`. */
  constructor(size: number, periodMs: number) {
    this.#size = size;
    this.#periodMs = periodMs;
  }

  /** Number of buckets that are remembered. */
  get count(): number {
    return this.#buckets.size;
  }

  /** Takes a token out of the bucket of `key`, if there is one. */
  tryTake(key: string, nowMs: number): boolean {
    if (++this.#takes % TAKES_BETWEEN_SWEEPS === 0) this.#sweep(nowMs);
    const bucket = this.#filled(key, nowMs);
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }

  #filled(key: string, nowMs: number): Bucket {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return this.#add(key, nowMs);
    // A clock that was set back fills nothing.
    const passedMs = Math.max(0, nowMs - bucket.filledAtMs);
    bucket.tokens = Math.min(this.#size, bucket.tokens + (passedMs / this.#periodMs) * this.#size);
    bucket.filledAtMs = nowMs;
    return bucket;
  }

  #add(key: string, nowMs: number): Bucket {
    if (this.#buckets.size >= KEYS_MAX) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    const bucket = { tokens: this.#size, filledAtMs: nowMs };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #sweep(nowMs: number): void {
    for (const key of this.#buckets.keys()) {
      if (this.#filled(key, nowMs).tokens >= this.#size) this.#buckets.delete(key);
    }
  }
}
