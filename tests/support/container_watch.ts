/**
 * Follows a discoverer in a test: what it reports becomes a picture that the test waits on.
 *
 * @module
 */
import type { Container, ContainerEvent, Discoverer } from "../../src/core/container.ts";

const LOOK_INTERVAL_MS = 10;

/** A discoverer at work. Dispose of it with `await using`. */
export class ContainerWatch implements AsyncDisposable {
  readonly containers = new Map<string, Container>();
  readonly events: ContainerEvent[] = [];
  readonly #abort = new AbortController();
  readonly #task: Promise<void>;

  constructor(discoverer: Discoverer) {
    this.#task = this.#follow(discoverer);
  }

  /** Sorted by name. */
  get names(): string[] {
    return [...this.containers.values()].map(({ name }) => name).sort();
  }

  /** Waits until `met` holds. @returns how long it took, in milliseconds. @throws {Error} after `timeoutMs`. */
  async until(what: string, met: (watch: ContainerWatch) => boolean, timeoutMs: number): Promise<number> {
    const start = performance.now();
    while (!met(this)) {
      if (performance.now() - start > timeoutMs) {
        throw new Error(`not within ${timeoutMs} ms: ${what}; seen: ${JSON.stringify(this.events)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
    }
    return performance.now() - start;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#task;
  }

  async #follow(discoverer: Discoverer): Promise<void> {
    for await (const event of discoverer.watch(this.#abort.signal)) {
      this.events.push(event);
      if (event.kind === "snapshot") this.containers.clear();
      if (event.kind === "snapshot") {
        event.containers.forEach((container) => this.containers.set(container.id, container));
      } else if (event.kind === "upsert") this.containers.set(event.container.id, event.container);
      else this.containers.delete(event.id);
    }
  }
}
