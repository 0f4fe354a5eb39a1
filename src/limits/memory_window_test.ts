import { assert, assertEquals, assertLess } from "@std/assert";
import { MemoryWindow } from "./memory_window.ts";

const MEGABYTE = 1024 * 1024;

/** Pipelines whose slots are used, sooner or later: memory that does not come back. */
class Scene {
  readonly withheld: number[] = [];
  readonly #used: number[] = [];
  #nowMs = 1_800_000_000_000;
  collections = 0;
  otherBytes: number;
  /** Whether slots are used as soon as they are there. */
  isFast = true;
  garbageBytes = 0;
  readonly window: MemoryWindow;

  constructor(limitMegabytes: number, otherMegabytes: number, pipelines: number) {
    this.otherBytes = otherMegabytes * MEGABYTE;
    const env = {
      now: () => this.#nowMs,
      residentBytes: () => this.residentBytes,
      collectGarbage: () => {
        this.collections++;
        this.garbageBytes = 0;
      },
    };
    this.window = new MemoryWindow(limitMegabytes * MEGABYTE, env);
    for (let index = 0; index < pipelines; index++) this.window.add(this.#slots(index));
  }

  get residentBytes(): number {
    const slots = this.#used.reduce((sum, used) => sum + used, 0);
    return this.otherBytes + this.garbageBytes + slots * 2 * MEGABYTE;
  }

  /** @returns the pause of the last of so many turns, 100 ms apart. */
  turns(count: number): number {
    let pauseMs = 0;
    for (let turn = 0; turn < count; turn++) {
      this.#nowMs += 100;
      pauseMs = this.window.pauseMs();
    }
    return pauseMs;
  }

  #slots(index: number) {
    const used = this.#used;
    used[index] = 0;
    const withhold = (slots: number) => {
      this.withheld[index] = slots;
      if (this.isFast) this.use(index);
    };
    const kernel = {
      limits: { slots: 6 },
      slotBytes: 2 * MEGABYTE,
      get slotsUsed() {
        return used[index];
      },
      withhold,
    };
    return { kernel, spareSlots: 4 };
  }

  /** A pipeline uses all slots that it may. */
  use(index: number): void {
    this.#used[index] = Math.max(this.#used[index], 6 - this.withheld[index]);
  }
}

Deno.test("with memory to spare the window opens within half a second", () => {
  const scene = new Scene(512, 80, 2);
  assertEquals(scene.withheld, [4, 4]);
  assertEquals(scene.turns(5), 0);
  assertEquals(scene.withheld, [0, 0]);
  assertEquals(scene.collections, 0);
});

Deno.test("the window grows only while there is memory for it", () => {
  const scene = new Scene(384, 120, 30);
  assertEquals(scene.turns(1000), 0);
  assertLess(scene.residentBytes, 384 * 0.9 * MEGABYTE);
  assertEquals(scene.withheld, Array(30).fill(3));
  assert(scene.window.isNarrow);
});

Deno.test("slots that are not used yet count: they will be", () => {
  const scene = new Scene(384, 120, 30);
  scene.isFast = false;
  scene.turns(1000);
  for (let index = 0; index < 30; index++) scene.use(index);
  assertLess(scene.residentBytes, 384 * 0.9 * MEGABYTE);
  assertEquals(scene.withheld, Array(30).fill(3));
});

Deno.test("near the limit garbage is collected, and the window shrinks only if that does not help", () => {
  const scene = new Scene(200, 100, 2);
  scene.turns(5);
  scene.garbageBytes = 90 * MEGABYTE;
  assertEquals(scene.turns(1), 0);
  assertEquals([scene.collections, scene.withheld], [1, [0, 0]]);
  scene.otherBytes = 190 * MEGABYTE;
  assert(scene.turns(10) > 0, "above the limit reading pauses");
  assertEquals(scene.withheld, [4, 4]);
  assertEquals(scene.collections, 1, "seldom, because it takes long");
});

Deno.test("the window grows again, and into memory that its batches had before", () => {
  const scene = new Scene(200, 100, 2);
  scene.turns(5);
  scene.otherBytes = 190 * MEGABYTE;
  scene.turns(10);
  scene.otherBytes = 150 * MEGABYTE;
  assertEquals(scene.turns(10), 0);
  assertEquals(scene.withheld, [0, 0]);
});
