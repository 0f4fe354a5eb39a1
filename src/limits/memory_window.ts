/**
 * Keeps the process's memory below a limit by how many record batches each pipeline may have on its way: the window begins with one,
 * grows while the memory for one more is there, and shrinks near the limit, where garbage is collected, too. At the limit
 * reading pauses. Memory of a batch that was used once stays in use, so what counts is not to begin with more.
 *
 * @module
 */
import type { Env } from "../core/env.ts";
import type { Kernel } from "../kernel/kernel.ts";

/** The slots of one pipeline, as its kernel hands them out. */
export interface SlotWindow {
  readonly kernel: Pick<Kernel, "slotBytes" | "slotsUsed" | "withhold"> & {
    readonly limits: { readonly slots: number };
  };
  /** How many of them may be withheld without anything coming to a stop. */
  readonly spareSlots: number;
}

/** Above this share of the limit the window shrinks and does not grow. */
const HIGH_SHARE = 0.9;
const LOOK_INTERVAL_MS = 100;
/** A collection takes some 100 ms. */
const COLLECT_INTERVAL_MS = 30_000;
/** How long reading pauses between turns at the limit: it goes on, slowly. */
const PAUSE_MS = 100;

/** The window of all pipelines. */
export class MemoryWindow {
  readonly #limitBytes: number;
  readonly #env: Pick<Env, "now" | "residentBytes" | "collectGarbage">;
  readonly #slots: SlotWindow[] = [];
  #size = 0;
  #lookedAtMs = -Infinity;
  #collectedAtMs = -Infinity;
  #residentBytes = 0;

  constructor(limitBytes: number, env: Pick<Env, "now" | "residentBytes" | "collectGarbage">) {
    this.#limitBytes = limitBytes;
    this.#env = env;
  }

  /** Adds a pipeline's slots; all spare ones are kept back at first. */
  add(slots: SlotWindow): void {
    this.#slots.push(slots);
    slots.kernel.withhold(Math.max(0, slots.spareSlots - this.#size));
  }

  /** Memory in use when it was last looked at, in bytes. */
  get residentBytes(): number {
    return this.#residentBytes;
  }

  /** Whether the window cannot grow for want of memory. */
  get isNarrow(): boolean {
    return this.#size < this.#sizeMax && this.#residentBytes + this.#growthBytes() > this.#highBytes;
  }

  /** @returns for how many milliseconds reading should pause; 0 below the limit. Looks at most ten times a second. */
  pauseMs(): number {
    const now = this.#env.now();
    if (now < this.#lookedAtMs || now >= this.#lookedAtMs + LOOK_INTERVAL_MS) this.#look(now);
    return this.#residentBytes >= this.#limitBytes ? PAUSE_MS : 0;
  }

  get #highBytes(): number {
    return this.#limitBytes * HIGH_SHARE;
  }

  get #sizeMax(): number {
    return Math.max(0, ...this.#slots.map(({ spareSlots }) => spareSlots));
  }

  #look(now: number): void {
    this.#lookedAtMs = now;
    this.#residentBytes = this.#env.residentBytes();
    if (this.#residentBytes > this.#highBytes) this.#collect(now);
    if (this.#residentBytes > this.#highBytes) this.#resize(Math.max(0, this.#size - 1));
    else if (!this.isNarrow) this.#resize(Math.min(this.#sizeMax, this.#size + 1));
  }

  #collect(now: number): void {
    if (now >= this.#collectedAtMs && now < this.#collectedAtMs + COLLECT_INTERVAL_MS) return;
    this.#collectedAtMs = now;
    this.#env.collectGarbage();
    this.#residentBytes = this.#env.residentBytes();
  }

  #resize(size: number): void {
    if (size === this.#size) return;
    this.#size = size;
    for (const { kernel, spareSlots } of this.#slots) kernel.withhold(Math.max(0, spareSlots - size));
  }

  /** What pipelines may begin to use when each has one slot more, those included that they have not begun to use yet. */
  #growthBytes(): number {
    return this.#slots.reduce((sum, { kernel, spareSlots }) => {
      const handedOut = kernel.limits.slots - spareSlots + Math.min(spareSlots, this.#size + 1);
      return sum + Math.max(0, handedOut - kernel.slotsUsed) * kernel.slotBytes;
    }, 0);
  }
}
