/**
 * The real environment with a clock that tests move by hand: real files, no waiting.
 *
 * @module
 */
import { makeDenoEnv } from "../../src/core/deno_env.ts";
import type { DirectoryWatch, Env } from "../../src/core/env.ts";

/** An environment whose time stands still until `pass` is called; `sleep` passes the time at once. */
export class ClockEnv implements Env {
  readonly files = makeDenoEnv("10.0.0.1").files;
  /** The directories that are watched now, and who is to be rung for. Nothing rings by itself. */
  readonly watches = new Map<readonly string[], (path: string) => void>();
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

  watchDirectories(paths: readonly string[], onRing: (path: string) => void): DirectoryWatch {
    this.watches.set(paths, onRing);
    return { close: () => void this.watches.delete(paths) };
  }

  /** Rings for a directory, where it is watched. */
  ring(directory: string): void {
    for (const [paths, onRing] of this.watches) if (paths.includes(directory)) onRing(directory);
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
