/**
 * Notices that nothing has moved for a while. A timer set anew with each move would cost more than many a move: this one looks a few
 * times a period, and once more before it stops.
 *
 * @module
 */

const LOOKS_PER_PERIOD = 4;

/** Watches from `start` to `rest` or `stop`; doing any of them again changes nothing. */
export class HangWatch {
  readonly #periodMs: number;
  readonly #onHang: () => void;
  #timer: number | undefined;
  #quietLooks = 0;
  #isResting = false;

  /** @param onHang called when nothing has moved for `periodMs`, a quarter of it later at the latest; then it watches no more. */
  constructor(periodMs: number, onHang: () => void) {
    this.#periodMs = periodMs;
    this.#onHang = onHang;
  }

  start(): void {
    if (this.#timer !== undefined && !this.#isResting) return;
    this.#quietLooks = 0;
    this.#isResting = false;
    this.#timer ??= setInterval(() => this.#look(), this.#periodMs / LOOKS_PER_PERIOD);
  }

  moved(): void {
    this.#quietLooks = 0;
  }

  /** Nothing needs to move for now. The timer goes on until its next look, because `start` may come much earlier. */
  rest(): void {
    this.#isResting = true;
  }

  /** For good: no timer is left. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** The first look may come just after a move: it does not count. */
  #look(): void {
    if (this.#isResting) return this.stop();
    if (this.#quietLooks++ < LOOKS_PER_PERIOD) return;
    this.stop();
    this.#onHang();
  }
}
