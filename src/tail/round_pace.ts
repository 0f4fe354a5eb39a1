/**
 * How often sources that are being written to are read: every 10 ms where little comes, and up to fifty times less often where much
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
/**
 * The longest round: where much comes, of so many sources that a read would find no more than this in the usual round. One twice as long
 * fills all slots at once, waits for them, and costs more.
 */
const LONG_ROUND = { intervalMs: 500, bytesPerReadMax: 50_000 } as const;
/** Over how long it is counted what comes. */
const MEASURE_MS = 500;

/** The pace of one tailer. */
export class RoundPace {
  #intervalMs: number = 10;
  #countedFromMs: number;
  #bytes = 0;
  #reads = 0;

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
      this.#intervalMs = this.#measured(passedMs);
      this.#countedFromMs = nowMs;
      this.#bytes = 0;
      this.#reads = 0;
    }
    this.#bytes += bytes;
    this.#reads++;
    return this.#intervalMs;
  }

  #measured(passedMs: number): number {
    const bytesPerSecond = passedMs > 0 ? this.#bytes * 1000 / passedMs : 0;
    const { intervalMs } = ROUNDS.find(({ bytesPerSecondMin }) => bytesPerSecond >= bytesPerSecondMin)!;
    if (intervalMs < ROUNDS[0].intervalMs) return intervalMs;
    const bytesPerRead = this.#bytes / this.#reads * intervalMs / this.#intervalMs;
    return bytesPerRead <= LONG_ROUND.bytesPerReadMax ? LONG_ROUND.intervalMs : intervalMs;
  }
}
