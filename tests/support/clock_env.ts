/**
 * The real environment with a clock that tests move by hand: real files, no waiting.
 *
 * @module
 */
import { makeDenoEnv } from "../../src/core/deno_env.ts";
import type { Env } from "../../src/core/env.ts";

/** An environment whose time stands still until `pass` is called; `sleep` passes the time at once. */
export class ClockEnv implements Env {
  readonly files = makeDenoEnv("10.0.0.1").files;
  readonly hostName = "node-1";
  readonly hostIp = "10.0.0.1";
  /** What was written to standard output. */
  stdout = "";
  #nowMs = 1_800_000_000_000;

  now = (): number => this.#nowMs;

  pass(ms: number): void {
    this.#nowMs += ms;
  }

  sleep(ms: number): Promise<void> {
    this.pass(ms);
    return Promise.resolve();
  }

  breathe(): Promise<void> {
    return Promise.resolve();
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

  tryVariable(): string | undefined {
    return undefined;
  }

  random(): number {
    return 0.5;
  }

  writeStdout(bytes: Uint8Array): Promise<void> {
    this.stdout += new TextDecoder().decode(bytes);
    return Promise.resolve();
  }
}
