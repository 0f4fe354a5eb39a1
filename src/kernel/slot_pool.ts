/**
 * The slots of a kernel that are free, and who waits for one. The one that came back last goes out first, so that slots that were never
 * needed never take memory.
 *
 * @module
 */
import { invariant } from "../core/assert.ts";
import type { KernelSlot } from "./slot.ts";

/** A number of slots. */
export class SlotPool {
  readonly #size: number;
  readonly #free: KernelSlot[];
  readonly #waiting: (() => void)[] = [];
  #withheld = 0;
  #used = 0;

  /** @param makeSlot makes the slot with this number, which calls `release` when it comes back. */
  constructor(size: number, makeSlot: (index: number, release: (slot: KernelSlot) => void) => KernelSlot) {
    this.#size = size;
    const release = (slot: KernelSlot) => {
      invariant(!this.#free.includes(slot), "a slot was released twice");
      this.#free.push(slot);
      this.#waiting.shift()?.();
    };
    this.#free = Array.from({ length: size }, (_, index) => makeSlot(index, release));
  }

  /** Number of slots that are free. */
  get free(): number {
    return this.#free.length;
  }

  /** Whether a slot can be taken at once. */
  get canTake(): boolean {
    return this.#free.length > this.#withheld;
  }

  /** Number of slots that have been in use so far. */
  get used(): number {
    return this.#used;
  }

  /** Takes a slot; waits while none may be taken. */
  async take(): Promise<KernelSlot> {
    while (!this.canTake) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.tryTake()!;
  }

  /** Takes a slot; undefined where none may be taken. */
  tryTake(): KernelSlot | undefined {
    if (!this.canTake) return undefined;
    const slot = this.#free.pop()!;
    this.#used = Math.max(this.#used, this.#size - this.#free.length);
    return slot;
  }

  /** Keeps so many slots back from now on; fewer than there are beside those that are open at a time, or nothing goes on. */
  withhold(slots: number): void {
    this.#withheld = slots;
    for (const resume of this.#waiting.splice(0)) resume();
  }
}
