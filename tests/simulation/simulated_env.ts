/**
 * The world as one life of the agent sees it, on a virtual clock. It ends without a word: nobody who waits in it is ever called again.
 *
 * @module
 */
import type { Env } from "../../src/core/env.ts";
import type { Random } from "../support/random.ts";
import type { SimulatedDisk } from "./simulated_disk.ts";
import { type DiskWeather, SimulatedFiles } from "./simulated_files.ts";
import type { VirtualClock } from "./virtual_clock.ts";

/** The longest that a timer comes late. */
const LATE_MS_MAX = 3;

/** The environment of one life. */
export class SimulatedEnv implements Env {
  readonly files: SimulatedFiles;
  readonly hostName = "node-1";
  readonly hostIp = "10.0.0.1";
  readonly now: () => number;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  #isAlive = true;

  constructor(clock: VirtualClock, random: Random, disk: SimulatedDisk, weather: DiskWeather) {
    this.#clock = clock;
    this.#random = random;
    this.now = clock.now;
    this.files = new SimulatedFiles(disk, weather, clock.now, (ms) => this.sleep(ms));
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** The process is gone: its files are closed, and nothing of it runs any more. */
  end(): void {
    this.#isAlive = false;
    this.files.end();
  }

  /** Calls `action` in `ms` if there is anybody left to call. @returns what takes that back. */
  in(ms: number, action: () => void): () => void {
    return this.#clock.in(ms, () => {
      if (this.#isAlive) action();
    });
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        cancel();
        signal?.removeEventListener("abort", finish);
        resolve();
      };
      const cancel = this.in(ms + this.#random.integer(0, LATE_MS_MAX), finish);
      signal?.addEventListener("abort", finish, { once: true });
    });
  }

  breathe(): Promise<void> {
    return new Promise((resolve) => this.in(0, resolve));
  }

  random(): number {
    return this.#random.next();
  }

  cpuMs(): number {
    return 0;
  }

  residentBytes(): number {
    return 0;
  }

  heapBytes(): number {
    return 0;
  }

  collectGarbage(): void {}

  writeStdout(): Promise<void> {
    return Promise.resolve();
  }

  tryVariable(): undefined {
    return undefined;
  }
}
