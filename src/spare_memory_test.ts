import { assertEquals } from "@std/assert";
import { ClockEnv } from "../tests/support/clock_env.ts";
import { giveBackSpareMemory } from "./spare_memory.ts";

const MEBIBYTE = 1024 * 1024;

/** A heap of 20 MiB of objects and, by `garbageAt`, so much garbage some seconds after the start. Stops after less than half an hour. */
class HeapEnv extends ClockEnv {
  readonly stop = new AbortController();
  readonly collectedAtS: number[] = [];
  readonly #startMs = this.now();
  #collectedAtS = 0;
  readonly #garbageAt: (seconds: number) => number;

  constructor(garbageAt: (seconds: number) => number) {
    super();
    this.#garbageAt = garbageAt;
  }

  get #seconds(): number {
    return (this.now() - this.#startMs) / 1000;
  }

  override sleep(ms: number): Promise<void> {
    if (this.#seconds > 1700) this.stop.abort();
    return super.sleep(ms);
  }

  override heapBytes(): number {
    const garbage = this.#garbageAt(this.#seconds) - this.#garbageAt(this.#collectedAtS);
    return (20 + Math.max(0, garbage)) * MEBIBYTE;
  }

  override collectGarbage(): void {
    this.collectedAtS.push(this.#seconds);
    this.#collectedAtS = this.#seconds;
  }
}

for (
  const [name, garbageAt, collectedAtS] of [
    ["once after the start, and no more while the heap does not grow", () => 0, [10]],
    ["again when the heap has grown", (seconds: number) => seconds < 1000 ? 0 : 7, [10, 1000]],
    ["not for little", (seconds: number) => seconds < 1000 ? 0 : 5, [10]],
    ["every ten minutes at most, however fast it grows", (seconds: number) => seconds, [10, 610, 1210]],
  ] as const
) {
  Deno.test(`spare memory is given back: ${name}`, async () => {
    const env = new HeapEnv(garbageAt);
    await giveBackSpareMemory(env, env.stop.signal);
    assertEquals(env.collectedAtS, [...collectedAtS]);
  });
}
