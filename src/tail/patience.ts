/**
 * How long a source waits for what: when its path is looked at again, when silence counts as such, when a replaced file is done.
 * Knows moments, and no files.
 *
 * @module
 */

/** How soon after its last bytes, and how often then, the path of a file is looked at. */
const PATH_INTERVAL_MS = 1000;
/** A file that has been silent for so long is a quiet one. */
const QUIET_AFTER_MS = 10_000;
/** How often the path of a quiet file is looked at: between this and twice this, so that not all of them are looked at together. */
const QUIET_PATH_INTERVAL_MS = 15_000;
/** The same where somebody watches the file's directory, and tells. */
const WATCHED_PATH_INTERVAL_MS = 120_000;
/** How often a file is looked for that has been missing for long: between this and twice this. */
const MISSING_INTERVAL_MS = 5000;
/** A replaced file is read on until nothing came for this long: its writer may not have let go of it yet. */
const REPLACED_GRACE_MS = 1000;
/** A replaced file whose writer does not let go of it keeps its successor waiting for this long at most. */
const REPLACED_GRACE_MS_MAX = 60_000;

/** The waiting of one source. Every `now` is in milliseconds since the epoch. */
export class Patience {
  readonly #random: () => number;
  readonly #silenceMs: number;
  readonly #quietPathIntervalMs: number;
  #newsAtMs: number;
  #pathDueMs = 0;
  #isSilenceTold = true;
  #replacedAtMs: number | undefined;

  /**
   * @param silenceMs how long nothing must have come to be called silence.
   * @param isWatched whether somebody calls `hurry` when something has happened to the path.
   * @param random gives numbers in [0, 1).
   */
  constructor(now: number, silenceMs: number, isWatched: boolean, random: () => number) {
    this.#newsAtMs = now;
    this.#silenceMs = silenceMs;
    this.#quietPathIntervalMs = isWatched ? WATCHED_PATH_INTERVAL_MS : QUIET_PATH_INTERVAL_MS;
    this.#random = random;
  }

  /** Bytes have come. */
  news(now: number): void {
    this.#newsAtMs = now;
    this.#isSilenceTold = false;
    this.#pathDueMs = Math.min(this.#pathDueMs, now + PATH_INTERVAL_MS);
  }

  /** A file is begun; one that is past has nothing that could be waited for at its end. */
  begin(now: number, isPast: boolean): void {
    this.#newsAtMs = now;
    this.#pathDueMs = isPast ? now : now + PATH_INTERVAL_MS;
    this.#replacedAtMs = undefined;
  }

  /** Whether it is time to look at the path, beside what the file itself says. */
  isPathDue(now: number): boolean {
    return now >= this.#pathDueMs;
  }

  /** The path is being looked at. */
  lookAtPath(now: number): void {
    this.#pathDueMs = now + (this.#isQuiet(now) ? this.#quietPathIntervalMs * (1 + this.#random()) : PATH_INTERVAL_MS);
  }

  /** There is no file: one that was expected just now is looked for at every look, later ones more seldom. */
  missFile(now: number): void {
    if (this.#isQuiet(now)) this.#pathDueMs = now + MISSING_INTERVAL_MS * (1 + this.#random());
  }

  /** The path is looked at the next time. */
  hurry(): void {
    this.#pathDueMs = 0;
  }

  /** Another file is at the path: whether the one in hand has been read on for long enough. */
  isGraceOver(now: number): boolean {
    this.#replacedAtMs ??= now;
    const isOver = now - Math.max(this.#replacedAtMs, this.#newsAtMs) >= REPLACED_GRACE_MS ||
      now - this.#replacedAtMs >= REPLACED_GRACE_MS_MAX;
    if (!isOver) this.#pathDueMs = now + REPLACED_GRACE_MS;
    return isOver;
  }

  /** Whether there is silence; says so once, until news come. */
  tellSilence(now: number): boolean {
    if (this.#isSilenceTold || now - this.#newsAtMs < this.#silenceMs) return false;
    this.#isSilenceTold = true;
    return true;
  }

  #isQuiet(now: number): boolean {
    return now - this.#newsAtMs >= QUIET_AFTER_MS;
  }
}
