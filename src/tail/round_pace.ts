/**
 * How often sources that are being written to are read: every 10 ms where little comes, and up to ten times less often where much
 * does. A read costs about the same whether it gives one line or a hundred, so that a longer round makes work cheaper; and the more
 * comes, the less a record waits for others to fill a batch with.
 *
 * @module
 */

/** Rounds by how much comes in a second, in bytes, at least. Each interval divides the next one, so that rounds coincide. */
const ROUNDS = [
  { bytesPerSecondMin: 5_000_000, intervalMs: 100 },
  { bytesPerSecondMin: 1_000_000, intervalMs: 20 },
  { bytesPerSecondMin: 0, intervalMs: 10 },
] as const;
/** Over how long it is counted what comes. */
const MEASURE_MS = 500;

/** The pace of one tailer. */
export class RoundPace {
  #intervalMs: number = 10;
  #countedFromMs: number;
  #bytes = 0;

  constructor(nowMs: number) {
    this.#countedFromMs = nowMs;
  }

  /** How long a round lasts. */
  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** Takes note of what was read. @returns how long a round lasts. */
  read(bytes: number, nowMs: number): number {
    const passedMs = nowMs - this.#countedFromMs;
    // A clock that was set back, too.
    if (passedMs < 0 || passedMs >= MEASURE_MS) {
      const bytesPerSecond = passedMs > 0 ? this.#bytes * 1000 / passedMs : 0;
      this.#intervalMs = ROUNDS.find(({ bytesPerSecondMin }) => bytesPerSecond >= bytesPerSecondMin)!.intervalMs;
      this.#countedFromMs = nowMs;
      this.#bytes = 0;
    }
    this.#bytes += bytes;
    return this.#intervalMs;
  }
}
