/**
 * A queue between who finds something out and who awaits it: `push` never waits, one reader takes everything in order.
 * Unbounded, because news of containers is small and rare.
 *
 * @module
 */

/** Values in order, for one reader. */
export class EventQueue<Value> {
  readonly #values: Value[] = [];
  #error: { readonly cause: unknown } | undefined;
  #wake: () => void = () => {};

  push(value: Value): void {
    this.#values.push(value);
    this.#wake();
  }

  /** Makes the reader throw `cause` after it took what is there. Only for bugs. */
  fail(cause: unknown): void {
    this.#error ??= { cause };
    this.#wake();
  }

  /** Takes values as they come, until `signal` aborts. */
  async *take(signal: AbortSignal): AsyncGenerator<Value> {
    while (!signal.aborted) {
      const value = this.#values.shift();
      if (value !== undefined) yield value;
      else if (this.#error !== undefined) throw this.#error.cause;
      else await this.#waitForNews(signal);
    }
  }

  async #waitForNews(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    this.#wake = wake;
    signal.addEventListener("abort", wake, { once: true });
    await promise;
    signal.removeEventListener("abort", wake);
  }
}
