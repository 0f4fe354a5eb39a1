/**
 * Time that passes only from event to event: whoever waits is called when its moment has come, and between two events everything that
 * became possible is done. The same events in the same order give the same run.
 *
 * @module
 */
import { setImmediate } from "node:timers";

/** When every run begins, in milliseconds since the epoch. */
export const RUN_BEGINS_MS = 1_800_000_000_000;

interface Appointment {
  readonly atMs: number;
  /** Appointments of the same moment keep their order. */
  readonly order: number;
  action: (() => void) | undefined;
}

/** The clock of one simulated world. */
export class VirtualClock {
  /** A heap: none is earlier than the one at half its index. */
  readonly #heap: Appointment[] = [];
  #nowMs = RUN_BEGINS_MS;
  #order = 0;

  /** Milliseconds since the epoch. */
  readonly now = (): number => this.#nowMs;

  /** Work takes time: what is due meanwhile comes late. */
  pass(ms: number): void {
    this.#nowMs += ms;
  }

  /** Calls `action` in `ms`, as a clock of whole milliseconds can. @returns what takes that back. */
  in(ms: number, action: () => void): () => void {
    const appointment: Appointment = { atMs: this.#nowMs + Math.max(0, Math.ceil(ms)), order: this.#order++, action };
    this.#heap.push(appointment);
    this.#rise(this.#heap.length - 1);
    return () => appointment.action = undefined;
  }

  /** Lets time pass for `ms`, or until `isDone` says so after an event. */
  async run(ms: number, isDone: () => boolean = () => false): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (let next = this.#heap.at(0); next !== undefined && next.atMs <= endMs; next = this.#heap.at(0)) {
      this.#removeFirst();
      const { action, atMs } = next;
      if (action === undefined) continue;
      this.#nowMs = Math.max(this.#nowMs, atMs);
      action();
      // Promises that are settled by now are followed up to their ends.
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone()) return;
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  #removeFirst(): void {
    const last = this.#heap.pop()!;
    if (this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink();
  }

  #rise(from: number): void {
    for (let index = from; index > 0;) {
      const parent = (index - 1) >> 1;
      if (!isBefore(this.#heap[index], this.#heap[parent])) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(): void {
    for (let index = 0;;) {
      const left = 2 * index + 1;
      if (left >= this.#heap.length) return;
      const right = left + 1;
      const child = right < this.#heap.length && isBefore(this.#heap[right], this.#heap[left]) ? right : left;
      if (!isBefore(this.#heap[child], this.#heap[index])) return;
      this.#swap(index, child);
      index = child;
    }
  }

  #swap(one: number, other: number): void {
    [this.#heap[one], this.#heap[other]] = [this.#heap[other], this.#heap[one]];
  }
}

function isBefore(one: Appointment, other: Appointment): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
