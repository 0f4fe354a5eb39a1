/**
 * Lets a limited number of calls run at the same time; the others wait in order.
 *
 * @module
 */

/** Runs at most `runningMax` tasks at once. */
export class Limiter {
  readonly #runningMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(runningMax: number) {
    this.#runningMax = runningMax;
  }

  /** Runs `task` when there is room. @returns what it returns or rejects with. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#runningMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await task();
    } finally {
      this.#handOver();
    }
  }

  /** The room of a finished task goes to the next waiting one, or is free. */
  #handOver(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next();
    else this.#running--;
  }
}
