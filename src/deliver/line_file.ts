/**
 * Lines into a rolling file, whatever its disk does: what fails is tried again, after longer and longer pauses, until it works or the
 * agent stops. Nothing is lost, and nothing is written twice, except where the disk does not tell what it has kept.
 *
 * @module
 */
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import type { LineTarget } from "./line_target.ts";
import type { RollingFile } from "./rolling_file.ts";

const WAIT_MS_MIN = 100;
const WAIT_MS_MAX = 5000;
/** How often in a row a file may have no room: full, renamed by somebody else, and the one in its place full, too. */
const ROLLS_MAX = 10;

/** How far a piece of lines has come, in bytes. */
interface Progress {
  written: number;
  /** Of those, the ones that are there for good. */
  settled: number;
}

/** A file of lines. */
export class LineFile implements LineTarget {
  readonly #file: RollingFile;
  readonly #env: Pick<Env, "sleep">;
  readonly #log: Log;
  readonly #closing = new AbortController();
  #isWriting = false;

  constructor(file: RollingFile, env: Pick<Env, "sleep">, log: Log) {
    this.#file = file;
    this.#env = env;
    this.#log = log;
  }

  async write(lines: Uint8Array): Promise<boolean> {
    this.#isWriting = true;
    const isWritten = await this.#writeUntilClosed(lines);
    this.#isWriting = false;
    if (this.#closing.signal.aborted) this.#file.close();
    return isWritten;
  }

  close(): void {
    this.#closing.abort();
    if (!this.#isWriting) this.#file.close();
  }

  async #writeUntilClosed(lines: Uint8Array): Promise<boolean> {
    const { signal } = this.#closing;
    const progress = { written: 0, settled: 0 };
    for (let waitMs = WAIT_MS_MIN; !signal.aborted; waitMs = Math.min(2 * waitMs, WAIT_MS_MAX)) {
      const error = await this.#tryWrite(lines, progress);
      if (error === undefined) {
        if (waitMs > WAIT_MS_MIN) this.#log.info(`${this.#file.path} can be written again`);
        return true;
      }
      this.#report(error);
      await this.#env.sleep(waitMs, signal);
    }
    return false;
  }

  /** Writes what is left. @returns what went wrong; undefined: nothing. */
  async #tryWrite(lines: Uint8Array, progress: Progress): Promise<Error | undefined> {
    try {
      for (let rolls = 0; progress.written < lines.length;) {
        const size = this.#file.append(lines.subarray(progress.written));
        progress.written += size;
        if (size === 0) await this.#roll(progress, ++rolls);
        else rolls = 0;
      }
      await this.#settle(progress);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #roll(progress: Progress, rolls: number): Promise<void> {
    if (rolls > ROLLS_MAX) throw new Error("it is full, and does not become another by renaming");
    await this.#settle(progress);
    this.#file.roll();
  }

  async #settle(progress: Progress): Promise<void> {
    try {
      await this.#file.settle();
      progress.settled = progress.written;
    } catch (error) {
      progress.written = progress.settled;
      throw error;
    }
  }

  #report(error: Error): void {
    const { path } = this.#file;
    const cause = `${path} cannot be written: ${error.message}`;
    const consequence = "Its records wait, and reading with them; none is lost";
    this.#log.throttled(`write ${path}`, `${cause}. ${consequence}. ${remedyOf(error)}`);
  }
}

/** What to do, by what went wrong. */
function remedyOf(error: Error): string {
  const code = "code" in error ? String(error.code) : error.name;
  if (["ENOSPC", "EDQUOT"].includes(code)) return "Make room on its disk";
  if (["EACCES", "EPERM", "EROFS"].includes(code)) return "Let the agent write there, and in its directory";
  // What may be written is settled when the agent starts: https://docs.deno.com/runtime/fundamentals/security/
  if (code === "NotCapable") return "The agent may write what its configuration named when it started: start it again";
  return "Look at the file, its directory and its disk";
}
